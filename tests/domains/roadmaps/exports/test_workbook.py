import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from parvis.domains.roadmaps.contracts.actions import CONTRACT
from parvis.domains.roadmaps.models import Action, ExtraField, ExtraValue, Plan

from .conftest import HOSTILE

PLAN = "/feuilles-de-route/plans/19-2026/tableur.xlsx"
LIST = "/feuilles-de-route/actions/tableur.xlsx"
CSV = "/feuilles-de-route/actions/tableur.csv"


def book(response) -> dict[str, list[list]]:
    assert response.status_code == 200, response.status_code
    opened = CalamineWorkbook.from_filelike(BytesIO(response.content))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def records(sheet: list[list]) -> list[dict]:
    return [dict(zip(sheet[0], row, strict=False)) for row in sheet[1:]]


def test_a_plan_goes_out_with_typed_cells_a_sheet_a_noun(client, make_plan):
    make_plan("19", 2)
    sheets = book(client.get(PLAN))
    assert list(sheets) == ["Actions", "Jalons", "Indicateurs", "Mesures", "Moyens", "À propos"]
    first = records(sheets["Actions"])[0]
    assert first["Code du plan"] == "19-2026"
    assert first["Échéance"] == date(2026, 12, 12)
    assert first["Budget de l’année du plan"] == 12345.67
    assert first["ETP"] == 0.5
    assert first["Avancement (calculé)"] == 0.4
    assert first["Statut (calculé)"] == "à l’heure"
    assert len(sheets["Jalons"]) == 5 and len(sheets["Indicateurs"]) == 3
    assert records(sheets["Mesures"])[0]["Valeur"] == 16.5
    assert records(sheets["Jalons"])[1]["Prévu"] == date(2026, 10, 13)


def test_its_first_columns_are_those_of_the_import_contract(client, make_plan, sign_in, person):
    make_plan("19", 1)
    sign_in(person("sector-chief", "sector", "19"))
    headings = book(client.get(PLAN))["Actions"][0]
    assert headings[: len(CONTRACT.fields)] == [field.label for field in CONTRACT.fields]
    read_only = headings[len(CONTRACT.fields) :]
    from parvis.kernel.contracts.headers import letters

    known = {spelling for field in CONTRACT.fields for spelling in field.spellings}
    assert not [title for title in read_only if letters(title) in known], "a computed column must never come back in"


def test_it_says_what_it_is_who_exported_it_and_as_of_when(client, make_plan, sign_in, person):
    make_plan("19", 1)
    sign_in(person("sector-chief", "sector", "19", first_name="Awa", last_name="Diallo"))
    told = {row[0]: row[-1] for row in book(client.get(f"{LIST}?sector=19&status=on_time"))["À propos"] if row[0]}
    assert told["Exporté par"] == "Awa Diallo"
    assert "Secteur : 19e" in told["Filtres"] and "Statut" in told["Filtres"]
    assert len(told["Connu au"]) == 10


