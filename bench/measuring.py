"""Measure one operation: median and 95th percentile, SQL queries, peak memory. Counting and timing are separate runs."""

import gc
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

COMING, BROKEN = "à venir", "en panne"


@dataclass(frozen=True)
class Operation:
    """Something that a person or the night does.

    `run` is None for what does not exist yet. `most_ms` bounds the 95th percentile, `most_queries` the SQL queries,
    `most_mb` the memory it holds. `same_queries_as` names the same operation on fewer rows, that
    must not take fewer queries. `bare` does the same reading in bare DuckDB, in the same run. `peer` is what another tool was measured to do.
    """

    name: str
    label: str
    size: str
    run: Callable[[], Any] | None
    most_ms: float | None = None
    most_queries: int | None = None
    most_mb: float | None = None
    same_queries_as: str = ""
    repeats: int = 30
    bare: Callable[[], Any] | None = None
    peer: str = "–"


@dataclass(frozen=True)
class Result:
    """Times in milliseconds; memory in MB (10⁶ bytes) at the worst instant; `ratio` is our median over bare DuckDB's."""

    name: str
    label: str
    size: str
    median_ms: float | None = None
    p95_ms: float | None = None
    queries: int | None = None
    peak_mb: float | None = None
    ratio: float | None = None
    target: str = ""
    verdict: str = COMING
    peer: str = "–"


def measure(operation: Operation, queries_of: dict[str, int]) -> Result:
    """Warm up, count, weigh, then time. `queries_of` holds what earlier operations took."""
    if operation.run is None:
        return _unmeasured(operation, COMING)
    try:
        operation.run()
    except Exception as error:  # one that breaks must not hide the others; it is told and fails the run
        print(f"! {operation.name}: {type(error).__name__}: {error}", file=sys.stderr)
        return _unmeasured(operation, BROKEN)
    queries, peak = count_queries(operation.run), added_memory(operation.run)
    times = timed(operation.run, operation.repeats)
    median, p95 = statistics.median(times), percentile(times, 95)
    queries_of[operation.name] = queries
    misses = [
        operation.most_ms is not None and p95 >= operation.most_ms,
        operation.most_queries is not None and queries > operation.most_queries,
        operation.most_mb is not None and peak >= operation.most_mb,
        operation.same_queries_as and queries > queries_of.get(operation.same_queries_as, queries),
    ]
    ratio = median / statistics.median(timed(operation.bare, operation.repeats)) if operation.bare else None
    return Result(
        operation.name, operation.label, operation.size, median, p95, queries, peak, ratio, _target(operation),
        "manqué" if any(misses) else "tenu", operation.peer,
    )  # fmt: skip


def _unmeasured(operation: Operation, verdict: str) -> Result:
    return Result(
        operation.name, operation.label, operation.size, target=_target(operation), verdict=verdict, peer=operation.peer
    )  # fmt: skip


def timed(run: Callable[[], Any], repeats: int) -> list[float]:
    """Milliseconds of each run; the collector rests, as it would between requests."""
    times = []
    for _ in range(repeats):
        gc.collect()
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return times


def percentile(times: list[float], rank: int) -> float:
    """The smallest time that `rank` % of the runs do not exceed."""
    ordered = sorted(times)
    return ordered[max(0, -(-len(ordered) * rank // 100) - 1)]


def count_queries(run: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        run()
    return len(seen)


def added_memory(run: Callable[[], Any]) -> float:
    """MB that the run holds at its worst instant, as Python counts them."""
    gc.collect()
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _target(operation: Operation) -> str:
    parts = [
        f"≤ {operation.most_queries} requêtes" if operation.most_queries is not None else "",
        "requêtes constantes" if operation.same_queries_as else "",
        f"< {duration(operation.most_ms)}" if operation.most_ms is not None else "",
        f"< {operation.most_mb:.0f} Mo" if operation.most_mb is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def duration(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "–"
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.2f} s".replace(".00", "").replace(".", ",")
    return (
        f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms".replace(".", ",").replace(",0", "")
    )
