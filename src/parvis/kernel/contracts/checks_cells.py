"""What one cell is worth under a Table Schema field: its value, or the rules that it breaks. No Django.

These are the exact rules, those of the reference validator (frictionless 5), one cell at a time. The engine asks the
same in columns (`checks_expressions`) and hands over here the few cells that two engines might read in two ways:
letters outside ASCII under a pattern, very long numbers, dates written in full. Nothing is guessed and nothing is
repaired: that is `casting`, for the files that people type.

Where we differ from frictionless on purpose:
- a pattern must hold the whole cell (the standard says so); frictionless reads `a|b` as "begins with a, or ends with b"
  and lets a last line end pass;
- a line whose every cell is empty is skipped with a warning: it is a line end, not a row;
- infinities and NaN are no numbers of the house: frictionless takes « NaN » and « Infinity » for numbers.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from dateutil.parser import isoparse, parse

Read = Callable[[str], Any]  # a value, or None when the cell is not of the type

EDGES = re.compile(r"((^[^-\d]*)|(\D*$))")  # what surrounds a number that is not bare
MOST_DIGITS = 400  # past that no one wrote a number, and reading it would cost


def reader(field) -> Read:
    """The function that reads a cell of this field: a value, or None when the cell is not of the type."""
    read = READERS[field.type](field)
    return read if not field.tolerated else lambda text: read(field.tolerated.get(text, text))


def broken(field, text: str | None) -> tuple[str, ...]:
    """The rules that a cell breaks, in the order of the reference validator; None is a cell that the line ended before."""
    required = ("required",) if field.is_required else ()
    if text is None:
        return (*required, "missing-cell")
    if text in field.missing:
        return required
    value = field.read(text)
    if value is None:
        return ("type",)
    if text in field.tolerated:
        return ("tolerated",)
    return tuple(name for name in field.limits if not HOLDS[name](field.bounds[name], value))


def _string(field) -> Read:
    return lambda text: text


def _integer(field) -> Read:
    def read(text: str) -> int | None:
        bare = text.strip()
        bare = bare if field.is_bare else EDGES.sub("", bare)
        try:
            return int(bare) if len(bare) < MOST_DIGITS else None
        except ValueError:
            return None

    return read


def _number(field) -> Read:
    def read(text: str) -> Decimal | None:
        bare = text.strip()
        if field.is_written_otherwise:
            bare = bare if field.is_bare else EDGES.sub("", bare)
            bare = bare.replace(field.group_char, "") if field.group_char else bare
            if field.decimal_char != "." and "." in bare:
                return None
            bare = bare.replace(field.decimal_char, ".")
        return _decimal(bare)

    return read


def _decimal(bare: str) -> Decimal | None:
    try:
        value = Decimal(bare) if len(bare) < MOST_DIGITS else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _boolean(field) -> Read:
    said = dict.fromkeys(field.true_values, True) | dict.fromkeys(field.false_values, False)
    return said.get


def _date(field) -> Read:
    pattern = "%Y-%m-%d" if field.format == "default" else field.format

    def read(text: str) -> date | None:
        try:
            return (parse(text) if pattern == "any" else datetime.strptime(text, pattern)).date()  # noqa: DTZ007
        except (ValueError, OverflowError):
            return None

    return read


def _datetime(field) -> Read:
    def read(text: str) -> datetime | None:
        try:
            if field.format == "default":
                return isoparse(text) if len(text) >= 19 and text[16] == ":" else None
            return parse(text) if field.format == "any" else datetime.strptime(text, field.format)  # noqa: DTZ007
        except (ValueError, OverflowError):
            return None

    return read


def _year(field) -> Read:
    def read(text: str) -> int | None:
        try:
            year = int(text) if len(text) == 4 else -1
        except ValueError:
            return None
        return year if 0 <= year <= 9999 else None

    return read


def _yearmonth(field) -> Read:
    def read(text: str) -> tuple[int, int] | None:
        try:
            year, month = map(int, text.split("-"))
        except ValueError:
            return None
        return (year, month) if 1 <= month <= 12 else None

    return read


READERS: dict[str, Callable[[Any], Read]] = {
    "string": _string, "any": _string, "list": _string, "integer": _integer, "number": _number, "boolean": _boolean, "date": _date,
    "datetime": _datetime, "year": _year, "yearmonth": _yearmonth,
}  # fmt: skip

# Each rule beside the type, in the order in which the reference validator tells them.
HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "minLength": lambda least, value: len(value) >= least,
    "maxLength": lambda most, value: len(value) <= most,
    "minimum": lambda least, value: value >= least,
    "maximum": lambda most, value: value <= most,
    "exclusiveMinimum": lambda least, value: value > least,
    "exclusiveMaximum": lambda most, value: value < most,
    "pattern": lambda pattern, value: pattern.fullmatch(value) is not None,
    "enum": lambda choices, value: value in choices,
}
