"""Working time in France: what counts, what does not, across months, years and changes of hour."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.kernel.calendar import (
    add_working_days,
    is_working_day,
    month_end,
    paris_day,
    public_holidays,
    working_days_between,
)

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 1, 1), "jour de l’an"), (date(2026, 4, 6), "lundi de Pâques"), (date(2026, 5, 1), "fête du travail"),
        (date(2026, 5, 8), "victoire de 1945"), (date(2026, 5, 14), "Ascension"), (date(2026, 5, 25), "lundi de Pentecôte"),
        (date(2026, 7, 14), "fête nationale"), (date(2026, 11, 11), "armistice"), (date(2026, 12, 25), "Noël"),
        (date(2026, 11, 28), "samedi"), (date(2026, 11, 29), "dimanche"),
    ],
)  # fmt: skip
def test_holidays_and_week_ends_are_not_worked(day, why):
    assert not is_working_day(day), why


def test_the_holidays_of_alsace_moselle_are_worked_in_paris():
    assert is_working_day(date(2025, 4, 18)) and is_working_day(date(2025, 12, 26))
    assert len(public_holidays(2026)) == 11


def test_the_first_day_of_a_delay_never_counts():
    assert add_working_days(date(2026, 11, 24), 1) == date(2026, 11, 25)
    assert add_working_days(date(2026, 11, 24), 0) == date(2026, 11, 24)


def test_a_delay_jumps_over_the_week_end_and_the_holidays():
    assert add_working_days(date(2026, 4, 30), 1) == date(2026, 5, 4)
    assert add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 28)


def test_a_delay_counts_backwards_too():
    assert add_working_days(date(2026, 5, 4), -1) == date(2026, 4, 30)


@given(DAYS, st.integers(-60, 60))
def test_adding_then_counting_gives_the_number_back(day, count):
    assert working_days_between(day, add_working_days(day, count)) == count or not is_working_day(day)


@given(DAYS, st.integers(1, 60))
def test_a_delay_always_ends_on_a_working_day(day, count):
    assert is_working_day(add_working_days(day, count))


@given(DAYS, DAYS)
def test_counting_there_and_back_is_opposite(one, other):
    assert working_days_between(one, other) == -working_days_between(other, one)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 1, 1, 22, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 1, 1, 23, 0, tzinfo=UTC), date(2026, 1, 2)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 3, 29)),
    ],
)
def test_the_day_is_that_of_paris_in_winter_and_in_summer(instant, day):
    assert paris_day(instant) == day


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 2, 3), date(2026, 2, 28)),
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_the_end_of_a_month(day, end):
    assert month_end(day) == end
