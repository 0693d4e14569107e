"""Figures and periods of steering in templates: `{{ value|figure:unit }}`, `{{ day|period:rhythm }}`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

from parvis.domains.steering import wording
from parvis.domains.steering.actions.reviews import RHYTHMS

register = template.Library()
register.filter("figure", wording.figure)
register.filter("gap", wording.gap)
register.filter("number", wording.number)
register.filter("period", wording.period)
register.filter("long_day", wording.day)


@register.filter
def review_period(start: date, kind: str) -> str:
    return wording.period(start, RHYTHMS[kind])


@register.filter
def iso_period(text: str | None, rhythm: str) -> str:
    """A period frozen as text."""
    return wording.period(date.fromisoformat(text), rhythm) if text else "—"


@register.filter
def iso_day(text: str | None) -> str:
    return wording.day(date.fromisoformat(text)) if text else "—"


@register.filter
def line_gap(line: Mapping[str, Any]) -> str:
    """From the period before to this one."""
    if line["value"] is None or line.get("previous") is None:
        return "—"
    return wording.gap(line["value"] - line["previous"], line["unit"])


@register.filter
def line_target(line: Mapping[str, Any]) -> str:
    """The first target not yet past at the line's period, else the last."""
    targets = line.get("targets") or []
    following = [t for t in targets if line.get("period") and t[0] >= line["period"]]
    chosen = (following or targets[-1:])[:1]
    return wording.figure(chosen[0][1], line["unit"]) if chosen else "—"


@register.filter
def serving_parts(serving: Any) -> list[tuple[str, int, str]]:
    """What serves an objective as the parts of a bar: (tone, number, words)."""
    return [(tone, number, words) for words, tone, number in serving.standing]
