"""The map layer of actions: the same rows and the same filters as the list, as points and as the equivalent table."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from parvis.domains.roadmaps.models import Action
from parvis.domains.roadmaps.queries import actions, statuses
from parvis.domains.roadmaps.queries.filters import Parameters
from parvis.kernel.faces import Layer


def features(person, parameters: Parameters) -> Iterable[dict]:
    """One GeoJSON point per visible action that has one; what has none is in `rows` alone."""
    for action in actions.listed(person, parameters).filter(longitude__isnull=False):
        yield {
            "type": "Feature",
            "id": action.pk,
            "geometry": {"type": "Point", "coordinates": [action.longitude, action.latitude]},
            "properties": properties(action),
        }


def rows(person, parameters: Parameters) -> Sequence[dict]:
    """The same actions as a table, those without a point included."""
    return [
        properties(action) | {"address": action.address, "precision_label": action.get_precision_display(),
                              "is_located": action.longitude is not None}
        for action in actions.listed(person, parameters)
    ]  # fmt: skip


def properties(action: Action) -> dict:
    return {
        "code": action.code,
        "title": action.title,
        "url": reverse("roadmaps:action", args=[action.code]),
        "status": action.status,
        "status_label": statuses.label(action.status),
        "tone": statuses.tone(action.status),
        "policy": action.policy.name if action.policy else "",
        "directorate": action.lead.code if action.lead else "",
        "sector": action.sector_code,
        "precision": action.precision,
    }


LAYERS = (Layer("roadmaps.actions", "Actions des feuilles de route", "roadmaps.view_action", features, rows),)
