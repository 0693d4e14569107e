"""A place is set against its peers and against chance, never in a ranking."""

from math import comb, exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.steering import comparison
from parvis.domains.steering.comparison import LEVELS, Place, compare

shares = st.floats(0.02, 0.98)
cases = st.integers(1, 160)
places = st.lists(
    st.tuples(st.floats(0, 100), st.integers(1, 3000)).map(lambda pair: Place("", *pair)), min_size=3, max_size=17
)


def binomial_tails(size, share, limits):
    """(chance strictly below the lower limit, strictly above the upper one), summed by hand."""
    chances = [comb(size, k) * share**k * (1 - share) ** (size - k) for k in range(size + 1)]
    below = sum(c for k, c in enumerate(chances) if k / size < limits[0])
    return below, sum(c for k, c in enumerate(chances) if k / size > limits[1])


@given(cases, shares)
def test_chance_leaves_at_most_one_in_forty_on_each_side_of_the_95_limits_of_a_share(size, share):
    limits = comparison.binomial_limits(size, share)
    for level, pair in zip(LEVELS, [(limits.low, limits.high), (limits.far_low, limits.far_high)], strict=True):
        assert max(binomial_tails(size, share, pair)) <= level + 1e-9


@given(st.floats(0.2, 60))
def test_chance_leaves_at_most_one_in_forty_on_each_side_of_the_limits_of_a_count(expected):
    limits = comparison.poisson_limits(1, expected)
    chances = [exp(-expected) * expected**k / factorial(k) for k in range(150)]
    assert sum(c for k, c in enumerate(chances) if k > limits.high) <= LEVELS[0] + 1e-9
    assert sum(c for k, c in enumerate(chances) if k < limits.low) <= LEVELS[0] + 1e-9


@given(cases, shares)
def test_the_limits_of_a_share_are_the_mirror_of_those_of_its_opposite(size, share):
    one, other = comparison.binomial_limits(size, share), comparison.binomial_limits(size, 1 - share)
    assert one.low == pytest.approx(1 - other.high, abs=1e-6)
    assert one.far_high == pytest.approx(1 - other.far_low, abs=1e-6)


@given(st.floats(0.1, 0.9), st.integers(20, 2000))
def test_the_funnel_narrows_as_a_place_grows(share, size):
    small, large = comparison.binomial_limits(size, share), comparison.binomial_limits(size * 16, share)
    assert large.high - large.low < small.high - small.low
    assert small.far_low <= small.low <= share <= small.high <= small.far_high


@given(st.floats(0.1, 0.9))
def test_where_cases_are_many_the_exact_limits_join_the_normal_ones(share):
    exact = comparison.binomial_limits(comparison.EXACT_UP_TO, share)
    normal = comparison.binomial_limits(comparison.EXACT_UP_TO + 1, share)
    assert exact.low == pytest.approx(normal.low, abs=1e-4)
    assert exact.far_high == pytest.approx(normal.far_high, abs=1e-4)


@given(places, st.randoms())
def test_the_order_of_the_places_changes_no_verdict(rows, chance):
    named = [Place(str(n), row.value, row.size) for n, row in enumerate(rows)]
    mixed = chance.sample(named, len(named))
    before = {line.place.code: line.verdict for line in compare(named, "binomial", scale=100).lines}
    assert {line.place.code: line.verdict for line in compare(mixed, "binomial", scale=100).lines} == before


@given(st.floats(0, 100), st.lists(st.integers(1, 500), min_size=3, max_size=17))
def test_places_that_are_all_alike_are_all_ordinary(value, sizes):
    rows = [Place(str(n), value, size) for n, size in enumerate(sizes)]
    assert compare(rows, "binomial", scale=100).apart == ()


def test_a_place_is_left_out_of_the_median_of_its_own_peers():
    lines = compare([Place("a", 10), Place("b", 20), Place("c", 60)], "").lines
    assert [line.peers_median for line in lines] == [40, 35, 15]
    assert [line.gap for line in lines] == [-30, -15, 45]


def test_a_small_place_far_away_may_be_ordinary_where_a_large_one_is_not():
    rows = [Place("small", 100, 3), Place("large", 75, 900), *(Place(str(n), 60, 800) for n in range(6))]
    found = {line.place.code: line.verdict for line in compare(rows, "binomial", scale=100).lines}
    assert found["small"] == "ordinary"
    assert found["large"] == "far-above"


def test_the_common_level_counts_every_case_once_and_is_no_mean_of_means():
    found = compare([Place("a", 100, 10), Place("b", 0, 90), Place("c", 0, 100)], "binomial", scale=100)
    assert found.centre == pytest.approx(5)


def test_the_one_mean_that_is_apart_does_not_hide_itself_in_the_spread():
    rows = [Place(str(n), 6 + n % 3 * 0.1, 60) for n in range(16)] + [Place("x", 7.5, 60)]
    assert [line.place.code for line in compare(rows, "normal").apart] == ["x"]


def test_a_spread_that_is_known_is_used_as_it_is():
    rows = [Place("a", 6, 100), Place("b", 6.5, 100), Place("c", 6.2, 100)]
    wide, narrow = compare(rows, "normal", spread=5.0), compare(rows, "normal", spread=0.2)
    assert wide.apart == () and len(narrow.apart) == 2


@pytest.mark.parametrize("rows", [[], [Place("a", 5, 10)], [Place("a", 5, 10), Place("b", 9, 10)]])
def test_fewer_than_three_places_have_no_funnel(rows):
    found = compare(rows, "binomial", scale=100)
    assert not found.has_funnel and {line.verdict for line in found.lines} <= {"unknown"}


def test_what_has_no_value_or_no_size_has_no_verdict_and_leaves_the_others_theirs():
    rows = [Place("a", None, 10), Place("b", 50, None), *(Place(str(n), 50, 100) for n in range(3))]
    lines = compare(rows, "binomial", scale=100).lines
    assert [line.verdict for line in lines] == ["unknown", "unknown", "ordinary", "ordinary", "ordinary"]
    assert lines[0].gap is None


def test_a_median_has_its_gap_and_no_verdict():
    found = compare([Place("a", 10, 5), Place("b", 90, 5), Place("c", 10, 5)], "")
    assert {line.words for line in found.lines} == {"pas de verdict"}


def test_being_apart_on_the_better_side_is_good_and_on_the_worse_side_a_matter_of_degree():
    rows = [Place("up", 80, 400), Place("down", 40, 400), *(Place(str(n), 60, 400) for n in range(9))]
    lines = {line.place.code: line for line in compare(rows, "binomial", scale=100).lines}
    assert comparison.tone(lines["up"], "up") == "good" and comparison.tone(lines["up"], "down") == "bad"
    assert comparison.tone(lines["down"], "none") == "none" and comparison.tone(lines["0"], "up") == "none"
