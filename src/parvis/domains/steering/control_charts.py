"""Does a figure move by chance, or has something changed? The XmR chart of a series. No Django, no present day.

Centre: the mean of the baseline. Limits: centre ± 2.66 × the mean moving range, once the ranges of 3.267 times their
mean or more are dropped. The first four rules that a point breaks, in the order of RULES, name its signal.
A missing value breaks what it stands in: no range spans it, no run goes through it.
Refuses to say that a change is good, or why it came; and to judge hundreds of series at once: `false_discovery` does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean
from typing import Any

WIDTH, OUTLYING, NEAR = 2.66, 3.267, 2 / 3
BASELINE, TRIAL_UNDER = 24, 12  # points that set the limits at most; fewer than twelve give trial limits
RUN = 7  # successive points of a trend, or on one side of the centre
RULES = ("outside", "trend", "near", "run")
WORDS = {
    "outside": "hors des limites",
    "trend": "sept points de suite dans le même sens",
    "near": "deux points sur trois près d’une limite",
    "run": "sept points de suite du même côté de la moyenne",
}
ASSURANCES = {
    "met": "atteinte à coup sûr : même les mauvais mois restent du bon côté de la cible",
    "missed": "manquée à coup sûr : même les bons mois restent du mauvais côté de la cible",
    "hit-or-miss": "atteinte ou manquée selon le hasard du mois",
}
CONSTANT = "La série n’a jamais bougé : elle n’a pas de limites."
SHORT = "Il faut au moins deux valeurs qui se suivent pour poser des limites."
TRIAL = "Limites d’essai : moins de douze points les fondent."


@dataclass(frozen=True)
class Limits:
    """Between these a series moves by chance; `count` points of the baseline set them."""

    centre: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    count: int

    @property
    def is_trial(self) -> bool:
        return self.count < TRIAL_UNDER


@dataclass(frozen=True)
class Mark:
    """A point of the series; `signal` names the rule it breaks, "" when none."""

    on: date
    value: float | None
    signal: str = ""
    is_high: bool = False

    @property
    def words(self) -> str:
        side = "au-dessus" if self.is_high else "en dessous"
        return (
            f"{WORDS[self.signal]}, {side}" if self.signal in ("outside", "near", "run") else WORDS.get(self.signal, "")
        )


@dataclass(frozen=True)
class Segment:
    """The marks from `start` to `end` (exclusive) under one set of limits, or none: `note` says why."""

    start: int
    end: int
    limits: Limits | None
    reason: str = ""  # why limits were calculated anew from here
    note: str = ""


@dataclass(frozen=True)
class Rebase:
    """Someone's decision, with its reason, to calculate limits anew from a day."""

    on: date
    reason: str


@dataclass(frozen=True)
class Chart:
    """A series under its limits. `kind` is xmr, t (days between rare events) or g (cases between them)."""

    marks: tuple[Mark, ...]
    segments: tuple[Segment, ...]
    better: str = "none"
    target: float | None = None
    kind: str = "xmr"
    unit: str = ""
    title: str = ""
    rhythm: str = "month"
    note: str = ""

    @property
    def limits(self) -> Limits | None:
        """The limits in force: those of the last segment."""
        return self.segments[-1].limits if self.segments else None

    @property
    def last(self) -> Mark | None:
        """The last point that has a value."""
        return next((mark for mark in reversed(self.marks) if mark.value is not None), None)

    @property
    def assurance(self) -> str:
        return assurance(self.limits, self.target, self.better)

    @property
    def notes(self) -> tuple[str, ...]:
        trial = TRIAL if self.limits and self.limits.is_trial else ""
        missing = sum(mark.value is None for mark in self.marks)
        gone = f"{missing} période{'s' if missing > 1 else ''} sans valeur." if missing else ""
        own = self.segments[-1].note if self.segments else "Aucune valeur n’est connue."
        return tuple(filter(None, (own, trial, gone, self.note)))


def chart(
    points: Iterable[tuple[date, float | None]], *, rebases: Iterable[Rebase] = (), better: str = "none",
    target: float | None = None, bounds: tuple[float | None, float | None] = (None, None), **shown: Any,
) -> Chart:  # fmt: skip
    """The series in its segments, each point with the signal it gives. Points come in any order."""
    told = sorted(points, key=lambda point: point[0])
    segments = tuple(_segments(told, sorted(rebases, key=lambda rebase: rebase.on), bounds))
    marks = [mark for s in segments for mark in signalled(told[s.start : s.end], s.limits)]
    return Chart(tuple(marks), segments, better, target, **shown)


