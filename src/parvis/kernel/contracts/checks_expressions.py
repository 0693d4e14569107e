"""The rules of a contract in columns: which cells are surely good, as Ibis expressions that any engine runs alike. No Django.

An expression never says "good" of a cell that `checks_cells` refuses; where two engines could read a cell in two ways
(letters outside ASCII, very long numbers, odd spellings of a date) it says "perhaps", and the exact rules decide on
those few. So DuckDB and Spark find the same faults, and Python sees only the cells that deserve a look. Hence only
text equality and order, lengths, short numbers, and patterns that RE2, Java and Python read alike.
"""

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from parvis.kernel.contracts.checks_patterns import portable
from parvis.kernel.contracts.checks_rules import Field

YEAR, MONTH = "[1-9][0-9]{3}", "(?:0[1-9]|1[0-2])"
DAYS = (  # what a day and its month may be together; the 29th of February is left to the exact rules
    {"%d": "(?:0[1-9]|1[0-9]|2[0-8])", "%m": MONTH, "%Y": YEAR},
    {"%d": "(?:29|30)", "%m": "(?:0[13-9]|1[0-2])", "%Y": YEAR},
    {"%d": "31", "%m": "(?:0[13578]|1[02])", "%Y": YEAR},
)
TIME = "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z?"
PLAIN_DAY = re.compile(r"(?=.*%Y)(?=.*%m)(?=.*%d)%[dmY][-/. _]?%[dmY][-/. _]?%[dmY]")
WHOLE, SHORT, LONG = "-?[0-9]{1,15}", "-?[0-9]{{1,9}}(?:{0}[0-9]{{1,6}})?", "-?[0-9]{{1,30}}(?:{0}[0-9]{{1,30}})?"
MOST_DIGITS = 15  # as many decimal digits as a double tells apart
NEVER, ALWAYS = ibis.literal(False), ibis.literal(True)
COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "minimum": operator.ge, "maximum": operator.le, "exclusiveMinimum": operator.gt, "exclusiveMaximum": operator.lt,
    "enum": lambda value, choices: value.isin(choices),
}  # fmt: skip


def suspect(field: Field, cell: ir.StringValue) -> ir.BooleanValue:
    """May this cell break a rule of its field? False is certain; null (the line ended before) is suspect."""
    good = _every(_good(field, cell))
    if field.is_required:
        return cell.isnull() | missing(field, cell) | ~good
    return cell.isnull() | ~(missing(field, cell) | good)


def missing(field: Field, cell: ir.StringValue) -> ir.BooleanValue:
    said = sorted(field.missing)
    return cell.isnull() | (cell == said[0] if len(said) == 1 else cell.isin(said) if said else NEVER)


def canonical(field: Field, cell: ir.StringValue) -> ir.BooleanValue:
    """Is the cell in the one spelling of its value, so that equal values are equal texts?"""
    if field.type in ("string", "any", "list"):
        return ALWAYS
    shape = CANONICAL.get(field.type)
    is_plain = shape and field.format == "default" and not field.is_written_otherwise
    return _matches(cell, shape) if is_plain and shape else NEVER


