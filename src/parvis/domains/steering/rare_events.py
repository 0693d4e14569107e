"""Events too rare for a chart of their counts: the time, or the number of cases, between them. No Django.

t-chart: y days between events become t = y^(1/3.6), which is nearly normal; its XmR limits are carried back to days.
g-chart: cases between events, centre ḡ, limits ḡ ± 3·√(ḡ(ḡ+1)).
A long time between events is few events: what is better turns round.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import sqrt
from statistics import fmean
from typing import Any

from parvis.domains.steering.control_charts import BASELINE, NEAR, Chart, Limits, Rebase, Segment, chart, signalled
from parvis.kernel.indicators.cells import next_period

POWER = 3.6
REVERSED = {"up": "down", "down": "up", "none": "none"}
PLACED = (
    "Événements rares : le graphique montre les jours entre deux événements, répartis à parts égales dans leur période."
)
COUNTED = "Événements rares : le graphique montre le nombre de cas entre deux événements."


def event_days(counts: Iterable[tuple[date, float | None]], rhythm: str) -> list[date]:
    """The days of the events of each period, laid evenly across it: cells keep counts, not days."""
    days = []
    for start, count in counts:
        number = int(count or 0)
        length = (next_period(start, rhythm) - start).days
        days += [start + timedelta(days=int(length * (rank + 0.5) / number)) for rank in range(number)]
    return sorted(days)


def t_chart(
    counts: Iterable[tuple[date, float | None]], rhythm: str, *, better: str = "none", rebases: Iterable[Rebase] = (),
    **shown: Any,
) -> Chart:  # fmt: skip
    """Days between events, each drawn on the day of the later one; two on one day stand half a day apart."""
    days = event_days(counts, rhythm)
    gaps = [(after, max((after - before).days, 0.5)) for before, after in zip(days, days[1:], strict=False)]
    made = chart(
        [(on, gap ** (1 / POWER)) for on, gap in gaps], rebases=rebases, better=REVERSED[better], bounds=(0, None)
    )
    marks = tuple(replace(m, value=None if m.value is None else m.value**POWER) for m in made.marks)
    segments = tuple(replace(s, limits=s.limits and _carried_back(s.limits)) for s in made.segments)
    return replace(made, marks=marks, segments=segments, kind="t", unit="jours", note=PLACED, rhythm=rhythm, **shown)


def g_chart(shares: Sequence[tuple[date, float | None, float | None]], *, better: str = "none", **shown: Any) -> Chart:
    """Cases between events, from (period, events, cases): the cases of a period stand evenly between its events."""
    gaps = cases_between(shares)
    if len(gaps) < 2:
        return replace(chart(gaps, better=REVERSED[better]), kind="g", unit="cas", note=COUNTED, **shown)
    centre = fmean(gap for _, gap in gaps[:BASELINE])
    width = 3 * sqrt(centre * (centre + 1))
    limits = Limits(
        centre, max(0.0, centre - width), centre + width, max(0.0, centre - NEAR * width), centre + NEAR * width,
        len(gaps[:BASELINE]),
    )  # fmt: skip
    marks = tuple(signalled(list(gaps), limits))
    whole = (Segment(0, len(marks), limits),)
    return Chart(marks, whole, REVERSED[better], kind="g", unit="cas", note=COUNTED, **shown)


def cases_between(shares: Iterable[tuple[date, float | None, float | None]]) -> list[tuple[date, float]]:
    """The number of cases from each event to the next, under the period of the later one."""
    gaps: list[tuple[date, float]] = []
    since, is_begun = 0.0, False
    for on, events, cases in shares:
        number, total = int(events or 0), float(cases or 0)
        part = max(0.0, total - number) / (number + 1)
        for _ in range(number):
            if is_begun:
                gaps.append((on, since + part))
            since, is_begun = 0.0, True
        since += part if number else total
    return gaps


def _carried_back(limits: Limits) -> Limits:
    def back(value: float) -> float:
        return max(0.0, value) ** POWER

    return Limits(
        back(limits.centre), back(limits.lower), back(limits.upper), back(limits.near_lower), back(limits.near_upper),
        limits.count,
    )  # fmt: skip
