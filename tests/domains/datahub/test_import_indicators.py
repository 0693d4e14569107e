"""The indicators on the house's own data work, on a few imports whose figures can be counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from parvis.domains.datahub.indicators import INDICATORS
from parvis.kernel import faces
from parvis.kernel.contracts.models import ImportRun, QuarantinedRow, RowIssue
from parvis.kernel.indicators import cells
from parvis.kernel.indicators.indicator import faults
from parvis.kernel.lake import engine, snapshots
from parvis.kernel.lake.dataset import unbound

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CONTRACT = "roadmaps.actions"

pytestmark = pytest.mark.django_db


def cell(code, *, period=None, dimension="", member=""):
    indicator = faces.house().indicators[code]
    datasets = [faces.house().datasets[name] for name in indicator.datasets]
    held = {d.code: snapshots.take(d, by=None, at=NOW) for d in datasets}
    with engine.opened(held) as opened:
        found = cells.evaluate(indicator, unbound(datasets), opened.run).to_pylist()
    wanted = {"place": "", "dimension": dimension, "member": member} | ({"period": period} if period else {})
    rows = [row for row in found if all(row[name] == value for name, value in wanted.items())]
    return rows[-1] if rows else None


def read(day, rows, refused, contract=CONTRACT):
    at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9)
    return ImportRun.objects.create(
        contract=contract, file_name="f.csv", sha256="0" * 64, started_at=at, row_count=rows,
        accepted_count=rows - refused, quarantined_count=refused, unchanged_count=0,
    )  # fmt: skip


def put_aside(run, number, settled_on=None):
    settled_at = datetime.combine(settled_on, datetime.min.time(), UTC) + timedelta(hours=9) if settled_on else None
    outcome = "corrected" if settled_on else ""
    return QuarantinedRow.objects.create(run=run, row=number, cells={}, settled_at=settled_at, outcome=outcome)


@pytest.fixture
def received():
    """Two files of a quarter: 100 rows of which 4 refused, 300 rows of which 8; one of another contract."""
    first, second = read(date(2026, 10, 5), 100, 4), read(date(2026, 11, 3), 300, 8)
    read(date(2026, 11, 4), 600, 0, contract="roadmaps.winning-projects")
    for run, count in ((first, 4), (second, 10)):
        for number in range(count):
            RowIssue.objects.create(run=run, row=number, column="c", rule="r", severity="error", message="m")
    RowIssue.objects.create(run=first, row=50, column="c", rule="r", severity="warning", message="m")
    return first, second


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.code)
def test_an_indicator_of_the_imports_has_no_fault_and_the_same_fingerprint_twice(indicator):
    datasets = [faces.house().datasets[code] for code in indicator.datasets]
    assert faults(indicator) == []
    assert indicator.fingerprint(unbound(datasets)) == indicator.fingerprint(unbound(datasets))


def test_a_house_that_read_no_file_says_nothing_rather_than_zero():
    assert all(cell(i.code) is None for i in INDICATORS if i.code != "datahub.fresh-share")


@pytest.mark.parametrize(
    ("code", "value", "of_contract"),
    [
        ("datahub.accepted-share", 0.988, 0.97),  # 988 of 1,000; 388 of 400: never the mean of 0.96 and 0.973
        ("datahub.errors-per-thousand", 14.0, 35.0),  # a warning is not an error
        ("datahub.rows-read", 1000.0, 400.0),
    ],
)
def test_a_total_is_made_of_rows_not_of_files(received, code, value, of_contract):
    assert cell(code)["value"] == value
    assert cell(code, dimension="contract", member=CONTRACT)["value"] == of_contract


def test_a_row_still_in_quarantine_counts_in_the_time_it_takes(received):
    _, run = received
    put_aside(run, 1, date(2026, 11, 8))
    put_aside(run, 2, date(2026, 11, 13))
    put_aside(run, 3), put_aside(run, 4)
    found = cell("datahub.quarantine-days")
    assert (found["value"], found["counted"]) == (10.0, 4)  # the settled ones alone would say five days
    assert cell("datahub.quarantine-waiting")["value"] == 50.0


def test_when_too_few_are_settled_no_median_is_claimed(received):
    _, run = received
    put_aside(run, 1, date(2026, 11, 8))
    put_aside(run, 2), put_aside(run, 3)
    assert cell("datahub.quarantine-days")["value"] is None


@pytest.mark.parametrize(("age", "counted", "left_out"), [(90, 1, 0), (91, 0, 1)])
def test_rows_older_than_what_the_house_remembers_are_left_out_and_say_why(age, counted, left_out):
    put_aside(read(date(2026, 11, 24) - timedelta(days=age), 10, 1), 1)
    found = cell("datahub.quarantine-days")
    assert (found["counted"], found["left_out"]) == (counted, left_out)


def test_a_dataset_past_its_rhythm_is_not_fresh(received):
    datasets = faces.house().datasets
    snapshots.take(datasets["datahub.imports"], by=None, at=NOW)  # read on 4 November, every 31 days
    assert cell("datahub.fresh-share", dimension="dataset", member="datahub.imports")["value"] == 100.0
    ImportRun.objects.filter(started_at__gte=datetime(2026, 10, 20, tzinfo=UTC)).delete()
    snapshots.take(datasets["datahub.imports"], by=None, at=NOW)  # read on 5 October: fifty days
    found = cell("datahub.fresh-share", dimension="dataset", member="datahub.imports")
    assert (found["numerator"], found["denominator"]) == (1, 2)


@pytest.mark.parametrize(("role", "imports"), [("roadmap-pilot", 3), ("data-officer", 1), ("elected-reader", 0)])
def test_each_sees_the_imports_of_the_contracts_that_are_hers(received, person, role, imports):
    put_aside(received[0], 1)
    seen = person(role)
    assert faces.house().datasets["datahub.imports"].visible_keys(seen).count() == imports
    assert faces.house().datasets["datahub.quarantine"].visible_keys(seen).count() == (imports == 3)
