"""What is known of many actions, today or as it stood on a past day, in a constant number of queries.

Knows where facts are stored and how the past is replayed: by what had been said by the end of that day in Paris.
Refuses to know what facts mean (`status`, `operationality`, `progress`).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q, QuerySet

from parvis.domains.roadmaps.facts import (
    ActionFacts,
    CommitmentFacts,
    IndicatorFacts,
    Measure,
    MilestoneFacts,
    NeedFacts,
)
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Commitment,
    Dependency,
    IndicatorValue,
    MeansLine,
    Milestone,
    Review,
)
from parvis.domains.roadmaps.queries import past
from parvis.domains.roadmaps.status import Verdict, derive, is_over

FAR = date(9000, 1, 1)
ACTION_COLUMNS = (
    "pk", "code", "title", "starts_on", "due_on", "state", "owner_id", "deliverable", "precision", "lead__code",
    "project_lead_id", "review_every_days", "weight",
)  # fmt: skip
MILESTONE_COLUMNS = (
    "pk", "action_id", "title", "planned_on", "precision", "forecast_on", "actual_on", "is_done",
)  # fmt: skip
INDICATOR_COLUMNS = (
    "name", "direction", "unit", "baseline", "baseline_on", "target", "target_on", "every_days", "source", "weight",
)  # fmt: skip
COMMITMENT_COLUMNS = (
    "pk", "action_id", "directorate__code", "state", "asked_on", "answer_due_on", "answered_on",
)  # fmt: skip


def status_on(actions: QuerySet[Action], on: date) -> dict[int, Verdict]:
    """The status of each action as it would have been computed on that day."""
    return {pk: derive(facts, on) for pk, facts in facts_for(actions, on).items()}


def facts_for(actions: QuerySet[Action], as_of: date | None = None) -> dict[int, ActionFacts]:
    """The facts of each action by its id: today's when `as_of` is None, else what was known by the end of that day."""
    ids = list(actions.order_by().values_list("pk", flat=True))
    needs = _needs(ids)
    everyone = {*ids, *(need for found in needs.values() for need in found)}
    known = _known(everyone, as_of)
    return {pk: replace(known[pk], needs=tuple(_need(known[n], as_of) for n in needs[pk])) for pk in ids}


def _known(ids: set[int], as_of: date | None) -> dict[int, ActionFacts]:
    """The facts of each action but for those it waits for."""
    rows = list(Action.objects.filter(pk__in=past.among(ids)).order_by().values(*ACTION_COLUMNS))
    told = past.contents(ids, as_of) if as_of else {}
    states = past.states([row["code"] for row in rows], as_of) if as_of else {}
    milestones, indicators = _milestones(ids, as_of, told), _indicators(ids, as_of, told)
    commitments, with_means, reviews = _commitments(ids, as_of), _with_means(ids), _reviews(ids, as_of)
    return {
        row["pk"]: ActionFacts(
            **_fields(row, told.get(row["pk"], {}), states.get(row["code"], row["state"])),
            milestones=tuple(milestones[row["pk"]]),
            indicators=tuple(indicators[row["pk"]]),
            commitments=tuple(commitments[row["pk"]]),
            has_means=row["pk"] in with_means,
            last_review_on=reviews.get(row["pk"]),
        )
        for row in rows
    }


def _fields(row: Mapping, told: Mapping, state: str) -> dict[str, Any]:
    dates = {name: past.day(told[name]) if name in told else row[name] for name in ("starts_on", "due_on")}
    return dates | {
        "title": row["title"], "weight": row["weight"], "is_dropped": state == "dropped",
        "has_owner": told.get("owner", row["owner_id"]) is not None,
        "deliverable": told.get("deliverable", row["deliverable"]) or "",
        "place": told.get("precision", row["precision"]), "lead": row["lead__code"] or "",
        "has_project_lead": told.get("project_lead", row["project_lead_id"]) is not None,
        "review_every_days": row["review_every_days"],
    }  # fmt: skip


