"""No table of people gives a small number away, not even by subtraction."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.domains.datahub.small_cells import hidden


def test_a_table_without_small_numbers_hides_nothing():
    assert hidden([("a",), ("b",)], [12, 5]) == frozenset()


def test_a_small_number_never_goes_alone():
    assert hidden([("a",), ("b",), ("c",)], [3, 40, 9]) == {0, 2}


def test_zero_tells_of_nobody_and_stays():
    assert hidden([("a",), ("b",), ("c",)], [0, 40, 9]) == frozenset()


def test_two_small_numbers_that_add_up_to_a_small_one_take_a_third_with_them():
    assert hidden([("a",), ("b",), ("c",)], [1, 2, 9]) == {0, 1, 2}


def test_across_two_dimensions_rows_and_columns_are_both_protected():
    keys = list(product("xyz", "abc"))
    gone = hidden(keys, [3, 20, 30, 40, 50, 60, 70, 80, 90])
    for place in (0, 1):
        for member in ("xyz", "abc")[place]:
            line = [row for row, key in enumerate(keys) if key[place] == member]
            assert len(gone & set(line)) != 1


def test_a_table_too_small_to_protect_is_kept_back_whole():
    assert hidden([("a",), ("b",)], [3, 40]) == {0, 1}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=20))
def test_what_is_hidden_in_a_line_is_never_one_number_nor_a_small_sum(counts):
    gone = hidden([(str(n),) for n in range(len(counts))], counts)
    assert {row for row, count in enumerate(counts) if 0 < count < 5} <= gone
    if gone and gone != set(range(len(counts))):
        assert len(gone) > 1
        assert sum(counts[row] for row in gone) >= 5
