"""The desk of a person and the front page of a visitor."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.models import Action, Mandate, SavedView
from parvis.kernel.faces import Todo
from parvis.web import visits
from parvis.web.views import desk

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def signed(sector="19", **fields):
    plan = drafts.plan(sector, mandate=Mandate.objects.get(code="2026-2032"), **fields)
    return drafts.walk(plan, *drafts.WAY, "sign", "start")


def test_the_desk_opens_on_how_many_things_wait_and_how_many_are_late(client, person):
    drafts.asked(_action(), "DEVE")
    client.force_login(person("contributor", "directorate", "DEVE", first_name="Inès"))
    page = client.get(reverse("web:home"))
    assert "Bonjour Inès" in page.content.decode()
    # the answer of the DEVE, and the milestone past due of the action it takes part in
    assert page.context["sentence"] == "2 choses vous attendent, dont 2 en retard."
    assert "La DEVE doit répondre" in page.content.decode()


def _action():
    signed()
    return Action.objects.get()


def test_nothing_waiting_is_said_in_words():
    assert desk.waiting_sentence([]) == "Rien ne vous attend aujourd’hui."


def test_the_sentence_agrees_in_number():
    late, later = Todo("a", "/", urgency="late"), Todo("b", "/")
    assert desk.waiting_sentence([later]) == "1 chose vous attend, aucune n’est en retard."
    assert desk.waiting_sentence([late, later]) == "2 choses vous attendent, dont 1 en retard."


def test_groups_without_anything_are_not_shown():
    groups = desk.grouped([Todo("a", "/", urgency="late"), Todo("b", "/", urgency="normal")])
    assert [code for code, _, _ in groups] == ["late", "normal"]


def test_help_is_for_the_first_visit_and_goes_away(client, person):
    someone = person("auditor")
    client.force_login(someone)
    assert client.get(reverse("web:home")).context["is_first"]
    assert client.get(reverse("web:home")).context["is_first"]  # reloading is the same visit
    visit = someone.desk_visit
    visit.seen_at = NOW - timedelta(days=2)
    visit.save()
    page = client.get(reverse("web:home"))
    assert not page.context["is_first"]
    assert page.context["since"] == NOW - timedelta(days=2)


def test_a_reload_within_the_hour_does_not_make_the_news_old(person):
    someone = person("auditor")
    assert visits.open_desk(someone, NOW) is None
    assert visits.open_desk(someone, NOW + timedelta(hours=3)) == NOW
    assert visits.open_desk(someone, NOW + timedelta(hours=3, minutes=59)) == NOW
    assert visits.open_desk(someone, NOW + timedelta(hours=9)) == NOW + timedelta(hours=3)


def test_what_is_late_is_what_the_person_may_do_something_about(client, person):
    signed("19")
    signed("5")
    Action.objects.update(status="late")
    client.force_login(person("sector-chief", "sector", "19"))
    assert [action.code for action in client.get(reverse("web:home")).context["late"]] == ["roadmap-19-2026-1"]
    client.force_login(person("elected-reader"))
    assert client.get(reverse("web:home")).context["late_count"] == 2


def test_my_plans_are_those_i_steer_and_my_lists_those_i_named(client, person):
    signed("19")
    signed("5")
    chief = person("sector-chief", "sector", "19")
    SavedView.objects.create(person=chief, name="Mes retards", query="status=late", created_at=NOW)
    SavedView.objects.create(person=person("auditor"), name="À elle", query="", created_at=NOW)
    client.force_login(chief)
    page = client.get(reverse("web:home"))
    assert [line.plan.code for line in page.context["plans"]] == ["roadmap-19-2026"]
    assert [view.name for view in page.context["views"]] == ["Mes retards"]


def test_the_visitor_meets_what_is_published_and_nothing_else(client):
    signed("19", actions=2)
    drafts.plan("8", mandate=Mandate.objects.get(code="2026-2032"))
    Action.objects.filter(code="roadmap-19-2026-1").update(status="complete")
    Action.objects.get(code="roadmap-19-2026-1").milestones.update(is_done=True, actual_on=date(2026, 11, 2))
    page = client.get(reverse("web:home"))
    assert page.context["signed"] == 1
    assert page.context["shares"]["19"] == 50
    assert page.context["shares"]["8"] is None
    assert [action.code for action in page.context["results"]] == ["roadmap-19-2026-1"]


def test_an_empty_house_still_has_a_front_page(client):
    assert "Aucune feuille de route 2026 n’est encore signée." in client.get(reverse("web:home")).content.decode()


def test_the_visitor_finds_her_sector_by_name(client):
    assert client.get(reverse("web:find_sector"), {"code": "19"}).url == reverse("web:sector", args=["19"])
    assert client.get(reverse("web:find_sector"), {"code": "nulle part"}).status_code == 404
