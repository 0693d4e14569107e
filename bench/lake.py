"""The lake at size: photograph a million records; evaluate ten million facts over 17 sectors and 60 months.

The facts are generated as a real Parquet file of a real dataset; the bare times are DuckDB's own on that same file.
"""

import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import connection, transaction

from parvis.kernel.contracts.models import KnownRow
from parvis.kernel.indicators import cells
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.lake import engine, extraction, snapshots
from parvis.kernel.lake.dataset import Column, Dataset, unbound

FACTS, RECORDS, TIMES = 10_000_000, 1_000_000, 5
AT, DAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC), date(2026, 11, 24)
RECORDED = Dataset(
    code="bench.records", title="Un million de lignes", sentence="Banc d’essai.", key="key", permission="", owner="",
    columns=(
        Column("key", "string", "Clé"), Column("contract", "string", "Contrat"), Column("fingerprint", "string", "Empreinte"),
        Column("run_id", "integer", "Lecture"),
    ),
    rows=lambda as_of: KnownRow.objects.filter(contract="bench"),
)  # fmt: skip
GENERATED = Dataset(
    code="bench.facts", title="Dix millions de faits", sentence="Banc d’essai.", key="subject", permission="", owner="",
    columns=(
        Column("subject", "string", "Clé"), Column("at", "date", "Quand"), Column("place", "string", "Secteur"),
        Column("value", "integer", "Valeur"), Column("directorate", "string", "Direction"),
    ),
)  # fmt: skip
FILL = """
COPY (
  SELECT 's' || lpad(i::VARCHAR, 8, '0') AS subject, DATE '2021-12-01' + ((i // 5556) % 1800)::INT AS "at",
    CASE WHEN i % 17 = 0 THEN 'centre' ELSE (4 + i % 17)::VARCHAR END AS place,
    hash(i) % 100000 AS value, 'D' || (i % 15)::VARCHAR AS directorate
  FROM range({count}) t(i)
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""
BARE = """
SELECT date_trunc('month', "at") AS period, place, sum(value) AS numerator, count(value) AS denominator, count(*) AS counted
FROM read_parquet('{path}') GROUP BY ALL
"""


def _facts(tables: Any):
    import ibis

    rows = tables[GENERATED.code]
    return rows.select(
        "subject", "at", "place", "value", "directorate",
        left_out=ibis.cases((rows.value > 99_900, "montant hors de l’ordinaire")),
    )  # fmt: skip


MEAN = Indicator(
    code="bench.mean", title="Moyenne", question="Combien ?", unit="€", better="up", objective="P1", owner="DDCT",
    datasets=(GENERATED.code,), facts=_facts, aggregation="mean", scale=100,
)  # fmt: skip


def run() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        settings.LAKE = Path(folder) / "lake"
        settings.LAKE.mkdir()
        return [_photographed(), *_evaluated(Path(folder) / "facts.parquet")]


def _photographed() -> dict:
    """From PostgreSQL's tables to an immutable file, fingerprinted; what was generated is rolled back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO contracts_knownrow (contract, key, fingerprint, run_id) "
                "SELECT 'bench', 'ligne-' || lpad(i::text, 8, '0'), md5(i::text) || md5((i + 1)::text), NULL "
                "FROM generate_series(1, %s) i", [RECORDS],
            )  # fmt: skip
            cursor.execute("ANALYZE contracts_knownrow")
        start = time.perf_counter()
        written = snapshots.write(RECORDED, extraction.batches(RECORDED, RECORDED.rows(DAY)))  # type: ignore[misc]
        seconds = time.perf_counter() - start
        transaction.set_rollback(True)
    assert written.row_count == RECORDS
    return _told("photographie d’un million de lignes", RECORDS, seconds, "10 s")


def _evaluated(path: Path) -> list[dict]:
    duckdb.execute(FILL.format(count=FACTS, path=path))
    digest = snapshots.fingerprint(path)
    final = snapshots.path_of(digest)
    final.parent.mkdir(exist_ok=True)
    path.replace(final)
    with transaction.atomic():
        kept = snapshots.keep(
            GENERATED, snapshots.Written(digest, FACTS, final.stat().st_size), as_of=DAY, by=None, at=AT
        )
        tables = unbound([GENERATED])
        with engine.opened({GENERATED.code: kept}) as opened:
            told = [
                _told("un indicateur sur dix millions de faits", FACTS, _median(lambda: cells.evaluate(MEAN, tables, opened.run)),
                      "3 s"),
                _told("les lignes d’une cellule", FACTS, _median(lambda: opened.run(_cell(tables))), "0,3 s"),
                _scanned(opened, tables, final),
            ]  # fmt: skip
        transaction.set_rollback(True)
    return told


def _cell(tables: Any):
    wanted = cells.facts_of(MEAN, tables, date(2026, 3, 1), place="19")
    return wanted.order_by("subject").limit(50)


def _scanned(opened: engine.Engine, tables: Any, path: Path) -> dict:
    """The same grouping, asked of our engine as an expression and of DuckDB alone as SQL."""
    rows = tables[GENERATED.code]
    asked = rows.group_by(rows["at"].truncate("M").name("period"), "place").aggregate(
        numerator=rows.value.sum(), denominator=rows.value.count(), counted=rows.count()
    )
    ours, bare = (
        _median(lambda: opened.run(asked)),
        _median(lambda: duckdb.execute(BARE.format(path=path)).to_arrow_table()),
    )
    return _told("lecture groupée, auprès de DuckDB seul", FACTS, ours, f"{bare * 1.5:.2f} s".replace(".", ",")) | {
        "bare_seconds": bare
    }


def _median(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _told(operation: str, rows: int, seconds: float, target: str) -> dict:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"operation": operation, "rows": rows, "seconds": round(seconds, 3), "peak_mb": peak, "target": target}
