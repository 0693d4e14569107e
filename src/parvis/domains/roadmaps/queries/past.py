"""What had been said by the end of a past day in Paris: revisions, moves, reports, answers.

Each reading takes a constant number of queries. Refuses to know what is made of it (`queries.facts`).
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models.expressions import RawSQL

from parvis.domains.roadmaps.models import ActionRevision, Answer, MilestoneReport
from parvis.kernel.calendar import PARIS
from parvis.kernel.journal.models import Entry

MOVES = ("action.drop", "action.take_up")


def end_of(day: date) -> datetime:
    """The first instant after a day in Paris."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=PARIS)


def among(ids: Collection[int]) -> RawSQL:
    """For `__in`: many ids as one array, which costs one parameter rather than thousands."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


def contents(ids: Collection[int], as_of: date) -> dict[int, Mapping[str, Any]]:
    """By action, the last revision of that day; before the first one, the first: the oldest that is known."""
    rows = ActionRevision.objects.filter(action__in=among(ids))
    last = rows.filter(at__lt=end_of(as_of)).order_by("action", "-number").distinct("action")
    first = rows.order_by("action", "number").distinct("action")
    return dict(first.values_list("action", "content")) | dict(last.values_list("action", "content"))


def states(codes: Collection[str], as_of: date) -> dict[str, str]:
    """From the journal, since `move()` alone writes a state: the last move of that day, or where the first one left."""
    moves = Entry.objects.filter(
        subject_kind="action", subject_id__in=RawSQL("SELECT unnest(%s::text[])", [list(codes)]), verb__in=MOVES
    ).order_by("at", "pk")
    found: dict[str, str] = {}
    for code, day, moved in moves.values_list("subject_id", "day", "codes"):
        if day <= as_of:
            found[code] = moved["to"]
        else:
            found.setdefault(code, moved["from"])
    return found


class Said(NamedTuple):
    """What a report said of a milestone."""

    milestone: int
    reported_at: datetime
    forecast_on: date | None
    actual_on: date | None
    is_done: bool


def reports(ids: Collection[int], as_of: date) -> dict[int, Said | None]:
    """By milestone that has reports: the last one of that day, or None when all came later."""
    said: dict[int, Said | None] = {}
    end = end_of(as_of)
    rows = MilestoneReport.objects.filter(milestone__action__in=among(ids)).order_by("reported_at", "pk")
    for row in rows.values_list(*Said._fields):
        report = Said(*row)
        said.setdefault(report.milestone, None)
        if report.reported_at < end:
            said[report.milestone] = report
    return said


def answers(ids: Collection[int], as_of: date) -> dict[int, str]:
    """By commitment that has answers: the last one of that day, or still asked when all came later."""
    end = end_of(as_of)
    said: dict[int, str] = {}
    rows = Answer.objects.filter(commitment__action__in=among(ids)).order_by("at", "pk")
    for commitment, state, at in rows.values_list("commitment", "state", "at"):
        if at < end:
            said[commitment] = state
        else:
            said.setdefault(commitment, "asked")
    return said


def lines(content: Mapping[str, Any], part: str) -> dict[int, Mapping[str, Any]] | None:
    """The lines of a part of a revision by their number; None when the revision does not tell of them."""
    rows = content.get(part)
    if rows is None or any("id" not in row for row in rows):
        return None
    return {row["id"]: row for row in rows}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
