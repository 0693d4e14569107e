"""A plan moves in order, past its gates, or with a written reason that stays."""

from datetime import date, timedelta

import drafts
import pytest

from parvis.domains.roadmaps.actions.plans import advance, pass_gate, record_opinion
from parvis.domains.roadmaps.models import Action, GatePass, PlanReason
from parvis.domains.roadmaps.queries import gates
from parvis.kernel import Forbidden, Refusal

TODAY = date(2026, 11, 24)
WHY = "Le lieu sera choisi avec les habitants au printemps."


@pytest.fixture
def pilot(person):
    return person("roadmap-pilot")


def test_a_plan_goes_to_finalised_and_carries_the_day(db, pilot, now):
    plan = drafts.plan()
    for code in drafts.WAY:
        plan = advance(plan, code, by=pilot, at=now)
    assert (plan.state, plan.finalised_on) == ("finalised", TODAY)


@pytest.mark.parametrize("code", ["arbitrate", "finalise", "start", "evaluate", "archive"])
def test_no_step_is_skipped(db, pilot, now, code):
    plan = drafts.plan()
    with pytest.raises(Refusal):
        advance(plan, code, by=pilot, at=now)
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_signing_is_not_a_step_that_one_person_takes(db, pilot, now):
    with pytest.raises(Refusal, match="page des signatures"):
        advance(drafts.finalised(), "sign", by=pilot, at=now)


def test_an_unknown_step_is_refused(db, pilot, now):
    with pytest.raises(Refusal, match="n’existe pas"):
        advance(drafts.plan(), "teleport", by=pilot, at=now)


@pytest.mark.parametrize(
    ("role", "kind", "scope"),
    [("sector-chief", "sector", "18"), ("district-office", "sector", "19"), ("contributor", "directorate", "DVD"),
     ("directorate-head", "directorate", "DVD"), ("auditor", "house", ""), ("elected-reader", "house", ""), (None, "house", "")],
)  # fmt: skip
def test_only_those_who_steer_the_plan_move_it(db, person, now, role, kind, scope):
    plan = drafts.plan()
    with pytest.raises(Forbidden):
        advance(plan, "consult", by=person(role, kind, scope), at=now)
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_an_empty_plan_does_not_leave_its_draft(db, pilot, now):
    with pytest.raises(Refusal, match="aucune action"):
        advance(drafts.plan(actions=0), "consult", by=pilot, at=now)


def test_the_blockers_of_finalisation_are_named(db, pilot, now):
    plan = drafts.walk(drafts.plan(actions=3), "consult", "arbitrate")
    first, second, _ = Action.objects.filter(placements__plan=plan).order_by("code")
    Action.objects.filter(pk=first.pk).update(grade=6, grade_missing=["owner", "place"])
    drafts.asked(second, "DEVE")
    with pytest.raises(Refusal) as refused:
        advance(plan, "finalise", by=pilot, at=now)
    assert refused.value.blockers == (
        f"« {first.title} » tient 6 critères sur 8 ; il manque : un responsable, un lieu.",
        f"La DEVE n’a pas répondu sur « {second.title} », demandé le 12 janvier 2026.",
    )
    plan.refresh_from_db()
    assert (plan.state, plan.finalised_on) == ("arbitration", None)


def test_a_dropped_action_blocks_nothing(db, pilot, now):
    plan = drafts.walk(drafts.plan(actions=0), "consult", "arbitrate")
    drafts.action(plan, "A", grade=2, state="dropped")
    drafts.asked(Action.objects.get(code="A"))
    assert advance(plan, "finalise", by=pilot, at=now).state == "finalised"


def test_a_gate_is_passed_with_a_reason_that_stays(db, pilot, now):
    plan = drafts.walk(drafts.plan(actions=0), "consult", "arbitrate")
    drafts.action(plan, "A", grade=2)
    pass_gate(plan, "operationality", by=pilot, at=now, reason=WHY)
    assert advance(plan, "finalise", by=pilot, at=now).state == "finalised"
    kept = GatePass.objects.get()
    assert (kept.gate, kept.version, kept.by, kept.reason) == ("operationality", 1, pilot, WHY)
    assert gates.passes(plan)[0].label == "Chaque action est opérationnelle"


@pytest.mark.parametrize("reason", ["", "  ", "parce que"])
def test_passing_a_gate_demands_a_sentence(db, pilot, now, reason):
    plan = drafts.plan(actions=0)
    drafts.action(plan, "A", grade=2)
    with pytest.raises(Refusal, match="motif"):
        pass_gate(plan, "operationality", by=pilot, at=now, reason=reason)


def test_some_gates_are_never_passed_and_none_is_passed_for_nothing(db, pilot, now):
    with pytest.raises(Refusal, match="ne se passe pas"):
        pass_gate(drafts.plan(actions=0), "content", by=pilot, at=now, reason=WHY)
    with pytest.raises(Refusal, match="déjà remplie"):
        pass_gate(drafts.plan("18"), "operationality", by=pilot, at=now, reason=WHY)
    with pytest.raises(Refusal, match="n’existe pas"):
        pass_gate(drafts.plan("17"), "weather", by=pilot, at=now, reason=WHY)
    assert not GatePass.objects.exists()


def test_a_neighbour_does_not_pass_a_gate(db, person, now):
    plan = drafts.plan(actions=0)
    drafts.action(plan, "A", grade=2)
    with pytest.raises(Forbidden):
        pass_gate(plan, "operationality", by=person("sector-chief", "sector", "18"), at=now, reason=WHY)


def test_reopening_demands_and_keeps_a_reason(db, pilot, now):
    plan = drafts.finalised()
    with pytest.raises(Refusal, match="motif"):
        advance(plan, "reopen", by=pilot, at=now)
    assert advance(plan, "reopen", by=pilot, at=now, reason="La mairie demande un arbitrage.").finalised_on is None
    assert PlanReason.objects.get().reason == "La mairie demande un arbitrage."


@pytest.mark.parametrize(("days", "blocked"), [(0, True), (14, True), (15, False), (40, False)])
def test_the_council_has_fifteen_days_to_give_its_opinion(db, days, blocked):
    plan = drafts.finalised(opinion_asked_on=TODAY - timedelta(days), opinion_given_on=None)
    assert bool(gates.blockers(plan, "sign", today=TODAY)) is blocked


def test_an_opinion_is_not_dated_in_the_future_nor_before_it_was_asked(db, pilot, now):
    plan = drafts.plan(opinion_asked_on=None, opinion_given_on=None)
    with pytest.raises(Refusal, match="avenir"):
        record_opinion(plan, by=pilot, at=now, asked_on=TODAY + timedelta(1))
    with pytest.raises(Refusal, match="précéder"):
        record_opinion(plan, by=pilot, at=now, asked_on=TODAY, given_on=TODAY - timedelta(1))
    record_opinion(plan, by=pilot, at=now, asked_on=TODAY - timedelta(20), given_on=TODAY)
    plan.refresh_from_db()
    assert plan.opinion_given_on == TODAY


def test_the_obstacles_of_17_plans_take_as_many_queries_as_those_of_one(db, django_assert_max_num_queries):
    plans = [drafts.plan(code, actions=2) for code in ("centre", *map(str, range(5, 21)))]
    for some in (plans[:1], plans):
        with django_assert_max_num_queries(4):
            gates.obstacles(some, "sign", today=TODAY)
