"""The engine is bounded, shut to the outside, and says in plain words what it cannot do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pytest

from parvis.kernel import Refusal
from parvis.kernel.lake import engine, snapshots
from parvis.kernel.lake.dataset import Column, Dataset

pytestmark = pytest.mark.django_db

TEXTS = Dataset(
    code="tests.texts", title="Textes", sentence="Des textes.", key="number", permission="steering.view_figures", owner="DDCT",
    columns=(Column("number", "integer", "Clé"), Column("text", "string", "Texte")),
)  # fmt: skip
ROWS = 300_000


@pytest.fixture(autouse=True)
def lake(tmp_path, settings) -> Path:
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


@pytest.fixture
def kept(now):
    """A snapshot of ROWS rows of 64 letters that do not repeat."""
    texts = duckdb.sql(f"SELECT i AS number, sha256(i::VARCHAR) AS text FROM range({ROWS}) t(i)").to_arrow_table()
    written = snapshots.write(TEXTS, texts.cast(TEXTS.arrow).to_batches())
    return snapshots.keep(TEXTS, written, as_of=date(2026, 11, 24), by=None, at=now)


def asked(expression, kept) -> pa.Table:
    with engine.opened({TEXTS.code: kept}) as opened:
        return opened.run(expression)


def ordered(table=TEXTS.unbound):
    """What cannot be answered without holding every row at once: its order decides."""
    rank = ibis.row_number().over(order_by=table.text)
    return table.mutate(rank=rank).aggregate(ranks=(ibis._.rank * ibis._.number).sum(), rows=ibis._.count())


def test_a_calculation_that_eats_the_memory_is_refused_in_plain_words_and_leaves_nothing(
    kept, settings, lake, monkeypatch
):
    settings.ENGINE_MEMORY = "20MB"
    monkeypatch.setattr(engine, "SPILLED", "1MB")
    with pytest.raises(Refusal, match="plus de mémoire") as refused:
        asked(ordered(), kept)
    assert "PARVIS_ENGINE_MEMORY" in refused.value.remedy
    assert list((lake / "aside").iterdir()) == []


def test_a_calculation_larger_than_memory_spills_into_the_lake_and_answers_the_same(kept, settings, lake):
    with_room = asked(ordered(), kept)
    settings.ENGINE_MEMORY = "40MB"
    assert asked(ordered(), kept) == with_room
    assert with_room["rows"][0].as_py() == ROWS
    assert list((lake / "aside").iterdir()) == []


def test_two_at_once_spill_apart_and_answer_the_same(kept, settings):
    alone = asked(ordered(), kept)
    settings.ENGINE_MEMORY = "40MB"
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: asked(ordered(), kept), range(2))
    assert first == second == alone


def test_a_disk_without_room_to_spill_still_answers_what_fits_in_memory(kept, lake):
    (lake / "aside").rmdir() if (lake / "aside").exists() else None
    (lake / "aside").write_text("no folder can be made here")
    assert asked(TEXTS.unbound.count().as_table(), kept)[0][0].as_py() == ROWS


@pytest.mark.parametrize("sentence", [
    "SELECT * FROM read_csv('/etc/hostname')", "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM glob('/etc/*')",
    "COPY (SELECT 1) TO '{folder}/out.csv'", "ATTACH '{folder}/other.db'", "INSTALL httpfs", "LOAD httpfs",
    "SELECT * FROM read_parquet('https://example.org/x.parquet')", "SET memory_limit = '64GB'",
    "SET enable_external_access = true",
])  # fmt: skip
def test_the_engine_reads_its_snapshots_and_nothing_else(kept, tmp_path, sentence):
    with engine.opened({TEXTS.code: kept}) as opened, pytest.raises(duckdb.Error):
        opened.backend.con.execute(sentence.format(folder=tmp_path)).fetchall()
    assert not (tmp_path / "out.csv").exists() and not (tmp_path / "other.db").exists()


def test_a_missing_file_is_refused_with_its_dataset_and_its_day(kept):
    snapshots.path_of(kept.sha256).unlink()
    with pytest.raises(Refusal, match="« tests.texts » du 24/11/2026 manque"), engine.opened({TEXTS.code: kept}):
        pass


@pytest.mark.parametrize("cut", [0, 1000, -1])
def test_a_file_cut_short_is_refused_with_its_dataset_and_its_day(kept, cut):
    path = snapshots.path_of(kept.sha256)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Refusal, match="« tests.texts » du 24/11/2026 est abîmée"), engine.opened({TEXTS.code: kept}):
        pass


def test_a_file_damaged_inside_is_named_when_it_cannot_be_read(kept):
    path = snapshots.path_of(kept.sha256)
    content = bytearray(path.read_bytes())
    content[1000:-20_000] = bytes(len(content) - 21_000)
    path.write_bytes(content)
    with pytest.raises(Refusal, match="« tests.texts » du 24/11/2026 est abîmée") as refused:
        asked(ordered(), kept)
    assert "parvis verify" in refused.value.remedy


def test_a_question_that_is_wrong_is_not_taken_for_damage(kept):
    with pytest.raises(duckdb.Error):
        asked(ibis.table({"number": "int64"}, name="nowhere").count().as_table(), kept)


def test_files_of_passage_stand_where_the_engine_sees_them(lake):
    with engine.passage("duckdb") as here, engine.passage("spark://127.0.0.1:1") as shared:
        assert Path(shared).parent == lake / "aside" and not Path(here).is_relative_to(lake)
    assert not Path(here).exists() and not Path(shared).exists()
