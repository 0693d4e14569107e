"""An action is graded on eight named criteria; what is missing is said, with what to do."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from parvis.domains.roadmaps.facts import ActionFacts, CommitmentFacts, IndicatorFacts, MilestoneFacts
from parvis.domains.roadmaps.operationality import (
    BY_CODE,
    CRITERIA,
    Grade,
    grade,
    is_operational,
    lacking,
    next_review,
    roll_up,
)

ON, REVIEW = date(2026, 4, 11), date(2026, 6, 30)
WHOLE = ActionFacts(
    has_owner=True,
    deliverable="Un square de 800 m²",
    due_on=date(2026, 12, 31),
    milestones=(MilestoneFacts("marché", date(2026, 6, 30)),),
    indicators=(IndicatorFacts("arbres", baseline=Decimal(0), target=Decimal(40), source="DEVE"),),
    has_means=True,
    commitments=(CommitmentFacts("DEVE", "accepted", ON),),
    place="point",
)


def test_an_action_with_all_eight_is_fully_operational():
    assert grade(WHOLE, REVIEW) == Grade(8, ())


@pytest.mark.parametrize(
    ("lack", "code"),
    [
        ({"has_owner": False}, "owner"),
        ({"deliverable": "  "}, "deliverable"),
        ({"due_on": None}, "due"),
        ({"milestones": ()}, "milestone"),
        ({"milestones": (MilestoneFacts("marché", date(2026, 7, 1)),)}, "milestone"),
        ({"milestones": (MilestoneFacts("marché"),)}, "milestone"),
        ({"indicators": ()}, "indicator"),
        ({"indicators": (replace(WHOLE.indicators[0], baseline=None),)}, "indicator"),
        ({"indicators": (replace(WHOLE.indicators[0], target=None),)}, "indicator"),
        ({"indicators": (replace(WHOLE.indicators[0], source=" "),)}, "indicator"),
        ({"has_means": False}, "means"),
        ({"commitments": (CommitmentFacts("DEVE", "asked", ON),)}, "partners"),
        ({"commitments": (CommitmentFacts("DEVE", "declined", ON),)}, "partners"),
        ({"place": "unknown"}, "place"),
    ],
)
def test_each_lack_is_named(lack, code):
    assert grade(replace(WHOLE, **lack), REVIEW) == Grade(7, (code,))


def test_an_action_without_partner_has_nobody_to_convince():
    assert grade(replace(WHOLE, commitments=()), REVIEW).missing == ()


def test_an_action_whose_steps_are_all_done_needs_no_other():
    done = MilestoneFacts("marché", is_done=True)
    assert grade(replace(WHOLE, milestones=(done,)), REVIEW).missing == ()


def test_one_lack_is_let_through_and_two_are_not():
    assert is_operational(Grade(7, ("place",)), ON)
    assert not is_operational(Grade(6, ("place", "means")), ON)


def test_a_roadmap_says_its_share_and_ranks_what_is_missing():
    grades = [Grade(8, ()), Grade(7, ("means",)), Grade(5, ("owner", "means", "place"))]
    found = roll_up(grades, ON)
    assert (found.operational, found.total, found.share) == (2, 3, 2 / 3)
    assert [(criterion.code, count) for criterion, count in found.missing] == [("means", 2), ("owner", 1), ("place", 1)]


def test_a_roadmap_without_action_has_no_share():
    assert roll_up([], ON).share is None


@pytest.mark.parametrize(
    ("on", "expected"),
    [(ON, REVIEW), (REVIEW, REVIEW), (date(2026, 7, 1), date(2026, 12, 31)), (date(2028, 2, 29), date(2028, 6, 30))],
)
def test_the_next_review_is_the_pact_s_mid_year_then_its_year_end(on, expected):
    assert next_review(WHOLE, on) == expected


def test_an_action_s_own_rhythm_sets_its_next_review_and_an_overdue_review_is_due_today():
    kept = replace(WHOLE, review_every_days=30, last_review_on=date(2026, 4, 1))
    assert next_review(kept, ON) == date(2026, 5, 1)
    assert next_review(replace(kept, last_review_on=date(2026, 1, 1)), ON) == ON


def test_each_criterion_says_in_french_what_it_is_and_what_to_do():
    assert len(CRITERIA) == len(BY_CODE) == 8
    assert all(c.label[0].islower() and c.remedy.endswith(".") for c in CRITERIA)
    assert lacking(["place", "owner", "retired-one"]) == (BY_CODE["owner"], BY_CODE["place"])
