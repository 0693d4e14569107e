"""The indicators of the roadmaps, on a few records whose figures can be counted by hand."""

from datetime import UTC, date, datetime

import ibis
import pytest
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.indicators import INDICATORS
from parvis.domains.roadmaps.models import Action, MeansLine, Milestone, Plan, Review
from parvis.kernel import faces
from parvis.kernel.indicators import cells
from parvis.kernel.indicators.indicator import faults
from parvis.kernel.lake import engine, snapshots
from parvis.kernel.lake.dataset import unbound

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


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


@pytest.mark.django_db
def test_every_indicator_of_an_empty_house_says_nothing_rather_than_zero():
    for indicator in INDICATORS:
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


def _moving():
    from contextlib import contextmanager

    from django.db import connection

    @contextmanager
    def moved():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL parvis.moving = 'on'")
            yield
            cursor.execute("SET LOCAL parvis.moving = 'off'")

    return moved()


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


def test_at_least_twenty_five_indicators_are_declared_and_serve_several_objectives():
    assert len(INDICATORS) >= 25
    assert {i.objective for i in INDICATORS} >= {"P1", "P2", "P3", "Q3", "E2", "D2"}


@pytest.mark.django_db
def test_a_reader_of_a_sector_sees_the_rows_of_her_own_actions_alone(house, person):
    Plan.objects.filter(sector__code="5")  # the 5th is signed: published; make it a draft again
    with _moving():
        Plan.objects.update(state="draft")
    chief = person("sector-chief", "sector", "19")
    for code in ("roadmaps.actions", "roadmaps.milestones", "roadmaps.means", "roadmaps.action-months"):
        keys = faces.house().datasets[code].visible_keys(chief)
        assert keys.count() == 3, code
    assert faces.house().datasets["roadmaps.coverage"].visible_keys(chief).count() == 1
