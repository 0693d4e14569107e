"""A partner is asked for its part; it accepts, declines or proposes otherwise; silence is seen."""

from datetime import date

import drafts
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps.actions import commitments as acts
from parvis.domains.roadmaps.models import Answer, Commitment
from parvis.domains.roadmaps.queries import commitments as queries
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.organisation.models import Directorate

TODAY = date(2026, 11, 24)


@pytest.fixture
def action(db):
    return drafts.plan().placements.get().action


@pytest.fixture
def deve(person):
    return person("contributor", "directorate", "DEVE")


def ask(action, by, now, code="DEVE", part="Planter douze arbres", due=None):
    return acts.ask(action, Directorate.objects.get(code=code), part, due, by=by, at=now)


def test_a_directorate_has_ten_working_days_to_answer(action, person, now):
    asked = ask(action, person("sector-chief", "sector", "19"), now)
    assert (asked.state, asked.asked_on, asked.answer_due_on) == ("asked", TODAY, date(2026, 12, 8))


def test_it_accepts_and_the_day_is_kept(action, deve, now):
    asked = drafts.asked(action)
    acts.accept(asked, by=deve, at=now)
    asked.refresh_from_db()
    answer = Answer.objects.get()
    assert (asked.state, asked.answered_on, answer.by, answer.state) == ("accepted", TODAY, deve, "accepted")


@pytest.mark.parametrize(("move", "state"), [("decline", "declined"), ("amend", "amended")])
def test_declining_or_proposing_otherwise_demands_a_reason(action, deve, now, move, state):
    asked = drafts.asked(action)
    with pytest.raises(Refusal, match="motif"):
        acts.answer(asked, move, by=deve, at=now, reason=" ")
    assert not Answer.objects.exists()
    acts.answer(asked, move, by=deve, at=now, reason="Pas avant le second semestre.")
    asked.refresh_from_db()
    assert asked.state == state and Answer.objects.get().reason == "Pas avant le second semestre."


@pytest.mark.parametrize(
    ("role", "kind", "scope"),
    [
        ("contributor", "directorate", "DASCO"),
        ("sector-chief", "sector", "19"),
        ("roadmap-pilot", "house", ""),
        (None, "house", ""),
    ],
)
def test_nobody_answers_for_another_directorate(action, person, now, role, kind, scope):
    asked = drafts.asked(action)
    with pytest.raises(Forbidden):
        acts.accept(asked, by=person(role, kind, scope), at=now)
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_it_is_asked_again_after_a_refusal_with_a_new_day(action, deve, person, now):
    asked = drafts.asked(action)
    chief = person("sector-chief", "sector", "19")
    with pytest.raises(Refusal):
        acts.ask_again(asked, by=chief, at=now)
    acts.decline(asked, "Pas de crédits.", by=deve, at=now)
    acts.ask_again(asked, by=chief, at=now, part="Planter six arbres")
    asked.refresh_from_db()
    assert (asked.state, asked.part, asked.answered_on) == ("asked", "Planter six arbres", None)
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"code": "DVD"}, "pilote déjà"), ({"part": "  "}, "ce qui est demandé"), ({"due": TODAY}, "déjà passé")],
)
def test_an_unfounded_request_is_refused(action, person, now, fields, told):
    with pytest.raises(Refusal, match=told):
        ask(action, person("roadmap-pilot"), now, **fields)
    assert not Commitment.objects.exists()


def test_a_directorate_is_asked_once_for_an_action(action, person, now):
    pilot = person("roadmap-pilot")
    ask(action, pilot, now)
    with pytest.raises(Refusal, match="déjà été sollicitée"):
        ask(action, pilot, now)


def test_another_sector_does_not_ask(action, person, now):
    with pytest.raises(Forbidden):
        ask(action, person("sector-chief", "sector", "18"), now)


def test_silence_alerts_the_day_after_the_due_day(action):
    drafts.asked(action)  # due on 26 January
    assert not queries.silent(date(2026, 1, 26)).exists()
    assert queries.silent(date(2026, 1, 27)).count() == 1


def test_accepting_several_is_all_or_nothing(action, person, deve, now):
    mine, other = drafts.asked(action), drafts.asked(action, "DASCO")
    with pytest.raises(Forbidden):
        acts.accept_all([mine, other], by=deve, at=now)
    mine.refresh_from_db()
    assert mine.state == "asked"


# The page


def test_the_page_shows_all_that_is_asked_and_answers_in_place(client, action, deve):
    asked = drafts.asked(action)
    client.force_login(deve)
    page = client.get("/feuilles-de-route/engagements/")
    assert action.title in page.content.decode() and "Planter" in page.content.decode()
    client.post(f"/feuilles-de-route/engagements/{asked.pk}/accept/")
    asked.refresh_from_db()
    assert asked.state == "accepted"


def test_a_forged_id_of_another_directorate_is_not_found(client, action, deve, now):
    other = drafts.asked(action, "DASCO")
    client.force_login(deve)
    assert client.post(f"/feuilles-de-route/engagements/{other.pk}/accept/").status_code == 404
    assert client.post("/feuilles-de-route/engagements/accepter/", {"pk": [other.pk]}).status_code == 409
    other.refresh_from_db()
    assert other.state == "asked"


def test_the_page_takes_as_many_queries_for_one_as_for_fifty(client, action, deve):
    client.force_login(deve)
    drafts.asked(action)
    plan = action.placements.get().plan

    def count():
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get("/feuilles-de-route/engagements/").status_code == 200
        return len(queries_made)

    count()  # the first request of a session does more: it opens it
    one = count()
    for n in range(49):
        drafts.asked(drafts.action(plan, f"X-{n}"), state="asked" if n % 2 else "accepted")
    assert count() == one


def test_those_who_answer_for_nobody_are_refused(client, person):
    client.force_login(person("elected-reader"))
    assert client.get("/feuilles-de-route/engagements/").status_code == 403
