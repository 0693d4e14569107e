"""Is a place really apart from its peers, or is it the play of small numbers? No Django.

A place is set against the median of its peers, itself left out, and against the funnel of what chance alone explains
around the common level, given its size: D. J. Spiegelhalter, « Funnel plots for comparing institutional performance »,
Statistics in Medicine 24 (2005), 1185–1202. Limits at 95 % and 99.8 %:
- a share of cases: exact binomial limits, interpolated (appendix A.1.1); normal ones for very large sizes;
- a count for a number of inhabitants: exact Poisson limits around the common rate, interpolated;
- a mean or a ratio of sums: normal limits, σ / √size, σ given or estimated between the places (winsorised residuals,
  § 5.3), for three places at least;
- a median, a survival time, a count without a size: no limit is honest, so no verdict.
Refuses to rank.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt
from statistics import median

LEVELS = (0.025, 0.001)  # each side: 95 %, then 99.8 %
SIGMAS = {0.025: 1.959964, 0.001: 3.090232}
EXACT_UP_TO = 40_000  # cases; beyond, the normal curve says the same to the fourth figure
FEWEST_PLACES = 3
KINDS = {"share": "binomial", "mean": "normal", "ratio": "normal"}

ORDINARY, NO_VERDICT = "ordinary", "unknown"
WORDS = {
    ORDINARY: "dans la variation ordinaire",
    "above": "au-dessus de ce que le hasard explique (95 %)",
    "below": "en dessous de ce que le hasard explique (95 %)",
    "far-above": "nettement au-dessus de ce que le hasard explique (99,8 %)",
    "far-below": "nettement en dessous de ce que le hasard explique (99,8 %)",
    NO_VERDICT: "pas de verdict",
}


@dataclass(frozen=True)
class Place:
    """A place's figure: `value` as shown, over `size` cases or inhabitants (None when it has none)."""

    code: str
    value: float | None
    size: float | None = None


@dataclass(frozen=True)
class Limits:
    """The funnel at one size: what chance leaves inside, at 95 % then at 99.8 %."""

    low: float
    high: float
    far_low: float
    far_high: float


@dataclass(frozen=True)
class Line:
    """A place beside its peers."""

    place: Place
    peers_median: float | None
    limits: Limits | None

    @property
    def gap(self) -> float | None:
        """Its distance to the peers' median, in the unit of the values."""
        known = self.place.value is not None and self.peers_median is not None
        return self.place.value - self.peers_median if known else None  # type: ignore[operator]

    @property
    def verdict(self) -> str:
        return _verdict(self.place.value, self.limits)

    @property
    def words(self) -> str:
        return WORDS[self.verdict]


@dataclass(frozen=True)
class Comparison:
    """The places of one figure, in the order given, their common level, and the funnel at any size."""

    lines: tuple[Line, ...]
    centre: float | None
    at_size: Callable[[float], Limits] | None
    scale: float = 1.0

    @property
    def has_funnel(self) -> bool:
        return self.at_size is not None

    @property
    def apart(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.verdict not in (ORDINARY, NO_VERDICT))


def compare(places: Iterable[Place], kind: str, *, scale: float = 1.0, spread: float | None = None) -> Comparison:
    """`kind` is binomial, poisson, normal or "" (no funnel); `scale` is what one means in the values (100 for a
    percentage, 1,000 for a rate per thousand inhabitants); `spread` the standard deviation of one case when known.
    """
    rows = tuple(places)
    sized = [row for row in rows if row.value is not None and row.size]
    centre = _centre(sized)
    at_size = _funnel(kind, sized, centre, scale, spread)
    lines = (Line(row, _median_of_others(rows, row), _limits(at_size, row)) for row in rows)
    return Comparison(tuple(lines), centre, at_size, scale)


def tone(line: Line, better: str) -> str:
    """good, watch, bad or none: beyond the limits on the better or the worse side."""
    if line.verdict == NO_VERDICT or better not in ("up", "down"):
        return "none"
    if line.verdict == ORDINARY:
        return "none"
    is_above = line.verdict.endswith("above")
    if is_above == (better == "up"):
        return "good"
    return "bad" if line.verdict.startswith("far") else "watch"


def _centre(sized: Sequence[Place]) -> float | None:
    """The common level: every case counts once, so that it is never a mean of means."""
    total = sum(row.size or 0 for row in sized)
    return sum((row.value or 0) * (row.size or 0) for row in sized) / total if total else None


def _median_of_others(rows: Sequence[Place], place: Place) -> float | None:
    others = [row.value for row in rows if row is not place and row.value is not None]
    return median(others) if others else None


def _limits(at_size: Callable[[float], Limits] | None, row: Place) -> Limits | None:
    return at_size(row.size) if at_size and row.size and row.value is not None else None


