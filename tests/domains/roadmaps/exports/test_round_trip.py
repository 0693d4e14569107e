"""A file goes out, is edited in a spreadsheet, and comes back in: what was not touched is as it was."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from parvis.domains.roadmaps.contracts.actions import CONTRACT
from parvis.domains.roadmaps.models import Action, Commitment, MeansLine, Milestone, MilestoneReport
from parvis.kernel.contracts.importing import run_import
from parvis.kernel.contracts.text import plain

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ADDRESS = "/feuilles-de-route/plans/19-2026/tableur.xlsx"


@pytest.fixture
def out(client, make_plan, person, sign_in, tmp_path):
    """A draft with everything that the columns of the contract tell only in part, and its spreadsheet."""
    make_plan("19", 3, state="draft")
    Action.objects.update(
        arrondissement_code="75119", longitude=2.38, latitude=48.88, precision="point", location_method="adresse"
    )
    Milestone.objects.filter(title="Marché").update(kind="works", title="Marché : lot 1 ; lot 2")
    for action in Action.objects.all():
        Action.objects.filter(pk=action.pk).update(search_text=plain(f"{action.title} {action.code} {action.address}"))
        MeansLine.objects.create(action=action, year=2027, amount_cents=500_000, fte=Decimal("1.50"))
    chief = sign_in(person("sector-chief", "sector", "19"))
    file = tmp_path / "19-2026.xlsx"
    file.write_bytes(client.get(ADDRESS).content)
    return chief, file


def state() -> list:
    """Everything that an import could touch; derived values aside."""
    return [
        list(Action.objects.order_by("code").values_list(
            "code", "title", "description", "deliverable", "policy", "lead", "starts_on", "due_on", "address", "longitude",
            "latitude", "precision", "location_method", "arrondissement_code", "sector_code", "is_climate", "revision",
            "placements__axis", "placements__order",
        )),
        list(Milestone.objects.order_by("pk").values_list()),
        list(MeansLine.objects.order_by("action__code", "year").values_list("action__code", "year", "amount_cents", "fte")),
        list(Commitment.objects.order_by("pk").values_list()),
        MilestoneReport.objects.count(),
    ]  # fmt: skip


def edited(file, changes: dict[tuple[int, str], object]):
    """The same workbook with some cells changed: row (1 for the first action) and heading."""
    rows = CalamineWorkbook.from_filelike(BytesIO(file.read_bytes())).get_sheet_by_name("Actions").to_python()
    for (row, heading), value in changes.items():
        rows[row][rows[0].index(heading)] = value
    target = file.with_name("edited.xlsx")
    book = xlsxwriter.Workbook(str(target), {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False})
    sheet = book.add_worksheet("Actions")
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            sheet.write(number, place, cell)
    book.close()
    return target


def test_a_file_that_comes_back_untouched_changes_nothing(out):
    chief, file = out
    before = state()
    report = run_import(CONTRACT, file, by=chief, at=AT)
    assert (report.accepted, report.quarantined) == (3, 0), report
    assert state() == before


def test_what_was_edited_changes_and_nothing_else_does(out):
    chief, file = out
    before = state()
    first = Action.objects.order_by("code").first()
    changed = edited(file, {
        (1, "Titre"): "Rue aux écoles", (1, "Échéance"): date(2027, 3, 1), (1, "Budget de l’année du plan"): 20_000,
    })  # fmt: skip
    report = run_import(CONTRACT, changed, by=chief, at=AT)
    assert (report.accepted, report.quarantined) == (3, 0), report
    first.refresh_from_db()
    assert (first.title, first.due_on, first.longitude, first.precision) == (
        "Rue aux écoles", date(2027, 3, 1), 2.38, "point",
    )  # fmt: skip
    assert list(first.means.order_by("year").values_list("amount_cents", "fte")) == [
        (2_000_000, Decimal("0.50")),
        (500_000, Decimal("1.50")),
    ]
    after = state()
    assert after[0][1:] == before[0][1:]
    assert after[1] == before[1] and after[3:] == before[3:]


def test_a_step_marked_done_in_the_file_keeps_its_kind_and_its_forecast(out):
    chief, file = out
    written = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("Actions").to_python()[1]
    cell = next(text for text in written if "lot 1" in str(text))
    assert (
        run_import(CONTRACT, edited(file, {(1, "Jalons"): f"{cell}, fait le 02/10/2026"}), by=chief, at=AT).accepted
        == 3
    )
    step = Milestone.objects.get(action__code="19-2026-0001", kind="works")
    assert (step.title, step.actual_on, step.forecast_on, step.is_done) == (
        "Marché : lot 1 ; lot 2", date(2026, 10, 2), date(2026, 10, 13), True,
    )  # fmt: skip
    assert Milestone.objects.filter(action__code="19-2026-0001").count() == 2


def test_a_contributor_who_may_not_ask_partners_gets_a_file_that_she_can_bring_back(client, out, person, sign_in):
    _, file = out
    contributor = sign_in(person("contributor", "directorate", Action.objects.first().lead.code))
    file.write_bytes(client.get(ADDRESS).content)
    before = state()
    report = run_import(CONTRACT, file, by=contributor, at=AT)
    assert report.quarantined == 0, report
    assert state() == before
