"""Accepted cells as the values that the lake keeps: cents, days, instants. No Django.

The rules were held already (`checking`): here a cell is read once more, by the same functions, and takes its place in
a typed column. A number that the column cannot hold raises UnusableFile, which names its line.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from parvis.kernel.contracts.checks_rules import Field
from parvis.kernel.contracts.refusals import UnusableFile

MOST = 2**63 - 1


def typed(
    batch: pa.RecordBatch, fields: Mapping[str, Field], columns: Sequence[tuple[pa.Field, str]]
) -> pa.RecordBatch:
    """A batch of texts (with `row`) as the columns of a dataset: (Arrow field, our word for its type).

    A column that the file does not have is null.
    """
    made = [_column(batch, fields, column, word) for column, word in columns]
    return pa.RecordBatch.from_arrays(made, schema=pa.schema([column for column, _ in columns]))


def cents(value: Decimal) -> int:
    """An amount in euros as cents, halves away from zero."""
    return int((value * 100).to_integral_value(rounding=ROUND_HALF_UP))


def _column(batch: pa.RecordBatch, fields: Mapping[str, Field], column: pa.Field, word: str) -> pa.Array:
    if column.name not in batch.schema.names:
        return pa.nulls(batch.num_rows, column.type)
    field, turn = fields[column.name], TURNS[word]
    known: dict[str | None, Any] = dict.fromkeys([None, *field.missing])
    values = []
    for number, text in enumerate(batch[column.name].to_pylist()):
        if text not in known:
            known[text] = _held(turn(field.read(text)), text, batch["row"][number].as_py(), field)
        values.append(known[text])
        if len(known) > 50_000:
            known = dict.fromkeys([None, *field.missing])
    return pa.array(values, column.type)


def _held(value: Any, text: str | None, row: int, field: Field) -> Any:
    if type(value) is int and abs(value) > MOST:
        raise UnusableFile(
            f"Ligne {row}, « {field.label} » : « {(text or '')[:40]} » est trop grand pour être gardé.",
            remedy="Corrigez ce nombre dans le fichier.",
        )
    return value


def _text(value: Any) -> str:
    return f"{value[0]:04d}-{value[1]:02d}" if isinstance(value, tuple) else str(value)


def _day(value: Any) -> date:
    if isinstance(value, tuple):
        return date(value[0], value[1], 1)
    if isinstance(value, int):
        return date(value, 1, 1)
    return value.date() if isinstance(value, datetime) else value


def _instant(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


TURNS: dict[str, Callable[[Any], Any]] = {
    "string": _text, "integer": int, "cents": cents, "number": float, "boolean": bool, "date": _day, "instant": _instant,
}  # fmt: skip