def _verdict(value: float | None, limits: Limits | None) -> str:
    if value is None or limits is None:
        return NO_VERDICT
    edge = 1e-9 * max(1.0, abs(value))
    if value > limits.far_high + edge or value < limits.far_low - edge:
        return "far-above" if value > limits.far_high else "far-below"
    if value > limits.high + edge or value < limits.low - edge:
        return "above" if value > limits.high else "below"
    return ORDINARY


def _funnel(
    kind: str, sized: Sequence[Place], centre: float | None, scale: float, spread: float | None
) -> Callable[[float], Limits] | None:
    if centre is None or len(sized) < FEWEST_PLACES or not kind:
        return None
    if kind == "binomial":
        return lambda size: _scaled(binomial_limits(size, min(max(centre / scale, 0.0), 1.0)), scale)
    if kind == "poisson":
        return lambda size: _scaled(poisson_limits(size, max(centre / scale, 0.0)), scale)
    known = spread if spread is not None else between_places(sized, centre)
    return (lambda size: normal_limits(size, centre, known)) if known else None


def _scaled(limits: Limits, scale: float) -> Limits:
    return Limits(limits.low * scale, limits.high * scale, limits.far_low * scale, limits.far_high * scale)


# The three laws


def binomial_limits(size: float, share: float) -> Limits:
    """Limits of a share (0 to 1) of `size` cases around a common share."""
    if size > EXACT_UP_TO:
        return normal_limits(size, share, sqrt(share * (1 - share)))
    cases = max(1, round(size))
    chances = _binomial(cases, share)
    found = [min(1.0, edge / cases) for level in LEVELS for edge in _edges(chances, level)]
    return Limits(*found)


def poisson_limits(size: float, rate: float) -> Limits:
    """Limits of a rate (events for one unit of size) around a common rate."""
    expected = size * rate
    if expected > EXACT_UP_TO:
        return normal_limits(size, rate, sqrt(rate))
    found = [edge / size for level in LEVELS for edge in _edges(_poisson(expected), level)]
    return Limits(*found)


def normal_limits(size: float, centre: float, spread: float) -> Limits:
    error = spread / sqrt(size)
    found = [centre + sign * SIGMAS[level] * error for level in LEVELS for sign in (-1, 1)]
    return Limits(*found)


def between_places(sized: Sequence[Place], centre: float) -> float:
    """The standard deviation of one case, from how far the places stand apart: the extreme tenths pulled in first, so
    that the one place that is apart does not hide itself.
    """
    residuals = sorted((row.value or 0) * sqrt(row.size or 0) - centre * sqrt(row.size or 0) for row in sized)
    cut = max(1, len(residuals) // 10) if len(residuals) > FEWEST_PLACES else 0
    low, high = residuals[cut], residuals[-1 - cut]
    held = [min(max(residual, low), high) for residual in residuals]
    return sqrt(sum(residual**2 for residual in held) / (len(held) - 1))


def _edges(chances: tuple[int, list[float]], level: float) -> tuple[float, float]:
    """Below the first, above the second, chance puts at most `level`; interpolated between whole numbers."""
    first, masses = chances
    low, below = 0, 0.0
    while low < len(masses) - 1 and below + masses[low] <= level:
        below += masses[low]
        low += 1
    high, above = len(masses) - 1, 0.0
    while high > 0 and above + masses[high] <= level:
        above += masses[high]
        high -= 1
    return (
        max(0.0, first + low - (below + masses[low] - level) / masses[low]),
        first + high + (above + masses[high] - level) / masses[high],
    )


def _binomial(cases: int, share: float) -> tuple[int, list[float]]:
    """The chance of each number of cases, but for what is too rare to matter: (first number, masses)."""
    if share in (0.0, 1.0):
        return round(cases * share), [1.0]
    first, last = _window(cases * share, sqrt(cases * share * (1 - share)), cases)
    whole = lgamma(cases + 1)
    return first, [
        exp(whole - lgamma(k + 1) - lgamma(cases - k + 1) + k * log(share) + (cases - k) * log(1 - share))
        for k in range(first, last + 1)
    ]


def _poisson(expected: float) -> tuple[int, list[float]]:
    if not expected:
        return 0, [1.0]
    first, last = _window(expected, sqrt(expected), None)
    return first, [exp(k * log(expected) - expected - lgamma(k + 1)) for k in range(first, last + 1)]


def _window(mean: float, deviation: float, most: int | None) -> tuple[int, int]:
    """The numbers within eight deviations, and a few more where the law is lopsided."""
    reach = 8 * deviation + 12
    last = int(mean + reach) + 1
    return max(0, int(mean - reach)), last if most is None else min(last, most)
