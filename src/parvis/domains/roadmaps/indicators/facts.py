"""Facts that several indicators of the roadmaps start from. Expressions alone: no engine, no Django."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

ACTIONS, MONTHS, PLANS = "roadmaps.actions", "roadmaps.action-months", "roadmaps.plans"
MILESTONES, COMMITMENTS, MEANS = "roadmaps.milestones", "roadmaps.commitments", "roadmaps.means"
REVIEWS, COVERAGE, DEPLOYMENTS = "roadmaps.project-reviews", "roadmaps.coverage", "roadmaps.deployments"
PLACEMENTS, STAGES, VALUES = "roadmaps.placements", "roadmaps.stages", "roadmaps.indicator-values"
BY_DIRECTORATE = {"directorate": "direction pilote"}
Tables = Mapping[str, ir.Table]


def of_the_year(tables: Tables) -> ir.Table:
    """Each action of the year's roadmaps at each month end of that year."""
    months = tables[MONTHS]
    return months.filter(months.kind == "roadmap", months.year == months.on_day.year())


def of_roadmaps(tables: Tables) -> ir.Table:
    """Each action in each roadmap where it stands."""
    return tables[PLACEMENTS].filter(ibis._.kind == "roadmap")


def became(status: str, tables: Tables) -> ir.Table:
    """Each action at the month end that first told it in a status, after one that told another."""
    months = tables[MONTHS].filter(ibis._.kind == "roadmap")
    in_order = ibis.window(group_by="code", order_by="on_day")
    told = months.mutate(before=months.status.lag().over(in_order))
    return told.filter(told.status == status, told.before.notnull(), told.before != status)


def state_facts(rows: ir.Table, value: ir.Value, left_out: ir.Value | None = None) -> ir.Table:
    """Facts on states at month ends: an action dropped or not begun yet is left out, with the reason."""
    dropped = ibis.cases((rows.status == "dropped", "abandonnée"))
    return rows.select(
        subject=rows.row, at=rows.on_day, place=rows.sector, value=value, directorate=rows.directorate,
        left_out=dropped if left_out is None else ibis.coalesce(dropped, left_out),
    )  # fmt: skip


def none() -> ir.Value:
    """Nothing is left out."""
    return ibis.literal(None, "string")
