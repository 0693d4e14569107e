"""JSON files as tables: an array of objects, or an object that holds one. No Django.

A row's number is the place of its object in the array, from 1. Refuses to flatten: a nested value stays as JSON text.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from parvis.kernel.contracts.delimited import Candidate, Record
from parvis.kernel.contracts.refusals import UnusableFile

MOST_BYTES = 200 * 2**20  # it is read whole
REMEDY = "Donnez un tableau d’objets, ou un objet qui en contient un."


@contextmanager
def opened(path: Path) -> Iterator[Iterator[Candidate]]:
    """The one reading of a JSON file."""
    if path.stat().st_size > MOST_BYTES:
        raise UnusableFile(
            f"Un fichier JSON est lu jusqu’à {MOST_BYTES // 2**20} Mo.", remedy="Enregistrez-le en .csv."
        )
    try:
        held = _loaded(path.read_bytes())
    except (ValueError, RecursionError) as fault:
        raise UnusableFile("Ce fichier commence comme du JSON et n’en est pas.", remedy=REMEDY) from fault
    yield iter([Candidate({"encoding": "utf-8", "array": _name(held)}, _records(_rows(held)))])


def _loaded(content: bytes) -> Any:
    """Half a letter (a lone surrogate) is no text that a file or the database can hold: « ? » stands for it."""
    held = json.loads(content)
    may_hold_halves = b"\\ud" in content.lower() or b"\xed" in content
    return json.loads(json.dumps(held, ensure_ascii=False).encode("utf-8", "replace")) if may_hold_halves else held


def _name(held: Any) -> str:
    """Under which name the rows stand; "" when the file is the array itself."""
    if isinstance(held, list):
        return ""
    arrays = {name: len(value) for name, value in held.items() if _is_table(value)} if isinstance(held, dict) else {}
    if not arrays:
        raise UnusableFile("Ce fichier JSON ne contient pas de tableau d’objets.", remedy=REMEDY)
    return max(arrays, key=lambda name: arrays[name])


def _rows(held: Any) -> list[dict[str, Any]]:
    rows = held if isinstance(held, list) else held[_name(held)]
    if not _is_table(rows):
        raise UnusableFile("Ce fichier JSON ne contient pas de tableau d’objets.", remedy=REMEDY)
    return [_properties(row) for row in rows]


def _properties(row: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature as the row of its properties, its geometry as text."""
    if row.get("type") != "Feature" or not isinstance(row.get("properties"), dict):
        return row
    return row["properties"] | {"geometry": row.get("geometry")}


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _records(rows: list[dict[str, Any]]) -> Iterator[Record]:
    titles = list(dict.fromkeys(name for row in rows for name in row))
    yield Record(0, titles)
    for number, row in enumerate(rows, start=1):
        yield Record(number, [_written(row.get(title)) for title in titles])


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
