"""The status of an action is drawn from what is known, says why in one sentence, and can be replayed at any past day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.roadmaps.status import (
    LABELS,
    RULES,
    TONES,
    ActionFacts,
    CommitmentFacts,
    IndicatorFacts,
    Measure,
    MilestoneFacts,
    NeedFacts,
    Status,
    derive,
)

ON = date(2026, 4, 11)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def milestone(title: str, planned_on: date | None = None, **known) -> MilestoneFacts:
    return MilestoneFacts(title, planned_on, **known)


def measured(*pairs: tuple[date, int], baseline=100, target=200, **known) -> IndicatorFacts:
    values = tuple(Measure(day, Decimal(value)) for day, value in pairs)
    known.setdefault("baseline_on", YEAR[0])
    known.setdefault("target_on", YEAR[1])
    return IndicatorFacts("arbres plantés", baseline=Decimal(baseline), target=Decimal(target), values=values, **known)


def action(**known) -> ActionFacts:
    return ActionFacts(**{"starts_on": YEAR[0], "due_on": YEAR[1], **known})


# The five cases that another tool gets wrong


def test_an_indicator_moving_away_from_its_target_is_not_on_time():
    verdict = derive(action(indicators=(measured((date(2026, 3, 1), 90)),)), ON)
    assert verdict.status is Status.WATCH
    assert verdict.reason == "Indicateur « arbres plantés » s’éloigne de sa cible : 90 contre 100 au départ."


def test_a_rising_indicator_that_is_on_its_path_is_not_late():
    verdict = derive(action(indicators=(measured((date(2026, 4, 1), 125)),)), ON)
    assert verdict.status is Status.ON_TIME


def test_a_falling_indicator_that_must_fall_and_is_on_its_path_is_on_time():
    falling = measured((date(2026, 4, 1), 75), baseline=100, target=0, direction="down")
    assert derive(action(indicators=(falling,)), ON).status is Status.ON_TIME


def test_an_action_with_a_step_done_has_started_whatever_its_start_date_says():
    facts = action(starts_on=date(2026, 9, 1), milestones=(milestone("études", is_done=True), milestone("travaux")))
    assert derive(facts, ON).status is Status.ON_TIME


def test_an_action_within_its_dates_with_nothing_done_yet_is_under_way():
    verdict = derive(action(milestones=(milestone("études", date(2026, 6, 1)),)), ON)
    assert verdict.status is Status.ON_TIME
    assert verdict.reason == "Aucun jalon tenu sur 1 ; prochain « études » le 1er juin."


def test_four_milestones_done_out_of_four_is_complete():
    done = tuple(milestone(f"étape {n}", is_done=True) for n in range(4))
    verdict = derive(action(due_on=date(2026, 6, 30), milestones=done), ON)
    assert verdict == (derive(action(due_on=date(2026, 6, 30), milestones=done[::-1]), ON))
    assert (verdict.status, verdict.reason) == (Status.COMPLETE, "Fin prévue le 30 juin ; 4 jalons sur 4 tenus.")


def test_an_action_past_its_end_with_work_left_is_late():
    facts = action(due_on=date(2026, 4, 1), milestones=(milestone("a", is_done=True), milestone("b")))
    verdict = derive(facts, ON)
    assert verdict.status is Status.LATE
    assert verdict.reason == "Fin prévue le 1er avril, dépassée de 10 jours ; 1 jalon sur 2 tenu."


# The edges of time


def test_an_action_due_today_is_not_late_and_is_late_tomorrow():
    facts = action(due_on=ON, milestones=(milestone("bilan"),))
    assert derive(facts, ON).status is Status.ON_TIME
    assert derive(facts, ON + timedelta(days=1)).status is Status.LATE


def test_a_missed_milestone_says_its_name_and_for_how_long():
    verdict = derive(action(milestones=(milestone("marché", date(2026, 3, 1)),)), ON)
    assert (verdict.status, verdict.reason) == (Status.LATE, "Jalon « marché » non tenu depuis 41 jours.")


def test_the_oldest_missed_milestone_is_named_and_the_others_counted():
    facts = action(milestones=(milestone("b", date(2026, 4, 10)), milestone("a", date(2026, 4, 9))))
    assert derive(facts, ON).reason == "Jalon « a » non tenu depuis 2 jours ; 2 jalons en retard."


@pytest.mark.parametrize(
    ("on", "status"), [(date(2028, 2, 29), Status.ON_TIME), (date(2028, 3, 1), Status.LATE)]
)  # fmt: skip
def test_what_is_known_to_the_month_is_late_only_after_the_last_day_of_that_month(on, status):
    facts = action(due_on=date(2028, 12, 31), milestones=(milestone("travaux", date(2028, 2, 1), precision="month"),))
    assert derive(facts, on).status is status


def test_a_leap_day_is_a_day_like_another():
    facts = action(due_on=date(2028, 2, 29), milestones=(milestone("bilan"),))
    assert derive(facts, date(2028, 2, 29)).status is Status.ON_TIME
    assert derive(facts, date(2028, 3, 1)).reason.startswith("Fin prévue le 29 février, dépassée de 1 jour ;")


def test_a_past_day_ignores_what_was_done_after_it():
    facts = action(milestones=(milestone("marché", date(2026, 3, 1), actual_on=date(2026, 4, 20), is_done=True),))
    assert derive(facts, ON).status is Status.LATE
    assert derive(facts, date(2026, 4, 20)).status is Status.COMPLETE


def test_a_past_day_ignores_what_was_measured_after_it():
    indicator = measured((date(2026, 3, 1), 116), (date(2026, 5, 1), 90))
    assert derive(action(indicators=(indicator,)), ON).status is Status.ON_TIME
    assert derive(action(indicators=(indicator,)), date(2026, 5, 1)).status is Status.WATCH


def test_the_year_is_said_when_it_is_not_the_year_of_reading():
    assert "le 31 décembre 2025" in derive(action(starts_on=None, due_on=date(2025, 12, 31)), ON).reason


# What must be watched


def test_a_forecast_beyond_the_promised_end_must_be_watched():
    late = milestone("ouverture", date(2026, 6, 1), forecast_on=date(2027, 2, 3))
    verdict = derive(action(milestones=(late,)), ON)
    assert verdict.status is Status.WATCH
    assert verdict.reason == "Jalon « ouverture » attendu le 3 février 2027, après la fin prévue le 31 décembre."


def test_a_milestone_put_off_before_the_end_must_be_watched_and_is_late_once_the_new_date_has_passed():
    facts = action(milestones=(milestone("marché", date(2026, 3, 1), forecast_on=date(2026, 5, 2)),))
    assert derive(facts, ON).reason == "Jalon « marché » prévu le 1er mars, attendu le 2 mai."
    assert derive(facts, ON).status is Status.WATCH
    assert derive(facts, date(2026, 5, 3)).status is Status.LATE


def test_an_indicator_far_behind_its_path_must_be_watched():
    verdict = derive(action(indicators=(measured((date(2026, 7, 2), 110)),)), date(2026, 7, 11))
    assert verdict.status is Status.WATCH
    assert "à 10\u202f% du chemin vers sa cible, 50\u202f% attendus" in verdict.reason


def test_an_indicator_a_little_behind_its_path_does_not_alert():
    assert derive(action(indicators=(measured((date(2026, 7, 2), 141)),)), date(2026, 7, 11)).status is Status.ON_TIME


def test_a_target_whose_day_has_passed_without_being_reached_is_late():
    indicator = measured((date(2026, 3, 1), 150), target_on=date(2026, 3, 31))
    verdict = derive(action(indicators=(indicator,)), ON)
    assert verdict.status is Status.LATE
    assert verdict.reason == (
        "Cible prévue le 31 mars non atteinte : « arbres plantés » à 150 pour une cible de 200."
    )  # fmt: skip


def test_a_silent_partner_is_named():
    asked = CommitmentFacts("DEVE", "asked", date(2026, 4, 1))
    verdict = derive(action(milestones=(milestone("a"),), commitments=(asked,)), ON)
    assert (verdict.status, verdict.reason) == (Status.WATCH, "La DEVE n’a pas répondu depuis 10 jours.")


@pytest.mark.parametrize(
    ("state", "answer_due_on", "status"),
    [
        ("asked", ON, Status.ON_TIME),
        ("accepted", date(2026, 4, 1), Status.ON_TIME),
        ("amended", date(2026, 4, 1), Status.ON_TIME),
        ("declined", date(2026, 4, 1), Status.WATCH),
    ],
)
def test_only_silence_past_its_day_or_a_refusal_alerts(state, answer_due_on, status):
    asked = CommitmentFacts("DEVE", state, answer_due_on)
    assert derive(action(milestones=(milestone("a"),), commitments=(asked,)), ON).status is status


def test_waiting_for_an_action_that_is_late_must_be_watched():
    needed = NeedFacts("Rénovation du gymnase", date(2026, 4, 1), is_finished=False)
    verdict = derive(action(milestones=(milestone("a"),), needs=(needed,)), ON)
    assert verdict.reason == "Attend « Rénovation du gymnase », en retard de 10 jours."
    assert (
        derive(action(milestones=(milestone("a"),), needs=(replace(needed, is_finished=True),)), ON).status
        is Status.ON_TIME
    )


def test_a_measure_that_does_not_come_at_its_rhythm_must_be_watched():
    indicator = measured((date(2026, 1, 15), 104), every_days=30)
    assert derive(action(indicators=(indicator,)), date(2026, 3, 1)).status is Status.ON_TIME
    assert (
        derive(action(indicators=(indicator,)), ON).reason == "Mesure de « arbres plantés » attendue depuis 41 jours."
    )


# What is neither


def test_a_dropped_action_is_dropped_whatever_else_is_known():
    facts = action(is_dropped=True, due_on=date(2026, 1, 2), milestones=(milestone("a", is_done=True),))
    assert derive(facts, ON).status is Status.DROPPED


def test_an_action_that_starts_later_has_not_started():
    verdict = derive(action(starts_on=date(2026, 9, 1)), ON)
    assert (verdict.status, verdict.reason) == (Status.NOT_STARTED, "Début prévu le 1er septembre.")


def test_an_action_with_neither_milestone_nor_measure_is_not_called_on_time():
    assert derive(action(), ON).status is Status.UNKNOWN
    assert derive(ActionFacts(), ON).status is Status.UNKNOWN


def test_undated_milestones_without_an_end_say_nothing_of_the_calendar():
    facts = ActionFacts(starts_on=YEAR[0], milestones=(milestone("a"), milestone("b", is_done=True)))
    assert derive(facts, ON).status is Status.UNKNOWN


def test_every_target_reached_ends_an_action_without_milestones():
    verdict = derive(action(indicators=(measured((date(2026, 3, 1), 210)),)), ON)
    assert (verdict.status, verdict.rule) == (Status.COMPLETE, "all_targets_reached")


def test_a_level_to_hold_is_guarded_and_held_until_the_end():
    held = measured((date(2026, 3, 1), 95), baseline=95, target=95)
    assert derive(action(indicators=(held,)), ON).status is Status.ON_TIME
    assert derive(action(indicators=(held,)), date(2027, 1, 2)).status is Status.COMPLETE
    lost = measured((date(2026, 3, 1), 94), baseline=95, target=95)
    assert derive(action(indicators=(lost,)), ON).status is Status.WATCH


# For any facts


DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
MAYBE_DAY = st.none() | DAYS
NUMBERS = st.none() | st.decimals(-1000, 1000, places=2)
MILESTONES = st.builds(
    lambda title, planned, forecast, actual, done, precision: MilestoneFacts(
        title, planned, forecast, actual if done else None, done, precision
    ),
    st.text("abç", min_size=1, max_size=160), MAYBE_DAY, MAYBE_DAY, MAYBE_DAY, st.booleans(),
    st.sampled_from(("day", "month")),
)  # fmt: skip
MEASURES = st.lists(
    st.builds(Measure, DAYS, st.decimals(-1000, 1000, places=2)), max_size=3, unique_by=lambda m: m.on
).map(lambda found: tuple(sorted(found, key=lambda m: m.on)))
INDICATORS = st.builds(
    IndicatorFacts, name=st.text("xyz", min_size=1, max_size=200), direction=st.sampled_from(("up", "down")),
    baseline=NUMBERS, baseline_on=MAYBE_DAY, target=NUMBERS, target_on=MAYBE_DAY,
    every_days=st.none() | st.integers(1, 400), values=MEASURES,
)  # fmt: skip
FACTS = st.builds(
    ActionFacts, starts_on=MAYBE_DAY, due_on=MAYBE_DAY, is_dropped=st.booleans(),
    milestones=st.lists(MILESTONES, max_size=4).map(tuple), indicators=st.lists(INDICATORS, max_size=2, unique_by=lambda i: i.name).map(tuple),
    commitments=st.lists(
        st.builds(CommitmentFacts, st.sampled_from(("DEVE", "DVD")), st.sampled_from(("asked", "declined")), DAYS),
        max_size=2,
    ).map(tuple),
    needs=st.lists(st.builds(NeedFacts, st.text("n", min_size=1, max_size=300), MAYBE_DAY, st.booleans()), max_size=2)
    .map(tuple),
)  # fmt: skip
GOOD = {
    Status.LATE: 0, Status.WATCH: 1, Status.NOT_STARTED: 2, Status.UNKNOWN: 2, Status.ON_TIME: 3, Status.COMPLETE: 4,
    Status.DROPPED: 5,
}  # fmt: skip


@given(FACTS, DAYS)
def test_any_facts_have_one_status_and_one_sentence_that_fits(facts, on):
    verdict = derive(facts, on)
    assert verdict.status in LABELS
    assert verdict.reason[0] == verdict.reason[0].upper()
    assert verdict.reason.endswith(".")
    assert len(verdict.reason) <= 300


@given(FACTS, DAYS, st.randoms())
def test_the_order_of_milestones_and_measures_changes_nothing(facts, on, random):
    shuffled = list(facts.milestones)
    random.shuffle(shuffled)
    backwards = tuple(replace(i, values=i.values[::-1]) for i in facts.indicators[::-1])
    assert derive(replace(facts, milestones=tuple(shuffled), indicators=backwards), on) == derive(facts, on)


@given(FACTS.filter(lambda f: f.milestones), DAYS, st.integers(0, 3), st.booleans())
def test_completing_a_milestone_never_worsens_the_status(facts, on, which, is_dated):
    n = which % len(facts.milestones)
    done = replace(facts.milestones[n], is_done=True, actual_on=on if is_dated else None)
    better = replace(facts, milestones=(*facts.milestones[:n], done, *facts.milestones[n + 1 :]))
    assert GOOD[derive(better, on).status] >= GOOD[derive(facts, on).status]


def test_every_status_has_its_word_its_tone_and_a_rule():
    assert set(LABELS) == set(TONES) == {status for status, _ in RULES} == set(Status)
