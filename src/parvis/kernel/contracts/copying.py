"""Insert many rows by COPY, the database's own fast lane: several times quicker than INSERT for a whole file.

Knows columns and the text form of COPY. Constraints and triggers hold as for any insert. Runs inside the caller's
transaction. Refuses to update: that is the ORM's.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db import connection, models

CHUNK = 500
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})


def insert(objects: Sequence[models.Model]) -> None:
    """Insert unsaved objects of one model; each receives its primary key."""
    if not objects:
        return
    model = type(objects[0])
    columns = [field.attname for field in model._meta.concrete_fields]
    for thing, number in zip(objects, _reserved(model, len(objects)), strict=True):
        thing.pk = number
        thing._state.adding = False
    insert_rows(model, columns, ([thing.__dict__[name] for name in columns] for thing in objects))


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert tuples, given in the order of `names` (attribute names: `plan_id`). Columns left out take the database's own default."""
    quote = connection.ops.quote_name
    known = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    columns = ", ".join(quote(known[name]) for name in names)
    copying = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(copying) as copy:
        lines: list[str] = []
        for row in rows:
            lines.append("\t".join([FORMS.get(type(value), _other)(value) for value in row]))
            if len(lines) >= CHUNK:
                copy.write("\n".join(lines) + "\n")
                lines = []
        if lines:
            copy.write("\n".join(lines) + "\n")


def _reserved(model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [number for (number,) in cursor.fetchall()]


def _text(value: str) -> str:
    return value.translate(ESCAPES)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).translate(ESCAPES)


def _other(value: Any) -> str:
    """Choices (a str that is an Enum), lazy sentences and whatever else knows its own text."""
    return _text(str(value.value if isinstance(value, Enum) else value))


FORMS: dict[type, Callable[[Any], str]] = {
    str: _text, int: str, float: repr, Decimal: str, date: date.isoformat, datetime: datetime.isoformat,
    bool: lambda value: "t" if value else "f", type(None): lambda value: "\\N",
    dict: _json, list: _json, tuple: _json,
}  # fmt: skip
