"""How far along: of an indicator, of an action, of a plan. No Django.

Knows the formula 100·(value − baseline)/(target − baseline), and that a sum with a part missing is no sum: it is
nothing, and the missing parts are named. Refuses to know what is late (`status`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from parvis.domains.roadmaps.facts import ActionFacts, IndicatorFacts
from parvis.domains.roadmaps.wording import short

ZERO, WHOLE = Decimal(0), Decimal(100)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Part:
    """A share of a whole: its name on screen, its weight, and its progress from 0 to 100, or None if not reported."""

    name: str
    weight: int
    value: Decimal | None


@dataclass(frozen=True)
class Progress:
    """From 0 to 100; None when a part is missing, and then `missing` names it."""

    value: Decimal | None
    missing: tuple[str, ...] = ()


def progress(baseline: Decimal, target: Decimal, value: Decimal, direction: str = "up") -> Decimal:
    """100·(value − baseline)/(target − baseline), bounded 0–100. With target = baseline: held (100) or lost (0)."""
    share = share_of_way(baseline, target, value, direction)
    return min(max(share * 100, ZERO), WHOLE).quantize(CENT, ROUND_HALF_UP)


def share_of_way(baseline: Decimal, target: Decimal, value: Decimal, direction: str = "up") -> Decimal:
    """The share of the way done, unbounded: below 0 it moves away, from 1 on it is there."""
    if target != baseline:
        return (value - baseline) / (target - baseline)
    held = value <= target if direction == "down" else value >= target
    return Decimal(1) if held else Decimal(-1)


def roll_up(parts: Iterable[Part]) -> Progress:
    """The weighted mean, unless a part that counts has not reported. Nothing to sum is nothing."""
    counted = [part for part in parts if part.weight]
    missing = tuple(part.name for part in counted if part.value is None)
    if missing or not counted:
        return Progress(None, missing)
    total = sum((part.weight * part.value for part in counted if part.value is not None), ZERO)
    return Progress((total / sum(part.weight for part in counted)).quantize(CENT, ROUND_HALF_UP))


# An indicator, on a day


def advance(indicator: IndicatorFacts, on: date) -> Decimal | None:
    """The unbounded share of the way at the latest measure; None when nothing can be compared."""
    latest, start = indicator.latest(on), indicator.start(on)
    if latest is None or start is None or indicator.target is None:
        return None
    return share_of_way(start, indicator.target, latest.value, indicator.direction)


def is_reached(indicator: IndicatorFacts, on: date) -> bool:
    done = advance(indicator, on)
    return done is not None and done >= 1


def expected(indicator: IndicatorFacts, facts: ActionFacts, on: date) -> Decimal | None:
    """The share of the way that a straight path asks for on the day of the latest measure; None without two dates."""
    latest = indicator.latest(on)
    begins, ends = begins_on(indicator, facts, on), indicator.target_on or facts.due_on
    if latest is None or begins is None or ends is None or ends <= begins:
        return None
    share = Decimal((latest.on - begins).days) / Decimal((ends - begins).days)
    return min(max(share, ZERO), Decimal(1))


def begins_on(indicator: IndicatorFacts, facts: ActionFacts, on: date) -> date | None:
    """The day of the baseline, else the action's start, else the first measure."""
    first = min((m.on for m in indicator.values if m.on <= on), default=None)
    if indicator.baseline is None:
        return first
    return indicator.baseline_on or facts.starts_on or first


# An action, a plan


def of_action(facts: ActionFacts, on: date) -> Progress:
    """Each milestone weighs one, each indicator with a target its own weight."""
    steps = [Part(m.title, 1, WHOLE if m.is_done_by(on) else ZERO) for m in facts.milestones]
    measures = [
        Part(_named(i), i.weight, _indicator_progress(i, facts, on)) for i in facts.indicators if i.target is not None
    ]
    return roll_up([*steps, *measures])


def of_plan(actions: Sequence[ActionFacts], on: date) -> Progress:
    """The weighted progress of its live actions; those that say nothing are named by their titles."""
    return roll_up(
        Part(facts.title, facts.weight, of_action(facts, on).value) for facts in actions if not facts.is_dropped
    )


def _indicator_progress(indicator: IndicatorFacts, facts: ActionFacts, on: date) -> Decimal | None:
    latest, target = indicator.latest(on), indicator.target
    if latest is None or target is None:
        waits = indicator.baseline is not None and facts.starts_on is not None and facts.starts_on > on
        return ZERO if waits else None
    start = indicator.start(on)
    return None if start is None else progress(start, target, latest.value, indicator.direction)


def _named(indicator: IndicatorFacts) -> str:
    return f"indicateur « {short(indicator.name)} »"
