"""Where things fall in the two large charts of steering: the history of a figure, the funnel of its places. No Django.

Knows numbers and their French spelling, gives coordinates as text. Refuses to fill a gap.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10

from parvis.domains.steering import wording
from parvis.domains.steering.comparison import Comparison, Limits, Line

WIDTH, HEIGHT = 700, 300
FUNNEL_WIDTH, FUNNEL_HEIGHT = 520, 340
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 14, 36
TICKS = 4
SAMPLES = 60
MARGIN = 1.08  # room right of the largest place


@dataclass(frozen=True)
class Tick:
    """A line of the grid, or a word under it."""

    at: str
    label: str


@dataclass(frozen=True)
class Point:
    """A value drawn, with the words that say it."""

    x: str
    y: str
    label: str
    tone: str = ""
    name: str = ""
    is_here: bool = False


@dataclass(frozen=True)
class Curve:
    """Points joined without a break, as SVG writes them."""

    points: str
    kind: str = "run"


@dataclass(frozen=True)
class Level:
    """A dashed level across the chart: a target, the value at the start."""

    y: str
    label: str
    kind: str


@dataclass(frozen=True)
class Plot:
    """All that a template draws."""

    curves: tuple[Curve, ...]
    points: tuple[Point, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    levels: tuple[Level, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - 8


@dataclass(frozen=True)
class Axis:
    """A scale from `low` to `high` laid between two coordinates."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        spread = (self.high - self.low) or 1.0
        return self.start + (min(max(value, self.low), self.high) - self.low) / spread * (self.end - self.start)


def history(
    values: Sequence[tuple[str, float | None]], unit: str, *, target: float | None = None,
    baseline: float | None = None, here: str = "",
) -> Plot | None:  # fmt: skip
    """A line over (label of the period, value): a missing value breaks it. None when nothing is known."""
    known = [value for _, value in values if value is not None]
    if not known:
        return None
    marks = round_marks([*known, *(level for level in (target, baseline) if level is not None)])
    across = Axis(0, max(1, len(values) - 1), LEFT + 8, WIDTH - RIGHT - 8)
    up = Axis(marks[0], marks[-1], HEIGHT - BOTTOM, TOP)
    said = [(label, value, across.at(place)) for place, (label, value) in enumerate(values)]
    return Plot(
        curves=tuple(Curve(run) for run in _runs((x, None if v is None else up.at(v)) for _, v, x in said)),
        points=tuple(
            Point(f"{x:.1f}", f"{up.at(v):.1f}", f"{label} : {wording.figure(v, unit)}", is_here=label == here)
            for label, v, x in said if v is not None
        ),
        rows=_rows(marks, up), columns=_thinned([Tick(f"{x:.1f}", label) for label, _, x in said]),
        levels=tuple(
            Level(f"{up.at(level):.1f}", f"{word} {wording.figure(level, unit)}", kind)
            for level, word, kind in ((target, "cible", "target"), (baseline, "départ", "baseline")) if level is not None
        ),
    )  # fmt: skip


def funnel(
    comparison: Comparison, unit: str, names: dict[str, str], tones: dict[str, str], here: str = ""
) -> Plot | None:
    """Places by size and value inside the limits of chance. None when no limit is honest."""
    shown = [line for line in comparison.lines if line.place.value is not None and line.place.size]
    if comparison.at_size is None or comparison.centre is None or not shown:
        return None
    smallest, end = min(map(_size, shown)), MARGIN * max(map(_size, shown))
    marks = round_marks(_heights(shown, comparison.at_size(smallest), comparison.centre))
    across = Axis(0, end, LEFT, FUNNEL_WIDTH - RIGHT)
    up = Axis(marks[0], marks[-1], FUNNEL_HEIGHT - BOTTOM, TOP)
    level = Level(f"{up.at(comparison.centre):.1f}", f"ensemble {wording.figure(comparison.centre, unit)}", "centre")
    return Plot(
        curves=_limits(comparison.at_size, 0.6 * smallest, end, across, up),
        points=_named_once([_place(line, unit, names, tones, here, across, up) for line in shown]),
        rows=_rows(marks, up), columns=_sizes(end, across), levels=(level,), width=FUNNEL_WIDTH, height=FUNNEL_HEIGHT,
        right=FUNNEL_WIDTH - RIGHT, foot=FUNNEL_HEIGHT - 8,
    )  # fmt: skip


