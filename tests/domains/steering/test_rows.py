"""Opening a cell shows the very rows counted and those left out, within the reader's rights."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook
from tests.domains.roadmaps import drafts
from tests.domains.steering.invented_files import FILES, a_file, amounts, measure_only, settle_in

from parvis.domains.roadmaps.models import Action
from parvis.domains.steering import arithmetic
from parvis.domains.steering.actions import measuring
from parvis.domains.steering.queries import cells
from parvis.domains.steering.queries.rows import Place, rows_of
from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Column
from parvis.kernel.lake.models import Snapshot

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2026, 9, 1)
ROWS = [
    a_file("a"),
    a_file("b", "20", cents=50_00, team="DEVE"),
    a_file("c", None),
    a_file("d", opened_on=date(2026, 10, 1)),
]


@pytest.fixture(autouse=True)
def own_lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"


@pytest.fixture
def head(person):
    return person("directorate-head")


def measured(monkeypatch, now, rows=ROWS, **more):
    snapshots.take(settle_in(monkeypatch, rows, amounts(**more)), by=None, at=now)
    run = measuring.measure_all(by=None, at=now)
    return run.measurements.select_related("evaluation").get(indicator="test.amounts")


def subjects(found):
    return [row["subject"] for row in found.rows]


def test_a_cell_opens_on_its_rows_and_no_other(monkeypatch, now, head):
    held = measured(monkeypatch, now)
    assert subjects(rows_of(held, head, Place(SEPTEMBER))) == ["a", "b", "c"]
    assert subjects(rows_of(held, head, Place(SEPTEMBER, "19"))) == ["a"]
    assert subjects(rows_of(held, head, Place(SEPTEMBER, "", "team", "DEVE"))) == ["b"]
    assert subjects(rows_of(held, head, Place(date(2026, 10, 1)))) == ["d"]


def test_the_rows_left_out_say_why(monkeypatch, now, head):
    def facts(tables):
        files = tables["test.files"]
        import ibis

        return files.select(
            subject=files.code, at=files.opened_on, place=files.sector, value=files.cents, team=files.team,
            left_out=ibis.cases((files.team == "DEVE", "hors champ")),
        )  # fmt: skip

    held = measured(monkeypatch, now, facts=facts)
    found = rows_of(held, head, Place(SEPTEMBER), is_left_out=True)
    assert [(row["subject"], row["left_out"]) for row in found.rows] == [("b", "hors champ")]
    assert found.counts == {"counted": 2, "left_out": 1}


def test_rows_come_fifty_at_a_time_in_a_stable_order(monkeypatch, now, head):
    held = measured(monkeypatch, now, [a_file(f"{n:03}") for n in range(120)])
    pages = [rows_of(held, head, Place(SEPTEMBER), page=n) for n in (1, 2, 3)]
    assert [len(p.rows) for p in pages] == [50, 50, 20]
    assert [s for p in pages for s in subjects(p)] == [f"{n:03}" for n in range(120)]
    assert pages[0].pages == 3
    assert rows_of(held, head, Place(SEPTEMBER), page=9).rows == []


def test_what_identifies_a_person_stays_in_the_lake(monkeypatch, now, head):
    found = rows_of(measured(monkeypatch, now), head, Place(SEPTEMBER))
    assert "own_name" not in found.rows[0]
    assert "Nom" not in str(found.rows)


def test_a_reader_without_the_dataset_is_refused(monkeypatch, now, person):
    held = measured(monkeypatch, now)
    with pytest.raises(Forbidden, match="ne vous sont pas ouvertes"):
        rows_of(held, person("sector-chief", "sector", "19"), Place(SEPTEMBER))


def test_rows_are_those_of_the_cited_snapshot_not_of_today(monkeypatch, now, head):
    held = measured(monkeypatch, now)
    snapshots.take(settle_in(monkeypatch, [a_file("z")], amounts()), by=None, at=now)
    assert subjects(rows_of(held, head, Place(SEPTEMBER))) == ["a", "b", "c"]


def test_a_column_added_since_is_not_asked_of_a_snapshot_that_never_had_it(monkeypatch, now, head):
    held = measured(monkeypatch, now)
    wider = replace(FILES, columns=(*FILES.columns, Column("since", "string", "Depuis")))
    settle_in(monkeypatch, [], amounts(), described=wider)
    found = rows_of(held, head, Place(SEPTEMBER))
    assert subjects(found) == ["a", "b", "c"]
    assert "since" not in {column.name for column in found.columns}


def test_a_cell_that_is_not_there_and_a_definition_that_changed_are_said(monkeypatch, now, head):
    held = measured(monkeypatch, now)
    with pytest.raises(Refusal, match="n’existe pas dans cette évaluation"):
        rows_of(held, head, Place(SEPTEMBER, "7"))
    settle_in(monkeypatch, ROWS, amounts(scale=1))
    with pytest.raises(Refusal, match="a changé depuis"):
        rows_of(held, head, Place(SEPTEMBER))


def test_a_lost_snapshot_is_said(monkeypatch, now, head):
    held = measured(monkeypatch, now)
    snapshots.path_of(Snapshot.objects.get().sha256).unlink()
    with pytest.raises(Refusal, match="manque dans le lac"):
        rows_of(held, head, Place(SEPTEMBER))


def test_of_a_hidden_cell_not_even_the_number_outside_her_rights_is_told(monkeypatch, now, head):
    held = measured(monkeypatch, now, aggregation="count", scale=1, counts_people=True)
    found = rows_of(held, head, Place(SEPTEMBER, "19"))
    assert found.outside_count is None
    assert arithmetic.told(found.indicator, found.cell) == arithmetic.HIDDEN


def test_a_cell_of_a_redrawn_zone_opens_on_the_facts_of_its_vintage(monkeypatch, now, head):
    def facts(tables):
        import ibis

        files = tables["test.files"]
        return files.select(
            subject=files.code, at=files.opened_on, place=ibis.literal("QPV-1"), value=files.cents, team=files.team,
            left_out=ibis.null("string"), vintage=(files.team == "DVD").ifelse("2024", "2015"),
        )  # fmt: skip

    held = measured(monkeypatch, now, facts=facts)
    assert subjects(rows_of(held, head, Place(SEPTEMBER, "QPV-1", vintage="2015"))) == ["b"]
    assert subjects(rows_of(held, head, Place(SEPTEMBER, "QPV-1"))) == ["a", "c"]
    assert subjects(rows_of(held, head, Place(SEPTEMBER))) == ["a", "c"]


# Real records, real rights.


@pytest.fixture
def operationality(monkeypatch, now):
    """Draft roadmaps of two sectors, measured this morning."""
    measure_only(monkeypatch, "roadmaps.operationality")
    for sector in ("19", "8"):
        drafts.plan(sector, actions=3)
    Action.objects.update(grade=6)
    snapshots.take_all(by=None, at=now)
    run = measuring.measure_all(by=None, at=now)
    return run.measurements.select_related("evaluation").get(indicator="roadmaps.operationality")


def test_a_reader_of_another_sector_gets_no_row_of_it_and_is_told_how_many_there_are(now, person, operationality):
    chief = person("sector-chief", "sector", "19")
    period = operationality.period
    assert len(rows_of(operationality, chief, Place(period, "19")).rows) == 3
    other = rows_of(operationality, chief, Place(period, "8"))
    assert (other.rows, other.counts["counted"], other.outside_count) == ([], 0, 3)
    whole = rows_of(operationality, chief, Place(period))
    assert (whole.counts["counted"], whole.outside_count) == (3, 3)
    assert all(row["subject"].startswith("roadmap-19") for row in whole.rows)


def test_a_row_leads_to_its_record_when_the_reader_may_see_it(now, person, operationality):
    found = rows_of(operationality, person("directorate-head"), Place(operationality.period, "8"))
    assert {card.url for card in found.cards.values()} == {
        reverse("roadmaps:action", args=[f"roadmap-8-2026-{n}"]) for n in (1, 2, 3)
    }


def asked(client, name="steering:cell", *arguments, **query):
    return client.get(reverse(name, args=["roadmaps.operationality", *arguments]), query)


def signed_in(someone) -> Client:
    client = Client()
    client.force_login(someone)
    return client


def test_the_page_shows_the_arithmetic_the_rows_and_where_they_come_from(now, person, operationality):
    answer = asked(signed_in(person("directorate-head")), lieu="19")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert (
        arithmetic.told(faces.house().indicators["roadmaps.operationality"], cells.cell_of(operationality, place="19"))
        in text
    )
    assert "roadmap-19-2026-1" in text
    assert Snapshot.objects.get().sha256[:16] in text


def test_the_page_and_the_files_give_a_chief_no_row_of_another_sector(now, person, operationality):
    client = signed_in(person("sector-chief", "sector", "19"))
    page = asked(client, lieu="8").content.decode()
    delimited = asked(client, "steering:cell_file", "csv", lieu="8").content.decode("utf-8-sig")
    book = asked(client, "steering:cell_file", "xlsx", lieu="8").content
    assert "3 lignes de cette case ne sont pas montrées" in page
    assert "roadmap-8" not in page
    assert "roadmap-8" not in delimited
    assert b"roadmap-8" not in book


def test_files_carry_every_row_harmless_to_a_spreadsheet(now, person, operationality, tmp_path):
    Action.objects.filter(code="roadmap-19-2026-1").update(code="=19-2026-1")
    snapshots.take_all(by=None, at=now)
    measuring.measure_all(by=None, at=now)
    client = signed_in(person("directorate-head"))
    text = asked(client, "steering:cell_file", "csv", lieu="19").content.decode("utf-8-sig")
    assert "'=19-2026-1" in text
    path = tmp_path / "rows.xlsx"
    path.write_bytes(asked(client, "steering:cell_file", "xlsx", lieu="19").content)
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Lignes").to_python()
    assert len(rows) == 4
    assert str(rows[1][0]).startswith("'=19-2026-1")


@pytest.mark.parametrize(
    ("query", "status"), [({"periode": "hier"}, 404), ({"lieu": "7"}, 409), ({"le": "2020-01-01"}, 409)]
)
def test_an_address_that_names_no_cell_is_answered_plainly(now, person, operationality, query, status):
    assert asked(signed_in(person("directorate-head")), **query).status_code == status


def test_an_unknown_indicator_or_kind_of_file_is_not_there(now, person, operationality):
    client = signed_in(person("directorate-head"))
    assert client.get(reverse("steering:cell", args=["no.such"])).status_code == 404
    assert asked(client, "steering:cell_file", "pdf").status_code == 404


def test_a_visitor_signs_in_first_and_a_stranger_is_refused(now, person, operationality):
    assert asked(Client()).status_code == 302
    assert asked(signed_in(person())).status_code == 403
