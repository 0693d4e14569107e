"""What a snapshot's file holds, column by column: filled, distinct, ends, quantiles, bars, frequent values.

Reads one Parquet file with DuckDB, in columns. Knows no Django. Of a column that identifies a person it says how much is
filled and nothing more: neither its values nor how many differ ever leave the file.
"""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from parvis.kernel.lake.dataset import Column, Dataset

FEW_PEOPLE = 5
BARS = 12
FREQUENT = 10
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
NUMBERS = {"integer", "cents", "number"}
DAYS = {"date", "instant"}
LARGEST = 1e300  # past that, a width cannot be told
Rows = duckdb.DuckDBPyRelation


def shape(dataset: Dataset) -> str:
    """The digest of what decides a profile besides the file itself."""
    told = [[c.name, c.type, c.is_personal, c.place] for c in dataset.columns]
    return hashlib.sha256(repr((dataset.key, told)).encode()).hexdigest()


def profile(dataset: Dataset, path: Path, *, memory: str) -> dict[str, Any]:
    """{rows, duplicates, sectors, unplaced, columns: {name: {...}}} as JSON may hold it."""
    with duckdb.connect(":memory:", config={"memory_limit": memory}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.from_parquet(str(path))
        columns = [column for column in dataset.columns if column.name in rows.columns]
        (count,) = _one(rows, "count(*)")
        sector = next((c.name for c in columns if c.place == "sector" and not c.is_personal), None)
        return {
            "rows": count, "duplicates": _duplicates(rows, dataset.key), **_places(rows, sector),
            "columns": {column.name: _column(rows, column, count, dataset.key) for column in columns},
        }  # fmt: skip


def _one(rows: Rows, asked: str) -> tuple[Any, ...]:
    return rows.aggregate(asked).fetchone() or ()


def _duplicates(rows: Rows, key: str) -> int | None:
    if key not in rows.columns:
        return None
    count, distinct = _one(rows, f"count(*), count(DISTINCT {_name(key)})")
    return count - distinct


def _places(rows: Rows, sector: str | None) -> dict[str, Any]:
    """How many sectors figure, and how many rows have none."""
    if sector is None:
        return {"sectors": None, "unplaced": 0}
    found, unplaced = _one(rows, f"count(DISTINCT {_name(sector)}), count(*) - count({_name(sector)})")
    return {"sectors": found, "unplaced": unplaced}


def _column(rows: Rows, column: Column, count: int, key: str) -> dict[str, Any]:
    name = _name(column.name)
    if column.is_personal:
        (filled,) = _one(rows, f"count({name})")
        return {"filled": None if 0 < filled < FEW_PEOPLE else filled, "is_personal": True}
    filled, distinct, low, high = _one(rows, f"count({name}), count(DISTINCT {name}), min({name}), max({name})")
    told: dict[str, Any] = {"filled": filled, "distinct": distinct}
    if not filled:
        return told
    told |= {"min": said(low), "max": said(high)}
    known = rows.filter(f"{name} IS NOT NULL")
    if column.type in NUMBERS:
        told |= {"quantiles": _quantiles(known, name), "bars": _bars(known, name, float(low), float(high), filled)}
    elif column.type in DAYS:
        told["bars"] = _day_bars(known, name)
    elif column.name != key and distinct <= max(count // 2, FREQUENT):
        told["frequent"] = _frequent(known, name)
    return told


def _quantiles(known: Rows, name: str) -> list[Any]:
    asked = ", ".join(str(q) for q in QUANTILES)
    (found,) = _one(known.filter(f"isfinite({name}::DOUBLE)"), f"quantile_disc({name}, [{asked}])")
    return [said(value) for value in found or []]


def _bars(known: Rows, name: str, low: float, high: float, filled: int) -> list[list[Any]]:
    """[from, to, rows] of equal widths; one bar when every value is the same."""
    if not (abs(low) < LARGEST and abs(high) < LARGEST):
        return []
    width = (high - low) / BARS
    if not width:
        return [[low, high, filled]]
    place = f"least({BARS - 1}, floor(({name}::DOUBLE - ({low!r})) / ({width!r})))::INTEGER"
    found = dict(known.aggregate(f"{place} AS place, count(*) AS n", "place").fetchall())
    return [[low + n * width, low + (n + 1) * width, found.get(n, 0)] for n in range(BARS)]


def _day_bars(known: Rows, name: str) -> list[list[Any]]:
    """[first day, last day, rows] of the last periods: by month when they fit, else by year."""
    (months,) = _one(known, f"date_diff('month', min({name}), max({name}))")
    grain = "month" if months < 2 * BARS else "year"
    counted = known.aggregate(f"date_trunc('{grain}', {name}) AS period, min({name}), max({name}), count(*)", "period")
    found = counted.order("period DESC").limit(2 * BARS).fetchall()
    return [[said(start), said(end), count] for _, start, end, count in reversed(found)]


def _frequent(known: Rows, name: str) -> list[list[Any]]:
    counted = known.aggregate(f"{name} AS value, count(*) AS n", "value").order("n DESC, value").limit(FREQUENT)
    return [[said(value), count] for value, count in counted.fetchall()]


def said(value: Any) -> Any:
    """A value as JSON may hold it; a text is cut at 80 characters."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, Decimal):
        return float(value)
    return value[:80] if isinstance(value, str) else value


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
