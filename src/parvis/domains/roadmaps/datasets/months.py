"""Each action at the end of each month, as it could be judged on that day: the honest history of the roadmaps.

Every month is replayed from what had been said by its last day. A month that an earlier snapshot already tells is taken
from there: what was known then does not change. Refuses to know what the history is used for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.domains.roadmaps.datasets.actions import POLICIES, STATUSES, visible_actions
from parvis.domains.roadmaps.facts import ActionFacts
from parvis.domains.roadmaps.models import Action, Placement, Plan
from parvis.domains.roadmaps.multi_directorate import alerts, is_multi
from parvis.domains.roadmaps.operationality import grade, next_review
from parvis.domains.roadmaps.progress import of_action
from parvis.domains.roadmaps.queries.facts import facts_for
from parvis.domains.roadmaps.queries.past import end_of
from parvis.domains.roadmaps.status import derive
from parvis.kernel.calendar import month_end
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Column, Dataset

MONTHS = 24
LOCATED = ("point", "street")
COLUMNS = (
    Column("row", "string", "Action et mois"),
    Column("code", "string", "Identifiant de l’action"),
    Column("on_day", "date", "Dernier jour du mois, ou jour de la photographie pour le mois en cours"),
    Column("plan", "string", "Plan qui portait l’action cette année-là"),
    Column("kind", "string", "Nature de ce plan", words=dict(Plan.Kind.choices)),
    Column("year", "integer", "Année de ce plan"),
    Column("sector", "string", "Secteur de ce plan", place="sector"),
    Column("directorate", "string", "Direction pilote"),
    Column("policy_code", "string", "Politique publique", words=POLICIES),
    Column("status", "string", "Statut calculé ce jour-là", words=STATUSES),
    Column("progress_hundredths", "integer", "Avancement ce jour-là", unit="centièmes de %"),
    Column("grade", "integer", "Critères d’opérationnalité tenus ce jour-là", unit="sur 8"),
    Column("is_located", "boolean", "Était placée à l’adresse ou à la rue"),
    Column("is_multi", "boolean", "Menée par au moins deux directions ce jour-là"),
    Column("has_project_lead", "boolean", "Avait un chef de projet"),
    Column("alert_count", "integer", "Alertes de conduite de projet ce jour-là", unit="alertes"),
    Column("days_since_review", "integer", "Jours depuis la dernière revue de projet", unit="jours"),
    Column("waiting_count", "integer", "Parts demandées sans réponse ce jour-là", unit="parts"),
    Column("starts_on", "date", "Début prévu"),
    Column("due_on", "date", "Échéance"),
)


def _months(as_of: date) -> Iterator[pa.RecordBatch]:
    ends, standings = month_ends(as_of), _standings()
    told = _told(ends)
    for end in ends:
        table = told.filter(pc.equal(told["on_day"], pa.scalar(end))) if told is not None else None
        yield from (table if table is not None and table.num_rows else _replayed(end, standings)).to_batches()


def month_ends(as_of: date) -> list[date]:
    """The last days of the months before `as_of`, then `as_of` itself (its own month end when it is one)."""
    ends, day = [as_of], as_of.replace(day=1) - timedelta(days=1)
    while len(ends) < MONTHS:
        ends.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return ends[::-1]


def _told(ends: list[date]) -> pa.Table | None:
    """The closed months that an earlier snapshot of the same columns tells."""
    held = snapshots.latest([ACTION_MONTHS.code]).get(ACTION_MONTHS.code)
    if held is None or held.columns != [[c.name, c.type] for c in COLUMNS]:
        return None
    path = snapshots.path_of(held.sha256)
    if not path.exists():
        return None
    table = pq.read_table(path, schema=ACTION_MONTHS.arrow)
    closed = [end for end in ends if end == month_end(end) and end < held.as_of]
    return table.filter(pc.is_in(table["on_day"], pa.array(closed, pa.date32())))


def _standings() -> dict[int, list[tuple]]:
    """By action, the plans in which it stands: (kind, year, code, sector)."""
    found: dict[int, list[tuple]] = defaultdict(list)
    rows = Placement.objects.order_by("plan__code").values_list(
        "action", "plan__kind", "plan__year", "plan__code", "plan__sector__code"
    )
    for action, *plan in rows:
        found[action].append(tuple(plan))
    return found


def standing_on(plans: Iterable[tuple], year: int) -> tuple:
    """The plan that told of an action in a year: the newest that had begun, a roadmap first, else the next to come."""
    begun = [plan for plan in plans if plan[1] <= year]
    if begun:
        return max(begun, key=lambda plan: (plan[0] == "roadmap", plan[1]))
    return min(plans, key=lambda plan: (plan[0] != "roadmap", plan[1]), default=(None, None, None, None))


def _replayed(end: date, standings: Mapping[int, list[tuple]]) -> pa.Table:
    """Every action that existed on that day, in the plan of that year: a constant number of queries."""
    rows = Action.objects.filter(created_at__lt=end_of(end))
    named = {row["pk"]: row for row in rows.values("pk", "code", "sector_code", "lead__code", "policy__code")}
    known = facts_for(Action.objects.filter(pk__in=named), end)
    told = [_row(named[pk], standing_on(standings.get(pk, ()), end.year), facts, end) for pk, facts in known.items()]
    return pa.Table.from_pylist(sorted(told, key=lambda row: row["row"]), schema=ACTION_MONTHS.arrow)


def _row(named: Mapping[str, Any], plan: tuple, facts: ActionFacts, on: date) -> dict[str, Any]:
    kind, year, code, sector = plan
    progress, last = of_action(facts, on).value, facts.last_review_on
    return {
        "row": f"{named['code']}/{on}", "code": named["code"], "on_day": on, "plan": code, "kind": kind, "year": year,
        "sector": sector or named["sector_code"] or None, "directorate": named["lead__code"],
        "policy_code": named["policy__code"], "status": derive(facts, on).status.value,
        "progress_hundredths": None if progress is None else round(progress * 100),
        "grade": grade(facts, next_review(facts, on)).kept, "is_located": facts.place in LOCATED,
        "is_multi": is_multi(facts), "has_project_lead": facts.has_project_lead,
        "alert_count": len(alerts(facts, on)), "days_since_review": (on - last).days if last else None,
        "waiting_count": sum(c.state == "asked" and c.answer_due_on < on for c in facts.commitments),
        "starts_on": facts.starts_on, "due_on": facts.due_on,
    }  # fmt: skip


ACTION_MONTHS = Dataset(
    code="roadmaps.action-months",
    title="Actions, mois par mois",
    sentence="Une ligne par action et fin de mois : statut, avancement, note, tels qu’on pouvait les juger ce jour-là.",
    key="row", permission="roadmaps.view_action", owner="DDCT", rows=_months, visible_keys=visible_actions,
    owner_key=lambda row: row.rsplit("/", 1)[0], record_kind="action", business_date="on_day", rhythm_days=1,
    is_replayable=True, columns=COLUMNS,
)  # fmt: skip
