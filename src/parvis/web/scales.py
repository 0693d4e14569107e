"""The arithmetic of charts: steps of a scale, lines, figures in words. No Django, no drawing.

Knows numbers and their French spelling. Refuses to fill a gap: a missing value stays missing, and is named so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NARROW = "\u202f"
STEPS = 5
Number = float | int
Values = Sequence[Number | None]


def figure(value: Number | None, unit: str = "") -> str:
    """A value in French with its unit: 1 234,5 %; a dash when there is none."""
    if value is None:
        return "—"
    text = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.1f}"
    text = text.replace(",", NARROW).replace(".", ",").replace("-", "−")
    return f"{text}{NARROW if unit == '%' else chr(160)}{unit}" if unit else text


@dataclass(frozen=True)
class Step:
    """One of the five steps: its class on the scale (1 light … 5 dark), from `low` to `high` inclusive."""

    rank: int
    low: Number
    high: Number

    def words(self) -> str:
        low, high = figure(self.low), figure(self.high)
        return low if low == high else f"{low}–{high}"


@dataclass(frozen=True)
class Scale:
    """Five equal steps over the values met; `rank_of` a value, 0 when it is missing."""

    lowest: Number
    highest: Number
    is_whole: bool

    @property
    def width(self) -> float:
        spread = self.highest - self.lowest + (1 if self.is_whole else 0)
        return max(spread / STEPS, 1) if self.is_whole else spread / STEPS

    def rank_of(self, value: Number | None) -> int:
        if value is None:
            return 0
        if not self.width:
            return 3
        return min(STEPS, 1 + int((value - self.lowest) / self.width))

    def steps(self) -> list[Step]:
        """The steps that the legend shows; whole numbers never share a bound, and never pass the highest."""
        if not self.width:
            return [Step(3, self.lowest, self.highest)]
        return [step for rank in range(1, STEPS + 1) if (step := self._step(rank)).low <= self.highest]

    def _step(self, rank: int) -> Step:
        low, high = self.lowest + (rank - 1) * self.width, self.lowest + rank * self.width
        if not self.is_whole:
            return Step(rank, round(low, 1), round(high, 1))
        first, last = -int(-low // 1), -int(-high // 1) - 1
        return Step(rank, first, min(last, int(self.highest)))


def scale_of(values: Iterable[Number | None], *, from_zero: bool = False) -> Scale | None:
    """The scale of the values that are there; None when none is. Counts start at zero, lest 12 look empty beside 21."""
    there = [value for value in values if value is not None]
    if not there:
        return None
    lowest = min(0, *there) if from_zero else min(there)
    return Scale(lowest, max(there), all(float(value).is_integer() for value in there))


@dataclass(frozen=True)
class Frame:
    """Where values fall in a small drawing: `low` at the bottom, `high` at the top, gaps left open."""

    width: float
    height: float
    low: Number
    high: Number
    pad: float = 4

    def y(self, value: Number) -> float:
        spread = (self.high - self.low) or 1
        return self.height - self.pad - (value - self.low) / spread * (self.height - 2 * self.pad)

    def x(self, index: int, count: int) -> float:
        return self.pad + (index / (count - 1) if count > 1 else 1) * (self.width - 2 * self.pad)

    def lines(self, values: Values) -> list[str]:
        """One list of SVG points for each unbroken run: a gap in the measures is a gap in the line."""
        runs: list[list[str]] = [[]]
        for index, value in enumerate(values):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(f"{self.x(index, len(values)):.1f},{self.y(value):.1f}")
        return [" ".join(run) for run in runs if run]

    def last(self, values: Values) -> tuple[str, str] | None:
        """Where the last measured value stands."""
        there = [index for index, value in enumerate(values) if value is not None]
        if not there:
            return None
        value = values[there[-1]]
        assert value is not None
        return f"{self.x(there[-1], len(values)):.1f}", f"{self.y(value):.1f}"


def frame_for(series: Iterable[Values], width: float, height: float, target: Number | None = None) -> Frame:
    """One frame for all the series, so that they compare; the target is always in sight."""
    there = [v for values in series for v in values if v is not None] + ([target] if target is not None else [])
    return Frame(width, height, min(there, default=0), max(there, default=1))


def last_of(values: Values) -> Number | None:
    """The last measured value, or none."""
    return next((value for value in reversed(values) if value is not None), None)
