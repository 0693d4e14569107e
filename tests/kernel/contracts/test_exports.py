"""Nothing that leaves the house is executed by the spreadsheet that opens it, and numbers stay numbers."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.kernel.contracts.exports import NUMBER, STARTS, neutralise, neutralised


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "-", "+33 1 ;=1"],
)
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(cell):
    assert neutralise(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-12,5", "+3", "-1 000,50 €", "-4 %", "12", "Rue d’Été", "", "a=1", " =1"])
def test_numbers_and_plain_text_stay_as_they_are(cell):
    assert neutralise(cell) == cell


@pytest.mark.parametrize("cell", [-3, -1.5, Decimal("-2.5"), None, True, date(2026, 1, 1)])
def test_what_is_not_text_is_left_alone(cell):
    assert neutralise(cell) is cell


@given(st.text() | st.builds(str.__add__, st.sampled_from(STARTS), st.text()))
def test_no_text_leaves_as_a_formula_and_nothing_is_lost(cell):
    safe = neutralise(cell)
    assert not safe.startswith(STARTS) or NUMBER.fullmatch(safe)
    assert safe.removeprefix("'") == cell or safe == cell


@given(st.lists(st.text() | st.integers() | st.none()))
def test_a_row_keeps_its_width(row):
    assert len(neutralised(row)) == len(row)
