"""What the roadmaps tell on the page of a sector, to each reader what is hers."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps import panels
from parvis.domains.roadmaps.models import Action, Deployment, MeansLine, Placement
from parvis.kernel.territories.models import Sector

TODAY = date(2026, 11, 24)
pytestmark = pytest.mark.django_db


def signed(plan):
    return drafts.walk(plan, *drafts.WAY, "sign", "start")


def sector():
    return Sector.objects.get(code="19")


def test_a_sector_without_a_published_roadmap_says_nothing_to_the_public(client, person):
    drafts.plan("19")
    assert panels.roadmap(sector(), AnonymousUser(), TODAY)["plan"] is None
    assert panels.roadmap(sector(), person("sector-chief", "sector", "19"), TODAY)["plan"].code == "roadmap-19-2026"


def test_the_roadmap_of_the_year_is_shown_with_what_is_late():
    signed(drafts.plan("19", year=2025))
    signed(drafts.plan("19", actions=2))
    Action.objects.filter(code="roadmap-19-2026-2").update(status="late")
    shown = panels.roadmap(sector(), AnonymousUser(), TODAY)
    assert shown["plan"].code == "roadmap-19-2026"
    assert [action.code for action in shown["late"]] == ["roadmap-19-2026-2"]
    assert shown["standfirst"].startswith("2 actions, 1 politique publique sur 14.")


def test_the_roadmap_lends_its_figures_and_the_map_of_its_peers_to_the_top_of_the_page():
    signed(drafts.plan("19", actions=4))
    signed(drafts.plan("5"))
    drafts.plan("8")
    Action.objects.filter(code="roadmap-19-2026-1").update(status="late")
    Action.objects.filter(code="roadmap-19-2026-2").update(status="complete")
    shown = panels.roadmap(sector(), AnonymousUser(), TODAY)
    said = [(each["label"], each["value"], each["unit"]) for each in shown["figures"]]
    assert said[:2] == [("Actions terminées", "1", "sur 4"), ("En retard", "1", "sur 4")]
    assert set(shown["map"]["values"]) == {"19", "5"}  # the 8e is still a draft, which the public does not see


def test_next_year_in_preparation_does_not_hide_the_year_that_runs(person):
    signed(drafts.plan("19"))
    drafts.plan("19", year=2027)
    chief = person("sector-chief", "sector", "19")
    assert panels.roadmap(sector(), chief, TODAY)["plan"].code == "roadmap-19-2026"


def test_winning_projects_of_this_sector_alone_are_counted():
    signed(drafts.plan("19", year=2023, kind="winners", actions=2))
    signed(drafts.plan("5", year=2023, kind="winners"))
    MeansLine.objects.update(amount_cents=100)
    Action.objects.filter(code="winners-19-2023-1").update(status="complete")
    shown = panels.winners(sector(), AnonymousUser(), TODAY)
    assert shown["sentence"] == "2 projets choisis par les habitants ; 1 terminé."
    assert shown["editions"][0].cents == 200


def test_measures_are_counted_by_state_with_the_means_that_follow():
    plan = signed(drafts.plan(None, kind="thematic"))
    placement = Placement.objects.get(plan=plan)
    Deployment.objects.create(
        placement=placement, sector=sector(), state="deployed", state_on=TODAY, means_cents=5_000_00, fte=2
    )
    Deployment.objects.create(placement=placement, sector=Sector.objects.get(code="5"), state="planned")
    shown = panels.measures(sector(), AnonymousUser(), TODAY)
    assert (shown["states"], shown["total"], shown["means"]["cents"]) == (["1 déployée"], 1, 5_000_00)


def test_the_list_of_priority_neighbourhoods_counts_what_it_opens(client):
    signed(drafts.plan("19", actions=3))
    Action.objects.filter(code="roadmap-19-2026-1").update(in_priority_neighbourhood=True)
    shown = panels.priority(sector(), AnonymousUser(), TODAY)
    assert (shown["inside"], shown["total"]) == (1, 3)
    listed = client.get(f"{reverse('roadmaps:actions')}?{shown['query']}")
    assert listed.context["page"].paginator.count == 1


def test_the_sector_page_gathers_the_panels(client):
    signed(drafts.plan("19", actions=2))
    page = client.get(reverse("web:sector", args=["19"]))
    assert "Feuille de route 19 2026" in page.content.decode()
    assert "Projets lauréats" not in page.content.decode()  # nothing to say, nothing written
