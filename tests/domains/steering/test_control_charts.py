"""A control chart tells chance from change, by the stated formulas, and says when it cannot."""

import random
from datetime import date
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.steering import control_drawing
from parvis.domains.steering.control_charts import (
    CONSTANT,
    SHORT,
    TRIAL,
    Rebase,
    chart,
    limits_of,
    moving_ranges,
    signalled,
)
from parvis.kernel.indicators.cells import next_period

values_lists = st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=40)


def months(values, first=date(2023, 1, 1)):
    points, on = [], first
    for value in values:
        points.append((on, value))
        on = next_period(on, "month")
    return points


def signals(values, **options):
    return [mark.signal for mark in chart(months(values), **options).marks]


def test_the_limits_stand_two_mean_ranges_and_two_thirds_from_the_mean():
    limits = limits_of([10.0, 12.0, 11.0, 13.0])
    assert limits.centre == 11.5
    assert limits.upper == pytest.approx(11.5 + 2.66 * 5 / 3)
    assert limits.near_lower == pytest.approx(11.5 - 2.66 * 5 / 3 * 2 / 3)


def test_a_range_of_more_than_three_times_the_mean_is_dropped_once():
    steady = [10.0, 11.0] * 10
    limits = limits_of([*steady, 60.0])
    ranges = moving_ranges([*steady, 60.0])
    assert max(ranges) >= 3.267 * sum(ranges) / len(ranges)
    assert limits.upper - limits.centre == pytest.approx(2.66 * 1.0)


def test_the_first_twenty_four_values_set_the_limits_and_no_more():
    told = [10.0, 11.0] * 12
    assert limits_of(told) == limits_of([*told, 500.0, 900.0])


@given(values_lists)
def test_the_centre_lies_between_the_limits_and_the_near_limits_inside_them(values):
    limits = limits_of(values)
    if limits is None:
        assert len(set(values[:24])) == 1
    else:
        assert limits.lower <= limits.near_lower <= limits.centre <= limits.near_upper <= limits.upper


@given(values_lists, st.integers(-50, 50))
def test_adding_the_same_to_every_value_moves_no_signal(values, shift):
    assert signals(values) == signals([value + shift for value in values])


@given(values_lists)
def test_a_mirrored_series_gives_the_same_signals_on_the_other_side(values):
    here, there = chart(months(values)), chart(months([-value for value in values]))
    assert [m.signal for m in here.marks] == [m.signal for m in there.marks]
    assert all(a.is_high != b.is_high for a, b in zip(here.marks, there.marks, strict=True) if a.signal)


@given(values_lists)
def test_two_readings_of_one_series_in_any_order_are_one_chart(values):
    points = months(values)
    assert chart(points) == chart(list(reversed(points)))


def test_a_point_outside_the_limits_is_said_first():
    assert signals([10.0, 11.0] * 12 + [30.0])[-1] == "outside"


def test_seven_points_rising_are_a_trend_and_six_are_not():
    steady = [10.0, 14.0] * 12
    assert signals([*steady, 9.0, 9.5, 10.0, 10.5, 11.0, 11.5, 12.0])[-1] == "trend"
    assert "trend" not in signals([*steady, 9.0, 9.5, 10.0, 10.5, 11.0, 11.5])


def test_two_of_three_points_beyond_the_near_limit_are_a_signal_on_one_side_only():
    steady = [10.0, 12.0] * 12  # centre 11, limits ± 5.32, near ± 3.55
    assert signals([*steady, 15.0, 11.0, 15.0])[-3:] == ["near", "", "near"]
    assert signals([*steady, 15.0, 11.0, 7.0])[-1] == ""


def test_seven_points_on_one_side_are_a_signal_and_a_point_on_the_centre_breaks_the_run():
    steady = [10.0, 12.0] * 12
    above = [11.5, 12.0, 11.5, 12.0, 11.5, 12.0, 11.5]
    assert signals([*steady, 10.5, *above])[-7:] == ["run"] * 7
    assert signals([*steady, 10.5, *above[:3], 11.0, *above[4:]])[-7:] == [""] * 7


def test_a_missing_value_breaks_runs_and_ranges_and_is_said():
    told = [10.0, 12.0] * 12 + [11.5, 12.0, 11.5, None, 12.0, 11.5, 12.0]
    made = chart(months(told))
    assert {mark.signal for mark in made.marks[-7:]} == {""}
    assert "1 période sans valeur." in made.notes
    assert moving_ranges([1.0, None, 5.0]) == []