def limits_of(
    values: Sequence[float | None], bounds: tuple[float | None, float | None] = (None, None)
) -> Limits | None:
    """The limits that the first points set. None when nothing moved, or when no two values follow one another."""
    baseline = values[: _baseline_end(values)]
    known = [value for value in baseline if value is not None]
    ranges = moving_ranges(baseline)
    width = WIDTH * _mean_range(ranges) if ranges else 0.0
    if not width:
        return None
    centre = fmean(known)
    low, high = (lambda size: _bounded(centre - size, bounds)), (lambda size: _bounded(centre + size, bounds))
    return Limits(centre, low(width), high(width), low(NEAR * width), high(NEAR * width), len(known))


def moving_ranges(values: Sequence[float | None]) -> list[float]:
    """From each value to the next one, where both are known."""
    pairs = zip(values, values[1:], strict=False)
    return [abs(after - before) for before, after in pairs if before is not None and after is not None]


def signalled(points: Sequence[tuple[date, float | None]], limits: Limits | None) -> list[Mark]:
    """Each point with the first rule it breaks."""
    values = [value for _, value in points]
    return [_marked(on, values, place, limits) for place, (on, _) in enumerate(points)]


def assurance(limits: Limits | None, target: float | None, better: str) -> str:
    """Would the target be reached whatever chance does? Of the last limits: met, missed, hit-or-miss; "" unknown."""
    if limits is None or target is None or better not in ("up", "down"):
        return ""
    if better == "up":
        return "met" if limits.lower >= target else "missed" if limits.upper < target else "hit-or-miss"
    return "met" if limits.upper <= target else "missed" if limits.lower > target else "hit-or-miss"


def _segments(told: Sequence[tuple[date, float | None]], rebases: Sequence[Rebase], bounds) -> Iterable[Segment]:
    """From the start, then from each rebase that has points after it."""
    reasons = {0: ""}
    for rebase in rebases:
        reasons[sum(on < rebase.on for on, _ in told)] = rebase.reason
    starts = sorted(start for start in reasons if start < len(told))
    for start, end in zip(starts, [*starts, len(told)][1:], strict=False):
        values = [value for _, value in told[start:end]]
        limits = limits_of(values, bounds)
        note = "" if limits else CONSTANT if len(moving_ranges(values)) > 0 else SHORT
        yield Segment(start, end, limits, reasons[start], note)


def _baseline_end(values: Sequence[float | None]) -> int:
    """Where the first BASELINE known values end."""
    known = 0
    for place, value in enumerate(values):
        known += value is not None
        if known == BASELINE:
            return place + 1
    return len(values)


def _mean_range(ranges: Sequence[float]) -> float:
    """The mean range, the outlying ones dropped once; when nothing but zeros would stay, nothing is dropped."""
    mean = fmean(ranges)
    kept = [size for size in ranges if size < OUTLYING * mean]
    return (fmean(kept) if kept else 0.0) or mean


def _bounded(value: float, bounds: tuple[float | None, float | None]) -> float:
    low, high = bounds
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)


def _marked(on: date, values: Sequence[float | None], place: int, limits: Limits | None) -> Mark:
    value = values[place]
    mark = Mark(on, value)
    if value is None or limits is None:
        return mark
    broken = next((rule for rule in RULES if CHECKS[rule](values, place, limits)), "")
    is_high = value > values[place - 1] if broken == "trend" else value > limits.centre  # type: ignore[operator]
    return replace(mark, signal=broken, is_high=is_high)


def _is_outside(values: Sequence[float | None], place: int, limits: Limits) -> bool:
    value = values[place]
    return value is not None and not limits.lower <= value <= limits.upper


def _is_trending(values: Sequence[float | None], place: int, limits: Limits) -> bool:
    """Part of a stretch whose every step goes one way."""
    return any(
        all(b > a for a, b in zip(run, run[1:], strict=False)) or all(b < a for a, b in zip(run, run[1:], strict=False))
        for run in _windows(values, place, RUN)
    )


def _is_near(values: Sequence[float | None], place: int, limits: Limits) -> bool:
    """One of two points of three beyond the near limits, on one side."""
    value = values[place]
    if value is None or limits.near_lower <= value <= limits.near_upper:
        return False
    is_beyond = (lambda v: v > limits.near_upper) if value > limits.centre else (lambda v: v < limits.near_lower)
    return any(sum(map(is_beyond, run)) >= 2 for run in _windows(values, place, 3))


def _is_one_sided(values: Sequence[float | None], place: int, limits: Limits) -> bool:
    """Part of a stretch on one side of the centre; a point on the centre breaks it."""
    runs = _windows(values, place, RUN)
    return any(all(v > limits.centre for v in run) or all(v < limits.centre for v in run) for run in runs)


def _windows(values: Sequence[float | None], place: int, size: int) -> Iterable[list[float]]:
    """The stretches of successive known values that hold this place."""
    for start in range(max(0, place - size + 1), min(place, len(values) - size) + 1):
        run = [value for value in values[start : start + size] if value is not None]
        if len(run) == size:
            yield run


CHECKS = {"outside": _is_outside, "trend": _is_trending, "near": _is_near, "run": _is_one_sided}
