"""Views translate: load, check, one call, answer."""

from parvis.domains.roadmaps.views.plans import overview

__all__ = ["overview"]
