"""The quality of a dataset: each criterion, what mends it, and a score that the weights explain."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.datahub import quality
from parvis.domains.datahub.freshness import Freshness, freshness
from parvis.domains.datahub.quality import Facts, judged

TODAY = date(2026, 11, 24)
SOUND = Facts(
    row_count=100, filled=(("code", 1.0), ("sector", 1.0)), is_profiled=True, has_contract=True, read_count=100,
    duplicate_count=0, freshness=freshness(TODAY, 7, TODAY), documented_count=4, sector_count=17, counts_before=(100, 100),
)  # fmt: skip


def mark(facts, code):
    return next(m for m in judged(facts).marks if m.code == code)


def changed(**facts):
    return Facts(**{**SOUND.__dict__, **facts})


def test_a_sound_dataset_has_a_hundred_and_nothing_to_mend():
    assert judged(SOUND).score == 100
    assert quality.todo(judged(SOUND).marks) == []


@pytest.mark.parametrize(("code", "facts", "value", "mend"), [
    ("completeness", {"filled": (("code", 1.0), ("sector", 0.5))}, 75, "sector"),
    ("validity", {"refused_count": 10}, 90, "quarantaine"),
    ("uniqueness", {"duplicate_count": 20}, 80, "doublons"),
    ("freshness", {"freshness": freshness(date(2026, 11, 10), 7, TODAY)}, 0, "direction"),
    ("documentation", {"undocumented": ("colonne « x »",)}, 80, "colonne « x »"),
    ("coverage", {"sector_count": 8}, 47, "secteurs"),
    ("stability", {"counts_before": (200, 200)}, 0, "perdu"),
])  # fmt: skip
def test_each_criterion_falls_for_its_own_reason_and_says_what_mends_it(code, facts, value, mend):
    found = mark(changed(**facts), code)
    assert found.value == value
    assert mend in found.mend and found.sentence
    others = [m for m in judged(changed(**facts)).marks if m.code != code]
    assert {m.value for m in others} == {100}


@pytest.mark.parametrize(("code", "facts"), [
    ("validity", {"has_contract": False}), ("coverage", {"sector_count": None}), ("stability", {"counts_before": (100,)}),
    ("freshness", {"freshness": Freshness("undated")}), ("uniqueness", {"duplicate_count": None}),
])  # fmt: skip
def test_a_criterion_that_does_not_apply_weighs_nothing_and_says_why(code, facts):
    found = mark(changed(**facts), code)
    assert found.value is None and found.sentence and found.tone == "none"
    assert judged(changed(**facts)).score == 100


def test_a_single_duplicate_among_a_million_is_not_a_hundred():
    assert mark(changed(row_count=1_000_000, duplicate_count=1), "uniqueness").value == 99


def test_without_a_row_there_is_no_score():
    assert judged(Facts(documented_count=4)).score is None


def test_what_costs_the_score_most_is_mended_first():
    facts = changed(refused_count=50, undocumented=("colonne « x »",))
    assert [m.code for m in quality.todo(judged(facts).marks)] == ["validity", "documentation"]


def test_the_weights_are_of_a_hundred_and_their_version_is_said():
    assert sum(quality.WEIGHTS.values()) == 100
    assert set(quality.WEIGHTS) == set(quality.LABELS) == set(quality.CRITERIA)
    assert quality.VERSION


@given(st.builds(
    Facts, row_count=st.integers(0, 10**9), filled=st.lists(st.tuples(st.text(max_size=5), st.floats(0, 1)), max_size=4).map(tuple),
    read_count=st.integers(100, 10**6), refused_count=st.integers(0, 100), has_contract=st.booleans(),
    duplicate_count=st.none() | st.just(0), freshness=st.builds(freshness, st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(1, 400), st.just(TODAY)),
    documented_count=st.integers(0, 30), sector_count=st.none() | st.integers(0, 40),
    counts_before=st.lists(st.integers(0, 10**9), max_size=6).map(tuple), is_profiled=st.booleans(),
))  # fmt: skip
def test_whatever_the_facts_every_mark_is_between_nothing_and_a_hundred(facts):
    told = judged(facts)
    assert all(m.value is None or 0 <= m.value <= 100 for m in told.marks)
    assert told.score is None or 0 <= told.score <= 100
