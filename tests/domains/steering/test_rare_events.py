"""Events too rare for a chart of counts are read by what lies between them."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.steering.control_charts import Rebase
from parvis.domains.steering.rare_events import POWER, cases_between, event_days, g_chart, t_chart
from parvis.kernel.indicators.cells import next_period


def months(values, first=date(2020, 1, 1)):
    points, on = [], first
    for value in values:
        points.append((on, value))
        on = next_period(on, "month")
    return points


@given(st.lists(st.integers(0, 6), max_size=40))
def test_every_event_has_its_day_inside_its_period(counts):
    told = months(counts)
    days = event_days(told, "month")
    assert len(days) == sum(counts) and days == sorted(days)
    for start, count in told:
        assert sum(start <= day < next_period(start, "month") for day in days) == count


def test_one_event_stands_in_the_middle_of_its_month():
    assert event_days([(date(2026, 6, 1), 1)], "month") == [date(2026, 6, 16)]


def test_the_days_between_events_get_limits_through_the_root_of_three_point_six():
    chance = random.Random(5)
    made = t_chart(months([int(chance.random() < 0.4) for _ in range(60)]), "month", better="down", title="Rare")
    roots = [mark.value ** (1 / POWER) for mark in made.marks]
    assert made.kind == "t" and made.unit == "jours"
    assert made.limits.centre == pytest.approx((sum(roots[:24]) / len(roots[:24])) ** POWER)
    assert made.limits.lower >= 0


def test_fewer_events_being_better_longer_times_between_them_are():
    assert t_chart(months([1, 0, 1]), "month", better="down").better == "up"
    assert g_chart([(date(2026, 1, 1), 1, 9)], better="up").better == "down"


def test_events_that_suddenly_press_are_a_signal():
    quiet = [1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0] * 5
    made = t_chart(months([*quiet, 12, 14, 15]), "month")
    assert {mark.signal for mark in made.marks[-5:]} & {"outside", "near", "run"}
    assert not made.marks[-1].is_high


def test_nothing_or_one_event_has_no_limits_and_does_not_fail():
    for counts in ([], [0, 0, 0], [0, 1, 0]):
        made = t_chart(months(counts), "month")
        assert made.limits is None and made.marks == ()


def test_a_rebase_holds_for_rare_events_too():
    told = months([1, 0, 1, 0, 0, 1] * 8)
    made = t_chart(told, "month", rebases=[Rebase(date(2022, 1, 1), "Nouvelle règle")])
    assert [segment.reason for segment in made.segments] == ["", "Nouvelle règle"]


def test_cases_between_events_are_counted_across_periods_without_any():
    told = [(date(2026, 1, 1), 1, 11), (date(2026, 2, 1), 0, 10), (date(2026, 3, 1), 1, 21)]
    assert cases_between(told) == [(date(2026, 3, 1), 5 + 10 + 10)]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(3, 50)), max_size=30))
def test_cases_between_events_never_exceed_the_cases(shares):
    told = [
        (on, events, cases) for (on, events), (_, cases) in zip(months([e for e, _ in shares]), shares, strict=True)
    ]
    gaps = cases_between(told)
    assert len(gaps) == max(0, sum(events for events, _ in shares) - 1)
    assert sum(size for _, size in gaps) <= sum(cases for _, cases in shares) + 1e-6


def test_the_limits_of_a_g_chart_are_those_of_a_geometric_law():
    told = [(on, 1, 11) for on, _ in months([0] * 20)]
    made = g_chart(told)
    assert made.kind == "g" and made.limits.centre == 10
    assert made.limits.upper == pytest.approx(10 + 3 * (10 * 11) ** 0.5) and made.limits.lower == 0
