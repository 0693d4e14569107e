"""How the pages of the catalogue write a value of the lake: by the type of its column, in French."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.formats import date_format

register = template.Library()
NARROW = "\u202f"


@register.filter
def cell(value: Any, kind: str) -> str:
    """A value, or a dash where there is none."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool) or kind == "boolean":
        return "oui" if value in (True, "true") else "non"
    if kind == "cents":
        return f"{_number(int(value) / 100)}\u00a0€"
    if kind in ("date", "instant"):
        return _day(value)
    if isinstance(value, int | float):
        return _number(value)
    return str(value)


@register.filter
def signed(number: int | None) -> str:
    """+12, −3, 0."""
    if number is None:
        return "—"
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{_number(abs(number))}"


@register.filter
def fingerprint(sha256: str) -> str:
    """The first twelve signs: enough to recognise a file."""
    return sha256[:12]


def _day(value: Any) -> str:
    try:
        return date_format(
            value if isinstance(value, date | datetime) else date.fromisoformat(str(value)[:10]), "j N Y"
        )
    except ValueError:
        return str(value)


def _number(value: float) -> str:
    """Grouped by thousands from 10 000 on, so that a year stays a year."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return text.replace(",", NARROW if abs(value) >= 10_000 else "").replace(".", ",")
