"""Rows and files of any dataset and any contract, with every difficulty its columns allow; the same at each run."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from parvis.kernel.lake.dataset import Column, Dataset

START = date(2023, 11, 20)
VALUES = {
    "string": lambda n: ("", "ÉTÉ", "centre", "5", "19", "75119", "2024", "a'b", "x y", "Culture")[n % 10],
    "integer": lambda n: (n * 37) % 1000 - 100,
    "cents": lambda n: (n * 7_919) % 5_000_000 - 1_000,
    "number": lambda n: ((n * 37) % 1000) / 4 - 10,
    "boolean": lambda n: n % 3 == 0,
    "date": lambda n: START + timedelta(days=(n * 7) % 900),
    "instant": lambda n: datetime(2023, 11, 20, 22, 30, tzinfo=UTC) + timedelta(hours=(n * 53) % 20_000),
}
CELLS = {
    "string": ["", "ÉTÉ", "oui", "W123456789", "75001", "a" * 300, " espaces ", "20001234500017", "l’œuvre", "=1+1", "🙂"],
    "integer": ["", "0", "-12", "007", "1 200", "12.5", "douze", "99999999999999999999", "2024", "15"],
    "number": ["", "0", "-12,5", "12.5", "1 200,50", "1e5", "NaN", "٣", "douze", "1234567.891", "850"],
    "boolean": ["", "oui", "non", "true", "False", "1", "0", "peut-être"],
    "date": ["", "2024-02-29", "2023-02-29", "31/12/2023", "2023-12-31", "2023-13-01", "hier", "1969-12-31"],
    "datetime": ["", "2024-02-29T12:00:00Z", "2024-02-29 12:00", "2024-02-30T00:00:00", "hier"],
    "year": ["", "2024", "24", "12024", "0999", "MMXX"], "yearmonth": ["", "2024-02", "2024-13", "02/2024"],
}  # fmt: skip


def of(dataset: Dataset, count: int = 400) -> pa.Table:
    """Rows under the dataset's columns: keys that do not repeat, nulls, negatives, days across years."""
    rows = [{c.name: _value(dataset, c, place, n) for place, c in enumerate(dataset.columns)} for n in range(count)]
    return pa.Table.from_pylist(rows, schema=dataset.arrow)


def _value(dataset: Dataset, column: Column, place: int, n: int) -> Any:
    if column.name == dataset.key:
        return f"{n:05}" if column.type == "string" else n
    if (n + place) % 13 == 0:
        return None
    if column.place == "sector":
        return str(5 + n % 16)
    return VALUES[column.type](n + place)


def file(schema: Mapping[str, Any], path: Path, count: int = 300) -> Path:
    """A CSV under the contract's header: in each column good cells, bad ones, doubtful ones; a blank line, repeated rows."""
    fields = schema["fields"]
    pools = [_pool(field) for field in fields]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow([field["name"] for field in fields])
        for n in range(count):
            empty = n == 17
            writer.writerow(
                ["" if empty else pool[(n % 97 + place * n) % len(pool)] for place, pool in enumerate(pools)]
            )
    return path


def _pool(field: Mapping[str, Any]) -> list[str]:
    limits = field.get("constraints") or {}
    known = [str(limits[name]) for name in ("minimum", "maximum") if limits.get(name) is not None]
    return [*CELLS.get(field.get("type", "string"), CELLS["string"]), *known, *map(str, limits.get("enum", [])[:8])]
