"""All that the page of one action shows, today or as it was known on a past day. A constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects

from parvis.domains.roadmaps import gantt
from parvis.domains.roadmaps.facts import ActionFacts, IndicatorFacts, MilestoneFacts
from parvis.domains.roadmaps.models import Action, ActionIndicator, Answer, Commitment, Milestone, Placement
from parvis.domains.roadmaps.operationality import CRITERIA, Criterion
from parvis.domains.roadmaps.queries import actions, extra_fields
from parvis.domains.roadmaps.queries.facts import facts_for
from parvis.domains.roadmaps.status import Verdict, derive
from parvis.kernel import access

ANCHORS = {
    "owner": "qui", "deliverable": "identite", "due": "quand", "milestone": "milestones", "indicator": "indicators",
    "means": "means", "place": "ou",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A milestone as stored, and as it was known on the day asked."""

    row: Milestone
    known: MilestoneFacts


@dataclass(frozen=True)
class Measured:
    """An indicator, its values known on the day asked, and the numbers of its line."""

    row: ActionIndicator
    known: IndicatorFacts

    @property
    def points(self) -> list[float]:
        return [float(measure.value) for measure in self.known.values]

    @property
    def target(self) -> float | None:
        return None if self.row.target is None else float(self.row.target)


@dataclass(frozen=True)
class Lack:
    """A criterion of operationality: kept or not, and where to fill it in (a part of the edit page; none: on this page)."""

    criterion: Criterion
    is_kept: bool
    anchor: str


@dataclass(frozen=True)
class Known:
    """The action on a day: its status with the rule that decided, its steps and its measures."""

    on: date
    verdict: Verdict
    facts: ActionFacts
    steps: Sequence[Step]
    measured: Sequence[Measured]


def known(action: Action, on: date, *, is_today: bool) -> Known:
    """What was known by the end of that day; today, what is stored."""
    facts = facts_for(Action.objects.filter(pk=action.pk), None if is_today else on)[action.pk]
    prefetch_related_objects([action], Prefetch("milestones", Milestone.objects.order_by("order", "pk")))
    measured = list(action.indicators.order_by("pk"))
    return Known(
        on, derive(facts, on), facts,
        [Step(row, fact) for row, fact in zip(action.milestones.all(), facts.milestones, strict=True)],
        [Measured(row, fact) for row, fact in zip(measured, facts.indicators, strict=True)],
    )  # fmt: skip


def line(action: Action, known: Known) -> gantt.Chart:
    """The milestones on one line."""
    return gantt.draw([action], today=known.on, with_today=False)


def lacks(action: Action) -> list[Lack]:
    missing = set(action.grade_missing)
    return [Lack(c, c.code not in missing, ANCHORS.get(c.code, "")) for c in CRITERIA]


def partners(action: Action) -> list[Commitment]:
    answers = Prefetch("answers", Answer.objects.select_related("by").order_by("-at"))
    rows = Commitment.objects.filter(action=action).select_related("directorate").prefetch_related(answers)
    return list(rows.order_by("directorate__code"))


def answerable(person, rows: Sequence[Commitment]) -> set[int]:
    """The commitments that this person may answer."""
    found = Commitment.objects.filter(pk__in=[row.pk for row in rows])
    return set(access.visible(person, "roadmaps.answer_commitment", found).values_list("pk", flat=True))


def placements(action: Action, person) -> list[Placement]:
    """The plans it stands in, as this person sees them, with where it was carried from and to among those she sees."""
    seen = actions.seen_placements(person)
    rows = list(seen.filter(action=action).prefetch_related(Prefetch("carried_to", seen, to_attr="seen_following")))
    before = {p.pk: p for p in seen.filter(pk__in=[row.carried_from_id for row in rows if row.carried_from_id])}
    for row in rows:
        row.seen_before = before.get(row.carried_from_id or 0)  # type: ignore[attr-defined]
    return list(rows)


def own_fields(action: Action, person, standing: Sequence[Placement]) -> list[tuple[str, str]]:
    """(label, value) of the plan's own fields that this person may see and that hold something."""
    fields = extra_fields.visible_fields(person, [row.plan for row in standing])
    held = extra_fields.values_of([action], fields).get(action.pk, {})
    return [(field.label, extra_fields.shown(field, held[field.pk])) for field in fields if field.pk in held]
