"""A thematic plan is deployed measure by measure, sector by sector; the white zones are named."""

from datetime import date
from decimal import Decimal

import drafts
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps.actions import deployments as acts
from parvis.domains.roadmaps.models import Deployment
from parvis.domains.roadmaps.queries import deployments as queries
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.territories.models import Sector


@pytest.fixture
def plan(db):
    return drafts.plan(None, kind="thematic", state="in_execution")


@pytest.fixture
def chief(person):
    return person("sector-chief", "sector", "19")


def cell(plan, sector="19", **fields):
    return Deployment.objects.create(
        placement=plan.placements.first(), sector=Sector.objects.get(code=sector), **fields
    )


def address(plan, sector="19"):
    return f"/feuilles-de-route/plans/{plan.code}/deploiement/{plan.placements.first().action.code}/{sector}/"


def test_a_measure_is_planned_begun_and_deployed_each_on_its_day(plan, chief, now):
    kept = cell(plan)
    for code, state in (("plan", "planned"), ("begin", "under_way"), ("deploy", "deployed")):
        acts.advance(kept, code, by=chief, at=now, on=date(2026, 11, 2))
        kept.refresh_from_db()
        assert (kept.state, kept.state_on) == (state, date(2026, 11, 2))


@pytest.mark.parametrize(
    ("code", "fields", "told"),
    [
        ("deploy", {}, "n’est pas possible"),
        ("fly", {}, "n’existe pas"),
        ("plan", {"on": date(2026, 11, 25)}, "l’avenir"),
    ],
)
def test_a_step_out_of_order_unknown_or_in_the_future_is_refused(plan, chief, now, code, fields, told):
    kept = cell(plan)
    with pytest.raises(Refusal, match=told):
        acts.advance(kept, code, by=chief, at=now, **fields)
    kept.refresh_from_db()
    assert (kept.state, kept.state_on) == ("not_planned", None)


def test_suspending_demands_a_reason_and_keeps_it(plan, chief, now):
    kept = cell(plan, state="under_way")
    with pytest.raises(Refusal, match="motif"):
        acts.advance(kept, "suspend", by=chief, at=now)
    acts.advance(kept, "suspend", by=chief, at=now, reason="Marché infructueux.")
    kept.refresh_from_db()
    assert (kept.state, kept.reason) == ("suspended", "Marché infructueux.")


def test_means_are_never_negative(plan, chief, now):
    kept = cell(plan)
    with pytest.raises(Refusal, match="négatifs"):
        acts.note(kept, by=chief, at=now, means_cents=-1)


def test_a_neighbour_reads_and_writes_nothing(client, plan, person, now):
    kept, neighbour = cell(plan), person("sector-chief", "sector", "18")
    with pytest.raises(Forbidden):
        acts.advance(kept, "plan", by=neighbour, at=now)
    client.force_login(neighbour)
    assert client.post(address(plan), {"move": "plan"}).status_code == 403
    assert client.post(address(plan), {"euros": "10", "lesson": "x"}).status_code == 403
    kept.refresh_from_db()
    assert (kept.state, kept.means_cents) == ("not_planned", 0)


def test_the_cell_is_written_in_the_browser_in_euros(client, plan, chief):
    kept = cell(plan)
    client.force_login(chief)
    client.post(
        address(plan), {"euros": "1234.50", "fte": "1.5", "lesson": "Associer la mairie.", "sequel": "Étendre."}
    )
    kept.refresh_from_db()
    assert (kept.means_cents, kept.fte, kept.lesson, kept.sequel) == (
        123450,
        Decimal("1.5"),
        "Associer la mairie.",
        "Étendre.",
    )
    assert client.post(address(plan), {"euros": "-3"}).status_code == 400
    client.post(address(plan), {"move": "plan"})
    kept.refresh_from_db()
    assert (kept.state, kept.means_cents) == ("planned", 123450)


@pytest.mark.parametrize("sector", ["99", "75119"])
def test_a_cell_that_is_not_there_is_not_found(client, plan, chief, sector):
    client.force_login(chief)
    assert client.get(address(plan, sector)).status_code == 404


def test_a_roadmap_has_no_deployment_page(client, chief):
    client.force_login(chief)
    assert client.get(f"/feuilles-de-route/plans/{drafts.plan().code}/deploiement/").status_code == 404


def test_totals_and_white_zones(plan, chief):
    cell(plan, "19", state="deployed", means_cents=500, fte=1)
    cell(plan, "20", state="under_way", means_cents=700)
    cell(plan, "18", state="not_planned")
    found = queries.grid(plan, chief)
    assert (found.total.deployed, found.total.cells, found.total.means_cents, found.total.fte) == (1, 17, 1200, 1)
    assert {s.code: t.means_cents for s, t in found.by_sector}["20"] == 700
    assert len(found.measures[0].white) == 15 and "dans le 18e" not in found.measures[0].white_words
    assert found.measures[0].white_words.startswith("non prévue à Paris Centre, dans le 5e")


def test_a_draft_elsewhere_does_not_show_its_cells(person):
    hidden = drafts.plan(None, kind="thematic", state="draft")
    cell(hidden, state="deployed")
    assert queries.grid(hidden, person("elected-reader")).total.deployed == 0


def test_the_matrix_takes_as_many_queries_for_one_measure_as_for_fifty(client, plan, chief):
    client.force_login(chief)
    cell(plan, state="deployed")

    def count():
        with CaptureQueriesContext(connection) as made:
            assert client.get(f"/feuilles-de-route/plans/{plan.code}/deploiement/").status_code == 200
        return len(made)

    count()  # the first request of a session does more: it opens it
    one = count()
    sector = Sector.objects.get(code="20")
    for n in range(50):
        placement = drafts.action(plan, f"X-{n}").placements.get()
        Deployment.objects.create(placement=placement, sector=sector, state="planned", lesson="Vu.")
    assert count() == one
