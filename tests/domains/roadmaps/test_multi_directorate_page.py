"""The projects of several directorates on one page: each once, with the plans it stands in and what alerts."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.models import Action, Placement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 24, 9, tzinfo=UTC))


@pytest.fixture
def project():
    """One action of two directorates, standing in the roadmaps of the 19th and of the 5th."""
    plan = drafts.walk(drafts.plan("19"), *drafts.WAY, "sign", "start")
    other = drafts.walk(drafts.plan("5", actions=0), *drafts.WAY, "sign", "start")
    action = Action.objects.get()
    Placement.objects.create(plan=other, action=action)
    drafts.asked(action, "DEVE")
    drafts.action(plan, "ALONE")
    return action


def page_of(client, **asked):
    return client.get(reverse("roadmaps:multi_directorate"), asked)


def test_a_project_in_two_roadmaps_is_one_line_with_both(client, project):
    page = page_of(client)
    (row,) = page.context["page"]
    assert row.action == project
    assert {placement.plan.code for placement in row.action.seen_placements} == {"roadmap-19-2026", "roadmap-5-2026"}


def test_what_alerts_is_for_the_staff(client, person, project):
    assert "n’a pas répondu" not in page_of(client).content.decode()
    client.force_login(person("roadmap-pilot"))
    page = page_of(client)
    assert "La DEVE n’a pas répondu depuis 302 jours." in page.content.decode()
    assert page.context["sentence"] == (
        "1 projet est porté par au moins deux directions ; 1 demande qu’on s’en occupe."
    )


def test_the_filters_of_the_address_narrow_the_list(client, person, project):
    client.force_login(person("roadmap-pilot"))
    kept = {"directorate": "DEVE", "sector": "5", "awaited": "oui", "review": "retard", "lead": "aucun"}
    assert len(page_of(client, **kept).context["page"]) == 1
    project.commitments.get().delete()
    drafts.asked(project, "DPE", state="accepted")
    assert len(page_of(client, awaited="oui").context["page"]) == 0
    assert len(page_of(client, directorate="DEVE").context["page"]) == 0


def test_this_year_is_shown_unless_another_is_asked(client, project):
    assert len(page_of(client, year="2025").context["page"]) == 0
    assert len(page_of(client, year="").context["page"]) == 1


def test_a_project_of_a_draft_elsewhere_is_not_shown(client, person):
    drafts.plan("8")
    drafts.asked(Action.objects.get(), "DEVE")
    client.force_login(person("sector-chief", "sector", "19"))
    assert len(page_of(client).context["page"]) == 0
