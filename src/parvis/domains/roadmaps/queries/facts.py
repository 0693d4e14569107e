"""What is known of many actions, today or as it stood on a past day, in a constant number of queries.

Knows where facts are stored and how the past is replayed: by what had been said by the end of that day in Paris.
Refuses to know what facts mean (`status`, `operationality`, `progress`).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
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
    ActionRevision,
    Answer,
    Commitment,
    Dependency,
    IndicatorValue,
    MeansLine,
    Milestone,
    MilestoneReport,
    Review,
)
from parvis.domains.roadmaps.status import Verdict, derive, is_over
from parvis.kernel.calendar import PARIS
from parvis.kernel.journal.models import Entry

FAR = date(9000, 1, 1)
ACTION_COLUMNS = (
    "pk", "code", "title", "starts_on", "due_on", "state", "owner_id", "deliverable", "precision", "lead__code",
    "project_lead_id", "review_every_days", "weight",
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
    rows = list(Action.objects.filter(pk__in=ids).order_by().values(*ACTION_COLUMNS))
    past = _past_fields(rows, as_of) if as_of else {}
    milestones, indicators = _milestones(ids, as_of), _indicators(ids, as_of)
    commitments, with_means, reviews = _commitments(ids, as_of), _with_means(ids), _reviews(ids, as_of)
    return {
        row["pk"]: ActionFacts(
            **(_fields(row) | past.get(row["pk"], {})),
            milestones=tuple(milestones[row["pk"]]),
            indicators=tuple(indicators[row["pk"]]),
            commitments=tuple(commitments[row["pk"]]),
            has_means=row["pk"] in with_means,
            last_review_on=reviews.get(row["pk"]),
        )
        for row in rows
    }


def _fields(row: Mapping) -> dict[str, Any]:
    return {
        "title": row["title"], "weight": row["weight"], "starts_on": row["starts_on"], "due_on": row["due_on"],
        "is_dropped": row["state"] == "dropped", "has_owner": row["owner_id"] is not None,
        "deliverable": row["deliverable"], "place": row["precision"], "lead": row["lead__code"] or "",
        "has_project_lead": row["project_lead_id"] is not None, "review_every_days": row["review_every_days"],
    }  # fmt: skip


def _needs(ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for action, need in Dependency.objects.filter(action__in=ids).order_by("pk").values_list("action", "needs"):
        found[action].append(need)
    return found


def _need(facts: ActionFacts, as_of: date | None) -> NeedFacts:
    return NeedFacts(facts.title, facts.due_on, is_over(facts, as_of or FAR))


# Milestones and measures


def _milestones(ids: set[int], as_of: date | None) -> dict[int, list[MilestoneFacts]]:
    rows = list(Milestone.objects.filter(action__in=ids).order_by("action", "order", "pk"))
    said = _reports(ids, as_of) if as_of else {}
    found: dict[int, list[MilestoneFacts]] = defaultdict(list)
    for row in rows:
        found[row.action_id].append(_milestone(row, said.get(row.pk, row)))
    return found


def _milestone(row: Milestone, said: Milestone | MilestoneReport | None) -> MilestoneFacts:
    """What was said of it last; nothing yet when its first report is still to come."""
    if said is None:
        return MilestoneFacts(row.title, row.planned_on, precision=row.precision)
    return MilestoneFacts(row.title, row.planned_on, said.forecast_on, said.actual_on, said.is_done, row.precision)


def _reports(ids: set[int], as_of: date) -> dict[int, MilestoneReport | None]:
    """By milestone that has reports: the last one of that day, or None when all came later."""
    said: dict[int, MilestoneReport | None] = {}
    end = end_of(as_of)
    rows = MilestoneReport.objects.filter(milestone__action__in=ids).order_by("reported_at", "pk")
    for report in rows:
        said.setdefault(report.milestone_id, None)
        if report.reported_at < end:
            said[report.milestone_id] = report
    return said


def _indicators(ids: set[int], as_of: date | None) -> dict[int, list[IndicatorFacts]]:
    values = _values(ids, as_of)
    found: dict[int, list[IndicatorFacts]] = defaultdict(list)
    for row in ActionIndicator.objects.filter(action__in=ids).order_by("action", "pk"):
        found[row.action_id].append(
            IndicatorFacts(
                row.name, row.direction, row.unit, row.baseline, row.baseline_on, row.target, row.target_on,
                row.every_days, row.source, row.weight, tuple(values[row.pk].values()),
            )
        )  # fmt: skip
    return found


def _values(ids: set[int], as_of: date | None) -> dict[int, dict[date, Measure]]:
    """By indicator and day; of two values said for one day, the last one said."""
    known = Q(measured_on__lte=as_of, reported_at__lt=end_of(as_of)) if as_of else Q()
    rows = IndicatorValue.objects.filter(known, indicator__action__in=ids).order_by("measured_on", "reported_at", "pk")
    found: dict[int, dict[date, Measure]] = defaultdict(dict)
    for indicator, day, value in rows.values_list("indicator", "measured_on", "value"):
        found[indicator][day] = Measure(day, value)
    return found


# Partners, means, reviews


def _commitments(ids: set[int], as_of: date | None) -> dict[int, list[CommitmentFacts]]:
    asked = Q(asked_on__lte=as_of) if as_of else Q()
    rows = Commitment.objects.filter(asked, action__in=ids).select_related("directorate")
    answers = _answers(ids, as_of) if as_of else {}
    found: dict[int, list[CommitmentFacts]] = defaultdict(list)
    for row in rows.order_by("action", "directorate__code"):
        state = _state_then(row, answers, as_of) if as_of else row.state
        found[row.action_id].append(CommitmentFacts(row.directorate.code, state, row.answer_due_on, row.asked_on))
    return found


def _state_then(row: Commitment, answers: Mapping[int, str], as_of: date) -> str:
    """Its last answer of that day; without a written answer, the day it was answered decides."""
    if row.pk in answers:
        return answers[row.pk]
    return row.state if row.answered_on and row.answered_on <= as_of else "asked"


def _answers(ids: set[int], as_of: date) -> dict[int, str]:
    end = end_of(as_of)
    said: dict[int, str] = {}
    rows = Answer.objects.filter(commitment__action__in=ids).order_by("at", "pk")
    for commitment, state, at in rows.values_list("commitment", "state", "at"):
        if at < end:
            said[commitment] = state
        else:
            said.setdefault(commitment, "asked")
    return said


def _with_means(ids: set[int]) -> set[int]:
    given = MeansLine.objects.filter(Q(amount_cents__gt=0) | Q(fte__gt=0), action__in=ids)
    return set(given.order_by().values_list("action", flat=True))


def _reviews(ids: set[int], as_of: date | None) -> dict[int, date]:
    held = Q(held_on__lte=as_of) if as_of else Q()
    rows = Review.objects.filter(held, action__in=ids).order_by().values_list("action")
    return dict(rows.annotate(last=Max("held_on")))


# The past of an action's own fields


def _past_fields(rows: list[dict[str, Any]], as_of: date) -> dict[int, dict[str, Any]]:
    dates, states = _past_dates([row["pk"] for row in rows], as_of), _past_states([r["code"] for r in rows], as_of)
    return {
        row["pk"]: dates.get(row["pk"], {})
        | ({"is_dropped": states[row["code"]] == "dropped"} if row["code"] in states else {})
        for row in rows
    }


def _past_dates(ids: list[int], as_of: date) -> dict[int, dict[str, date | None]]:
    """Of the last revision of that day; before the first one, of the first: the oldest that is known."""
    end = end_of(as_of)
    found: dict[int, dict[str, date | None]] = {}
    for revision in ActionRevision.objects.filter(action__in=ids).order_by("action", "number"):
        if revision.at < end or revision.action_id not in found:
            found[revision.action_id] = {
                name: _day(revision.content[name]) for name in ("starts_on", "due_on") if name in revision.content
            }
    return found


def _past_states(codes: list[str], as_of: date) -> dict[str, str]:
    """From the journal, since `move()` alone writes a state: the last move of that day, or where the first one left."""
    moves = Entry.objects.filter(
        subject_kind="action", subject_id__in=codes, verb__in=("action.drop", "action.take_up")
    ).order_by("at", "pk")
    found: dict[str, str] = {}
    for code, day, moved in moves.values_list("subject_id", "day", "codes"):
        if day <= as_of:
            found[code] = moved["to"]
        else:
            found.setdefault(code, moved["from"])
    return found


def end_of(day: date) -> datetime:
    """The first instant after a day in Paris."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=PARIS)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
