"""How the actions of plans stand, counted by the database: a few queries whatever the number of plans.

Counts what the person may see, and nothing else: the same predicate as the list that a figure opens.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from parvis.domains.roadmaps.models import Action, Milestone, Placement
from parvis.domains.roadmaps.queries import filters
from parvis.domains.roadmaps.status import Status
from parvis.kernel import access

SUMMED = ("live", "located", "operational", "multi")
COUNTED = (*SUMMED, "policies")


@dataclass
class Tally:
    """A plan's actions, counted. `statuses` maps a status code to its number; dropped actions count there alone."""

    statuses: dict[str, int] = field(default_factory=dict)
    live: int = 0
    located: int = 0
    operational: int = 0
    multi: int = 0
    policies: int = 0
    next_due_on: date | None = None

    @property
    def total(self) -> int:
        return sum(self.statuses.values())

    @property
    def late(self) -> int:
        return self.statuses.get(Status.LATE, 0)

    @property
    def watch(self) -> int:
        return self.statuses.get(Status.WATCH, 0)

    @property
    def complete(self) -> int:
        return self.statuses.get(Status.COMPLETE, 0)

    @property
    def operational_share(self) -> float | None:
        return self.operational / self.live if self.live else None

    @property
    def located_share(self) -> float | None:
        return self.located / self.live if self.live else None


def by_plan(person, plan_ids: Iterable[int], today: date) -> dict[int, Tally]:
    """A tally for every plan asked, empty ones included: four queries."""
    ids = list(plan_ids)
    tallies = {pk: Tally() for pk in ids}
    rows = Placement.objects.filter(plan__in=ids, action__in=seen(person)).order_by()
    for plan, status, number in rows.values_list("plan", "action__status").annotate(Count("pk")):
        known = status or Status.UNKNOWN.value
        tallies[plan].statuses[known] = tallies[plan].statuses.get(known, 0) + number
    live = rows.filter(action__state="live")
    for pk, *numbers in live.values("plan").annotate(**_counts(person)).values_list("plan", *COUNTED):
        for name, number in zip(COUNTED, numbers, strict=True):
            setattr(tallies[pk], name, number)
    _add_next_due(tallies, live, today)
    return tallies


def together(tallies: Iterable[Tally]) -> Tally:
    """Several plans as one; an action that stands in two of them counts in each."""
    whole = Tally(statuses=defaultdict(int))
    for tally in tallies:
        for name in SUMMED:
            setattr(whole, name, getattr(whole, name) + getattr(tally, name))
        for status, number in tally.statuses.items():
            whole.statuses[status] += number
    return whole


def seen(person):
    """The ids of the actions that the person may see, for a sub-query."""
    return access.visible(person, "roadmaps.view_action", Action.objects.all()).values("pk")


def _counts(person) -> dict[str, Count]:
    """What is counted of live actions; `operational` and `multi` as the list's filters mean them."""
    chosen = {
        name: Q(action__in=Action.objects.filter(filters.conditions(person, {name: filters.YES})).values("pk"))
        for name in ("operational", "multi", "located")
    }
    return {
        "live": Count("pk"),
        "policies": Count("action__policy", distinct=True),
        **{name: Count("pk", filter=condition) for name, condition in chosen.items()},
    }


def _add_next_due(tallies: dict[int, Tally], live, today: date) -> None:
    """The nearest milestone to come of each plan."""
    ahead = Milestone.objects.filter(is_done=False, action__in=live.values("action")).annotate(
        day=Coalesce("forecast_on", "planned_on")
    )
    rows = ahead.filter(day__gte=today, action__placements__plan__in=list(tallies)).order_by()
    nearest = rows.values("action__placements__plan").annotate(nearest=Min("day"))
    for plan, day in nearest.values_list("action__placements__plan", "nearest"):
        tallies[plan].next_due_on = day
