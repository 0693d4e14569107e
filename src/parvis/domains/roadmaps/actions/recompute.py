"""Write down what is derived: status and reason, progress, grade. In one statement, whatever the number of actions.

Knows which columns are derived. Refuses to know how: `status`, `progress` and `operationality` decide.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from parvis.domains.roadmaps.facts import ActionFacts
from parvis.domains.roadmaps.models import Action
from parvis.domains.roadmaps.operationality import grade, next_review
from parvis.domains.roadmaps.progress import of_action
from parvis.domains.roadmaps.queries.facts import facts_for
from parvis.domains.roadmaps.status import derive
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference

UPDATE = """
UPDATE roadmaps_action AS action
SET status = new.status, status_reason = new.reason, status_on = %s, progress = new.progress,
    grade = new.grade, grade_missing = new.missing
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::numeric[], %s::int[], %s::jsonb[])
  AS new(id, status, reason, progress, grade, missing)
WHERE action.id = new.id
"""
Row = tuple[int, str, str, Any, int, str]


@transaction.atomic
def recompute(actions: QuerySet[Action] | Iterable[Action] | None = None, *, on: date, at: datetime) -> int:
    """Derive again for the day `on`; all actions when none are given. Returns how many were written.

    A status that changes leaves a line in the journal: `action.status`, from what to what and by which rule.
    """
    before = _lock(actions)
    rows, changes = _derive(facts_for(Action.objects.filter(pk__in=before)), before, on)
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [on, *(list(column) for column in zip(*rows, strict=True))])
    _journal(changes, before, at)
    return len(rows)


def _lock(actions: QuerySet[Action] | Iterable[Action] | None) -> dict[int, str]:
    """Hold the rows before reading their facts: an edit of the same minute is then seen, never overwritten."""
    rows = Action.objects.order_by("pk")
    if isinstance(actions, QuerySet):
        rows = rows.filter(pk__in=list(actions.order_by().values_list("pk", flat=True)))
    elif actions is not None:
        rows = rows.filter(pk__in=[action.pk for action in actions])
    return dict(rows.select_for_update(of=("self",)).values_list("pk", "status"))


def _derive(known: dict[int, ActionFacts], before: dict[int, str], on: date) -> tuple[list[Row], dict[int, tuple]]:
    rows, changes = [], {}
    for pk, facts in known.items():
        verdict, found = derive(facts, on), grade(facts, next_review(facts, on))
        rows.append(
            (
                pk, verdict.status.value, verdict.reason, of_action(facts, on).value, found.kept,
                json.dumps(found.missing),
            )
        )  # fmt: skip
        if before[pk] and before[pk] != verdict.status:
            changes[pk] = (verdict.status.value, verdict.rule)
    return rows, changes


def _journal(changes: dict[int, tuple], before: dict[int, str], at: datetime) -> None:
    """Only what changed: a first status is no change."""
    if not changes:
        return
    codes = Action.objects.filter(pk__in=changes).order_by("pk").values_list("pk", "code")
    entries.append(
        entries.draft(
            "action.status",
            Reference("action", code),
            by=None,
            at=at,
            codes={"from": before[pk], "to": changes[pk][0], "rule": changes[pk][1]},
        )
        for pk, code in codes
    )
