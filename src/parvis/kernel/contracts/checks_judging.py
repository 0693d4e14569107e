"""The verdict on a file laid out: an engine sets the surely good cells aside, the exact rules judge the others.

One pass over the cells; one more per column that must not repeat. Found faults are Arrow columns, whatever their number.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parvis.kernel.contracts import checks_cells, checks_expressions
from parvis.kernel.contracts.checks_expressions import any_of, missing, suspect
from parvis.kernel.contracts.checks_rules import Field, Rules
from parvis.kernel.contracts.checks_staging import EXTRA, FAULT, ROW, Staged
from parvis.kernel.lake.engine import connected, read

TABLE = "cells"
NOWHERE = "␀"  # what stands for "no value" in a key, while repeats are looked for
FOUND = pa.schema([("row", pa.int64()), ("column", pa.string()), ("rule", pa.string()), ("value", pa.string())])
BATCH = 50_000


@dataclass
class Verdict:
    """Faults being gathered, with what puts them in order: row, then column, then rule."""

    parts: list[pa.Table] = field(default_factory=list)
    blank: list[pa.Array] = field(default_factory=list)

    def add(self, rows: Any, place: int, column: str, rule: str, values: Any) -> None:
        """Faults of one rule in one column; `place` is the column's in the contract."""
        count = len(rows)
        self.parts.append(pa.table({
            "row": pa.array(rows, pa.int64()), "column": _all(column, count), "rule": _all(rule, count),
            "value": pa.array(values, pa.string()), "place": pa.array(np.full(count, place, np.int32)),
        }))  # fmt: skip

    def found(self) -> pa.Table:
        if not self.parts:
            return FOUND.empty_table()
        together = pa.concat_tables(self.parts).unify_dictionaries()
        order = pc.sort_indices(together, [("row", "ascending"), ("place", "ascending")])
        return together.take(order).select(FOUND.names)

    def blank_rows(self) -> pa.Array:
        return pa.concat_arrays(self.blank).sort() if self.blank else pa.array([], pa.int64())


def _all(text: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text], pa.string()))


def judged(rules: Rules, held: Staged, engine: str | None) -> tuple[pa.Table, pa.Array]:
    """Every fault under FOUND's columns (column and rule as dictionaries), by row; and the numbers of blank lines.

    A connection for the cells, another for the repeats: what the first holds is given back.
    """
    verdict = Verdict()
    with _cells(held, engine) as (backend, table):
        for batch in backend.to_pyarrow_batches(_sieve(held, table), chunk_size=BATCH):
            _judge(held, batch, verdict)
    if rules.key or rules.unique:
        with _cells(held, engine) as (backend, table):
            _repeats(rules, held, table, backend, verdict)
    return verdict.found(), verdict.blank_rows()


@contextmanager
def _cells(held: Staged, engine: str | None) -> Iterator[tuple[Any, ir.Table]]:
    with connected(engine) as backend:
        yield backend, read(backend, held.path, TABLE)


def _sieve(held: Staged, table: ir.Table) -> ir.Table:
    """The rows that deserve a look, with their suspect cells (`s0` … says which) and whether they are blank."""
    cells = [(field, table[f"c{n}"]) for n, field in enumerate(held.fields)]
    doubts = {f"s{n}": suspect(field, cell) for n, (field, cell) in enumerate(cells)}
    is_blank = ~any_of(~missing(field, cell) for field, cell in cells)
    marked = table.mutate(blank=is_blank, **doubts)
    wanted = any_of(
        [marked.blank, marked[EXTRA].notnull(), marked[FAULT].notnull(), *(marked[name] for name in doubts)]
    )
    shown = {f"c{n}": ibis.ifelse(marked[f"s{n}"], marked[f"c{n}"], ibis.null("string")) for n in range(len(cells))}
    return marked.filter(wanted).select(ROW, "blank", EXTRA, FAULT, *doubts, **shown)


def _judge(held: Staged, batch: pa.RecordBatch, verdict: Verdict) -> None:
    blank = batch.filter(batch["blank"])
    if blank.num_rows:
        verdict.blank.append(pc.cast(blank[ROW], pa.int64()))
        verdict.add(blank[ROW], 0, "", "blank-row", [""] * blank.num_rows)
        batch = batch.filter(pc.invert(batch["blank"]))
    for number, field_ in enumerate(held.fields):
        _judge_cells(field_, number, batch, verdict)
    _judge_rows(len(held.fields), batch, verdict)


