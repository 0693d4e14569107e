"""Reads over the objectives."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from parvis.domains.steering.models import Objective
from parvis.kernel.references import Card, links


def tree(year: str | None = None) -> list[Objective]:
    """The objectives of a year (the latest by default), in their order."""
    wanted = year or Objective.objects.order_by("-year").values_list("year", flat=True).first()
    return list(Objective.objects.filter(year=wanted).order_by("order"))


@dataclass(frozen=True)
class Served:
    """An objective and the things of the house that serve it, as far as a person may see."""

    objective: Objective
    cards: tuple[Card, ...]


def served(objectives: Iterable[Objective], person) -> list[Served]:
    """Each objective with what serves it, through references alone: a constant number of queries."""
    rows = list(objectives)
    pointing = links.sources([row.reference() for row in rows], "serves")
    shown = links.cards({source for found in pointing.values() for source in found}, person)
    return [
        Served(row, tuple(shown[source] for source in pointing.get(row.reference(), ()) if source in shown))
        for row in rows
    ]


def objective_cards(ids: Iterable[str], person) -> list[Card]:
    """Cards of objectives named `2025-2026/P1`; public, so the person is not asked."""
    pairs = [identifier.split("/", 1) for identifier in ids if "/" in identifier]
    found = Objective.objects.filter(year__in={y for y, _ in pairs}, code__in={c for _, c in pairs})
    return [
        Card(o.reference(), f"{o.code} · {o.short_title}", reverse("steering:objectives") + f"#{o.code}", "objectif")
        for o in found
    ]
