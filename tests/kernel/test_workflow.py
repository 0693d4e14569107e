"""A state changes through `move()` alone: in order, by right, past its gate, once."""

import threading

import pytest
from django.db import IntegrityError, connections, transaction

from parvis.domains.roadmaps.models import Plan
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.journal.models import Entry
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow import Move, State, Workflow, available_moves, move


def draft(now, sector="19"):
    return Plan.objects.create(
        code=f"fdr-{sector}", kind="roadmap", title="Feuille de route", year=2026, created_at=now,
        sector=Sector.objects.get(code=sector),
    )  # fmt: skip


@pytest.fixture
def plan(db, now):
    return draft(now)


@pytest.fixture
def chief(person):
    return person("sector-chief", "sector", "19")


def test_a_move_changes_the_state_and_leaves_one_line_in_the_journal(plan, chief, now):
    moved = move(plan, "consult", by=chief, at=now)
    assert moved.state == plan.state == Plan.objects.get().state == "consultation"
    line = Entry.objects.get()
    assert (line.verb, line.subject_id, line.actor_id) == ("plan.consult", "fdr-19", chief.pk)
    assert line.codes == {"from": "draft", "to": "consultation"}


def test_a_move_out_of_order_is_refused_and_says_where_the_thing_stands(plan, chief, now):
    with pytest.raises(Refusal) as refusal:
        move(plan, "sign", by=chief, at=now)
    assert "brouillon" in str(refusal.value) and "Rechargez" in refusal.value.remedy
    assert Plan.objects.get().state == "draft" and not Entry.objects.exists()


def test_a_move_without_the_right_is_refused(plan, person, now):
    with pytest.raises(Forbidden):
        move(plan, "consult", by=person("sector-chief", "sector", "5"), at=now)
    assert Plan.objects.get().state == "draft" and not Entry.objects.exists()


def test_a_deactivated_person_moves_nothing(plan, person, now):
    with pytest.raises(Forbidden):
        move(plan, "consult", by=person("sector-chief", "sector", "19", is_active=False), at=now)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_move_that_needs_a_reason_refuses_silence(plan, chief, now, reason):
    move(plan, "consult", by=chief, at=now)
    with pytest.raises(Refusal, match="motif"):
        move(plan, "reopen", by=chief, at=now, reason=reason)
    assert move(plan, "reopen", by=chief, at=now, reason="deux actions manquent").state == "draft"


def test_the_reason_stays_out_of_the_journal(plan, chief, now):
    move(plan, "consult", by=chief, at=now)
    move(plan, "reopen", by=chief, at=now, reason="Madame X s’y oppose")
    assert not any("Madame" in str(line.codes) for line in Entry.objects.all())


def test_a_gate_that_is_not_met_names_its_blockers(plan, chief, now):
    with pytest.raises(Refusal) as refusal:
        move(plan, "consult", by=chief, at=now, check=lambda locked: ["Deux actions n’ont pas de direction."])
    assert refusal.value.blockers == ("Deux actions n’ont pas de direction.",)
    assert Plan.objects.get().state == "draft"


def test_a_failure_after_the_move_undoes_it_whole(plan, chief, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        move(plan, "consult", by=chief, at=now)
        raise ZeroDivisionError
    assert Plan.objects.get().state == "draft" and not Entry.objects.exists()


def test_the_database_refuses_a_state_written_by_hand(plan):
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.update(state="signed")
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.state = "signed"
        plan.save()


def test_after_a_move_the_database_is_guarded_again_in_the_same_transaction(plan, chief, now):
    with transaction.atomic():
        move(plan, "consult", by=chief, at=now)
        with pytest.raises(IntegrityError), transaction.atomic():
            Plan.objects.update(state="signed")


def test_only_the_steps_that_the_person_may_take_are_shown(plan, chief, person):
    assert [step.code for step in available_moves(plan, chief)] == ["consult"]
    assert available_moves(plan, person("auditor")) == []


@pytest.mark.django_db(transaction=True)
def test_when_two_people_move_the_same_plan_at_once_one_wins_and_the_other_is_told(person, now):
    plan = draft(now)
    people = [person("sector-chief", "sector", "19"), person("roadmap-pilot")]
    start, outcomes = threading.Barrier(2), []

    def attempt(someone):
        try:
            start.wait(5)
            move(Plan.objects.get(pk=plan.pk), "consult", by=someone, at=now)
            outcomes.append("moved")
        except Refusal as refusal:
            outcomes.append(refusal.remedy)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=(someone,)) for someone in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes, key=len)[0] == "moved"
    assert "quelqu’un est peut-être passé avant vous" in sorted(outcomes, key=len)[1]
    assert Entry.objects.filter(verb="plan.consult").count() == 1


def flow(*moves, states=("a", "b")):
    return Workflow("x", tuple(State(s, s) for s in states), moves)


def test_a_table_tells_its_own_faults():
    assert flow(Move("go", "Aller", ("a",), "b", "p")).faults() == []
    assert flow(Move("go", "Aller", ("a",), "c", "p")).faults() == ["go: unknown state c", "nothing leads to b"]
    assert flow().faults() == ["nothing leads to b"]
