"""A campaign opens 17 roadmaps with last year's carried-over actions, and says where each stands, as of any day."""

from datetime import UTC, date, datetime

import drafts
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps.actions.campaigns import open_campaign
from parvis.domains.roadmaps.models import Axis, Campaign, Evaluation, Placement, Plan
from parvis.domains.roadmaps.queries import campaigns
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.workflow import move

OPENS = date(2026, 11, 3)
PAGE = "/feuilles-de-route/campagnes/2027/"


def at(year, month, day):
    return datetime(year, month, day, 9, 0, tzinfo=UTC)


@pytest.fixture
def head(person):
    return person("directorate-head")


@pytest.fixture
def campaign(head):
    return open_campaign(2027, OPENS, by=head, at=at(2026, 11, 3))


def rows(campaign, as_of, today=None):
    return campaigns.rows(campaign, list(campaign.stages.order_by("order")), as_of, today or as_of)


def row(found, sector):
    return next(r for r in found if r.plan.sector.code == sector)


def test_it_opens_seventeen_roadmaps_of_the_right_mandate(campaign):
    assert (campaign.plans.count(), campaign.stages.count(), campaign.mandate.code) == (17, 6, "2026-2032")
    assert Plan.objects.get(code="fdr-2027-centre").title == "Feuille de route de Paris Centre, 2027"


def test_a_roadmap_already_begun_joins_it(head):
    begun = drafts.plan("19", year=2027)
    opened = open_campaign(2027, OPENS, by=head, at=at(2026, 11, 3))
    begun.refresh_from_db()
    assert begun.campaign == opened and opened.plans.count() == 17


def test_what_was_carried_over_comes_in_with_its_lineage_and_no_copy(head):
    last = drafts.plan("19", year=2026, actions=2)
    carried, done = last.placements.order_by("order")
    for placement, outcome in ((carried, "carried_over"), (done, "delivered")):
        Evaluation.objects.create(placement=placement, outcome=outcome, sentence="Dit.", evaluated_on=OPENS)
    open_campaign(2027, OPENS, by=head, at=at(2026, 11, 3))
    placement = Placement.objects.get(plan__code="fdr-2027-19")
    assert (placement.action, placement.carried_from, placement.axis.code) == (carried.action, carried, "A1")
    assert Axis.objects.filter(plan__code="fdr-2027-19").count() == 1


def test_it_opens_once(campaign, head):
    with pytest.raises(Refusal, match="déjà ouverte"):
        open_campaign(2027, OPENS, by=head, at=at(2026, 11, 3))
    assert (Campaign.objects.count(), Plan.objects.count()) == (1, 17)


@pytest.mark.parametrize("opens_on", [date(2026, 5, 31), date(2027, 3, 2), date(2025, 11, 3)])
def test_it_does_not_open_at_an_odd_date(head, opens_on):
    with pytest.raises(Refusal, match="s’ouvre entre"):
        open_campaign(2027, opens_on, by=head, at=at(2026, 11, 3))


@pytest.mark.parametrize("role", ["sector-chief", "auditor", "elected-reader"])
def test_only_those_who_run_campaigns_open_one(person, role):
    with pytest.raises(Forbidden):
        open_campaign(2027, OPENS, by=person(role), at=at(2026, 11, 3))
    assert not Campaign.objects.exists()


def test_a_stage_is_read_from_the_journal_as_of_any_day(campaign):
    plan = campaign.plans.get(sector__code="19")
    move(plan, "consult", by=None, at=at(2026, 11, 20))
    move(plan, "reopen", by=None, at=at(2026, 12, 1), reason="à revoir")
    before, after = (row(rows(campaign, day, date(2026, 12, 10)), "19").cells[0] for day in (OPENS, date(2026, 11, 20)))
    assert (before.done_on, after.done_on, after.tone) == (None, date(2026, 11, 20), "good")
    reopened = row(rows(campaign, date(2026, 12, 10)), "19").cells[0]
    assert (reopened.tone, reopened.words) == ("bad", "11 j de retard")


@pytest.mark.parametrize(("day", "kept"), [(date(2027, 3, 31), 1), (date(2027, 4, 1), 0)])
def test_finalised_on_31_march_counts_and_the_day_after_does_not(campaign, day, kept):
    campaign.plans.filter(sector__code="19").update(finalised_on=day)
    found = rows(campaign, date(2027, 5, 3))
    q1 = campaigns.compliance(campaign, found, date(2027, 5, 3))
    assert (q1.kept, q1.total, q1.is_closed, "19e" in q1.missed) == (kept, 17, True, not kept)


def test_what_blocks_is_named(campaign):
    plan = campaign.plans.get(sector__code="19")
    weak = drafts.action(plan, "A-1", grade=5, grade_missing=["owner", "place", "means"])
    drafts.asked(weak)
    for code in drafts.WAY:
        move(plan, code, by=None, at=at(2026, 11, 20))
    told = [s for b in row(rows(campaign, date(2026, 11, 24)), "19").blockers for s in b.sentences]
    assert any("la " in s.lower() and "DEVE n’a pas répondu" in s for s in told)
    assert any("il manque : un responsable, des moyens, un lieu" in s for s in told)
    assert "Il manque la signature du maire d’arrondissement, de l’Exécutif et de l’administration." in told


def test_the_page_answers_in_one_sentence(client, campaign, head):
    client.force_login(head)
    page = client.get(PAGE).content.decode()
    assert "Où en est la campagne 2027" in page and "0 feuille de route sur 17 est finalisée" in page


def test_the_page_takes_as_many_queries_empty_as_with_fifty_actions(client, campaign, head):
    client.force_login(head)

    def count():
        with CaptureQueriesContext(connection) as made:
            assert client.get(PAGE).status_code == 200
        return len(made)

    for plan in campaign.plans.all():
        drafts.action(plan, f"{plan.code}-0", grade=3)
    count()  # the first request of a session does more: it opens it
    one = count()
    plan = campaign.plans.get(sector__code="19")
    for n in range(50):
        drafts.asked(drafts.action(plan, f"B-{n}", grade=3))
    assert count() == one


@pytest.mark.parametrize("role", ["elected-reader", None])
def test_the_campaign_is_not_shown_to_those_who_do_not_follow_it(client, campaign, person, role):
    client.force_login(person(role))
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("path", ["/feuilles-de-route/campagnes/1999/", "/feuilles-de-route/campagnes/campagne-x/"])
def test_a_campaign_that_is_not_there_is_not_found(client, campaign, head, path):
    client.force_login(head)
    assert client.get(path).status_code == 404


def test_a_day_that_is_not_one_is_refused_in_plain_words(client, campaign, head):
    client.force_login(head)
    answer = client.get(PAGE, {"au": "demain"})
    assert answer.status_code == 409 and "n’est pas une date" in answer.content.decode()
