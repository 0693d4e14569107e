"""The journal is append-only in the database itself, sealed by day, and says which day was broken."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from parvis.kernel.journal import entries, seals
from parvis.kernel.journal.models import Entry, Seal
from parvis.kernel.references import Reference

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 27, 10, 0, tzinfo=UTC)


def write_days(days: int, each: int = 3) -> None:
    for day in range(days):
        for n in range(each):
            at = START + timedelta(days=day, minutes=n)
            entries.record("test.done", Reference("thing", str(n)), by=None, at=at, codes={"n": n})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET verb='x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "DELETE FROM journal_seal",
    ],
)
def test_the_database_refuses_to_rewrite_what_happened(statement):
    write_days(2)
    seals.seal_until(date(2026, 3, 27), at=START)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_sealed_chain_holds_and_sealing_again_adds_nothing():
    write_days(5)
    assert seals.seal_until(date(2026, 4, 10), at=START) == 5
    assert seals.seal_until(date(2026, 4, 10), at=START) == 0
    verdict = seals.verify()
    assert verdict.holds
    assert (verdict.days, verdict.entries) == (5, 15)


def test_a_sealed_day_takes_no_new_line():
    write_days(1)
    seals.seal_until(date(2026, 3, 27), at=START)
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        entries.record("test.late", Reference("thing", "1"), by=None, at=START)


@pytest.mark.parametrize(
    ("tampering", "broken_on"),
    [
        ("UPDATE journal_entry SET codes='{}' WHERE day='2026-03-28' AND subject_id='1'", date(2026, 3, 28)),
        ("DELETE FROM journal_entry WHERE day='2026-03-29' AND subject_id='0'", date(2026, 3, 29)),
        ("DELETE FROM journal_seal WHERE day='2026-03-28'", date(2026, 3, 29)),
        ("UPDATE journal_seal SET digest=repeat('a',64) WHERE day='2026-03-30'", date(2026, 3, 30)),
    ],
)
def test_tampering_past_the_triggers_is_found_and_its_first_day_named(tampering, broken_on):
    write_days(4)
    seals.seal_until(date(2026, 4, 10), at=START)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(tampering)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    verdict = seals.verify()
    assert not verdict.holds
    assert verdict.broken_on == broken_on


def test_the_seal_follows_the_day_of_paris_across_the_clock_change():
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # already the 29th in Paris, the night the clocks change
    assert entries.record("test.done", Reference("thing", "1"), by=None, at=late).day == date(2026, 3, 29)


def test_a_sentence_never_enters_the_journal():
    with pytest.raises(ValueError, match="free text"):
        entries.record(
            "t.x", Reference("t", "1"), by=None, at=START, codes={"why": "Madame X est en retard de paiement"}
        )


def test_the_seal_counts_what_it_covers():
    write_days(1, each=7)
    seals.seal_until(date(2026, 3, 27), at=START)
    assert Seal.objects.get().entry_count == Entry.objects.count() == 7
