"""How long it takes, counting the cases still open: the product-limit estimator (Kaplan & Meier, 1958). No Django."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction


def curve(cases: Iterable[tuple[int, bool, int]]) -> list[tuple[int, Fraction]]:
    """Steps (duration, share still open just after it), from (duration, has it ended, number of such cases).

    Exact: fractions decide. A case that is still open at a duration leaves the count after the endings of that day.
    """
    ended: dict[int, int] = defaultdict(int)
    left: dict[int, int] = defaultdict(int)
    for duration, has_ended, number in cases:
        left[duration] += number
        ended[duration] += number if has_ended else 0
    at_risk, share, steps = sum(left.values()), Fraction(1), []
    for duration in sorted(left):
        if ended[duration]:
            share *= Fraction(at_risk - ended[duration], at_risk)
            steps.append((duration, share))
        at_risk -= left[duration]
    return steps


def time_until(cases: Iterable[tuple[int, bool, int]], share: float) -> float | None:
    """The first duration at which at most `share` of the cases are still open; None when that is not reached."""
    asked = Fraction(share).limit_denominator(1000)
    return next((float(duration) for duration, open_share in curve(cases) if open_share <= asked), None)