def test_what_a_person_typed_is_never_a_formula(client, make_plan):
    make_plan("19", 1, title="=1+1")
    Action.objects.update(title=HOSTILE, description="=cmd|' /C calc'!A0", address="@SUM(1)", deliverable="+1")
    response = client.get(PLAN)
    with zipfile.ZipFile(BytesIO(response.content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets and not any(mark in sheet for sheet in sheets for mark in (b"<f>", b"<f ", b"<hyperlinks"))
    assert records(book(response)["Actions"])[0]["Description"] == "=cmd|' /C calc'!A0"


def test_the_csv_is_french_and_harmless(client, make_plan):
    make_plan("19", 1)
    Action.objects.update(title='=HYPERLINK("x")', address="-2+3", description='a;b\n"c"')
    response = client.get(f"{CSV}?sector=19")
    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK" in text and ";12/12/2026;" in text and ";12345,67;" in text and ";'-2+3;" in text
    import csv as reader

    rows = list(reader.DictReader(text.splitlines(keepends=True), delimiter=";"))
    assert rows[0]["Description"] == 'a;b\n"c"'


def test_the_list_goes_out_by_the_filters_of_its_page(client, make_plan, sign_in, person):
    make_plan("19", 3)
    make_plan("8", 2)
    sign_in(person("auditor"))
    assert len(book(client.get(LIST))["Actions"]) == 1 + 5
    assert len(book(client.get(f"{LIST}?plan=8-2026"))["Actions"]) == 1 + 2
    assert len(book(client.get(f"{LIST}?status=late"))["Actions"]) == 1
    titles = [row["Code de l’action"] for row in records(book(client.get(f"{LIST}?sort=-code"))["Actions"])]
    assert titles == sorted(titles, reverse=True)


@pytest.mark.parametrize("address", [LIST, CSV])
def test_a_list_holds_what_its_reader_may_see_and_nothing_else(client, make_plan, sign_in, person, address):
    make_plan("19", 2, state="draft")
    make_plan("8", 1)

    def seen() -> list[str]:
        response = client.get(address)
        if address == CSV:
            return [code for code in ("19-2026-0001", "8-2026-0001") if code in response.content.decode("utf-8-sig")]
        return sorted({r["Code de l’action"] for r in records(book(response)["Actions"])} - {"19-2026-0002"})

    assert seen() == ["8-2026-0001"]
    sign_in(person("sector-chief", "sector", "19"))
    assert seen() == ["19-2026-0001", "8-2026-0001"]


def test_a_forged_plan_of_another_sector_is_not_found(client, make_plan, sign_in, person):
    make_plan("19", 1, state="consultation")
    assert client.get(PLAN).status_code == 404
    sign_in(person("district-office", "sector", "8"))
    assert client.get(PLAN).status_code == 404
    assert client.get("/feuilles-de-route/plans/inconnu/tableur.xlsx").status_code == 404


def test_an_extra_field_is_exported_to_those_who_may_see_it_alone(client, make_plan, sign_in, person):
    plan = make_plan("19", 1)
    for code, kind, roles, value in (
        ("hours", "number", [], 12.5),
        ("secret", "text", ["sector-chief"], "confidentiel"),
        ("opened", "date", [], "2026-05-01"),
    ):
        field = ExtraField.objects.create(plan=plan, code=code, label=code.title(), type=kind, unit="", seen_by=roles)
        ExtraValue.objects.create(field=field, action=Action.objects.get(), value=value)
    first = records(book(client.get(PLAN))["Actions"])[0]
    assert first["Hours"] == 12.5 and first["Opened"] == date(2026, 5, 1)
    assert "Secret" not in first
    sign_in(person("sector-chief", "sector", "8"))
    assert "Secret" not in records(book(client.get(PLAN))["Actions"])[0]
    sign_in(person("sector-chief", "sector", "19"))
    assert records(book(client.get(PLAN))["Actions"])[0]["Secret"] == "confidentiel"


def test_no_address_of_a_person_leaves_and_names_go_to_the_staff_alone(client, make_plan, sign_in, person):
    make_plan("19", 1)
    Action.objects.update(owner=person("contributor", "directorate", "DVD", first_name="Awa", last_name="Diallo"))
    for address in (PLAN, LIST):
        public = str(book(client.get(address)))
        assert "Diallo" not in public and "@" not in public.replace("@cite", "")
    sign_in(person("sector-chief", "sector", "19"))
    staff = str(book(client.get(PLAN)))
    assert "Awa Diallo" in staff and "@example.org" not in staff


def test_the_name_of_a_plan_that_the_reader_may_not_see_is_not_in_the_file(client, make_plan):
    make_plan("19", 1)
    draft = make_plan("8", 0, state="draft")
    from parvis.domains.roadmaps.models import Placement

    Placement.objects.create(plan=draft, action=Action.objects.get())
    assert "8-2026" not in str(book(client.get(PLAN))) and "8-2026" not in client.get(CSV).content.decode()


def test_the_file_name_is_plain_and_dated(client, make_plan):
    plan = make_plan("19", 0)
    Plan.objects.filter(pk=plan.pk).update(code='19-2026 "é\\..')
    from urllib.parse import quote

    disposition = client.get(f"/feuilles-de-route/plans/{quote(Plan.objects.get().code)}/tableur.xlsx")[
        "Content-Disposition"
    ]
    assert disposition.startswith('attachment; filename="19-2026-e_actions_2') and disposition.endswith('.xlsx"')


def test_coverage_goes_out_with_its_holes_in_sentences(client, make_plan):
    make_plan("19", 2)
    make_plan("8", 1, state="draft")
    sheets = book(client.get("/feuilles-de-route/couverture/tableur.xlsx?period=2026."))
    rows = {row["Secteur"]: row for row in records(sheets["Couverture"])}
    assert rows["19e"]["Propreté"] == 2 and rows["19e"]["Logement"] == 0
    assert rows["8e"]["Propreté"] == "", "a roadmap that is not shown is unknown, not zero"
    assert any("Le logement n’a aucune action dans le 19e" in hole["En clair"] for hole in records(sheets["Trous"]))


def test_an_empty_list_is_still_a_workbook(client, db):
    assert len(book(client.get(LIST))["Actions"]) == 1


def test_one_action_and_many_take_the_same_queries(client, make_plan):
    make_plan("8", 1)
    make_plan("19", 120)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    assert queries("/feuilles-de-route/plans/8-2026/tableur.xlsx") == queries(PLAN) <= 25
    assert queries(f"{LIST}?plan=8-2026") == queries(f"{LIST}?plan=19-2026") <= 25
    assert queries(f"{CSV}?plan=8-2026") == queries(f"{CSV}?plan=19-2026") <= 25