def _needs(ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for action, need in (
        Dependency.objects.filter(action__in=past.among(ids)).order_by("pk").values_list("action", "needs")
    ):
        found[action].append(need)
    return found


def _need(facts: ActionFacts, as_of: date | None) -> NeedFacts:
    return NeedFacts(facts.title, facts.due_on, is_over(facts, as_of or FAR))


# Milestones and measures


def _milestones(ids: set[int], as_of: date | None, told: Mapping[int, Mapping]) -> dict[int, list[MilestoneFacts]]:
    """As planned on that day when its revision tells; a milestone that came later is left out."""
    said = past.reports(ids, as_of) if as_of else {}
    planned = {pk: past.lines(content, "milestones") for pk, content in told.items()}
    found: dict[int, list[MilestoneFacts]] = defaultdict(list)
    rows = Milestone.objects.filter(action__in=past.among(ids)).order_by("action", "order", "pk")
    for row in rows.values_list(*MILESTONE_COLUMNS, named=True):
        lines = planned.get(row.action_id)
        if lines is None or row.pk in lines:
            found[row.action_id].append(_milestone(row, said.get(row.pk, row), (lines or {}).get(row.pk)))
    return found


def _milestone(row: Any, said: Any | None, line: Mapping | None) -> MilestoneFacts:
    """What was said of it last; nothing yet when its first report is still to come."""
    planned_on, precision = (
        (past.day(line["planned_on"]), line["precision"]) if line else (row.planned_on, row.precision)
    )
    if said is None:
        return MilestoneFacts(row.title, planned_on, precision=precision)
    return MilestoneFacts(row.title, planned_on, said.forecast_on, said.actual_on, said.is_done, precision)


def _indicators(ids: set[int], as_of: date | None, told: Mapping[int, Mapping]) -> dict[int, list[IndicatorFacts]]:
    values = _values(ids, as_of)
    promised = {pk: past.lines(content, "indicators") for pk, content in told.items()}
    found: dict[int, list[IndicatorFacts]] = defaultdict(list)
    rows = ActionIndicator.objects.filter(action__in=past.among(ids)).order_by("action", "pk")
    for row in rows.values_list("pk", "action_id", *INDICATOR_COLUMNS, named=True):
        lines = promised.get(row.action_id)
        if lines is None or row.pk in lines:
            facts = _indicator(row, tuple(values[row.pk].values()))
            found[row.action_id].append(_as_promised(facts, lines[row.pk]) if lines else facts)
    return found


def _indicator(row: Any, values: tuple[Measure, ...]) -> IndicatorFacts:
    told = {name: getattr(row, name) for name in INDICATOR_COLUMNS}
    return IndicatorFacts(**told, values=values)


def _as_promised(facts: IndicatorFacts, line: Mapping) -> IndicatorFacts:
    """A target moved since does not change what was judged on that day."""
    return replace(
        facts, direction=line["direction"], baseline=_number(line["baseline"]), target=_number(line["target"]),
        baseline_on=past.day(line["baseline_on"]), target_on=past.day(line["target_on"]),
    )  # fmt: skip


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _values(ids: set[int], as_of: date | None) -> dict[int, dict[date, Measure]]:
    """By indicator and day; of two values said for one day, the last one said."""
    known = Q(measured_on__lte=as_of, reported_at__lt=past.end_of(as_of)) if as_of else Q()
    rows = IndicatorValue.objects.filter(known, indicator__action__in=past.among(ids)).order_by(
        "measured_on", "reported_at", "pk"
    )
    found: dict[int, dict[date, Measure]] = defaultdict(dict)
    for indicator, day, value in rows.values_list("indicator", "measured_on", "value"):
        found[indicator][day] = Measure(day, value)
    return found


# Partners, means, reviews


def _commitments(ids: set[int], as_of: date | None) -> dict[int, list[CommitmentFacts]]:
    asked = Q(asked_on__lte=as_of) if as_of else Q()
    rows = Commitment.objects.filter(asked, action__in=past.among(ids)).order_by("action", "directorate__code")
    answers = past.answers(ids, as_of) if as_of else {}
    found: dict[int, list[CommitmentFacts]] = defaultdict(list)
    for row in rows.values_list(*COMMITMENT_COLUMNS, named=True):
        state = _state_then(row, answers, as_of) if as_of else row.state
        found[row.action_id].append(CommitmentFacts(row.directorate__code, state, row.answer_due_on, row.asked_on))
    return found


def _state_then(row: Any, answers: Mapping[int, str], as_of: date) -> str:
    """Its last answer of that day; without a written answer, the day it was answered decides."""
    if row.pk in answers:
        return answers[row.pk]
    return row.state if row.answered_on and row.answered_on <= as_of else "asked"


def _with_means(ids: set[int]) -> set[int]:
    given = MeansLine.objects.filter(Q(amount_cents__gt=0) | Q(fte__gt=0), action__in=past.among(ids))
    return set(given.order_by().values_list("action", flat=True))


def _reviews(ids: set[int], as_of: date | None) -> dict[int, date]:
    held = Q(held_on__lte=as_of) if as_of else Q()
    rows = Review.objects.filter(held, action__in=past.among(ids)).order_by().values_list("action")
    return dict(rows.annotate(last=Max("held_on")))
