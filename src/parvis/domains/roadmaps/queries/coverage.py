"""What the roadmaps of a year cover, as far as a person may see: a constant number of queries.

Counts live actions that stand in the year's roadmaps, and nothing of what the person may not see. Refuses to know how
a hole is worded (`coverage`).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from parvis.domains.roadmaps.coverage import Heading, Matrix, Shares
from parvis.domains.roadmaps.models import Action, Commitment, Placement, Plan, PublicPolicy
from parvis.domains.roadmaps.queries import filters
from parvis.kernel import access
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.territories.models import Sector


def matrix(person, year: int, *, today: date, mandate: str = "", directorate: str = "") -> Matrix:
    """Sector × public policy. With a directorate, only the actions that it leads or takes part in."""
    plans = roadmaps(person, year, mandate)
    shown = dict(_whole(person, plans).values_list("sector__code", "code"))
    rows = tuple(Heading(s.code, s.short_name, s.code in shown, shown.get(s.code, "")) for s in Sector.objects.all())
    standing = _standing(person, plans, directorate)
    return Matrix(rows, _policies(today), _counts(standing, "plan__sector__code", "action__policy__code"))


def by_directorate(person, year: int, *, today: date, mandate: str = "", sector: str = "") -> Matrix:
    """Directorate (leading) × public policy, of all the roadmaps or of one sector's: the third cut."""
    plans = roadmaps(person, year, mandate)
    standing = _standing(person, plans.filter(sector__code=sector) if sector else plans)
    counts = _counts(standing, "action__lead__code", "action__policy__code")
    leading = {row for row, _ in counts}
    rows = [Heading(d.code, d.name) for d in Directorate.objects.filter(code__in=leading)]
    unled = [Heading("", "sans direction pilote")] if "" in leading else []
    return Matrix((*rows, *unled), _policies(today), counts)


def shares(person, year: int, *, mandate: str = "") -> tuple[dict[str, Shares], Shares]:
    """Map reflex and multi-directorate share: by sector code, and over all roadmaps, each action once."""
    standing = _standing(person, roadmaps(person, year, mandate))
    chosen = {
        name: Q(action__in=Action.objects.filter(filters.conditions(person, {name: filters.YES})).values("pk"))
        for name in ("located", "multi")
    }
    counts = {"total": Count("action", distinct=True)} | {
        name: Count("action", filter=condition, distinct=True) for name, condition in chosen.items()
    }
    rows = standing.annotate(sector=F("plan__sector__code")).values("sector").annotate(**counts)
    by_sector = {sector: Shares(*found) for sector, *found in rows.values_list("sector", *counts)}
    return by_sector, Shares(**standing.aggregate(**counts))


def roadmaps(person, year: int, mandate: str = "") -> QuerySet[Plan, Any]:
    """The roadmaps of a year that the person may see; 2026 belongs to two mandates."""
    rows = Plan.objects.filter(kind=Plan.Kind.ROADMAP, year=year, **({"mandate__code": mandate} if mandate else {}))
    return access.visible(person, "roadmaps.view_plan", rows).order_by()


def _whole(person, plans: QuerySet[Plan, Any]) -> QuerySet[Plan, Any]:
    """The plans of which the person sees every action: of a part of a draft, nothing can be said to be missing."""
    seen = access.visible(person, "roadmaps.view_action", Action.objects.all()).values("pk")
    return plans.exclude(pk__in=Placement.objects.exclude(action__in=seen).values("plan"))


def _standing(person, plans: QuerySet[Plan, Any], directorate: str = "") -> QuerySet[Placement, Any]:
    seen = access.visible(person, "roadmaps.view_action", Action.objects.filter(state="live"))
    rows = Placement.objects.filter(plan__in=plans, action__in=seen.values("pk")).order_by()
    return rows.filter(_takes_part(directorate)) if directorate else rows


def _takes_part(directorate: str) -> Q:
    partners = Commitment.objects.filter(directorate__code=directorate).exclude(state="declined").values("action")
    return Q(action__lead__code=directorate) | Q(action__in=partners)


def _counts(standing: QuerySet[Placement, Any], row: str, column: str) -> dict[tuple[str, str], int]:
    found: Iterable[tuple] = standing.values_list(row, column).annotate(Count("action", distinct=True))
    return {(left or "", right or ""): number for left, right, number in found}


def _policies(today: date) -> tuple[Heading, ...]:
    """The reference list as it holds on that day."""
    rows = PublicPolicy.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), valid_from__lte=today)
    return tuple(Heading(policy.code, policy.name) for policy in rows)
