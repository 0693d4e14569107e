"""The same expressions on a real Spark cluster give the same cells as DuckDB, one by one."""

import math
import shutil
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.domains.roadmaps import drafts
from tests.kernel.lake import invented_rows, spark_cluster

from parvis.domains.roadmaps.models import Action, Milestone
from parvis.kernel import Refusal, faces
from parvis.kernel.contracts import checking
from parvis.kernel.indicators import cells
from parvis.kernel.indicators.indicator import AGGREGATIONS, RHYTHMS, Indicator
from parvis.kernel.lake import engine, snapshots
from parvis.kernel.lake.dataset import Column, Dataset, unbound

pytestmark = [pytest.mark.django_db, pytest.mark.spark, pytest.mark.xdist_group("spark")]

GENERATED = Dataset(
    code="tests.generated", title="Faits", sentence="Des faits.", key="subject", permission="steering.view_figures",
    owner="DDCT",
    columns=(
        Column("subject", "string", "Clé"), Column("at", "date", "Quand"), Column("place", "string", "Où"),
        Column("value", "integer", "Combien"), Column("base", "integer", "Sur combien"),
        Column("event", "boolean", "Fini"), Column("kind", "string", "Nature"), Column("left_out", "string", "Écarté"),
        Column("vintage", "string", "Millésime"), Column("flag", "boolean", "Oui"),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with spark_cluster.running(tmp_path_factory.mktemp("spark")) as address:
        yield address


@pytest.fixture
def spark(cluster, settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.SPARK_OPTIONS = spark_cluster.OPTIONS
    return cluster


def told(table: pa.Table) -> list[tuple]:
    """Cells in an order of their own, figures to twelve digits: a sum of integers is exact, a quotient is a float."""
    rows = [tuple(_figure(value) for value in row.values()) for row in table.to_pylist()]
    return sorted(rows, key=repr)


def _figure(value):
    return f"{value:.12g}" if isinstance(value, float) and math.isfinite(value) else value


def on(name: str | None, held, indicators, tables_of) -> dict[str, list[tuple]]:
    with engine.opened(held, engine=name) as opened:
        return {i.code: told(cells.evaluate(i, tables_of(i), opened.run)) for i in indicators}


def test_every_indicator_of_the_house_has_the_same_cells_on_spark(spark, now):
    own, _ = drafts.plan("19", actions=3, state="signed"), drafts.plan("5", actions=2, state="signed")
    drafts.asked(own.placements.first().action, state="accepted")
    Milestone.objects.filter(action__code__endswith="1").update(actual_on=date(2026, 6, 2), is_done=True)
    Action.objects.filter(code__endswith="2").update(is_climate=True, grade=5, grade_missing=["owner"])
    snapshots.take_all(by=None, at=now)
    house = faces.house()
    for dataset in (d for d in house.datasets.values() if d.rows is None):
        written = snapshots.write(dataset, invented_rows.of(dataset).to_batches())
        snapshots.keep(dataset, written, as_of=date(2026, 11, 24), by=None, at=now)
    held = snapshots.latest(house.datasets)
    wanted = list(house.indicators.values())
    assert len(wanted) >= 25 and {code for i in wanted for code in i.datasets} <= set(held)

    def tables_of(indicator):
        return unbound(house.datasets[code] for code in indicator.datasets)

    assert on(spark, held, wanted, tables_of) == on("duckdb", held, wanted, tables_of)


def generated(count: int = 4000) -> pa.Table:
    """Facts with every difficulty: no place, no value, left out, two vintages, open cases, leap days, negatives."""
    start = date(2023, 11, 20)
    rows = []
    for n in range(count):
        place = None if n % 17 == 0 else str(5 + n % 16)
        rows.append({
            "subject": f"s{n}", "at": start + timedelta(days=(n * 7) % 900), "place": place,
            "value": None if n % 23 == 0 else (n * 37) % 1000 - 200, "base": n % 50, "event": n % 5 != 0,
            "kind": None if n % 29 == 0 else "abc"[n % 3], "left_out": "trop vieux" if n % 11 == 0 else None,
            "vintage": "2017" if n % 2 else "2024", "flag": n % 3 == 0,
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=GENERATED.arrow)


def _facts(value, tables):
    rows = tables[GENERATED.code]
    return rows.select("subject", "at", "place", "base", "event", "kind", "left_out", "vintage", value=rows[value])


def test_every_aggregation_has_the_same_cells_on_spark(spark, now):
    written = snapshots.write(GENERATED, generated().to_batches())
    held = {GENERATED.code: snapshots.keep(GENERATED, written, as_of=date(2026, 11, 24), by=None, at=now)}
    wanted = [
        Indicator(
            code=f"{aggregation}-{rhythm}", title="t", question="q ?", unit="", better="up", objective="P1", owner="DDCT",
            datasets=(GENERATED.code,), facts=lambda t, a=aggregation: _facts("flag" if a == "share" else "value", t),
            aggregation=aggregation, rhythm=rhythm, dimensions=("kind",),
        )
        for aggregation in AGGREGATIONS for rhythm in (RHYTHMS if aggregation == "sum" else ("quarter",))
    ]  # fmt: skip
    tables = unbound([GENERATED])
    here, there = (on(name, held, wanted, lambda _: tables) for name in ("duckdb", spark))
    assert there == here
    assert all(here.values())


def test_every_contract_finds_the_same_faults_on_spark(spark, tmp_path):
    house = faces.house()
    schemas = {code: contract.schema for code, contract in house.contracts.items()}
    schemas |= {code: dataset.schema for code, dataset in house.datasets.items() if dataset.schema}
    assert len(schemas) >= 8
    for code, schema in sorted(schemas.items(), key=lambda item: len(item[1]["fields"])):
        path = invented_rows.file(schema, tmp_path / f"{code}.csv")
        here, there = (judged(path, schema, name) for name in ("duckdb", spark))
        assert there == here, code
        assert here["faults"], code


def judged(path: Path, schema, name: str) -> dict:
    with checking.check(path, schema, engine=name) as checked:
        faults = [tuple(fault.as_dict().values()) for fault in checked.faults()]
        refused, accepted = (
            [row for batch in checked.rows(is_refused=is_refused) for row in batch.to_pylist()]
            for is_refused in (True, False)
        )
        return {"faults": faults, "refused": refused, "accepted": accepted, "counts": checked.counts()}


def test_a_cluster_that_sees_the_lake_at_another_address_reads_it_there(spark, tmp_path: Path, settings, now):
    """As of an object store: the house writes into a folder, the workers read `s3a://…`; here a folder under file://."""
    written = snapshots.write(GENERATED, generated(50).to_batches())
    held = {GENERATED.code: snapshots.keep(GENERATED, written, as_of=date(2026, 11, 24), by=None, at=now)}
    shutil.copytree(settings.LAKE, tmp_path / "bucket")
    settings.SPARK_LAKE = f"file://{tmp_path}/bucket/"
    with engine.opened(held, engine=spark) as opened:
        assert (
            "bucket"
            in opened.backend.raw_sql("SELECT input_file_name() FROM tests_generated LIMIT 1").toPandas().iloc[0, 0]
        )
        assert opened.run(GENERATED.unbound.count().as_table())[0][0].as_py() == 50
    settings.SPARK_LAKE = f"file://{tmp_path}/elsewhere"
    with pytest.raises(Refusal, match="tests.generated"), engine.opened(held, engine=spark):
        pass


def test_a_cluster_names_the_file_that_is_damaged_inside(spark, now):
    written = snapshots.write(GENERATED, generated(2000).to_batches())
    held = {GENERATED.code: snapshots.keep(GENERATED, written, as_of=date(2026, 11, 24), by=None, at=now)}
    path = snapshots.path_of(written.sha256)
    content = path.read_bytes()
    path.write_bytes(content[:8] + bytes(len(content) - 5008) + content[-5000:])
    with pytest.raises(Refusal, match="« tests.generated » du 24/11/2026"), engine.opened(held, engine=spark) as opened:
        opened.run(GENERATED.unbound.aggregate(n=GENERATED.unbound.value.sum(), s=GENERATED.unbound.subject.max()))


def test_a_cluster_without_its_library_is_refused_in_plain_words(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(Refusal, match="Spark n’est pas installé"), engine.opened({}, engine="spark://127.0.0.1:1"):
        pass


def test_an_engine_that_does_not_exist_is_named():
    with pytest.raises(Refusal, match="« oracle »"), engine.opened({}, engine="oracle"):
        pass


def test_a_dataset_in_a_shared_folder_is_read_by_every_worker(spark, tmp_path: Path, settings, now):
    settings.LAKE = tmp_path / "shared"
    written = snapshots.write(GENERATED, generated(50).to_batches())
    held = {GENERATED.code: snapshots.keep(GENERATED, written, as_of=date(2026, 11, 24), by=None, at=now)}
    with engine.opened(held, engine=spark) as opened:
        assert opened.run(GENERATED.unbound.count().as_table())[0][0].as_py() == 50
    assert pq.read_metadata(snapshots.path_of(written.sha256)).num_rows == 50
