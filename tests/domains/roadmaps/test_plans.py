"""The overview of the 17 roadmaps and the page of a plan: what they say, to whom, at what cost."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.models import Action, Campaign, CampaignStage, Deployment, Mandate, MeansLine, Placement
from parvis.domains.roadmaps.queries import plan_page, plans
from parvis.kernel.territories.models import Sector

TODAY = date(2026, 11, 24)
PERIOD = plans.Period(2026, "2026-2032")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 24, 9, tzinfo=UTC))


def made(sector="19", *, actions=1, signed=True, **fields):
    """A roadmap of 2026, signed (by the house itself) unless told otherwise."""
    plan = drafts.plan(sector, actions=actions, mandate=Mandate.objects.get(code="2026-2032"), **fields)
    if signed:
        drafts.walk(plan, *drafts.WAY, "sign", "start")
        type(plan).objects.filter(pk=plan.pk).update(signed_on=date(2026, 3, 26), version=1)
    plan.refresh_from_db()
    return plan


def lines_seen_by(person):
    return plans.lines(person, PERIOD, TODAY)


def test_the_overview_says_who_has_not_signed_and_what_is_late():
    for sector in ("5", "19"):
        made(sector, actions=2)
    Action.objects.filter(code="roadmap-19-2026-1").update(status="late")
    found = lines_seen_by(AnonymousUser())
    assert plans.overview_sentence(found[1:2] + found[14:16], PERIOD) == (
        "2 feuilles de route sur 3 sont signées ; le 18e ne l’est pas encore. 1 action sur 4 est en retard."
    )


def test_the_overview_says_that_nothing_is_signed_and_what_is_prepared(person):
    made("19", signed=False)
    found = lines_seen_by(person("roadmap-pilot"))
    assert plans.overview_sentence(found, PERIOD) == (
        "Aucune feuille de route 2026 n’est encore signée. 1 est en préparation."
    )


def test_all_signed_and_nothing_late_is_said_too():
    for sector in ("19", "20"):
        made(sector, actions=3)
    assert plans.overview_sentence(lines_seen_by(AnonymousUser())[15:], PERIOD) == (
        "Les 2 feuilles de route sont signées. Aucune de leurs 6 actions n’est en retard."
    )


def test_a_dropped_action_is_no_longer_followed():
    plan = made("19", actions=2)
    drafts.move(Action.objects.get(code="roadmap-19-2026-1"), "drop", by=None, at=drafts.BORN, reason="faute de moyens")
    Action.objects.filter(code="roadmap-19-2026-1").update(status="dropped")
    tally = plans.tally_of(plan, AnonymousUser(), TODAY)
    assert (tally.live, tally.total, tally.statuses["dropped"]) == (1, 2, 1)


def test_the_shares_of_an_empty_plan_are_nothing_rather_than_zero():
    tally = plans.tally_of(made("19", actions=0), AnonymousUser(), TODAY)
    assert tally.operational_share is None
    assert tally.located_share is None


def test_the_public_and_other_sectors_know_nothing_of_a_draft(person):
    made("8", signed=False)
    for someone in (AnonymousUser(), person("sector-chief", "sector", "19"), person("elected-reader")):
        assert all(line.plan is None for line in lines_seen_by(someone))
    for someone in (person("sector-chief", "sector", "8"), person("district-office", "sector", "8"), person("auditor")):
        assert [line.plan.code for line in lines_seen_by(someone) if line.plan] == ["roadmap-8-2026"]


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("sector-chief", ("sector", "8"), 200), ("district-office", ("sector", "8"), 200), ("roadmap-pilot", (), 200),
        ("auditor", (), 200), ("data-officer", (), 200), ("sector-chief", ("sector", "19"), 404),
        ("district-office", ("sector", "19"), 404), ("elected-reader", (), 404), (None, (), 404),
    ],
)  # fmt: skip
def test_a_draft_opens_to_its_own_sector_and_to_the_house_alone(client, person, role, scope, status):
    plan = made("8", signed=False)
    client.force_login(person(role, *scope))
    assert client.get(reverse("roadmaps:plan", args=[plan.code])).status_code == status


def test_a_signed_plan_is_public_and_tells_nothing_of_what_waits(client):
    plan = made("19")
    drafts.asked(plan.placements.get().action)
    page = client.get(reverse("roadmaps:plan", args=[plan.code]))
    assert page.status_code == 200
    assert page.context["waiting"] == []
    assert page.context["steps"] == []
    assert "n’a pas répondu" not in page.content.decode()


def test_the_staff_read_what_a_plan_waits_for(client, person):
    plan = made("19")
    drafts.asked(plan.placements.get().action)
    client.force_login(person("sector-chief", "sector", "19"))
    waiting = client.get(reverse("roadmaps:plan", args=[plan.code])).context["waiting"]
    assert any(todo.sentence.startswith("La DEVE n’a pas répondu pour « Action") for todo in waiting)


def test_a_contributor_sees_her_part_of_a_draft_and_no_hole_is_drawn_from_it(client, person):
    plan = made("19", signed=False, actions=2)
    drafts.action(plan, "X-1", lead="DEVE")
    client.force_login(person("contributor", "directorate", "DEVE"))
    context = client.get(reverse("roadmaps:plan", args=[plan.code])).context
    assert context["sentence"] == "1 action de votre direction dans ce plan, encore en préparation."
    assert not context["holes"]
    matrix = client.get(reverse("roadmaps:coverage")).context["matrix"]
    assert not any(row.is_known for row in matrix.rows)


def test_the_standfirst_counts_policies_and_names_the_hole_that_most_peers_fill(client):
    from parvis.domains.roadmaps.models import PublicPolicy

    housing, sport = (PublicPolicy.objects.get(code=code) for code in ("logement", "sport"))
    ours = made("19", actions=1)
    for sector in ("5", "6"):
        drafts.action(made(sector, actions=0), f"H-{sector}", policy=housing)
    drafts.action(plans.found(AnonymousUser(), "roadmap-5-2026"), "S-5", policy=sport)
    sentence = client.get(reverse("roadmaps:plan", args=[ours.code])).context["sentence"]
    assert sentence == (
        "1 action, 1 politique publique sur 14. Le logement n’a aucune action ici ; 2 autres secteurs en ont une. "
        "12 autres politiques manquent."
    )


def test_nothing_is_said_of_peers_that_the_reader_does_not_see(client, person):
    plan = made("19", signed=False)
    client.force_login(person("sector-chief", "sector", "19"))
    page = client.get(reverse("roadmaps:plan", args=[plan.code]))
    assert page.context["sentence"].startswith("1 action, 1 politique publique sur 14.")
    assert "autre secteur" not in page.content.decode()
    assert "autres secteurs" not in page.content.decode()


def test_progress_is_null_and_names_the_silent_actions_unless_all_reported():
    plan = made("19", actions=3)
    Action.objects.filter(code__in=["roadmap-19-2026-1", "roadmap-19-2026-2"]).update(progress=50)
    actions = plan_page.live_actions(plan_page.chapters(plan, AnonymousUser()))
    found = plan_page.progress_of(actions)
    assert found.value is None
    assert plan_page.progress_gap(found, len(actions)) == (
        "1 action sur 3 ne dit pas encore où elle en est : « Action roadmap-19-2026-3 »."
    )
    Action.objects.update(progress=Decimal(50))
    actions = plan_page.live_actions(plan_page.chapters(plan, AnonymousUser()))
    assert plan_page.progress_of(actions).value == Decimal(50)


def test_missing_criteria_are_ranked_and_lead_to_the_list_they_count(client):
    plan = made("19", actions=3)
    Action.objects.update(grade=7, grade_missing=["place"])
    Action.objects.filter(code="roadmap-19-2026-1").update(grade=6, grade_missing=["place", "owner"])
    missing = client.get(reverse("roadmaps:plan", args=[plan.code])).context["missing"]
    assert [(each.code, each.number) for each in missing] == [("place", 3), ("owner", 1)]
    assert missing[0].url.endswith(f"?plan={plan.code}&missing=place")


def campaign(due_on=date(2026, 3, 31)):
    opened = Campaign.objects.create(code="c-2026", title="Campagne 2026", year=2026, opens_on=date(2026, 1, 5))
    CampaignStage.objects.create(
        campaign=opened, code="sign", label="Signée", target_state="signed", order=1, working_days=60, due_on=due_on
    )
    return opened


def pace_of(sector, person):
    return next(line.pace for line in lines_seen_by(person) if line.sector.code == sector)


def test_a_signed_plan_says_how_early_it_was(person):
    made("19", campaign=campaign())
    assert pace_of("19", AnonymousUser()).words == "signée, 5 jours d’avance"


def test_an_unsigned_plan_past_its_stage_says_how_late_it_is(person):
    made("19", signed=False, campaign=campaign(date(2026, 11, 20)))
    pace = pace_of("19", person("auditor"))
    assert (pace.words, pace.tone) == ("« Signée » : 4 jours de retard", "bad")


def test_an_unsigned_plan_before_its_stage_says_how_long_is_left(person):
    made("19", signed=False, campaign=campaign(date(2026, 12, 24)))
    assert pace_of("19", person("auditor")).words == "« Signée » dans 30 j"


def test_the_period_of_the_address_wins_else_the_year_that_runs():
    offered = [plans.Period(2027, "2026-2032"), PERIOD, plans.Period(2026, "2020-2026")]
    assert plans.chosen_period(offered, "2026.2020-2026", TODAY).mandate == "2020-2026"
    assert plans.chosen_period(offered, "", TODAY) == PERIOD
    assert plans.chosen_period(offered, "1999.x", TODAY) == PERIOD
    assert plans.chosen_period([], "", TODAY).year == 2026


def test_winning_projects_are_grouped_by_edition_with_their_budget():
    plan = drafts.plan("19", year=2023, kind="winners", state="draft", actions=2)
    drafts.walk(plan, *drafts.WAY, "sign", "start")
    MeansLine.objects.update(amount_cents=25_000_00)
    (edition,) = plans.editions(AnonymousUser())
    assert (edition.year, edition.projects, edition.cents) == (2023, 2, 50_000_00)
    assert plans.editions(AnonymousUser(), "5") == []


def test_a_thematic_plan_tells_how_far_it_is_deployed():
    plan = drafts.walk(drafts.plan(None, kind="thematic"), *drafts.WAY, "sign", "start")
    placement = Placement.objects.get(plan=plan)
    Deployment.objects.create(placement=placement, sector=Sector.objects.get(code="19"), state="deployed")
    Deployment.objects.create(placement=placement, sector=Sector.objects.get(code="5"), state="planned")
    (line,) = plans.thematic(AnonymousUser(), TODAY)
    assert (line.deployed, line.deployments_count) == (1, 2)


@pytest.mark.parametrize("name", ["overview", "coverage", "multi_directorate"])
def test_a_page_costs_as_many_queries_for_1_action_as_for_50(client, person, name):
    plan = made("19")
    drafts.asked(plan.placements.get().action)
    client.force_login(person("roadmap-pilot"))
    assert _queries(client, name) == _queries_with_50(client, plan, name)


def test_a_plan_costs_as_many_queries_for_1_action_as_for_50(client, person):
    plan = made("19")
    drafts.asked(plan.placements.get().action)
    client.force_login(person("sector-chief", "sector", "19"))
    assert _queries(client, "plan", plan.code) == _queries_with_50(client, plan, "plan", plan.code)


def _queries(client, name, *arguments) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(reverse(f"roadmaps:{name}", args=arguments))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(f"roadmaps:{name}", args=arguments)).status_code == 200
    return len(captured)


def _queries_with_50(client, plan, name, *arguments) -> int:
    for number in range(49):
        drafts.asked(drafts.action(plan, f"N-{number}"))
    return _queries(client, name, *arguments)
