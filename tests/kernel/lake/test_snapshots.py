"""A snapshot is whole or absent, never changes, and shows a dataset as it stood."""

import resource
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.models import Action
from parvis.kernel import Refusal, faces
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import extraction, retention, snapshots, verifying
from parvis.kernel.lake.dataset import Column, Dataset
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.references import Reference

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
TYPES = Dataset(
    code="tests.types", title="Types", sentence="Tous les types.", key="code", permission="steering.view_figures",
    owner="DDCT", business_date="due_on",
    columns=(
        Column("code", "string", "Clé"), Column("title", "string", "Texte"), Column("sector_code", "string", "Vide"),
        Column("due_on", "date", "Jour"), Column("changed_at", "instant", "Instant"), Column("grade", "integer", "Entier"),
        Column("is_climate", "boolean", "Oui"), Column("longitude", "number", "Réel"),
    ),
    rows=lambda as_of: Action.objects.all(),
)  # fmt: skip


@pytest.fixture(autouse=True)
def lake(tmp_path, settings) -> Path:
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


def made(**fields) -> Action:
    plan = drafts.plan("19", actions=0) if not Action.objects.exists() else None
    return drafts.action(plan or drafts.Plan.objects.get(), fields.pop("code", "A1"), **fields)


def read(snapshot) -> list[dict]:
    return pq.read_table(snapshots.path_of(snapshot.sha256)).to_pylist()


def test_every_type_comes_out_of_postgresql_as_it_was(now):
    summer = datetime(2026, 10, 25, 0, 59, 59, 123456, tzinfo=UTC)
    made(code="A1", title='Le « pont », dit "neuf" ;\nsur deux lignes', due_on=date(1969, 2, 28), starts_on=None)
    made(code="A2", title="", due_on=None, starts_on=None, longitude=2.3522, latitude=48.8566, is_climate=True)
    Action.objects.filter(code="A1").update(changed_at=summer, grade=None)
    first, second = read(snapshots.take(TYPES, by=None, at=now))
    assert first["title"] == 'Le « pont », dit "neuf" ;\nsur deux lignes'
    assert (first["due_on"], first["changed_at"], first["grade"]) == (date(1969, 2, 28), summer, None)
    assert (second["title"], second["sector_code"], second["due_on"]) == ("", "", None)
    assert (second["longitude"], second["is_climate"], first["is_climate"]) == (2.3522, True, False)


def test_rows_come_in_the_order_of_their_key_so_that_equal_content_is_an_equal_file(now):
    made(code="B"), made(code="A")
    before = snapshots.take(TYPES, by=None, at=now)
    Action.objects.filter(code="A").update(title="Autre")
    Action.objects.filter(code="A").update(title="Action A")  # PostgreSQL moves a row that it rewrites
    assert snapshots.take(TYPES, by=None, at=now + timedelta(days=1)).sha256 == before.sha256
    assert [row["code"] for row in read(before)] == ["A", "B"]


def test_the_same_content_on_the_same_day_is_the_same_snapshot(now):
    made()
    first, second = (snapshots.take(TYPES, by=None, at=now) for _ in range(2))
    assert first == second and Entry.objects.filter(verb="snapshot.take").count() == 1


def test_an_empty_dataset_is_a_snapshot_of_no_row(now):
    taken = snapshots.take(TYPES, by=None, at=now)
    assert (taken.row_count, taken.business_on, read(taken)) == (0, None, [])


def test_the_business_date_is_the_latest_one(now):
    made(code="A1", due_on=date(2026, 12, 1)), made(code="A2", due_on=date(2026, 11, 30))
    assert snapshots.take(TYPES, by=None, at=now).business_on == date(2026, 12, 1)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)], ids=["past", "future"])
def test_a_day_that_the_dataset_cannot_show_is_refused(now, day):
    with pytest.raises(Refusal, match="ne peut pas être photographié"):
        snapshots.take(TYPES, by=None, at=now, as_of=day)
    assert not Snapshot.objects.exists()


