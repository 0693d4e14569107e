"""Which of hundreds of series have changed, when one in twenty looks so by chance? No Django, no present day.

A series gives one p-value: how rarely chance alone would bring its last points, given the points before them.

1. The mean of its last 1, 2, 4 and 7 points is set against the points before the last seven (fewer in a short series:
   a change that lasts must not be taken for the past) by Student's law for a new mean. The
   deviation is the larger of the moving-range one and the usual one, under n − 1 degrees of freedom: a drift or a
   season before the last points makes it harder to cry, never easier.
2. A positive series is asked again after y^(1/3.6): the less surprised of the two answers counts, so that a long tail
   does not cry.
3. Counts (and shares) are asked exactly as well: given all their events, how many fall among so much exposure. The
   less surprised of the exact and the Student answer counts: more spread than chance's own does not cry.
4. Seven points that rise or fall in a row have the probability 2/7! whatever their law. Seven on one side of the centre
   are covered by the mean of the last seven, which is the stronger test.
5. The least of these answers is multiplied by their number (Bonferroni).

Benjamini and Hochberg's procedure then takes all the p-values of an evaluation together. Series of one house are
positively dependent (a total and its sectors), where the procedure still holds; Benjamini and Yekutieli's, valid under
any dependence, is `is_any_dependence=True`. The same figures asked night after night give the same answer, and an alert
is raised once: only new points can bring a new false alert.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, factorial, fsum, inf, lgamma, log, log1p, sqrt
from statistics import fmean, stdev
from typing import TypeVar

RATE = 0.1  # of the alerts raised by these p-values, the share that chance may bring
WINDOWS = (1, 2, 4, 7)
FEWEST = 8  # points before the last ones, under which nothing is said
LONG_ENOUGH = 12  # points of the past that the seven last ones must leave
TO_DEVIATION = 1.128  # a mean moving range is so many deviations of a normal series
ROOT = 1 / 3.6
TREND = 7
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Trial:
    """A series to be asked: its values, oldest first; for counts and shares also the events and their exposure."""

    values: Sequence[float]
    events: Sequence[float] = ()
    exposure: Sequence[float] = ()


def discoveries(p_values: Mapping[Key, float], rate: float = RATE, *, is_any_dependence: bool = False) -> set[Key]:
    """The series that changed, such that `rate` of them at most are expected to be false."""
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    total = len(ordered)
    penalty = fsum(1 / rank for rank in range(1, total + 1)) if is_any_dependence else 1.0
    passed = [rank for rank, (_, p) in enumerate(ordered, start=1) if p <= rate * rank / (total * penalty)]
    return {key for key, _ in ordered[: max(passed, default=0)]}


def p_value(trial: Trial) -> float:
    """How rarely chance alone brings the end of this series; 1 when too little came before to say."""
    found = [p for size in WINDOWS if (p := window_p(trial, size)) is not None]
    if not found:
        return 1.0
    if is_trend(trial.values):
        found.append(2 / factorial(TREND))
    return min(1.0, min(found) * (len(WINDOWS) + 1))


def window_p(trial: Trial, size: int) -> float | None:
    """The same of the mean of the last `size` points alone. None when too few came before."""
    end = past_end(len(trial.values), size)
    before, after = trial.values[:end], trial.values[-size:]
    if len(before) < FEWEST:
        return None
    answers = [student_p(before, after)]
    if min(trial.values) >= 0:
        answers.append(student_p([v**ROOT for v in before], [v**ROOT for v in after]))
    if trial.events:
        answers.append(_split_p(trial, size))
        return max(p for p in answers if p is not None)
    return max(1.0 if p is None else p for p in answers)


def past_end(length: int, size: int) -> int:
    """Where the past ends: seven points back, as long as it keeps twelve, and before the points asked."""
    return max(0, length - max(size, min(WINDOWS[-1], length - LONG_ENOUGH)))


def student_p(before: Sequence[float], after: Sequence[float]) -> float | None:
    """Both tails of a new mean, against the values before. None when nothing ever moved."""
    ranges = [abs(b - a) for a, b in zip(before, before[1:], strict=False)]
    deviation = max(fmean(ranges) / TO_DEVIATION, stdev(before))
    if not deviation:
        return None
    distance = abs(fmean(after) - fmean(before)) / (deviation * sqrt(1 / len(after) + 1 / len(before)))
    return student_tails(distance, len(ranges))


def split_p(after: float, before: float, share: float) -> float:
    """Both tails of so many events falling in a part of the exposure, all events given: exact for counts of chance,
    and too careful for shares, whose events are bounded by their cases."""
    total = round(after + before)
    here = round(after)
    if not total or not 0 < share < 1:
        return 1.0
    return min(1.0, 2 * min(binomial_at_least(here, total, share), binomial_at_most(here, total, share)))


def binomial_at_least(number: int, total: int, share: float) -> float:
    if number <= 0 or number > total:
        return 1.0 if number <= 0 else 0.0
    return incomplete_beta(share, number, total - number + 1)


def binomial_at_most(number: int, total: int, share: float) -> float:
    return 1.0 if number >= total else incomplete_beta(1 - share, total - number, number + 1)


def student_tails(distance: float, freedom: float) -> float:
    """The probability of a Student variable farther than this from zero."""
    return incomplete_beta(freedom / (freedom + distance * distance), freedom / 2, 0.5)


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return min(1.0, front * _fraction(x, a, b) / a)


def is_trend(values: Sequence[float]) -> bool:
    """The last seven points rise, or fall, all along."""
    run = values[-TREND:]
    steps = [(b > a) - (b < a) for a, b in zip(run, run[1:], strict=False)]
    return abs(sum(steps)) == TREND - 1


def _split_p(trial: Trial, size: int) -> float:
    """Of events or of what they are not, the rarer: a share near 100 % is asked by its misses."""
    exposure = trial.exposure
    events = trial.events
    if all(e <= x for e, x in zip(events, exposure, strict=True)) and sum(events) > sum(exposure) / 2:
        events = [x - e for e, x in zip(events, exposure, strict=True)]
    end = past_end(len(events), size)
    here, past = sum(exposure[-size:]), sum(exposure[:end])
    share = here / (here + past) if here + past else 0.0
    return split_p(sum(events[-size:]), sum(events[:end]), share)


def _fraction(x: float, a: float, b: float, steps: int = 500, tiny: float = 1e-300) -> float:
    c, d = 1.0, 1 / _kept(1 - (a + b) * x / (a + 1), tiny)
    value, change = d, inf
    for m in range(1, steps):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _kept(1 + term * d, tiny)
            c = _kept(1 + term / c, tiny)
            change = c * d
            value *= change
        if abs(change - 1) < 1e-12:
            break
    return value


def _kept(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny
