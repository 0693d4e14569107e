"""Progress goes both ways, stays between 0 and 100, and a sum with a part missing names the part instead of guessing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.roadmaps.facts import ActionFacts, IndicatorFacts, Measure, MilestoneFacts
from parvis.domains.roadmaps.progress import Part, Progress, of_action, of_plan, progress, roll_up

ON = date(2026, 4, 11)
NUMBERS = st.decimals(-10_000, 10_000, places=2)
DONE, OPEN = MilestoneFacts("études", is_done=True), MilestoneFacts("travaux")


def indicator(*values: int, **known) -> IndicatorFacts:
    measures = tuple(Measure(date(2026, 1, 1 + n), Decimal(value)) for n, value in enumerate(values))
    return IndicatorFacts("arbres", **{"baseline": Decimal(0), "target": Decimal(100), "values": measures, **known})


@pytest.mark.parametrize(
    ("baseline", "target", "value", "expected"),
    [(0, 120, 45, "37.50"), (100, 20, 60, "50.00"), (100, 20, 140, "0"), (0, 10, 12, "100"), (-10, 10, 0, "50.00")],
)
def test_progress_runs_from_baseline_to_target_upwards_or_downwards(baseline, target, value, expected):
    assert progress(Decimal(baseline), Decimal(target), Decimal(value)) == Decimal(expected)


@pytest.mark.parametrize(
    ("direction", "value", "expected"),
    [("up", 95, 100), ("up", 96, 100), ("up", 94, 0), ("down", 94, 100), ("down", 96, 0)],
)
def test_a_target_equal_to_the_baseline_is_held_or_lost(direction, value, expected):
    assert progress(Decimal(95), Decimal(95), Decimal(value), direction) == expected


@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(("up", "down")))
def test_progress_is_always_between_0_and_100(baseline, target, value, direction):
    assert 0 <= progress(baseline, target, value, direction) <= 100


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_a_value_nearer_the_target_never_makes_less_progress(baseline, target, one, other):
    near, far = sorted((one, other), key=lambda v: (target - v) if target >= baseline else (v - target))
    assert progress(baseline, target, near) >= progress(baseline, target, far)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_both_directions_are_the_mirror_of_each_other(baseline, target, value):
    if baseline != target:
        assert progress(baseline, target, value) == progress(-baseline, -target, -value)


def test_a_roll_up_is_weighted():
    parts = [Part("a", 3, Decimal(100)), Part("b", 1, Decimal(0))]
    assert roll_up(parts) == Progress(Decimal("75.00"))


def test_a_roll_up_with_a_part_missing_is_nothing_and_names_it():
    parts = [Part("a", 3, Decimal(100)), Part("b", 1, None), Part("c", 1, None)]
    assert roll_up(parts) == Progress(None, ("b", "c"))


def test_a_part_that_weighs_nothing_is_not_awaited_and_nothing_to_sum_is_nothing():
    assert roll_up([Part("a", 1, Decimal(40)), Part("b", 0, None)]).value == 40
    assert roll_up([]) == Progress(None)


@given(st.lists(st.builds(Part, st.just("x"), st.integers(1, 9), st.decimals(0, 100, places=2)), min_size=1))
def test_a_roll_up_lies_between_its_least_and_its_greatest_part(parts):
    values = [part.value for part in parts]
    assert min(values) <= roll_up(parts).value <= max(values)


def test_an_action_weighs_each_milestone_once_and_each_indicator_by_its_weight():
    facts = ActionFacts(milestones=(DONE, OPEN), indicators=(indicator(0, 50, weight=2),))
    assert of_action(facts, ON).value == Decimal("50.00")  # (100 + 0 + 2 × 50) / 4


def test_an_indicator_that_was_never_measured_is_named():
    facts = ActionFacts(milestones=(DONE,), indicators=(indicator(),))
    assert of_action(facts, ON) == Progress(None, ("indicateur « arbres »",))


def test_before_the_start_no_measure_is_awaited():
    facts = ActionFacts(starts_on=date(2026, 9, 1), milestones=(OPEN,), indicators=(indicator(),))
    assert of_action(facts, ON).value == 0


def test_an_indicator_without_target_is_an_observation_and_not_a_part():
    facts = ActionFacts(milestones=(DONE,), indicators=(indicator(target=None),))
    assert of_action(facts, ON).value == 100


def test_a_past_day_counts_only_what_was_done_by_then():
    later = MilestoneFacts("travaux", actual_on=date(2026, 5, 1), is_done=True)
    assert of_action(ActionFacts(milestones=(DONE, later)), ON).value == 50
    assert of_action(ActionFacts(milestones=(DONE, later)), date(2026, 5, 1)).value == 100


def test_a_plan_sums_its_live_actions_and_names_those_that_say_nothing():
    told, silent = ActionFacts(title="Pistes", milestones=(DONE,)), ActionFacts(title="Kiosque")
    given_up = ActionFacts(title="Piscine", is_dropped=True)
    assert of_plan([told, given_up], ON).value == 100
    assert of_plan([told, silent, given_up], ON) == Progress(None, ("Kiosque",))
