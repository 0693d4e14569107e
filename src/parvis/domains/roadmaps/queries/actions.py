"""Lists of actions: what a person may see, narrowed and sorted by the address, ready to show without another query a row."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber

from parvis.domains.roadmaps.models import Action, Commitment, Milestone, Placement, Plan
from parvis.domains.roadmaps.queries import filters
from parvis.kernel import access


def listed(person, parameters: filters.Parameters) -> QuerySet[Action]:
    """The visible actions that the parameters select, in the order they ask.

    Each carries `policy`, `lead`, `owner`, `commitments.all()` with their directorate, and `seen_placements`: its places in the
    plans that the person may see, with plan, sector and axis. A constant number of queries whatever the size.
    """
    rows = filters.filtered(person, parameters).order_by(*filters.order(parameters))
    return rows.select_related("policy", "lead", "owner").prefetch_related(*alongside(person))


def with_milestones(rows: QuerySet[Action]) -> QuerySet[Action]:
    """For the timeline and the spreadsheets: one more query."""
    return rows.prefetch_related(Prefetch("milestones", Milestone.objects.order_by("order", "id")))


def alongside(person) -> tuple[Prefetch, ...]:
    """What every row of a list shows: its partners, and the plans it stands in that this person may see."""
    return (
        Prefetch("commitments", Commitment.objects.select_related("directorate").order_by("directorate__code")),
        Prefetch("placements", seen_placements(person), to_attr="seen_placements"),
    )


def seen_placements(person) -> QuerySet[Placement]:
    """Placements in the plans that the person may see: the name of a draft elsewhere is not hers to know."""
    plans = access.visible(person, "roadmaps.view_plan", Plan.objects.all())
    return (
        Placement.objects.filter(plan__in=plans)
        .select_related("plan__sector", "axis")
        .order_by("-plan__year", "plan__kind", "plan__code")
    )


def first_of_each_status(rows: QuerySet[Action], most: int) -> QuerySet[Action]:
    """For the board: in each status the first rows of the order asked, so that no column hides the others."""
    asked: list[Any] = [*rows.query.order_by]
    place = Window(RowNumber(), partition_by="status", order_by=asked)
    return rows.annotate(place_in_status=place).filter(place_in_status__lte=most)


def counted_by_status(rows: QuerySet[Action]) -> dict[str, int]:
    """How many actions stand in each status: one query, whatever the filters."""
    bare = Action.objects.filter(pk__in=rows.order_by().values("pk"))
    return dict(bare.values_list("status").annotate(Count("pk")).order_by("status"))


def found(person, code: str) -> Action | None:
    """The action of that code if this person may see it; a forged code gives nothing."""
    rows = access.visible(person, "roadmaps.view_action", Action.objects.filter(code=code))
    return rows.select_related("policy", "lead", "owner", "project_lead").first()


def selected(person, codes: Iterable[str]) -> Sequence[Action]:
    """Some actions by code, among those that the person may see."""
    rows = Action.objects.filter(code__in=list(codes))
    return list(access.visible(person, "roadmaps.view_action", rows).select_related("policy", "lead", "owner"))
