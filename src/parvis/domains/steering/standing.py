"""How a value stands against its indicator's thresholds and target: a tone (shape and colour) and its word. No Django.

Refuses to know whether it moves by chance: that is `control_charts`.
"""

from datetime import date, timedelta

from parvis.kernel.indicators.cells import next_period, period_of
from parvis.kernel.indicators.indicator import Indicator, Target

WORDS = {"good": "conforme", "watch": "à surveiller", "bad": "en alerte", "none": "sans seuil"}
NO_VALUE = "pas de valeur"


def tone(indicator: Indicator, value: float | None) -> str:
    """good, watch, bad, or none when there is no value or no threshold to judge it by."""
    limits = indicator.thresholds
    if value is None or indicator.better == "none" or (limits.watch is None and limits.alert is None):
        return "none"
    if limits.alert is not None and _is_worse(indicator, value, limits.alert):
        return "bad"
    return "watch" if limits.watch is not None and _is_worse(indicator, value, limits.watch) else "good"


def words(indicator: Indicator, value: float | None) -> str:
    return NO_VALUE if value is None else WORDS[tone(indicator, value)]


def next_target(indicator: Indicator, on: date) -> Target | None:
    """The first target dated on that day or later; else the last one of all."""
    dated = sorted(indicator.targets, key=lambda target: target.on)
    return next((target for target in dated if target.on >= on), dated[-1] if dated else None)


def is_met(indicator: Indicator, value: float | None, target: Target) -> bool | None:
    """None when there is nothing to compare."""
    if value is None or indicator.better == "none":
        return None
    return value >= target.value if indicator.better == "up" else value <= target.value


def _is_worse(indicator: Indicator, value: float, limit: float) -> bool:
    """Strictly on the worse side: a value at its threshold holds."""
    return value < limit if indicator.better == "up" else value > limit


def expected_period(indicator: Indicator, on: date) -> date:
    """The first day of the latest period that should be told of by the end of `on`: over, and its delay spent."""
    start = period_of(on, indicator.rhythm)
    while next_period(start, indicator.rhythm) + timedelta(days=indicator.delay_days) > on + timedelta(1):
        start = period_of(start - timedelta(1), indicator.rhythm)
    return start


def every_period(first: date, last: date, rhythm: str) -> list[date]:
    """The first days of all periods from one to another, both included."""
    found = [first]
    while found[-1] < last:
        found.append(next_period(found[-1], rhythm))
    return found


def is_late(indicator: Indicator, period: date | None, on: date) -> bool:
    """A later period should be known by now."""
    return period is not None and period < expected_period(indicator, on)
