"""The matrix names its holes and how many peers fill them, and shows a person nothing that is not hers."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps.coverage import Heading, Matrix, Shares
from parvis.domains.roadmaps.models import Action, Commitment, Mandate, Placement, Plan, PublicPolicy
from parvis.domains.roadmaps.queries import coverage
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.territories.models import Sector

TODAY = date(2026, 11, 24)
ROWS = tuple(Heading(code, name) for code, name in (("centre", "Centre"), ("18", "18e"), ("19", "19e")))
COLUMNS = (Heading("logement", "Logement"), Heading("sport", "Sport"))


# The table, from counts alone


def test_a_hole_is_named_with_how_many_peers_fill_it():
    found = Matrix(ROWS, COLUMNS, {("centre", "logement"): 2, ("18", "logement"): 1, ("19", "sport"): 1})
    sentences = [hole.sentence for hole in found.holes]
    assert sentences[0] == "Le logement n’a aucune action dans le 19e ; 2 autres secteurs en ont une."
    assert sentences[1] == "Le sport n’a aucune action à Paris Centre ; 1 autre secteur en a une."


def test_a_policy_that_nobody_covers_is_a_hole_everywhere():
    holes = Matrix(ROWS, COLUMNS, {}).holes
    assert len(holes) == 6
    assert all("aucun autre secteur n’en a" in hole.sentence for hole in holes)


def test_a_sector_whose_roadmap_is_not_shown_has_no_hole_and_is_nobody_s_peer():
    rows = (*ROWS[:2], Heading("19", "19e", is_known=False))
    found = Matrix(rows, COLUMNS, {("18", "logement"): 1, ("19", "logement"): 4, ("19", "sport"): 1})
    line = found.lines[2]
    assert (line.ratio, line.holes, line.total) == (None, (), 0)
    assert [cell.count for cell in line.cells] == [None, None]
    assert found.peers("centre", "logement") == 1
    assert found.column_total("sport") == 0


def test_coverage_is_the_share_of_policies_with_at_least_one_action():
    found = Matrix(ROWS, COLUMNS, {("centre", "logement"): 9, ("18", "logement"): 1, ("18", "sport"): 1, ("18", ""): 3})
    assert [line.ratio for line in found.lines] == [0.5, 1, 0]
    assert found.ratio == 0.5
    assert found.lines[1].total == 5


def test_no_policy_and_no_action_make_no_ratio():
    assert Matrix(ROWS, (), {}).ratio is None
    assert (Shares().map_reflex, Shares().multi_share) == (None, None)
    assert Shares(4, 1, 2).map_reflex == 0.25


# The real counts


@pytest.fixture
def roadmap(db, now):
    def make(sector: str, state: str = "signed", year: int = 2026, mandate: str = "2026-2032") -> Plan:
        return Plan.objects.create(
            code=f"FR-{sector}-{year}-{mandate}", kind="roadmap", title=f"Feuille {sector}", year=year, state=state,
            sector=Sector.objects.get(code=sector), created_at=now, mandate=Mandate.objects.get(code=mandate),
        )  # fmt: skip

    return make


@pytest.fixture
def standing(now):
    def make(plan: Plan, policy: str = "logement", lead: str = "DLH", **fields) -> Action:
        action = Action.objects.create(
            code=f"{plan.code}-{Action.objects.count()}", title="x", created_at=now, changed_at=now,
            policy=PublicPolicy.objects.filter(code=policy).first(), lead=Directorate.objects.filter(code=lead).first(),
            **fields,
        )  # fmt: skip
        Placement.objects.create(plan=plan, action=action)
        return action

    return make


@pytest.fixture
def pilot(person):
    return person("roadmap-pilot")


def ask(action: Action, directorate: str, state: str = "asked") -> None:
    Commitment.objects.create(
        action=action, directorate=Directorate.objects.get(code=directorate), state=state,
        asked_on=TODAY, answer_due_on=TODAY,
    )  # fmt: skip


def test_live_actions_are_counted_where_they_stand(roadmap, standing, pilot):
    east, north = roadmap("19"), roadmap("18")
    standing(east, "logement"), standing(east, "logement"), standing(north, "sport"), standing(north, "none")
    standing(east, "sport", state="dropped")
    found = coverage.matrix(pilot, 2026, today=TODAY)
    assert (len(found.rows), len(found.columns)) == (17, PublicPolicy.objects.count())
    assert found.counts == {("19", "logement"): 2, ("18", "sport"): 1, ("18", ""): 1}
    assert {row.code: row.plan_code for row in found.rows if row.is_known} == {"18": north.code, "19": east.code}


def test_one_action_seen_from_two_roadmaps_counts_in_each(roadmap, standing, pilot):
    east, north = roadmap("19"), roadmap("18")
    Placement.objects.create(plan=north, action=standing(east, longitude=2.38, latitude=48.88))
    assert coverage.matrix(pilot, 2026, today=TODAY).column_total("logement") == 2
    by_sector, whole = coverage.shares(pilot, 2026)
    assert by_sector == {"18": Shares(1, 1, 0), "19": Shares(1, 1, 0)}
    assert whole == Shares(1, 1, 0)


def test_the_public_sees_neither_a_draft_nor_its_holes(roadmap, standing):
    signed, draft = roadmap("19"), roadmap("18", state="draft")
    standing(signed, "sport"), standing(draft, "logement")
    found = coverage.matrix(AnonymousUser(), 2026, today=TODAY)
    assert found.counts == {("19", "sport"): 1}
    assert [row.code for row in found.rows if row.is_known] == ["19"]
    assert {hole.row.code for hole in found.holes} == {"19"}


def test_a_sector_s_office_sees_its_own_draft(roadmap, standing, person):
    standing(roadmap("19", state="draft")), standing(roadmap("18", state="draft"))
    found = coverage.matrix(person("district-office", "sector", "19"), 2026, today=TODAY)
    assert found.counts == {("19", "logement"): 1}


def test_a_directorate_cuts_the_matrix_to_what_it_leads_or_joins(roadmap, standing, pilot):
    east = roadmap("19")
    standing(east, "sport", lead="DJS")
    ask(standing(east, "logement"), "DJS")
    ask(standing(east, "culture"), "DJS", state="declined")
    assert coverage.matrix(pilot, 2026, today=TODAY, directorate="DJS").counts == {
        ("19", "sport"): 1,
        ("19", "logement"): 1,
    }
    cut = coverage.by_directorate(pilot, 2026, today=TODAY)
    assert cut.counts == {("DJS", "sport"): 1, ("DLH", "logement"): 1, ("DLH", "culture"): 1}
    assert coverage.by_directorate(pilot, 2026, today=TODAY, sector="18").rows == ()


def test_an_action_that_nobody_leads_is_not_forgotten(roadmap, standing, pilot):
    standing(roadmap("19"), lead="none")
    assert coverage.by_directorate(pilot, 2026, today=TODAY).rows == (Heading("", "sans direction pilote"),)


def test_the_two_roadmaps_of_an_election_year_are_told_apart_by_mandate(roadmap, standing, pilot):
    standing(roadmap("19")), standing(roadmap("19", mandate="2020-2026"), "sport")
    assert coverage.matrix(pilot, 2026, today=TODAY, mandate="2020-2026").counts == {("19", "sport"): 1}
    assert coverage.matrix(pilot, 2025, today=TODAY).counts == {}


def test_a_policy_that_left_the_list_leaves_the_matrix(roadmap, pilot):
    PublicPolicy.objects.filter(code="sport").update(valid_to=TODAY)
    assert "sport" not in {column.code for column in coverage.matrix(pilot, 2026, today=TODAY).columns}


def test_multi_directorate_and_map_shares(roadmap, standing, pilot):
    east = roadmap("19")
    ask(standing(east), "DEVE"), ask(standing(east), "DLH"), ask(standing(east), "DVD", state="declined")
    _, whole = coverage.shares(pilot, 2026)
    assert (whole.total, whole.multi, whole.located) == (3, 1, 0)


@pytest.mark.parametrize("read", [
    lambda who: coverage.matrix(who, 2026, today=TODAY).lines,
    lambda who: coverage.by_directorate(who, 2026, today=TODAY).lines,
    lambda who: coverage.shares(who, 2026),
])  # fmt: skip
def test_one_or_fifty_actions_take_the_same_number_of_queries(read, roadmap, standing, pilot):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            read(pilot)
        return len(seen)

    standing(roadmap("19"))
    pilot.live_assignments()  # read once per request
    alone = queries()
    for sector in ("5", "18", "centre"):
        plan = roadmap(sector)
        for _ in range(17):
            ask(standing(plan), "DEVE")
    assert queries() == alone
