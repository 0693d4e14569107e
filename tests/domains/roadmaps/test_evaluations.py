"""At year end every action has its outcome and its sentence; what is carried over keeps its lineage."""

import drafts
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps.actions.evaluations import carry_to_next_year, evaluate, evaluate_all
from parvis.domains.roadmaps.actions.plans import advance
from parvis.domains.roadmaps.models import Evaluation, Placement
from parvis.kernel import Forbidden, Refusal

SAID = "Le chantier a pris trois mois de retard."


@pytest.fixture
def chief(person):
    return person("sector-chief", "sector", "19")


@pytest.fixture
def plan(db):
    return drafts.plan(state="in_execution", version=1, actions=2)


def test_the_plan_is_not_evaluated_until_each_action_has_its_outcome(plan, chief, now):
    first, second = plan.placements.order_by("order")
    evaluate(first, "delivered", SAID, by=chief, at=now)
    with pytest.raises(Refusal) as refused:
        advance(plan, "evaluate", by=chief, at=now)
    assert len(refused.value.blockers) == 1 and second.action.title in refused.value.blockers[0]
    evaluate(second, "dropped", SAID, by=chief, at=now)
    assert advance(plan, "evaluate", by=chief, at=now).state == "evaluated"


def test_saying_it_again_replaces_it_until_the_plan_closes(plan, chief, now):
    placement = plan.placements.first()
    evaluate(placement, "partly", SAID, by=chief, at=now)
    evaluate(placement, "delivered", "Finalement ouvert.", by=chief, at=now)
    assert Evaluation.objects.get().outcome == "delivered"


@pytest.mark.parametrize("state", ["draft", "finalised", "signed", "evaluated", "archived"])
def test_a_plan_is_evaluated_during_its_execution_only(chief, now, state):
    plan = drafts.plan(state=state)
    with pytest.raises(Refusal, match="n’évalue pas"):
        evaluate(plan.placements.get(), "delivered", SAID, by=chief, at=now)
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize(("outcome", "sentence"), [("delivered", "  "), ("excellent", SAID), ("", SAID)])
def test_one_wrong_line_and_nothing_is_written(plan, chief, now, outcome, sentence):
    good, bad = plan.placements.order_by("order")
    with pytest.raises(Refusal) as refused:
        evaluate_all(plan, {good.pk: ("delivered", SAID), bad.pk: (outcome, sentence)}, by=chief, at=now)
    assert bad.action.title in refused.value.blockers[0] and not Evaluation.objects.exists()


def test_an_action_of_another_plan_is_refused(plan, chief, now):
    other = drafts.plan("18", state="in_execution").placements.get()
    with pytest.raises(Refusal, match="n’est pas dans ce plan"):
        evaluate_all(plan, {other.pk: ("delivered", SAID)}, by=chief, at=now)


def test_a_neighbour_does_not_evaluate(plan, person, now):
    with pytest.raises(Forbidden):
        evaluate(plan.placements.first(), "delivered", SAID, by=person("sector-chief", "sector", "18"), at=now)


def test_it_is_carried_to_next_year_once_and_without_a_copy(plan, chief, now):
    placement = plan.placements.first()
    evaluate(placement, "carried_over", SAID, by=chief, at=now)
    with pytest.raises(Refusal, match="n’existe pas encore"):
        carry_to_next_year(plan, by=chief, at=now)
    following = drafts.plan(year=2027, actions=0)
    assert [carry_to_next_year(plan, by=chief, at=now) for _ in range(2)] == [1, 0]
    placed = Placement.objects.get(plan=following)
    assert (placed.action, placed.carried_from) == (placement.action, placement)


def test_what_is_already_finalised_takes_nothing_more(plan, chief, now):
    evaluate(plan.placements.first(), "carried_over", SAID, by=chief, at=now)
    drafts.plan(year=2027, state="finalised")
    with pytest.raises(Refusal, match="déjà"):
        carry_to_next_year(plan, by=chief, at=now)


def test_who_steers_this_year_alone_writes_nothing_into_next_year(plan, person, now):
    pilot = person("roadmap-pilot", "plan", str(plan.pk))
    evaluate(plan.placements.first(), "carried_over", SAID, by=pilot, at=now)
    following = drafts.plan(year=2027, actions=0)
    with pytest.raises(Forbidden):
        carry_to_next_year(plan, by=pilot, at=now)
    assert not Placement.objects.filter(plan=following).exists()


# The page


def test_the_page_saves_what_was_chosen_and_leaves_the_rest(client, plan, chief):
    client.force_login(chief)
    placement = plan.placements.first()
    address = f"/feuilles-de-route/plans/{plan.code}/evaluation/"
    client.post(address, {f"outcome-{placement.pk}": "partly", f"sentence-{placement.pk}": SAID})
    assert [(e.placement, e.outcome) for e in Evaluation.objects.all()] == [(placement, "partly")]
    assert "1 action sur 2 a son résultat : 1 partiellement réalisée." in client.get(address).content.decode()


def test_the_page_takes_as_many_queries_for_one_as_for_fifty(client, plan, chief):
    client.force_login(chief)

    def count():
        with CaptureQueriesContext(connection) as made:
            assert client.get(f"/feuilles-de-route/plans/{plan.code}/evaluation/").status_code == 200
        return len(made)

    count()  # the first request of a session does more: it opens it
    one = count()
    for n in range(50):
        drafts.action(plan, f"X-{n}")
    assert count() == one


def test_those_who_only_read_do_not_prepare_the_evaluation(client, plan, person):
    client.force_login(person("elected-reader"))
    assert client.get(f"/feuilles-de-route/plans/{plan.code}/evaluation/").status_code == 403
