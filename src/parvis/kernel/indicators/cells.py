"""One evaluation: every period × place × dimension of an indicator, with numerators and denominators. No Django.

A total is made of its parts' numerators and denominators, never of their averages. Order statistics and survival
times are not made of parts: they are asked again of the facts for each margin.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from parvis.kernel.indicators import survival
from parvis.kernel.indicators.indicator import ADDITIVE, QUANTILES, RHYTHMS, SURVIVAL, Indicator

Run = Callable[[ir.Table], pa.Table]

ALL = ""  # the place, dimension or member of a margin
SCHEMA = pa.schema([
    ("period", pa.date32()), ("place", pa.string()), ("vintage", pa.string()), ("dimension", pa.string()),
    ("member", pa.string()), ("value", pa.float64()), ("numerator", pa.float64()), ("denominator", pa.float64()),
    ("counted", pa.int64()), ("left_out", pa.int64()),
])  # fmt: skip
SUMS = ("numerator", "denominator", "counted", "left_out")


def evaluate(indicator: Indicator, tables: Mapping[str, ir.Table], run: Run) -> pa.Table:
    """The cells of an indicator under SCHEMA, sorted: a margin has "" for what it sums over.

    `tables` are the (unbound) tables of its datasets by code; `run` executes an expression on an engine.
    A facts row without a place counts in the totals and in no place. Money stays exact: sums are of integers.
    """
    facts = keyed(indicator, indicator.expression(tables))
    if indicator.aggregation in ADDITIVE:
        parts = _margins(indicator, run(_fine(indicator, facts)))
    else:
        parts = [_asked(indicator, facts, keys, run) for keys in margins(indicator)]
    return pa.concat_tables(parts).sort_by([(name, "ascending") for name in SCHEMA.names[:5]])


def margins(indicator: Indicator) -> list[tuple[str, ...]]:
    """The groupings asked for: alone and by place, for all and for each dimension."""
    cuts: list[tuple[str, ...]] = [()] + [(dimension,) for dimension in indicator.dimensions]
    return [(*places, *cut) for places in ((), ("place", "vintage")) for cut in cuts]


def period_of(day: date, rhythm: str) -> date:
    """The first day of the period that a day falls in."""
    first = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[rhythm]
    return date(day.year, first, 1)


def next_period(start: date, rhythm: str) -> date:
    """The first day after a period: its exclusive end."""
    months = start.year * 12 + start.month - 1 + {"month": 1, "quarter": 3, "year": 12}[rhythm]
    return date(months // 12, months % 12 + 1, 1)


def facts_of(
    indicator: Indicator, tables: Mapping[str, ir.Table], period: date, *, place: str = ALL, vintage: str = ALL,
    dimension: str = ALL, member: str = ALL,
) -> ir.Table:  # fmt: skip
    """The facts of one cell, counted or left out. `vintage` is the cell's; for a total, the newest of the measurement."""
    facts = indicator.expression(tables)
    facts = facts.filter(facts["at"] >= period, facts["at"] < next_period(period, indicator.rhythm))
    facts = (
        facts if place == ALL else facts.filter(facts.place == place)
    )  # before any reckoning: the file skips the rest
    told = keyed(indicator, facts)
    told = told.filter(told.vintage.isin([vintage, ALL] if place == ALL else [vintage]))
    return told.filter(told[dimension] == member) if dimension else told


def keyed(indicator: Indicator, facts: ir.Table) -> ir.Table:
    """The facts with their period, and a name for what has no place, vintage or member."""
    vintage = facts.vintage if "vintage" in facts.columns else ibis.literal(ALL)
    return facts.mutate(
        period=facts["at"].truncate(RHYTHMS[indicator.rhythm]).cast("date"),
        place=facts.place.fill_null(ALL), vintage=vintage.fill_null(ALL),
        **{name: facts[name].fill_null("sans objet") for name in indicator.dimensions},
    )  # fmt: skip


def _fine(indicator: Indicator, facts: ir.Table) -> ir.Table:
    """The finest cells: one pass over the facts."""
    counted = facts.left_out.isnull()
    keys = ["period", "place", "vintage", *indicator.dimensions]
    return facts.group_by(keys).aggregate(
        numerator=_numerator(indicator, facts, counted), denominator=_denominator(indicator, facts, counted),
        counted=counted.cast("int64").sum(), left_out=(~counted).cast("int64").sum(),
    )  # fmt: skip


def _numerator(indicator: Indicator, facts: ir.Table, counted: ir.BooleanValue) -> ir.Value:
    if indicator.aggregation == "count":
        return counted.cast("int64").sum()
    return facts.value.cast("int64").sum(where=counted).fill_null(0).cast("int64")