def any_of(parts: Iterable[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(operator.or_, parts, NEVER)


def _every(parts: Iterable[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(operator.and_, parts, ALWAYS)


def _good(field: Field, cell: ir.StringValue) -> list[ir.BooleanValue]:
    """What makes the cell surely good; NEVER where only the exact rules can say."""
    return GOOD[field.type](field, cell)


def _matches(cell: ir.StringValue, shape: str) -> ir.BooleanValue:
    return cell.re_search(rf"\A(?:{shape})\z")


def _string(field: Field, cell: ir.StringValue) -> list[ir.BooleanValue]:
    return [TEXT_LIMITS[name](cell, field.said[name]) for name in field.limits]


def _fits(cell: ir.StringValue, pattern: str) -> ir.BooleanValue:
    shape = portable(pattern)
    return cell.re_search(shape) if shape else NEVER


TEXT_LIMITS: dict[str, Callable[[Any, Any], Any]] = {
    "minLength": lambda cell, least: cell.length() >= least,
    "maxLength": lambda cell, most: cell.length() <= most,
    "pattern": _fits,
    "enum": lambda cell, choices: cell.isin(choices),
}


def _boolean(field: Field, cell: ir.StringValue) -> list[ir.BooleanValue]:
    allowed = field.bounds.get("enum", [True, False])
    words = [
        w
        for said, is_true in ((field.true_values, True), (field.false_values, False))
        if is_true in allowed
        for w in said
    ]
    return [cell.isin(words)]


def _integer(field: Field, cell: ir.StringValue) -> list[ir.BooleanValue]:
    return _compared(field, cell, WHOLE, "int64", lambda text: text)


def _number(field: Field, cell: ir.StringValue) -> list[ir.BooleanValue]:
    mark, group = field.decimal_char, field.group_char
    if len(mark) != 1 or mark.isalnum() or mark in "+-" or any(sign.isdigit() or sign in "+-" for sign in group):
        return [NEVER]
    shape = (SHORT if field.limits else LONG).format(re.escape(mark))
    return _compared(field, cell, shape, "float64", lambda text: text.replace(mark, "."))


def _year(field: Field, cell: ir.StringValue) -> list[ir.BooleanValue]:
    return _compared(field, cell, "[0-9]{4}", "int64", lambda text: text)


def _compared(field: Field, cell: ir.StringValue, shape: str, type_: str, plain: Callable) -> list[ir.BooleanValue]:
    """A number under its limits; it is turned into one only where it has the shape, so that no engine stumbles."""
    if not all(_is_short(bound) for name in field.limits for bound in _each(field.bounds[name])):
        return [NEVER]
    fits = _matches(cell, shape)
    value = plain(ibis.ifelse(fits, cell, "0")).cast(type_)
    turn = int if type_ == "int64" else float
    bounds = {n: [turn(b) for b in _each(field.bounds[n])] for n in field.limits}
    return [fits, *(COMPARED[n](value, bounds[n] if n == "enum" else bounds[n][0]) for n in field.limits)]


def _each(bound: Any) -> Sequence[Any]:
    return bound if isinstance(bound, list) else [bound]


def _is_short(bound: Any) -> bool:
    return len(f"{abs(bound):f}".replace(".", "").strip("0")) <= MOST_DIGITS and abs(bound) < 10**MOST_DIGITS


def _date(field: Field, cell: ir.StringValue) -> list[ir.BooleanValue]:
    format_ = "%Y-%m-%d" if field.format == "default" else field.format
    if not PLAIN_DAY.fullmatch(format_):
        return [NEVER]
    shape = "|".join(_spelled(format_, parts) for parts in DAYS)
    return [_matches(cell, shape), *_ordered(field, _iso(cell, format_), lambda day: day.isoformat())]


def _spelled(format_: str, parts: dict[str, str]) -> str:
    """A date format as the pattern of what it writes."""
    return "".join(parts.get(piece) or re.escape(piece) for piece in re.findall("%[dmY]|.", format_))


def _iso(cell: ir.StringValue, format_: str) -> ir.StringValue:
    """The day as AAAA-MM-JJ, whose order as text is that of days."""
    if format_ == "%Y-%m-%d":
        return cell
    spelled = format_.replace("%Y", "yyyy").replace("%m", "mm").replace("%d", "dd")
    year, month, day = (cell.substr(spelled.index(part), len(part)) for part in ("yyyy", "mm", "dd"))
    return year + "-" + month + "-" + day


def _yearmonth(field: Field, cell: ir.StringValue) -> list[ir.BooleanValue]:
    return [_matches(cell, f"{YEAR}-{MONTH}"), *_ordered(field, cell, lambda month: f"{month[0]:04d}-{month[1]:02d}")]


def _ordered(field: Field, text: ir.StringValue, say: Callable[[Any], str]) -> list[ir.BooleanValue]:
    return [
        COMPARED[name](text, [say(b) for b in field.bounds[name]] if name == "enum" else say(field.bounds[name]))
        for name in field.limits
    ]


def _datetime(field: Field, cell: ir.StringValue) -> list[ir.BooleanValue]:
    if field.limits or field.format != "default":
        return [NEVER]
    return [_matches(cell, f"(?:{ISO_DAY}){TIME}")]


ISO_DAY = "|".join("-".join(parts[part] for part in ("%Y", "%m", "%d")) for parts in DAYS)
CANONICAL = {
    "integer": "0|-?[1-9][0-9]{0,14}", "date": ISO_DAY, "year": "[0-9]{4}", "yearmonth": f"{YEAR}-{MONTH}",
    "number": r"0|-?[1-9][0-9]{0,8}(?:\.[0-9]{0,5}[1-9])?|-?0\.[0-9]{0,5}[1-9]",
}  # fmt: skip
GOOD: dict[str, Callable[[Field, ir.StringValue], list[ir.BooleanValue]]] = {
    "list": _string, "string": _string, "any": _string, "boolean": _boolean, "integer": _integer, "number": _number, "date": _date,
    "datetime": _datetime, "year": _year, "yearmonth": _yearmonth,
}  # fmt: skip
