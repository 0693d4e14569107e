"""What an export prints: visible actions with all that hangs on them, in a constant number of queries."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Axis,
    IndicatorValue,
    MeansLine,
    Placement,
    Plan,
    Signature,
)
from parvis.domains.roadmaps.queries.actions import alongside, with_milestones
from parvis.kernel import access


@dataclass(frozen=True)
class Chapter:
    """An axis of a plan and its visible actions; `axis` is None for those that stand under no axis."""

    axis: Axis | None
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Dossier:
    """A plan as one person may read it."""

    plan: Plan
    chapters: tuple[Chapter, ...]
    signatures: tuple[Signature, ...]

    @property
    def actions(self) -> list[Action]:
        return [action for chapter in self.chapters for action in chapter.actions]


def whole(actions: QuerySet[Action], person) -> QuerySet[Action]:
    """The same actions with all that an export prints.

    `seen_placements` are their places in the plans that this person may see: a draft elsewhere is not named.
    """
    return deep(actions.select_related("policy", "lead", "owner").prefetch_related(*alongside(person)))


def deep(listed: QuerySet[Action]) -> QuerySet[Action]:
    """Listed actions (`queries.actions.listed`) with milestones, indicators, their values and means besides."""
    return with_milestones(listed).prefetch_related(
        Prefetch("indicators", ActionIndicator.objects.order_by("id")),
        Prefetch("indicators__values", IndicatorValue.objects.order_by("measured_on", "reported_at", "id")),
        Prefetch("means", MeansLine.objects.order_by("year")),
    )


def read(person, plan: Plan) -> Dossier:
    """The plan's dossier for this person: chapters in their order, actions in theirs."""
    visible = access.visible(person, "roadmaps.view_action", Action.objects.all())
    actions = {a.pk: a for a in whole(visible.filter(placements__plan=plan), person)}
    standing = Placement.objects.filter(plan=plan, action__in=actions).order_by("order", "id")
    by_axis: dict[int | None, list[Action]] = {}
    for placement in standing:
        by_axis.setdefault(placement.axis_id, []).append(actions[placement.action_id])
    axes = [*plan.axes.order_by("order", "code"), None]
    chapters = tuple(
        Chapter(axis, tuple(by_axis[key])) for axis in axes if (key := axis.pk if axis else None) in by_axis
    )
    signatures = Signature.objects.filter(plan=plan, version=plan.version).select_related("signer")
    return Dossier(plan, chapters, tuple(signatures))