def _limits(at_size: Callable[[float], Limits], start: float, end: float, across: Axis, up: Axis) -> tuple[Curve, ...]:
    """The four curves of the funnel, outer ones first."""
    sizes = [start + (end - start) * n / SAMPLES for n in range(SAMPLES + 1)]
    found = [(across.at(size), at_size(size)) for size in sizes]
    return tuple(
        Curve(" ".join(f"{x:.1f},{up.at(getattr(limits, name)):.1f}" for x, limits in found), kind)
        for name, kind in (("far_low", "far"), ("far_high", "far"), ("low", "near"), ("high", "near"))
    )


def _place(
    line: Line, unit: str, names: dict[str, str], tones: dict[str, str], here: str, across: Axis, up: Axis
) -> Point:
    code, value = line.place.code, line.place.value or 0.0
    said = f"{names[code]} : {wording.figure(value, unit)}, {line.words}"
    return Point(
        f"{across.at(_size(line)):.1f}", f"{up.at(value):.1f}", said, tones[code], names[code], code == here
    )  # fmt: skip


def _named_once(points: list[Point]) -> tuple[Point, ...]:
    """Places that fall on one another bear one name (hers, else the shortest) and how many more there are."""
    piles: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        piles.setdefault((point.x, point.y), []).append(point)
    told = []
    for pile in piles.values():
        first = min(pile, key=lambda point: (not point.is_here, len(point.name)))
        more = f" +{len(pile) - 1}" if len(pile) > 1 else ""
        told += [replace(point, name=first.name + more if point is first else "") for point in pile]
    return tuple(told)


def _sizes(end: float, across: Axis) -> tuple[Tick, ...]:
    return tuple(Tick(f"{across.at(mark):.1f}", _mark(mark)) for mark in round_marks([0, end / MARGIN]) if mark <= end)


def round_marks(values: Iterable[float]) -> list[float]:
    """Round numbers from below the lowest value to above the highest."""
    there = list(values)
    low, high = min(there), max(there)
    if low == high:
        low, high = low - (abs(low) * 0.1 or 1), high + (abs(high) * 0.1 or 1)
    step = _round_step((high - low) / TICKS)
    first, last = floor(low / step), ceil(high / step)
    return [round(n * step, 10) for n in range(first, last + 1)]


def _round_step(rough: float) -> float:
    power = 10 ** floor(log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999)


def _rows(marks: Sequence[float], up: Axis) -> tuple[Tick, ...]:
    return tuple(Tick(f"{up.at(mark):.1f}", _mark(mark)) for mark in marks)


def _mark(value: float) -> str:
    """Short: a thousand as 1 k, a million as 1 M."""
    for size, word in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{wording.number(value / size)}{wording.NARROW}{word}"
    return wording.number(value, None if abs(value) >= 1 or not value else 2)


def _runs(points: Iterable[tuple[float, float | None]]) -> list[str]:
    runs: list[list[str]] = [[]]
    for x, y in points:
        if y is None:
            runs.append([])
        else:
            runs[-1].append(f"{x:.1f},{y:.1f}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _thinned(ticks: Sequence[Tick], most: int = 5) -> tuple[Tick, ...]:
    """So many labels that they do not touch, the last one always there."""
    step = max(1, ceil(len(ticks) / most))
    return tuple(reversed(ticks[::-1][::step]))


def _size(line: Line) -> float:
    return line.place.size or 0.0


def _heights(shown: Sequence[Line], widest: Limits, centre: float) -> list[float]:
    """What must be in sight: the values, the centre, and the 95 % limits of the smallest place."""
    return [*(line.place.value or 0.0 for line in shown), centre, widest.low, widest.high]
