"""The indicators of the roadmaps, on a few records whose figures can be counted by hand."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import ibis
import pytest
from django.db import connection
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.datasets.months import standing_on
from parvis.domains.roadmaps.indicators import INDICATORS
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Campaign,
    CampaignStage,
    IndicatorValue,
    MeansLine,
    Milestone,
    Placement,
    Plan,
    PublicPolicy,
    Review,
)
from parvis.kernel import faces
from parvis.kernel.indicators import cells
from parvis.kernel.indicators.indicator import faults
from parvis.kernel.lake import engine, snapshots
from parvis.kernel.lake.dataset import unbound
from parvis.kernel.workflow import move

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def cell(code, *, place="", period=None, dimension="", member=""):
    """The last cell asked (or of a period), as measured on snapshots of this moment."""
    indicator = faces.house().indicators[code]
    datasets = [faces.house().datasets[name] for name in indicator.datasets]
    held = {d.code: snapshots.take(d, by=None, at=NOW) for d in datasets}
    with engine.opened(held) as opened:
        found = cells.evaluate(indicator, unbound(datasets), opened.run).to_pylist()
    wanted = {"place": place, "dimension": dimension, "member": member}
    rows = [r for r in found if all(r[k] == v for k, v in wanted.items()) and (period is None or r["period"] == period)]
    return rows[-1] if rows else None


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.code)
def test_a_declared_indicator_has_no_fault_and_the_same_fingerprint_twice(indicator):
    datasets = [faces.house().datasets[code] for code in indicator.datasets]
    assert faults(indicator) == []
    assert indicator.fingerprint(unbound(datasets)) == indicator.fingerprint(unbound(datasets))


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.code)
def test_a_fact_is_named_by_the_key_of_its_first_dataset_and_counts_in_integers(indicator):
    dataset = faces.house().datasets[indicator.datasets[0]]
    facts = indicator.expression(unbound([faces.house().datasets[c] for c in indicator.datasets]))
    assert facts.subject.type() == ibis.dtype("string")
    assert facts.value.type().is_integer() or facts.value.type().is_boolean()
    assert dataset.by_name[dataset.key].type == "string"


def test_every_indicator_of_an_empty_house_says_nothing_rather_than_zero():
    recorded = {code for code, dataset in faces.house().datasets.items() if dataset.rows}
    for indicator in (i for i in INDICATORS if recorded.issuperset(i.datasets)):  # the others live from files
        assert cell(indicator.code) is None or cell(indicator.code)["counted"] == 0, indicator.code


@pytest.fixture
def house(db):
    """Two roadmaps of 2026: three actions in the 19th, one in the 5th; the 19th finalised in time, the 5th not."""
    own, other = drafts.plan("19", actions=3, state="signed"), drafts.plan("5", actions=1, state="signed")
    Plan.objects.filter(pk=own.pk).update(finalised_on=date(2026, 3, 20), signed_on=date(2026, 3, 28))
    Plan.objects.filter(pk=other.pk).update(finalised_on=date(2026, 4, 10))
    return own, other


@pytest.mark.parametrize(
    ("place", "value", "numerator", "denominator"), [("", 50.0, 1, 2), ("19", 100.0, 1, 1), ("5", 0.0, 0, 1)]
)
def test_a_roadmap_finalised_after_31_march_is_not_in_time(house, place, value, numerator, denominator):
    found = cell("roadmaps.finalised-in-time", place=place)
    assert (found["period"], found["value"]) == (date(2026, 1, 1), value)
    assert (found["numerator"], found["denominator"]) == (numerator, denominator)


def test_coverage_counts_a_hole_as_a_hole(house):
    found, whole = cell("roadmaps.coverage", place="19"), cell("roadmaps.coverage")
    assert found["numerator"] == 1 and whole["numerator"] == 2
    assert whole["denominator"] == 2 * found["denominator"]
    one = Action.objects.values_list("policy__code", flat=True).first()
    assert cell("roadmaps.coverage", dimension="policy", member=one)["value"] == 100.0


def test_an_action_dropped_is_left_out_of_the_flags_and_says_why(house):
    Action.objects.filter(code="roadmap-19-2026-1").update(is_climate=True)
    Action.objects.filter(code="roadmap-5-2026-1").update(is_climate=True)
    with _moving():
        Action.objects.filter(code="roadmap-5-2026-1").update(state="dropped")
    found = cell("roadmaps.climate")
    assert (found["numerator"], found["denominator"], found["left_out"]) == (1, 3, 1)


@contextmanager
def _moving():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL parvis.moving = 'on'")
        yield
        cursor.execute("SET LOCAL parvis.moving = 'off'")


def test_the_slippage_of_milestones_is_counted_in_days_and_without_a_plan_it_is_left_out(house):
    Milestone.objects.update(actual_on=date(2026, 5, 11), is_done=True)  # ten days after the plan
    first = Milestone.objects.order_by("pk").first()
    Milestone.objects.filter(pk=first.pk).update(planned_on=None)
    found = cell("roadmaps.slippage")
    assert (found["value"], found["counted"], found["left_out"]) == (10.0, 3, 1)
    assert cell("roadmaps.slippage-median")["value"] == 10.0
    assert cell("roadmaps.milestones-on-time")["value"] == 0.0


def test_a_part_that_still_waits_counts_in_the_delay_of_answers(house):
    first = Action.objects.get(code="roadmap-19-2026-1")
    second = Action.objects.get(code="roadmap-19-2026-2")
    answered, _ = drafts.asked(first, state="accepted"), drafts.asked(second)
    type(answered).objects.filter(pk=answered.pk).update(answered_on=date(2026, 1, 22))
    found = cell("roadmaps.answer-days")
    assert (found["value"], found["counted"]) == (10.0, 2)  # one of two is answered on day 10: half are still open


def test_euros_are_exact_and_per_sector_add_up(house):
    MeansLine.objects.filter(action__code="roadmap-5-2026-1").update(amount_cents=1)
    whole, parts = cell("roadmaps.euros"), [cell("roadmaps.euros", place=p) for p in ("19", "5")]
    assert whole["numerator"] == 36_000_001 == sum(p["numerator"] for p in parts)
    assert whole["value"] == 360_000.01


def test_the_months_tell_each_action_once_a_month_from_the_month_it_was_born(house):
    found = cell("roadmaps.operationality", period=date(2026, 1, 1))
    assert found["counted"] == 4
    assert cell("roadmaps.operationality", period=date(2025, 12, 1)) is None


def test_a_closed_month_is_told_as_it_was_known_then(house):
    dataset = faces.house().datasets["roadmaps.action-months"]
    snapshots.take(dataset, by=None, at=NOW)
    before = cell("roadmaps.late-share", period=date(2026, 6, 1))
    Milestone.objects.update(planned_on=date(2026, 1, 1))
    assert cell("roadmaps.late-share", period=date(2026, 6, 1)) == before


def test_reviews_held_are_counted_in_their_month(house):
    action = Action.objects.get(code="roadmap-19-2026-1")
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31)):
        Review.objects.create(action=action, held_on=day)
    assert cell("roadmaps.reviews-held", period=date(2026, 10, 1))["value"] == 2


def test_an_action_counts_as_delivered_once_in_the_month_that_found_it_complete(house):
    done = Action.objects.get(code="roadmap-19-2026-1")
    Milestone.objects.filter(action=done).update(is_done=True, actual_on=date(2026, 4, 20))
    found = cell("roadmaps.delivered")
    assert (found["period"], found["value"]) == (date(2026, 4, 1), 1)
    assert cell("roadmaps.delivered", place="19")["value"] == 1
    assert cell("roadmaps.delivered", place="5") is None


def test_an_action_given_up_is_one_rare_event_in_its_month(house):
    action = Action.objects.get(code="roadmap-5-2026-1")
    move(action, "drop", by=None, at=datetime(2026, 9, 14, 9, tzinfo=UTC), reason="terrain vendu")
    found = cell("roadmaps.dropped")
    assert (found["period"], found["value"]) == (date(2026, 9, 1), 1)
    assert cell("roadmaps.dropped-share", period=date(2026, 8, 1))["value"] == 0.0
    assert cell("roadmaps.dropped-share", period=date(2026, 9, 1))["value"] == 25.0


def test_an_action_carried_over_counts_in_each_of_its_years_and_is_new_in_the_first_alone(house):
    own, _ = house
    before = drafts.plan("19", year=2025, actions=0, state="evaluated")
    action = Action.objects.get(code="roadmap-19-2026-1")
    old = Placement.objects.create(plan=before, action=action)
    Placement.objects.filter(plan=own, action=action).update(carried_from=old)
    assert cell("roadmaps.new-actions", period=date(2025, 1, 1))["value"] == 1
    found = cell("roadmaps.new-actions")
    assert (found["value"], found["left_out"]) == (3, 1)
    assert cell("roadmaps.carried-share")["value"] == 25.0


@pytest.mark.parametrize(
    ("plans", "year", "wanted"),
    [
        ([("roadmap", 2025, "a", "19"), ("roadmap", 2026, "b", "19")], 2025, "a"),
        ([("roadmap", 2025, "a", "19"), ("roadmap", 2026, "b", "19")], 2026, "b"),
        ([("roadmap", 2025, "a", "19"), ("thematic", 2026, "t", None)], 2026, "a"),
        ([("roadmap", 2027, "c", "19")], 2026, "c"),
        ([], 2026, None),
    ],
)
def test_a_month_is_told_under_the_plan_of_its_year(plans, year, wanted):
    assert standing_on(plans, year)[2] == wanted


def test_a_hole_is_counted_once_per_roadmap(house):
    share, holes = cell("roadmaps.coverage"), cell("roadmaps.coverage-holes")
    assert holes["value"] == share["denominator"] - share["numerator"] > 0


def test_each_roadmap_is_asked_for_one_action_of_participation(house):
    Action.objects.filter(code="roadmap-5-2026-1").update(policy=PublicPolicy.objects.get(code="democratie"))
    assert cell("roadmaps.participation-everywhere")["value"] == 50.0
    assert cell("roadmaps.participation-everywhere", place="5")["value"] == 100.0


def test_a_project_is_unseen_ninety_days_after_its_last_review_else_after_its_start(house):
    seen, unseen = (Action.objects.get(code=f"roadmap-19-2026-{n}") for n in (1, 2))
    for action in (seen, unseen):
        drafts.asked(action, state="accepted")
    Review.objects.create(action=seen, held_on=date(2026, 9, 2))
    found = cell("roadmaps.multi-without-review", period=date(2026, 10, 1))
    assert (found["value"], found["numerator"], found["denominator"]) == (50.0, 1, 2)
    assert cell("roadmaps.multi-without-review", period=date(2026, 4, 1))["value"] == 0.0  # begun on 1 February


def test_a_stage_still_to_pass_is_late_until_the_day_of_the_snapshot(house):
    opened = Campaign.objects.create(code="c-2026", title="2026", year=2026, opens_on=date(2025, 11, 3))
    CampaignStage.objects.create(
        campaign=opened, code="finalised", label="Finalisée", target_state="finalised", order=3, working_days=92,
        due_on=date(2026, 3, 31),
    )  # fmt: skip
    Plan.objects.update(campaign=opened)
    found = cell("roadmaps.stages-in-time")
    assert (found["value"], found["denominator"]) == (50.0, 2)  # the 5th was ten days late
    assert cell("roadmaps.stage-days-late-p90")["value"] == 10.0
    with _moving():
        Plan.objects.filter(sector__code="5").update(state="arbitration", finalised_on=None)
    assert cell("roadmaps.stage-days-late-p90")["value"] is None  # still waiting: the end is not known


def test_measures_said_are_counted_in_the_month_that_they_tell_of(house):
    series = ActionIndicator.objects.first()
    for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30)):
        IndicatorValue.objects.create(indicator=series, measured_on=day, value=3, reported_at=NOW)
    assert cell("roadmaps.measures-said", period=date(2026, 6, 1))["value"] == 2


def test_the_euros_of_a_flag_leave_out_the_lines_of_other_actions(house):
    Action.objects.filter(code="roadmap-19-2026-1").update(is_climate=True, in_priority_neighbourhood=True)
    for code in ("roadmaps.climate-euros", "roadmaps.priority-euros"):
        assert (cell(code)["value"], cell(code)["left_out"]) == (120_000.0, 3), code


def test_at_least_twenty_five_indicators_are_declared_and_serve_several_objectives():
    assert len(INDICATORS) >= 25
    assert {i.objective for i in INDICATORS} >= {"P1", "P2", "P3", "Q3", "E2", "D2"}


def test_a_reader_of_a_sector_sees_the_rows_of_her_own_actions_alone(house, person):
    with _moving():
        Plan.objects.update(state="draft")
    chief = person("sector-chief", "sector", "19")
    for code in (
        "roadmaps.actions",
        "roadmaps.placements",
        "roadmaps.milestones",
        "roadmaps.means",
        "roadmaps.action-months",
    ):
        keys = faces.house().datasets[code].visible_keys(chief)
        assert keys.count() == 3, code
    assert faces.house().datasets["roadmaps.coverage"].visible_keys(chief).count() == 1
