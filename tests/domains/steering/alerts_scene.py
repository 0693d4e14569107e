"""A figure made by hand, with its cells in the lake, for the tests of alerts."""

from datetime import date, timedelta

import pyarrow as pa

from parvis.domains.steering.models import Evaluation, Measurement
from parvis.domains.steering.queries.cells import SCHEMA
from parvis.kernel.indicators.cells import period_of
from parvis.kernel.lake import snapshots

CODE = "roadmaps.map-reflex"  # a monthly share, better up, watched under 90 %


def evaluation(at, *, as_of=None, hits=80, places=None, months=1, code=CODE, outcome="measured"):
    """An evaluation of one indicator: `hits` of 100 for the last `months`, and for each place its own."""
    day = as_of or at.date()
    run = Evaluation.objects.create(as_of=day, started_at=at, finished_at=at, engine="duckdb")
    periods = sorted(_back(day, n) for n in range(months))
    rows = [_cell(on, place, value) for on in periods for place, value in {"": hits, **(places or {})}.items()]
    measured = outcome == "measured"
    Measurement.objects.create(
        evaluation=run, indicator=code, fingerprint="f", snapshots={}, outcome=outcome, note="" if measured else "Échec.",
        period=periods[-1] if measured else None, value=float(hits) if measured else None, counted=100,
        cells_sha256=snapshots.keep_table(pa.Table.from_pylist(rows, schema=SCHEMA)),
        history=[[str(on), float(hits), hits, 100, 100] for on in periods] if measured else [],
        places={place: [float(v), v, 100, 100] for place, v in (places or {}).items()},
    )  # fmt: skip
    return run


def _back(day: date, months: int) -> date:
    on = period_of(day, "month")
    for _ in range(months):
        on = period_of(on - timedelta(days=1), "month")
    return on


def _cell(on, place, hits):
    return {
        "period": on, "place": place, "vintage": "", "dimension": "", "member": "", "value": float(hits),
        "numerator": float(hits), "denominator": 100.0, "counted": 100, "left_out": 0, "hidden": False,
    }  # fmt: skip