def test_a_dataset_that_lives_from_files_is_not_photographed(now):
    alone = Dataset(
        **{f: getattr(TYPES, f) for f in ("code", "title", "sentence", "columns", "key", "permission", "owner")}
    )
    with pytest.raises(Refusal, match="déposez le fichier"):
        snapshots.take(alone, by=None, at=now)


def test_batches_made_by_a_domain_take_the_described_types():
    rows = [pa.RecordBatch.from_pydict({"code": ["x"], **{c.name: [None] for c in TYPES.columns[1:]}})]
    (batch,) = extraction.batches(TYPES, rows)
    assert batch.schema == TYPES.arrow


def test_every_dataset_of_the_house_matches_its_description_on_an_empty_and_on_a_small_house(now):
    empty = snapshots.take_all(by=None, at=now)
    drafts.asked(drafts.plan("19", state="signed").placements.get().action)
    small = snapshots.take_all(by=None, at=now)
    for snapshot in (*empty, *small):
        table = pq.read_table(snapshots.path_of(snapshot.sha256))
        assert table.schema.equals(faces.house().datasets[snapshot.dataset].arrow), snapshot.dataset
    taken = {s.dataset: s.row_count for s in small}
    assert taken["roadmaps.actions"] == 1 and taken["roadmaps.commitments"] == 1


def test_the_latest_snapshot_known_on_a_day_is_asked_for_in_one_query(now, django_assert_num_queries):
    made()
    for days in (0, 2):
        Action.objects.update(grade=days)
        snapshots.take(TYPES, by=None, at=now + timedelta(days=days))
    with django_assert_num_queries(1):
        found = snapshots.latest([TYPES.code], as_of=TODAY + timedelta(days=1))
    assert found[TYPES.code].as_of == TODAY
    assert snapshots.latest([TYPES.code], as_of=TODAY - timedelta(days=1)) == {}


FILLING = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.path.insert(0, {source!r})
import django; django.setup()
from django.conf import settings
settings.LAKE = Path({lake!r})
import pyarrow as pa
from parvis.kernel import Refusal
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Column, Dataset
data = Dataset(code="x", title="x", sentence="x", columns=(Column("k", "string", "k"),), key="k", permission="p", owner="o")
{limit}
try:
    snapshots.write(data, (pa.RecordBatch.from_pydict({{"k": [str(n * i) for n in range(200_000)]}}) for i in range({times})))
except Refusal as refused:
    print(refused)
