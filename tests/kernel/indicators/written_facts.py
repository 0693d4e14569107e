"""A small engine for facts that a test writes by hand."""

from datetime import date

import ibis
import pyarrow as pa

from parvis.kernel.indicators import cells
from parvis.kernel.indicators.indicator import Indicator

FACTS = pa.schema([
    ("subject", pa.string()), ("at", pa.date32()), ("place", pa.string()), ("vintage", pa.string()),
    ("value", pa.int64()), ("base", pa.int64()), ("event", pa.bool_()), ("left_out", pa.string()), ("team", pa.string()),
    ("kind", pa.string()),
])  # fmt: skip
UNBOUND = ibis.table(
    {
        "subject": "string", "at": "date", "place": "string", "vintage": "string", "value": "int64", "base": "int64",
        "event": "boolean", "left_out": "string", "team": "string", "kind": "string",
    },
    name="facts",
)  # fmt: skip


def declared(aggregation: str, **more) -> Indicator:
    """An indicator whose facts are a table as it stands."""
    said = {
        "code": "test.figure", "title": "Chiffre", "question": "Combien ?", "unit": "", "better": "up",
        "objective": "P1", "owner": "DDCT", "datasets": ("test.facts",), "facts": lambda tables: tables["test.facts"],
        "aggregation": aggregation, "dimensions": ("team",),
    }  # fmt: skip
    return Indicator(**(said | more))


def fact(value=1, at=date(2026, 3, 10), place="19", **more) -> dict:
    return {"subject": "x", "at": at, "place": place, "value": value, **more}


def engine(rows):
    """A function that runs expressions over these facts."""
    backend = ibis.duckdb.connect()
    backend.con.register("facts", pa.Table.from_pylist(list(rows), schema=FACTS))
    return backend.to_pyarrow


def evaluated(indicator: Indicator, rows) -> pa.Table:
    return cells.evaluate(indicator, {"test.facts": UNBOUND}, engine(rows))


def cell(table: pa.Table, **wanted) -> dict | None:
    """The one cell with these keys; a margin by default."""
    keys = {"place": "", "vintage": None, "dimension": "", "member": ""} | wanted
    found = [row for row in table.to_pylist() if all(row[k] == v for k, v in keys.items() if v is not None)]
    assert len(found) <= 1, found
    return found[0] if found else None
