"""Rows settled more than 90 days ago are forgotten in the night; those that wait never are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from procrastinate.contrib.django import app

from parvis.domains.datahub import tasks
from parvis.kernel.contracts import quarantine
from parvis.kernel.contracts.models import ImportRun, QuarantinedRow
from parvis.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 2, 40, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def held(now):
    """held(days, outcome): a row settled that many days ago."""
    run = ImportRun.objects.create(
        contract="roadmaps.winning-projects", file_name="p.csv", sha256="0" * 64, started_at=now, row_count=0,
        accepted_count=0, quarantined_count=0, unchanged_count=0,
    )  # fmt: skip

    def make(days, outcome):
        settled = now - timedelta(days=days) if outcome else None
        row = run.quarantine.count() + 1
        return QuarantinedRow.objects.create(run=run, row=row, cells={}, outcome=outcome, settled_at=settled)

    return make


def test_only_rows_settled_more_than_90_days_ago_are_deleted(held):
    held(91, "corrected"), held(400, "dropped")
    kept = {held(90, "dropped").pk, held(0, "corrected").pk, held(400, "").pk}
    assert quarantine.forget_settled(TODAY, at=AT) == 2
    assert set(QuarantinedRow.objects.values_list("pk", flat=True)) == kept


def test_the_journal_keeps_how_many_and_a_second_run_says_nothing(held):
    held(91, "corrected")
    quarantine.forget_settled(TODAY, at=AT)
    entry = Entry.objects.get(verb="import.forget")
    assert entry.codes == {"rows": 1, "settled_before": "2026-08-26"}
    assert quarantine.forget_settled(TODAY, at=AT) == 0
    assert Entry.objects.filter(verb="import.forget").count() == 1


def test_the_night_task_is_planned_and_reads_the_clock(held):
    held(1000, "dropped")
    assert tasks.forget_settled_rows(timestamp=0) == 1
    planned = {each.task.name: each.cron for each in app.periodic_registry.periodic_tasks.values()}
    assert planned[tasks.forget_settled_rows.name] == "40 2 * * *"