@pytest.mark.parametrize(("values", "note"), [([5.0] * 20, CONSTANT), ([5.0], SHORT), ([5.0, None, 6.0], SHORT)])
def test_a_series_that_cannot_have_limits_says_why_and_signals_nothing(values, note):
    made = chart(months(values), target=1.0, better="up")
    assert made.limits is None and note in made.notes and made.assurance == ""
    assert {mark.signal for mark in made.marks} == {""}


def test_a_chart_of_nothing_is_a_chart_and_says_so():
    made = chart([])
    assert made.last is None and made.notes == ("Aucune valeur n’est connue.",)
    assert control_drawing.drawn(made).rows == ()


def test_limits_of_fewer_than_twelve_points_are_on_trial():
    assert TRIAL in chart(months([1.0, 2.0] * 5)).notes
    assert TRIAL not in chart(months([1.0, 2.0] * 6)).notes


def test_a_share_has_no_limit_below_zero_nor_above_a_hundred():
    limits = limits_of([97.0, 100.0, 96.0, 100.0, 98.0], (0.0, 100.0))
    assert limits.upper == 100 and limits.lower > 80
    assert limits_of([1.0, 3.0, 0.0, 2.0], (0.0, 100.0)).lower == 0


def test_a_rebase_calculates_the_limits_anew_from_its_day_and_keeps_its_reason():
    told = [10.0, 12.0] * 12 + [30.0, 32.0] * 6
    before, after = chart(months(told)), chart(months(told), rebases=[Rebase(date(2025, 1, 1), "Nouveau périmètre")])
    assert before.last.signal == "outside" and after.last.signal == ""
    assert [s.reason for s in after.segments] == ["", "Nouveau périmètre"]
    assert after.limits.centre == 31


def test_a_rebase_after_the_last_point_changes_nothing():
    told = months([10.0, 12.0] * 12)
    assert chart(told, rebases=[Rebase(date(2030, 1, 1), "plus tard")]) == chart(told)


@pytest.mark.parametrize(
    ("better", "target", "said"),
    [("up", 5, "met"), ("up", 11, "hit-or-miss"), ("up", 20, "missed"), ("down", 20, "met"), ("down", 11, "hit-or-miss"),
     ("down", 5, "missed"), ("none", 5, ""), ("up", None, "")],
)  # fmt: skip
def test_the_target_is_assured_missed_or_left_to_chance_in_both_directions(better, target, said):
    assert chart(months([10.0, 12.0] * 12), target=target, better=better).assurance == said


def flagged(draw, baseline, points, series):
    """How often the last point of an unchanged series is a signal; its first `baseline` points set the limits."""
    count = 0
    for _ in range(series):
        told = months([draw() for _ in range(points)])
        limits = limits_of([value for _, value in told[:baseline]])
        tail = [(on, value) for on, value in told[-7:]]
        count += bool(limits and signalled(tail, limits)[-1].signal)
    return count / series


def poisson(chance, mean):
    count, product, floor = 0, chance.random(), exp(-mean)
    while product > floor:
        count, product = count + 1, product * chance.random()
    return float(count)


def test_twelve_points_cry_wolf_four_times_as_often_as_twenty_four():
    chance = random.Random(20261124)
    assert flagged(lambda: chance.gauss(0, 1), 12, 24, 4000) == pytest.approx(0.059, abs=0.013)
    assert flagged(lambda: chance.gauss(0, 1), 24, 24, 4000) == pytest.approx(0.015, abs=0.007)


def test_a_plain_chart_of_rare_counts_cries_wolf_one_time_in_six():
    chance = random.Random(20261124)
    assert flagged(lambda: poisson(chance, 0.5), 12, 24, 4000) == pytest.approx(0.175, abs=0.03)


def test_the_drawing_tells_a_signal_by_shape_and_word_and_says_every_value_in_its_table():
    made = chart(months([10.0, 11.0] * 12 + [30.0]), target=20.0, better="up", unit="%", title="Part")
    drawing = control_drawing.drawn(made)
    assert drawing.dots[-1].shape == "square" and "hors des limites" in drawing.dots[-1].words
    assert len(drawing.rows) == 25 and drawing.rows[-1].signal == "hors des limites, au-dessus"
    assert {rule.kind for rule in drawing.rules} == {"limit", "near", "centre", "target"}
    assert "c’est un signal" in control_drawing.sentence(made)


@given(values_lists)
def test_everything_drawn_lies_inside_the_picture(values):
    drawing = control_drawing.drawn(chart(months(values), target=10.0, better="up"))
    assert all(0 <= float(dot.y) <= drawing.height and 0 <= float(dot.x) <= drawing.width for dot in drawing.dots)
    assert all(0 <= float(rule.y) <= drawing.height for rule in drawing.rules)
