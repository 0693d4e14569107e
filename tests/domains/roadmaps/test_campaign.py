"""Stages counted in working days, what was reached when, and the ladder."""

from datetime import date

import pytest

from parvis.domains.roadmaps import campaign
from parvis.domains.roadmaps.campaign import Due
from parvis.kernel.calendar import is_working_day

STAGE = Due("finalised", "Finalisée", "finalised", 3, 92, date(2026, 3, 16))


def test_stages_fall_on_working_days_in_order_and_before_their_limits():
    for opens_on in (date(2025, 11, 3), date(2025, 12, 24), date(2026, 1, 2), date(2026, 3, 1)):
        stages = campaign.planned(opens_on, 2026)
        days = [stage.due_on for stage in stages]
        assert days == sorted(days) and all(is_working_day(day) for day in days)
        assert next(s.due_on for s in stages if s.code == "signed") <= date(2026, 3, 31)


def test_the_first_quarter_ends_on_31_march():
    assert campaign.compliance_day(2026) == date(2026, 3, 31)


def test_reopening_forgets_what_followed():
    steps = [(date(2026, 1, 5), "consultation"), (date(2026, 2, 2), "arbitration"), (date(2026, 2, 9), "draft"),
             (date(2026, 2, 10), "consultation")]  # fmt: skip
    assert campaign.reached(steps) == {"consultation": date(2026, 2, 10)}


def test_the_first_day_counts_when_a_review_is_closed_and_opened_again():
    steps = [
        (date(2026, 6, 5), "mid_year_review"),
        (date(2026, 6, 8), "in_execution"),
        (date(2026, 9, 1), "mid_year_review"),
    ]
    assert campaign.reached(steps)["mid_year_review"] == date(2026, 6, 5)


@pytest.mark.parametrize(
    ("done_on", "as_of", "tone", "words"),
    [
        (date(2026, 3, 12), date(2026, 4, 1), "good", "2 j d’avance"),
        (date(2026, 3, 16), date(2026, 4, 1), "good", "au jour dit"),
        (date(2026, 3, 18), date(2026, 4, 1), "watch", "2 j de retard"),
        (None, date(2026, 3, 20), "bad", "4 j de retard"),
        (None, date(2026, 3, 16), "watch", "aujourd’hui"),
        (None, date(2026, 3, 15), "watch", "dans 1 j"),
        (None, date(2026, 1, 15), "none", "dans 42 j"),
    ],
)
def test_a_cell_says_early_or_late_in_working_days(done_on, as_of, tone, words):
    found = campaign.cell(STAGE, done_on, False, as_of)
    assert (found.tone, found.words) == (tone, words)


@pytest.mark.parametrize(
    ("today", "rungs"),
    [
        (date(2026, 3, 6), []),
        (date(2026, 3, 9), [0]),
        (date(2026, 3, 18), [0]),
        (date(2026, 3, 19), [0, 1]),
        (date(2026, 3, 29), [0, 1]),
        (date(2026, 3, 30), [0, 1, 2]),
    ],
)
def test_the_ladder_goes_from_the_pilot_to_the_head_to_the_direction(today, rungs):
    assert [rung.rung for rung in campaign.rungs_due("stage", STAGE.due_on, today)] == rungs
