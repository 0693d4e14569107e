"""Is a dataset up to date? Judged by the day that its rows tell of."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.datahub.freshness import freshness

TODAY = date(2026, 11, 24)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))


def test_it_is_in_time_until_its_rhythm_has_run_out_and_late_by_one_day_the_next():
    assert freshness(date(2026, 11, 17), 7, TODAY).words == "à jour"
    late = freshness(date(2026, 11, 16), 7, TODAY)
    assert (late.state, late.late_days, late.words) == ("late", 1, "en retard de 1 jour")


def test_what_moves_once_a_year_is_not_late_after_eleven_months():
    assert freshness(date(2025, 12, 31), 365, TODAY).state == "fresh"


def test_a_photograph_of_this_morning_may_tell_of_last_year():
    old = freshness(date(2025, 6, 30), 31, TODAY)
    assert old.tone == "bad"
    assert old.due_on == date(2025, 7, 31)


def test_never_photographed_without_rows_without_date_are_three_things():
    assert freshness(None, 7, TODAY, row_count=None).words == "jamais photographié"
    assert freshness(None, 7, TODAY, row_count=0).words == "aucune ligne"
    assert freshness(None, 7, TODAY).words == "aucune date"
    assert freshness(None, 7, TODAY, is_dated=False).words == "sans date métier"


@given(days, st.integers(1, 400), days)
def test_it_is_late_by_exactly_the_days_past_the_due_day(business_on, rhythm, today):
    told = freshness(business_on, rhythm, today)
    assert told.late_days == max(0, (today - business_on - timedelta(days=rhythm)).days)
    assert (told.state == "late") == (told.late_days > 0)