def _denominator(indicator: Indicator, facts: ir.Table, counted: ir.BooleanValue) -> ir.Value:
    if indicator.aggregation == "ratio":
        return facts.base.cast("int64").sum(where=counted).fill_null(0).cast("int64")
    if indicator.aggregation in ("mean", "share"):
        return facts.value.count(where=counted)
    return ibis.literal(None, "int64")


def _margins(indicator: Indicator, fine: pa.Table) -> list[pa.Table]:
    return [_summed(indicator, fine, keys) for keys in margins(indicator)]


def _summed(indicator: Indicator, fine: pa.Table, keys: tuple[str, ...]) -> pa.Table:
    rows = _newest(fine) if "place" not in keys else fine.filter(pc.not_equal(fine["place"], ALL))
    sums = rows.group_by(["period", *keys]).aggregate([(name, "sum") for name in SUMS])
    sums = sums.rename_columns([name.removesuffix("_sum") for name in sums.column_names])
    has_base = indicator.aggregation in ("mean", "share", "ratio")
    value = _divided(sums["numerator"], sums["denominator"]) if has_base else pc.cast(sums["numerator"], pa.float64())
    return _cells(indicator, sums, keys, value)


def _newest(fine: pa.Table) -> pa.Table:
    """A fact told under two vintages of its zone counts once in a total: under the newest."""
    newest = pc.max(fine["vintage"]).as_py() if fine.num_rows else ALL
    return fine.filter(pc.or_(pc.equal(fine["vintage"], newest), pc.equal(fine["vintage"], ALL)))


def _divided(top: pa.ChunkedArray, bottom: pa.ChunkedArray) -> Any:
    """Null where there is nothing to divide by."""
    safe = pc.if_else(pc.equal(bottom, 0), None, pc.cast(bottom, pa.float64()))
    return pc.divide(pc.cast(top, pa.float64()), safe)


def _cells(indicator: Indicator, sums: pa.Table, keys: Iterable[str], value: Any) -> pa.Table:
    """Rows of SCHEMA from a grouping: what it does not name is a margin."""
    names, size = set(keys), sums.num_rows
    dimension = next((d for d in indicator.dimensions if d in names), ALL)
    factor = 100.0 if indicator.aggregation == "share" else 1.0
    columns: dict[str, Any] = {
        "period": sums["period"],
        "place": sums["place"] if "place" in names else pa.array([ALL] * size, pa.string()),
        "vintage": sums["vintage"] if "vintage" in names else pa.array([ALL] * size, pa.string()),
        "dimension": pa.array([dimension] * size, pa.string()),
        "member": sums[dimension] if dimension else pa.array([ALL] * size, pa.string()),
        "value": pc.divide(pc.multiply(value, factor), float(indicator.scale)),
        **{name: sums[name] for name in SUMS},
    }
    return pa.table([pc.cast(columns[name], SCHEMA.field(name).type) for name in SCHEMA.names], schema=SCHEMA)


def _asked(indicator: Indicator, facts: ir.Table, keys: tuple[str, ...], run: Run) -> pa.Table:
    """A margin of an order statistic or a survival time, from the facts themselves."""
    within = facts.filter(facts.place != ALL) if "place" in keys else facts
    grouping = ["period", *keys]
    counted = within.left_out.isnull()
    tallies = within.group_by(grouping).aggregate(
        numerator=ibis.literal(None, "int64"), denominator=ibis.literal(None, "int64"),
        counted=counted.cast("int64").sum(), left_out=(~counted).cast("int64").sum(),
        answer=_quantile(indicator, within, counted),
    )  # fmt: skip
    sums = run(tallies)
    value: Any = pc.cast(sums["answer"], pa.float64())
    if indicator.aggregation in SURVIVAL:
        value = _survival(indicator, within, grouping, sums, run)
    return _cells(indicator, sums, keys, value)


def _quantile(indicator: Indicator, facts: ir.Table, counted: ir.BooleanValue) -> ir.Value:
    if indicator.aggregation in SURVIVAL:
        return ibis.literal(None, "float64")
    return facts.value.cast("float64").quantile(QUANTILES[indicator.aggregation], where=counted)


def _survival(indicator: Indicator, facts: ir.Table, grouping: list[str], sums: pa.Table, run: Run) -> pa.Array:
    """From the number of cases per duration and outcome, which any engine counts alike."""
    counted = facts.filter(facts.left_out.isnull() & facts.value.notnull())
    tallies = run(counted.group_by([*grouping, "value", "event"]).aggregate(cases=counted.count()))
    groups: dict[tuple, list[tuple[int, bool, int]]] = {}
    for row in tallies.to_pylist():
        groups.setdefault(tuple(row[k] for k in grouping), []).append((row["value"], row["event"], row["cases"]))
    share = SURVIVAL[indicator.aggregation]
    asked = zip(*(sums[k].to_pylist() for k in grouping), strict=True)
    return pa.array([survival.time_until(groups.get(key, []), share) for key in asked], pa.float64())
