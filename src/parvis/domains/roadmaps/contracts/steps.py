"""Milestones written in one cell: « Études : 31/03/2026, fait le 12/03/2026 ; Travaux : 2026-09 ». Knows that notation alone."""

import re
from dataclasses import dataclass
from datetime import date

from parvis.kernel.contracts import casting
from parvis.kernel.contracts.contract import Field
from parvis.kernel.contracts.rows import Month, Row

STEP = re.compile(
    r"(?P<title>[^:]{1,160}?)\s*:\s*(?P<planned>[^,:]*?)\s*(?:,\s*(?P<done>faite?s?)(?:\s+le\s+(?P<actual>.+))?)?",
    re.IGNORECASE,
)
DAY = Field(name="step", type="date", label="Jalon")


class Unreadable(ValueError):
    """The notation is not followed; the message says where."""


@dataclass(frozen=True)
class Step:
    title: str
    planned_on: date | None
    actual_on: date | None
    is_done: bool
    is_monthly: bool


def read(text: str) -> Step:
    """One step. With month precision a plan holds until the month's last day, a fact dates from its first."""
    found = STEP.fullmatch(text.strip())
    if not found:
        raise Unreadable(f"« {text[:60]} » ne se lit pas comme « Titre : date ».")
    planned, actual = _when(found["planned"]), _when(found["actual"])
    return Step(
        found["title"].strip(), planned.last() if isinstance(planned, Month) else planned,
        actual.first() if isinstance(actual, Month) else actual, bool(found["done"]),
        isinstance(planned, Month) or isinstance(actual, Month),
    )  # fmt: skip


def written(title: str, planned_on: date | None, actual_on: date | None, *, is_done: bool, is_monthly: bool) -> str:
    """The same notation, the other way round."""
    form = "%Y-%m" if is_monthly else "%d/%m/%Y"
    planned = planned_on.strftime(form) if planned_on else ""
    done = f", fait le {actual_on.strftime(form)}" if actual_on else ", fait" if is_done else ""
    return f"{spelled(title)} : {planned}{done}"


def spelled(title: str) -> str:
    """A title without the two signs that the notation keeps for itself."""
    return title.replace(";", ",").replace(":", " –").strip()


def _when(text: str | None) -> date | Month | None:
    if not (text or "").strip():
        return None
    month = casting.month_from_text((text or "").strip())
    if month:
        return month
    try:
        return casting.day_from_text(Row(0, {}), DAY, (text or "").strip())
    except casting.Unreadable as fault:
        raise Unreadable(fault.message) from fault
