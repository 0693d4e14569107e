"""From PostgreSQL to Arrow, every value comes out as it was, whatever it holds."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.kernel.contracts.models import ImportRun, KnownRow
from parvis.kernel.lake import extraction
from parvis.kernel.lake.dataset import Column, Dataset

pytestmark = pytest.mark.django_db

LINES = Dataset(
    code="tests.lines", title="Lignes", sentence="Des lignes.", key="key", permission="steering.view_figures", owner="DDCT",
    columns=(Column("key", "string", "Clé"), Column("contract", "string", "Texte")),
)  # fmt: skip
RUNS = Dataset(
    code="tests.runs", title="Lectures", sentence="Des lectures.", key="id", permission="steering.view_figures", owner="DDCT",
    columns=(Column("id", "integer", "Clé"), Column("started_at", "instant", "Quand"), Column("row_count", "cents", "€")),
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=40)
HARD = [
    "",
    '"',
    '""',
    "a,b",
    "\\.",
    "\n",
    "\r\n",
    "\r",
    " ",
    "NULL",
    "null",
    "t",
    "f",
    "\ufeff",
    "l’œuvre « été »",
    "😀",
]


def read(dataset: Dataset, rows) -> list[dict]:
    return pa.Table.from_batches(extraction.batches(dataset, rows), dataset.arrow).to_pylist()


def run(**fields) -> ImportRun:
    return ImportRun.objects.create(
        **{"contract": "x", "file_name": "x", "sha256": "x", "started_at": datetime(2026, 1, 1, tzinfo=UTC),
           "row_count": 0, "accepted_count": 0, "quarantined_count": 0, "unchanged_count": 0} | fields
    )  # fmt: skip


def lines(texts: list[str]) -> None:
    KnownRow.objects.all().delete()
    KnownRow.objects.bulk_create(
        KnownRow(key=f"{n:04}", contract=text, fingerprint="x") for n, text in enumerate(texts)
    )


def test_texts_that_look_like_something_else_come_out_as_they_were():
    lines(HARD)
    assert [row["contract"] for row in read(LINES, KnownRow.objects.all())] == HARD


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, max_size=8))
def test_any_text_comes_out_as_it_was(texts):
    lines(texts)
    assert [row["contract"] for row in read(LINES, KnownRow.objects.all())] == texts


@pytest.mark.parametrize("instant", [
    datetime(2026, 3, 29, 0, 59, 59, 999999, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, 0, 1, tzinfo=UTC),
    datetime(1969, 7, 20, 20, 17, 40, tzinfo=UTC), datetime(2999, 12, 31, 23, 59, 59, tzinfo=UTC),
])  # fmt: skip
@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "Asia/Kolkata"])
def test_an_instant_is_the_same_instant_whatever_the_clock_of_the_session(instant, zone):
    run(started_at=instant)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TIME ZONE '{zone}'")
        (row,) = read(RUNS, ImportRun.objects.all())
    assert row["started_at"] == instant


@pytest.mark.parametrize("cents", [-1, 0, -(2**63), 2**63 - 1, 2**53 + 1])
def test_amounts_stay_whole_cents_below_zero_and_beyond_what_a_float_can_tell_apart(cents):
    from django.db.models import BigIntegerField, Value

    amounts = Dataset(
        **{name: getattr(LINES, name) for name in ("code", "title", "sentence", "key", "permission", "owner")},
        columns=(Column("key", "string", "Clé"), Column("cents", "cents", "Montant")),
    )
    lines(["x"])
    rows = KnownRow.objects.annotate(cents=Value(cents, output_field=BigIntegerField()))
    assert read(amounts, rows)[0]["cents"] == cents


def test_rows_of_equal_keys_come_in_one_order(django_assert_num_queries):
    twice = Dataset(
        **{name: getattr(LINES, name) for name in ("code", "title", "sentence", "permission", "owner", "columns")},
        key="contract",
    )
    lines(["same"] * 9)
    forwards = read(twice, KnownRow.objects.all())
    KnownRow.objects.filter(key__in=["0003", "0001"]).update(fingerprint="y")  # PostgreSQL moves them
    assert read(twice, KnownRow.objects.all()) == forwards
    assert [row["key"] for row in forwards] == sorted(row["key"] for row in forwards)


def test_many_blocks_lose_no_row_at_their_seams(monkeypatch):
    monkeypatch.setattr(extraction, "BLOCK", 1000)
    texts = [("é" * (n % 50)) + '"\n' for n in range(2000)]
    lines(texts)
    found = list(extraction.batches(LINES, KnownRow.objects.all()))
    assert len(found) > 50
    assert [t for batch in found for t in batch["contract"].to_pylist()] == texts


def test_a_reader_that_stops_half_way_leaves_the_connection_in_order():
    lines(["x" * 60] * 50_000)
    batches = extraction.batches(LINES, KnownRow.objects.all())
    next(batches)
    batches.close()
    assert KnownRow.objects.count() == 50_000


def test_a_column_that_the_rows_do_not_have_is_an_error_that_names_it():
    rows = [pa.RecordBatch.from_pydict({"key": ["1"]})]
    with pytest.raises(KeyError, match="contract"):
        read(LINES, rows)


def test_a_date_before_1970_comes_out_as_it_was():
    days = Dataset(
        **{name: getattr(LINES, name) for name in ("code", "title", "sentence", "key", "permission", "owner")},
        columns=(Column("key", "string", "Clé"), Column("day", "date", "Jour")),
    )
    from django.db.models import DateField, Value

    lines(["x"])
    for day in (date(1, 1, 1), date(1582, 10, 15), date(1969, 12, 31), date(2024, 2, 29), date(9999, 12, 31)):
        rows = KnownRow.objects.annotate(day=Value(day, output_field=DateField()))
        assert read(days, rows)[0]["day"] == day