"""


def script(lake: Path, *, limit: str = "", times: int = 3) -> list[str]:
    return [sys.executable, "-c", FILLING.format(source="src", lake=str(lake), limit=limit, times=times)]


def test_a_full_disk_is_told_plainly_and_leaves_nothing_behind(lake):
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    done = subprocess.run(script(lake, limit=limit), capture_output=True, text=True, timeout=60)
    assert "le disque est plein" in done.stdout, done.stderr
    assert [p for p in lake.rglob("*") if p.is_file()] == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000


def test_a_writer_killed_half_way_leaves_a_partial_file_that_is_swept_after_a_day(lake, now):
    running = subprocess.Popen(script(lake, times=100_000))
    try:
        while not any(p.stat().st_size > 100_000 for p in lake.glob("*.partial")):
            assert running.poll() is None
    finally:
        running.kill()
        running.wait(timeout=30)
    assert list(lake.rglob("*.parquet")) == []
    assert retention.sweep((), at=datetime.now(UTC)) == 0
    assert retention.sweep((), at=datetime.now(UTC) + timedelta(days=2)) == 1
    assert list(lake.glob("*.partial")) == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_snapshot_and_one_file(now, lake):
    from concurrent.futures import ThreadPoolExecutor

    made()

    def take(_):
        try:
            return snapshots.take(TYPES, by=None, at=now).sha256
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(take, range(2))
    assert first == second
    assert len(list(lake.glob("??/*.parquet"))) == 1


def kept(now, *days: date) -> None:
    made()
    for n, day in enumerate(days):
        Action.objects.update(grade=n)
        written = snapshots.write(TYPES, extraction.batches(TYPES, Action.objects.all()))
        snapshots.keep(TYPES, written, as_of=day, by=None, at=now)


def standing() -> list[date]:
    return list(Snapshot.objects.filter(removed_at=None).order_by("as_of").values_list("as_of", flat=True))


def test_days_go_after_five_weeks_month_ends_after_three_years_year_ends_after_ten(now, lake):
    days = (date(2016, 12, 31), date(2023, 12, 31), date(2026, 2, 28), date(2026, 10, 1), date(2026, 10, 31), TODAY)
    kept(now, *days)
    assert retention.let_go(today=TODAY, at=now) == 1
    assert standing() == [d for d in days if d != date(2026, 10, 1)]
    assert retention.let_go(today=TODAY, at=now) == 0
    assert retention.let_go(today=date(2028, 2, 29), at=now) == 1  # the last day of February of a leap year
    assert len(list(lake.glob("??/*.parquet"))) == 6  # the files wait for the sweep
    assert retention.sweep((), at=datetime.now(UTC)) == 0
    assert retention.sweep((), at=datetime.now(UTC) + timedelta(days=2)) == 2
    assert {p.stem for p in lake.glob("??/*.parquet")} == shown()


def shown() -> set[str]:
    return set(Snapshot.objects.filter(removed_at=None).values_list("sha256", flat=True))


def test_letting_go_leaves_its_line_in_the_journal(now):
    kept(now, date(2026, 1, 5), TODAY)
    gone = Snapshot.objects.get(as_of=date(2026, 1, 5))
    retention.let_go(today=TODAY, at=now)
    line = Entry.objects.get(verb="snapshot.let_go")
    assert (line.subject_id, line.codes) == (str(gone.pk), {"dataset": TYPES.code})
    gone.refresh_from_db()
    assert gone.removed_at == now


def test_a_day_let_go_may_be_photographed_again_and_its_file_is_not_swept(now, lake):
    kept(now, date(2026, 1, 5), TODAY)
    retention.let_go(today=TODAY, at=now)
    gone = Snapshot.objects.exclude(removed_at=None).get()
    Action.objects.update(grade=0)
    again = snapshots.take(TYPES, by=None, at=now)
    assert again.sha256 == gone.sha256 and again != gone
    assert retention.sweep((), at=datetime.now(UTC) + timedelta(days=2)) == 0


def test_a_file_that_a_caller_names_is_not_swept(lake):
    cells, other = (snapshots.keep_table(pa.table({"n": [n]})) for n in range(2))
    assert retention.sweep([cells], at=datetime.now(UTC) + timedelta(days=2)) == 1
    assert snapshots.path_of(cells).exists() and not snapshots.path_of(other).exists()


@pytest.mark.parametrize(("as_of", "today", "is_kept"), [
    (date(2026, 10, 20), TODAY, True), (date(2026, 10, 19), TODAY, False),
    (date(2024, 2, 29), date(2027, 2, 28), True), (date(2024, 2, 28), date(2027, 2, 28), False),
])  # fmt: skip
def test_the_edges_of_the_rule(as_of, today, is_kept):
    assert retention.is_kept(as_of, today) is is_kept


def test_what_something_signed_rests_on_is_never_let_go(now):
    kept(now, date(2026, 1, 5), TODAY)
    snapshots.cite([Snapshot.objects.get(as_of=date(2026, 1, 5))], Reference("review", "r1"), at=now)
    assert retention.let_go(today=TODAY, at=now) == 0


def test_the_last_snapshot_of_a_dataset_stays_however_old(now):
    kept(now, date(2026, 1, 5))
    assert retention.let_go(today=TODAY, at=now) == 0


def test_a_file_that_a_kept_snapshot_shares_stays(now):
    made()
    written = snapshots.write(TYPES, extraction.batches(TYPES, Action.objects.all()))
    for day in (date(2026, 1, 5), TODAY):
        snapshots.keep(TYPES, written, as_of=day, by=None, at=now)
    assert retention.let_go(today=TODAY, at=now) == 1
    assert retention.sweep((), at=datetime.now(UTC) + timedelta(days=2)) == 0
    assert snapshots.path_of(written.sha256).exists()


def test_a_damaged_and_a_missing_file_are_named_with_what_rests_on_them(now):
    kept(now, date(2026, 11, 22), date(2026, 11, 23), TODAY)
    damaged, missing, _ = Snapshot.objects.order_by("as_of")
    snapshots.cite([missing], Reference("review", "revue-19"), at=now)
    snapshots.path_of(damaged.sha256).write_bytes(b"not what it was")
    snapshots.path_of(missing.sha256).unlink()
    verdict = verifying.verify()
    assert not verdict.holds and verdict.files == 3
    first, second = (damage.sentence for damage in verdict.damages)
    assert "22/11/2026 est abîmée" in first and "23/11/2026 manque" in second
    assert "review revue-19" in second
    assert verdict.withdrawn == (TYPES.code,)  # the house does not declare it: cited, it stays and is named


def test_a_sound_lake_holds(now):
    kept(now, TODAY)
    assert verifying.verify().holds


def test_a_file_that_others_keep_is_verified_under_its_name():
    sound, lost = (snapshots.keep_table(pa.table({"n": [n]})) for n in range(2))
    snapshots.path_of(lost).unlink()
    verdict = verifying.verify({sound: "La mesure de « a »", lost: "La mesure de « b »"})
    assert [d.sentence for d in verdict.damages] == [f"La mesure de « b » manque ({lost[:12]})."]


def test_taking_the_same_content_again_mends_a_damaged_file(now):
    made()
    taken = snapshots.take(TYPES, by=None, at=now)
    snapshots.path_of(taken.sha256).write_bytes(b"not what it was")
    assert snapshots.take(TYPES, by=None, at=now) == taken
    assert verifying.verify().holds


def test_a_lake_where_nothing_can_be_written_is_told_plainly(now, settings, lake):
    made()
    lake.write_text("a file where the folder should be")
    with pytest.raises(Refusal, match="n’a pas pu être écrite") as refused:
        snapshots.take(TYPES, by=None, at=now)
    assert "PARVIS_LAKE" in refused.value.remedy
    assert not Snapshot.objects.exists() and Action.objects.count() == 1


def test_writing_keeps_no_file_open(now):
    made()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        snapshots.take(TYPES, by=None, at=now)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1


@pytest.mark.django_db(transaction=True)
def test_all_datasets_show_one_and_the_same_instant(now, lake, monkeypatch):
    """Someone writes while the photographer works: the second dataset does not see what the first could not."""
    from concurrent.futures import ThreadPoolExecutor

    drafts.plan("19", actions=1)
    batches, seen = extraction.batches, []

    def interrupted(dataset, rows):
        yield from batches(dataset, rows)
        if not seen:
            with ThreadPoolExecutor(1) as pool:
                seen.append(pool.submit(add).result())

    def add():
        try:
            return drafts.action(drafts.Plan.objects.get(), "LATE").code
        finally:
            connection.close()

    monkeypatch.setattr(extraction, "batches", interrupted)
    taken = {s.dataset: s.row_count for s in snapshots.take_all(by=None, at=now)}
    again = {s.dataset: s.row_count for s in snapshots.take_all(by=None, at=now)}
    assert seen == ["LATE"]
    assert (taken["roadmaps.actions"], again["roadmaps.actions"]) == (1, 2)
