"""Evaluate the indicators of the house over the lake, as of a day, and keep what they were worth.

One at a time. A measurement cites its snapshots and the fingerprint of its definition; the cells are a file of the
lake, so that a past figure is replayed from what was known then.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction

from parvis.domains.steering.models import Evaluation, Measurement
from parvis.kernel import Refusal, faces
from parvis.kernel.calendar import paris_day
from parvis.kernel.indicators import cells
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.journal import entries
from parvis.kernel.lake import engine, snapshots
from parvis.kernel.lake.dataset import Dataset, unbound
from parvis.kernel.lake.models import Snapshot

TURN = 3_141_592  # the advisory lock of evaluations


def measure_all(*, by, at: datetime, as_of: date | None = None) -> Evaluation:
    """Every indicator as of a day, in one transaction. Raises Refusal when another evaluation runs."""
    day = as_of or paris_day(at)
    with transaction.atomic():
        _take_turn()
        house = faces.house()
        run = Evaluation.objects.create(as_of=day, started_at=at, started_by=by, engine=settings.ENGINE)
        held = snapshots.latest(house.datasets, as_of=day)
        with engine.opened(held) as opened:
            for indicator in house.indicators.values():
                _measured(run, indicator, house.datasets, held, opened).save()
        run.finished_at = at
        run.save(update_fields=["finished_at"])
        entries.record("evaluation.run", run.reference(), by=by, at=at, codes={"as_of": str(day)})
    return run


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        raise Refusal("Une autre évaluation est en cours.", remedy="Attendez qu’elle finisse, puis recommencez.")


def _measured(
    run: Evaluation, indicator: Indicator, datasets: Mapping[str, Dataset], held: Mapping[str, Snapshot], opened
) -> Measurement:
    missing = [code for code in indicator.datasets if code not in held]
    made = Measurement(evaluation=run, indicator=indicator.code, snapshots={}, outcome=Measurement.Outcome.NO_FACTS)
    if missing:
        made.note = f"Aucune photographie de {', '.join(missing)} à cette date."
        return made
    tables = unbound(datasets[code] for code in indicator.datasets)
    made.fingerprint = indicator.fingerprint(tables)
    made.snapshots = {code: [held[code].pk, held[code].sha256] for code in indicator.datasets}
    made.business_on = min((s.business_on for c in indicator.datasets if (s := held[c]).business_on), default=None)
    return _with_figures(made, indicator, cells.evaluate(indicator, tables, opened.run), run.as_of)


def _with_figures(made: Measurement, indicator: Indicator, found: pa.Table, as_of: date) -> Measurement:
    known = found.filter(pc.less_equal(found["period"], pa.scalar(as_of)))
    if not known.num_rows:
        made.note = "Les jeux de données ne contiennent aucun fait à cette date."
        return made
    made.outcome = Measurement.Outcome.MEASURED
    made.cells_sha256 = _kept(known)
    totals = _rows(known, place=cells.ALL, dimension=cells.ALL)
    made.history = [[str(r["period"]), r["value"], r["numerator"], r["denominator"], r["counted"]] for r in totals]
    _headline(made, [r for r in totals if _is_complete(indicator, r["period"], as_of)] or totals)
    of_period = known.filter(pc.equal(known["period"], pa.scalar(made.period)))
    made.places = {
        r["place"]: [r["value"], r["numerator"], r["denominator"], r["counted"]]
        for r in _rows(of_period, dimension=cells.ALL) if r["place"]
    }  # fmt: skip
    return made


def _headline(made: Measurement, totals: list[dict[str, Any]]) -> None:
    last = totals[-1]
    for name in ("period", "value", "numerator", "denominator", "counted", "left_out"):
        setattr(made, name, last[name])


def _is_complete(indicator: Indicator, period: date, as_of: date) -> bool:
    """The period is over and its facts have had the time to arrive."""
    return cells.next_period(period, indicator.rhythm) + timedelta(days=indicator.delay_days) <= as_of + timedelta(1)


def _rows(found: pa.Table, **wanted: str) -> list[dict[str, Any]]:
    for name, value in wanted.items():
        found = found.filter(pc.equal(found[name], value))
    return found.to_pylist()


def _kept(found: pa.Table) -> str:
    """The cells as an immutable file of the lake; the same cells are the same file."""
    settings.LAKE.mkdir(parents=True, exist_ok=True)
    aside = settings.LAKE / f"cells-{connection.connection.info.backend_pid}.partial"
    pq.write_table(found, aside, compression="zstd")
    digest = snapshots.fingerprint(aside)
    final = snapshots.path_of(digest)
    final.parent.mkdir(exist_ok=True)
    aside.replace(final)
    return digest
