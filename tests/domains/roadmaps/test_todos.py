"""What waits for a person: only what she can do, in sentences with their delay, never a flood."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.models import Action, ActionIndicator, Campaign, CampaignStage, IndicatorValue, Milestone
from parvis.domains.roadmaps.queries import todos

TODAY = date(2026, 11, 24)
pytestmark = pytest.mark.django_db


def running(sector="19", **fields):
    return drafts.walk(drafts.plan(sector, **fields), *drafts.WAY, "sign", "start")


def told(person, kind, today=TODAY):
    return [todo for todo in todos.todos(person, today) if todo.kind == kind]


def first_action():
    return Action.objects.order_by("pk").first()


def test_a_directorate_is_asked_for_its_own_answers_and_no_other(person):
    running()
    drafts.asked(first_action(), "DEVE")
    (todo,) = told(person("contributor", "directorate", "DEVE"), "answer")
    assert todo.sentence == "La DEVE doit répondre pour « Action roadmap-19-2026-1 »"
    assert (todo.due_on, todo.urgency) == (date(2026, 1, 26), "late")
    assert told(person("contributor", "directorate", "DPE"), "answer") == []


def test_an_answer_is_late_the_day_after_it_was_due(person):
    running()
    drafts.asked(first_action(), "DEVE")
    someone = person("contributor", "directorate", "DEVE")
    assert told(someone, "answer", date(2026, 1, 26))[0].urgency == "watch"
    assert told(someone, "answer", date(2026, 1, 27))[0].urgency == "late"


def test_whoever_answers_for_the_whole_house_is_asked_for_her_own_directorate_alone(person):
    from parvis.kernel.organisation.models import Directorate

    running()
    drafts.asked(first_action(), "DEVE")
    head = person("directorate-head", directorate=Directorate.objects.get(code="DDCT"))
    assert told(head, "answer") == []
    drafts.asked(first_action(), "DDCT")
    assert len(told(head, "answer")) == 1


def test_an_answer_given_is_asked_no_more(person):
    running()
    drafts.asked(first_action(), "DEVE", state="accepted")
    assert told(person("contributor", "directorate", "DEVE"), "answer") == []


def test_many_answers_are_a_few_sentences_and_one_for_the_rest(person):
    running(actions=12)
    for action in Action.objects.all():
        drafts.asked(action, "DEVE")
    found = told(person("contributor", "directorate", "DEVE"), "answer")
    assert len(found) == 5
    assert found[-1].sentence == "8 autres réponses attendues de votre direction"


def test_whoever_steers_is_told_of_the_silences_in_one_sentence(person):
    running(actions=2)
    for action in Action.objects.all():
        drafts.asked(action, "DEVE")
    drafts.asked(first_action(), "DPE")
    chief = person("sector-chief", "sector", "19")
    (todo,) = told(chief, "silence")
    assert todo.sentence == "3 parts demandées restent sans réponse après l’échéance : DEVE 2 et DPE"
    assert told(person("sector-chief", "sector", "5"), "silence") == []


def test_a_signature_is_asked_of_whoever_holds_a_missing_pen(person):
    drafts.finalised("19")
    for role in ("district-office", "sector-chief"):
        (todo,) = told(person(role, "sector", "19"), "signature")
        assert todo.sentence == "Signer « Feuille de route 19 2026 »"
    assert told(person("district-office", "sector", "5"), "signature") == []
    assert told(person("contributor", "directorate", "DVD"), "signature") == []


def test_milestones_of_my_own_actions_are_named(person):
    me = person("contributor", "directorate", "DVD")
    running()
    Action.objects.update(owner=me)
    (todo,) = told(me, "milestone")
    assert todo.sentence == "Jalon « Marché » de « Action roadmap-19-2026-1 »"
    assert todo.due_on == date(2026, 5, 1)
    Milestone.objects.update(is_done=True)
    assert told(me, "milestone") == []


def test_a_forecast_replaces_the_planned_day(person):
    me = person("contributor", "directorate", "DVD")
    running()
    Action.objects.update(owner=me)
    Milestone.objects.update(forecast_on=TODAY + timedelta(days=30))
    assert told(me, "milestone") == []


def test_overdue_milestones_of_my_sector_are_counted(person):
    running(actions=3)
    Action.objects.update(sector_code="19")
    (todo,) = told(person("sector-chief", "sector", "19"), "milestones")
    assert todo.sentence == "3 jalons dépassés dans le 19e"
    assert told(person("sector-chief", "sector", "5"), "milestones") == []


def test_milestones_of_a_draft_or_of_winning_projects_do_not_press(person):
    drafts.plan("19")
    drafts.walk(drafts.plan("20", kind="winners"), *drafts.WAY, "sign", "start")
    assert told(person("roadmap-pilot"), "milestones") == []


def test_a_measure_is_expected_once_its_rhythm_has_passed(person):
    running()
    ActionIndicator.objects.update(every_days=30, baseline_on=date(2026, 10, 1))
    pilot = person("roadmap-pilot")
    assert told(pilot, "values", date(2026, 10, 31)) == []
    assert len(told(pilot, "values", date(2026, 11, 1))) == 1
    IndicatorValue.objects.create(
        indicator=ActionIndicator.objects.get(), measured_on=date(2026, 11, 1), value=1, reported_at=drafts.BORN
    )
    assert told(pilot, "values", date(2026, 11, 24)) == []


def test_a_review_is_due_by_its_rhythm_and_not_for_what_is_complete(person):
    running()
    Action.objects.update(review_every_days=60)
    pilot = person("roadmap-pilot")
    (todo,) = told(pilot, "review")
    assert todo.sentence == "Tenir la revue de « Action roadmap-19-2026-1 », prévue tous les 60 jours"
    Action.objects.update(status="complete")
    assert told(pilot, "review") == []


def test_a_stage_presses_two_weeks_before_and_names_the_sectors(person):
    campaign = Campaign.objects.create(code="c", title="Campagne", year=2026, opens_on=date(2026, 1, 5))
    CampaignStage.objects.create(
        campaign=campaign, code="f", label="Finalisée", target_state="finalised", order=1, working_days=50,
        due_on=date(2026, 3, 24),
    )  # fmt: skip
    for sector in ("8", "19"):
        drafts.plan(sector, campaign=campaign)
    pilot = person("roadmap-pilot")
    assert told(pilot, "stage", date(2026, 3, 9)) == []
    (todo,) = told(pilot, "stage", date(2026, 3, 10))
    assert (todo.sentence, todo.urgency) == ("Étape « Finalisée » à atteindre : le 8e et le 19e", "normal")
    assert told(person("sector-chief", "sector", "8"), "stage", date(2026, 3, 25))[0].sentence.endswith(": le 8e")
    assert told(person("auditor"), "stage", date(2026, 3, 25)) == []


def test_actions_to_complete_are_told_before_signature(person):
    plan = drafts.plan("19", actions=3)
    drafts.walk(plan, "consult", "arbitrate")
    Action.objects.filter(code="roadmap-19-2026-1").update(grade=5)
    (todo,) = told(person("sector-chief", "sector", "19"), "gaps")
    assert todo.sentence == "« Feuille de route 19 2026 » : 1 action sur 3 n’est pas encore opérationnelle"


def test_readers_and_auditors_are_asked_for_nothing(person):
    running(actions=2)
    drafts.asked(first_action())
    for role in ("elected-reader", "auditor", "data-officer"):
        assert list(todos.todos(person(role), TODAY)) == []


def test_keys_are_stable_and_kinds_have_a_french_name(person):
    running(actions=8)
    drafts.asked(first_action())
    pilot = person("roadmap-pilot")
    once, again = ([t.key for t in todos.todos(pilot, day)] for day in (TODAY, TODAY + timedelta(days=1)))
    assert once == again
    assert len(set(once)) == len(once)
    assert {t.kind for t in todos.todos(pilot, TODAY)} <= set(todos.KINDS)


def test_the_desk_costs_as_many_queries_for_1_action_as_for_50(person):
    plan = running()
    drafts.asked(first_action(), "DEVE")
    Action.objects.update(review_every_days=30)
    chief = person("sector-chief", "sector", "19")
    few = queries(chief)
    for number in range(49):
        drafts.asked(drafts.action(plan, f"N-{number}", review_every_days=30), "DEVE")
    assert queries(chief) == few


def queries(someone) -> int:
    someone.live_assignments()  # read once a request
    with CaptureQueriesContext(connection) as captured:
        list(todos.todos(someone, TODAY))
    return len(captured)
