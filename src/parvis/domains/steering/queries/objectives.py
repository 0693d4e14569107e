"""Reads over the objectives."""

from collections.abc import Iterable

from django.urls import reverse

from parvis.domains.steering.models import Objective
from parvis.kernel.references import Card


def tree(year: str | None = None) -> list[Objective]:
    """The objectives of a year (the latest by default), in their order."""
    wanted = year or Objective.objects.order_by("-year").values_list("year", flat=True).first()
    return list(Objective.objects.filter(year=wanted).order_by("order"))


def years() -> list[str]:
    """The years that have a tree, the latest first."""
    return list(Objective.objects.order_by("-year").values_list("year", flat=True).distinct())


def objective_cards(ids: Iterable[str], person) -> list[Card]:
    """Cards of objectives named `2025-2026/P1`; public, so the person is not asked."""
    pairs = [identifier.split("/", 1) for identifier in ids if "/" in identifier]
    found = Objective.objects.filter(year__in={y for y, _ in pairs}, code__in={c for _, c in pairs})
    return [
        Card(
            o.reference(),
            f"{o.code} · {o.short_title}",
            reverse("steering:objective", args=[o.year, o.code]),
            "objectif",
        )
        for o in found
    ]
