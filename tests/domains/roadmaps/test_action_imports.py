"""A plan's own spreadsheet: actions created and brought up to date; the signed plan and the neighbour's plan are refused."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
import python_calamine
import xlsxwriter
from drafts import BORN, plan

from parvis.domains.roadmaps.contracts.actions import CONTRACT, lists
from parvis.domains.roadmaps.models import Action, ActionRevision, Amendment, Commitment, MeansLine, Milestone
from parvis.kernel.contracts.importing import run_import
from parvis.kernel.contracts.template_books import LISTS_SHEET, template_workbook

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD = "Code du plan;Code de l’action;Titre"


@pytest.fixture
def draft():
    return plan("19")


@pytest.fixture
def bring(tmp_path):
    """bring("plan;code;titre", more="Livrable", by=…) → the report of the import."""

    def import_(*lines, more="", by=None):
        path = tmp_path / "actions.csv"
        path.write_text("\n".join([f"{HEAD};{more}" if more else HEAD, *lines]) + "\n", encoding="utf-8")
        return run_import(CONTRACT, path, by=by, at=AT)

    return import_


def errors(report):
    return [(issue.column, issue.rule) for issue in report.issues if issue.severity == "error"]


def test_a_new_code_creates_an_action_in_its_plan(draft, bring):
    report = bring(f"{draft.code};A-9;Planter;Un square;oui;DVD", more="Livrable;Climat;Direction pilote")
    assert (report.accepted, report.quarantined) == (1, 0)
    made = Action.objects.get(code="A-9")
    assert (made.title, made.deliverable, made.is_climate, made.lead.code) == ("Planter", "Un square", True, "DVD")
    assert list(made.placements.values_list("plan__code", flat=True)) == [draft.code]
    assert ActionRevision.objects.filter(action=made).count() == 1


def test_a_known_code_is_brought_up_to_date_and_an_empty_cell_changes_nothing(draft, bring):
    before = Action.objects.get()
    report = bring(f"{draft.code};{before.code};Un autre titre;", more="Livrable")
    assert (report.accepted, Action.objects.count()) == (1, 1)
    after = Action.objects.get()
    assert (after.title, after.deliverable, after.revision) == (
        "Un autre titre",
        before.deliverable,
        before.revision + 1,
    )
    assert after.due_on == before.due_on


def test_the_same_file_twice_changes_nothing(draft, bring):
    line = f"{draft.code};A-9;Planter;Études : 31/03/2026;1000", "Jalons;Budget"
    bring(line[0], more=line[1])
    before = (Action.objects.get(code="A-9").revision, Milestone.objects.count(), MeansLine.objects.count())
    assert bring(line[0], more=line[1]).unchanged == 1
    assert (Action.objects.get(code="A-9").revision, Milestone.objects.count(), MeansLine.objects.count()) == before


def test_steps_and_means_are_read_from_their_cells(draft, bring):
    report = bring(
        f"{draft.code};A-9;Planter;Études : 31/03/2026, fait le 12/02/2026 | Travaux : 2026-09;1 000,50;2000;;1,5",
        more="Jalons;Budget;Budget N+1;Budget N+2;ETP",
    )
    assert not errors(report)
    made = Action.objects.get(code="A-9")
    assert list(made.milestones.order_by("order").values_list("title", "planned_on", "actual_on", "is_done")) == [
        ("Études", date(2026, 3, 31), date(2026, 2, 12), True), ("Travaux", date(2026, 9, 30), None, False),
    ]  # fmt: skip
    means = MeansLine.objects.filter(action=made).order_by("year").values_list("year", "amount_cents")
    assert list(means) == [(2026, 1_000_50), (2027, 2_000_00)]
    assert MeansLine.objects.get(action=made, year=2026).fte == 1.5


def test_the_partners_named_are_asked_once_and_the_lead_never(draft, bring):
    bring(f"{draft.code};A-9;Planter;DVD;DEVE|DVD", more="Direction pilote;Partenaires")
    bring(f"{draft.code};A-9;Planter encore;DVD;DEVE", more="Direction pilote;Partenaires")
    asked = Commitment.objects.get(action__code="A-9")
    assert (asked.directorate.code, asked.state, asked.asked_on) == ("DEVE", "asked", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("more", "cells", "found"),
    [
        ("Jalons", "bientôt", ("milestones", "milestone")),
        ("Partenaires", "ZZZ", ("partners", "unknown-partner")),
        ("Axe", "Z9", ("axis", "unknown-axis")),
        ("Direction pilote", "ZZZ", ("lead", "unknown-lead")),
        ("Début;Échéance", "02/05/2026;01/05/2026", ("due_on", "dates-out-of-order")),
    ],
)
def test_what_does_not_exist_or_contradicts_itself_waits(draft, bring, more, cells, found):
    assert errors(bring(f"{draft.code};A-9;Planter;{cells}", more=more)) == [found]
    assert not Action.objects.filter(code="A-9").exists()


def test_a_new_action_needs_a_title(draft, bring):
    assert errors(bring(f"{draft.code};A-9;")) == [("title", "required")]


def test_a_signed_plan_is_refused_and_says_to_open_an_amendment(bring):
    signed = plan("19", state="signed")
    report = bring(f"{signed.code};A-9;Planter")
    assert errors(report) == [("plan", "frozen-plan")]
    assert "ouvrez un avenant" in report.issues[0].message


def test_an_open_amendment_opens_the_signed_plan(bring):
    signed = plan("19", state="signed")
    Amendment.objects.create(plan=signed, number=2, state="open", reason="Ajouter une action", opened_at=BORN)
    assert bring(f"{signed.code};A-9;Planter").accepted == 1


def test_the_plan_of_another_sector_is_as_good_as_unknown(draft, bring, person):
    chief = person("sector-chief", "sector", "19")
    other = plan("7")
    assert bring(f"{draft.code};A-9;Planter", by=chief).accepted == 1
    assert errors(bring(f"{other.code};A-10;Planter", by=chief)) == [("plan", "unknown-plan")]
    assert not Action.objects.filter(code="A-10").exists()


def test_the_action_of_another_sector_is_not_changed_through_ones_own_plan(draft, bring, person):
    theirs = plan("7").placements.get().action
    report = bring(f"{draft.code};{theirs.code};Pris", by=person("sector-chief", "sector", "19"))
    assert errors(report) == [("code", "forbidden-action")]
    assert Action.objects.get(pk=theirs.pk).title == theirs.title


def test_many_rows_take_as_many_queries_as_a_few(draft, bring, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        report = bring(
            *(f"{draft.code};N-{n};Action {n};Études : 31/03/2026;10" for n in range(50)), more="Jalons;Budget"
        )
    assert report.accepted == 50


def test_the_template_holds_its_columns_and_lists_and_comes_back_in(draft, tmp_path, person):
    content = template_workbook(CONTRACT, lists=lists(person("sector-chief", "sector", "19")))
    book = python_calamine.load_workbook(io.BytesIO(content))
    header = book.get_sheet_by_index(0).to_python()[0]
    assert header == [field.label for field in CONTRACT.fields]
    offered = {cell for row in book.get_sheet_by_name(LISTS_SHEET).to_python() for cell in row}
    assert {draft.code, "DVD", "oui", "non"} <= offered
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b'sqref="A2:' in archive.read("xl/worksheets/sheet1.xml")  # the plans drop down from the first column
    said = {
        "plan": draft.code,
        "code": "A-9",
        "title": "Planter",
        "due_on": "01/12/2026",
        "equality": "oui",
        "budget": 1000.5,
    }
    report = run_import(CONTRACT, filled(tmp_path, header, said), by=None, at=AT)
    assert (report.rows, report.accepted, errors(report)) == (1, 1, [])
    made = Action.objects.get(code="A-9")
    assert (made.title, made.due_on, made.is_gender_equality) == ("Planter", date(2026, 12, 1), True)


def filled(folder, header, said):
    """The template's own header, with one line under it."""
    path = folder / "rempli.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        sheet.write_row(1, 0, [said.get(field.name, "") for field in CONTRACT.fields])
    return path