def _judge_cells(field_: Field, number: int, batch: pa.RecordBatch, verdict: Verdict) -> None:
    doubtful = batch[f"s{number}"]
    if not doubtful.true_count:
        return
    rows, cells = batch[ROW].filter(doubtful), batch[f"c{number}"].filter(doubtful).dictionary_encode("encode")
    broken: dict[str, list[int]] = {}
    for code, text in enumerate(cells.dictionary.to_pylist()):
        for rule in checks_cells.broken(field_, text):
            broken.setdefault(rule, []).append(code)
    for rule, codes in broken.items():
        is_bad = pc.is_in(cells.indices, pa.array(codes, cells.indices.type))
        values = cells.filter(is_bad).cast(pa.string()).fill_null("")
        verdict.add(rows.filter(is_bad), number + 1, field_.name, rule, values)


def _judge_rows(width: int, batch: pa.RecordBatch, verdict: Verdict) -> None:
    for number, cells in _told(batch, EXTRA):
        beyond = [text for text in json.loads(cells) if text]
        verdict.add([number] * len(beyond), width + 1, "", "extra-cell", beyond)
    for number, fault in _told(batch, FAULT):
        verdict.add([number], width + 2, "", fault, [""])


def _told(batch: pa.RecordBatch, name: str) -> Iterator[tuple[int, str]]:
    has = batch.filter(batch[name].is_valid())
    yield from zip(has[ROW].to_pylist(), has[name].to_pylist(), strict=True)


# What must not repeat


def _repeats(rules: Rules, held: Staged, table: ir.Table, backend: Any, verdict: Verdict) -> None:
    here = {field_.name: number for number, field_ in enumerate(held.fields)}
    for name in rules.unique:
        if name in here:
            _repeated((here[name],), held, table, backend, verdict, "unique")
    if rules.key and all(name in here for name in rules.key):
        _repeated(tuple(here[n] for n in rules.key), held, table, backend, verdict, "primary-key")


def _repeated(places: tuple[int, ...], held: Staged, table, backend, verdict: Verdict, rule: str) -> None:
    """Rows that say again the value of an earlier one (and keys that say nothing). Equal texts decide when every cell
    is in the one spelling of its value; otherwise the values themselves, read one by one."""
    fields = [held.fields[n] for n in places]
    rows = _twice(fields, places, table) if _is_canonical(fields, places, table, backend) else _keys(places, table)
    blank = set(verdict.blank_rows().to_pylist())
    said: list[tuple[int, str]] = []
    seen: set[tuple[Any, ...]] = set()
    for number, texts in _in_order(rows, places, backend):
        if number in blank:
            continue
        key = tuple(_value(f, text) for f, text in zip(fields, texts, strict=True))
        if all(part is None for part in key):
            said.extend([(number, "")] if rule == "primary-key" else [])
        elif key in seen:
            said.append((number, " | ".join(text or "" for text in texts)))
        seen.add(key)
    if said:
        name = fields[0].name if rule == "unique" else ""
        place = places[0] + 1 if rule == "unique" else len(held.fields) + 3
        verdict.add([number for number, _ in said], place, name, rule, [value for _, value in said])


def _value(field_: Field, text: str | None) -> Any:
    return None if text is None or text in field_.missing else field_.read(text)


def _is_canonical(fields: list[Field], places: tuple[int, ...], table: ir.Table, backend: Any) -> bool:
    odd = any_of(
        ~(missing(f, table[f"c{n}"]) | checks_expressions.canonical(f, table[f"c{n}"]))
        for f, n in zip(fields, places, strict=True)
    )
    return not backend.to_pyarrow(odd.cast("int64").sum().fill_null(0)).as_py()


def _keys(places: tuple[int, ...], table: ir.Table) -> ir.Table:
    return table.select(ROW, *(f"c{n}" for n in places))


def _twice(fields: list[Field], places: tuple[int, ...], table: ir.Table) -> ir.Table:
    """The rows whose key is met more than once, or is empty."""
    names = [f"k{n}" for n in places]
    spelled = {
        f"k{n}": ibis.ifelse(missing(f, table[f"c{n}"]), NOWHERE, table[f"c{n}"])
        for f, n in zip(fields, places, strict=True)
    }
    keyed = _keys(places, table).mutate(**spelled)
    repeated = keyed.group_by(names).aggregate(times=keyed.count())
    repeated = repeated.filter((repeated.times > 1) | ~any_of(repeated[name] != NOWHERE for name in names))
    return keyed.semi_join(repeated, names).select(ROW, *(f"c{n}" for n in places))


def _in_order(rows: ir.Table, places: tuple[int, ...], backend: Any) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    for batch in backend.to_pyarrow_batches(rows.order_by(ROW), chunk_size=BATCH):
        columns = [batch[f"c{n}"].to_pylist() for n in places]
        yield from zip(batch[ROW].to_pylist(), zip(*columns, strict=True), strict=True)
