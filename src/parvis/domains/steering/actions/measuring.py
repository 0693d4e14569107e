"""Evaluate the indicators of the house over the lake, as of a day, and keep what they were worth.

One at a time. A measurement cites its snapshots and the fingerprint of its definition; the cells are a file of the
lake, small numbers already hidden. An indicator that cannot be measured says why and stops no other. What moved in
neither definition nor snapshots is not computed again.
"""

import logging
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction

from parvis.domains.steering.arithmetic import HIDDEN
from parvis.domains.steering.models import Evaluation, Measurement, ReviewFreeze
from parvis.kernel import Refusal, faces
from parvis.kernel.calendar import paris_day
from parvis.kernel.indicators import cells, suppression
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.journal import entries
from parvis.kernel.lake import engine, snapshots
from parvis.kernel.lake.dataset import Dataset, unbound
from parvis.kernel.lake.models import Citation, Snapshot

TURN = 3_141_592  # the advisory lock of evaluations
NIGHTS_KEPT = 35  # then the last evaluation of each month is enough

logger = logging.getLogger(__name__)


def measure_all(*, by, at: datetime, as_of: date | None = None) -> Evaluation:
    """Every indicator as of a day, in one transaction. Raises Refusal when another evaluation runs."""
    day = as_of or paris_day(at)
    with transaction.atomic():
        take_turn()
        house = faces.house()
        run = Evaluation.objects.create(as_of=day, started_at=at, started_by=by, engine=settings.ENGINE)
        datasets = house.datasets
        made = measured(house.indicators.values(), datasets, snapshots.latest(datasets, as_of=day), day)
        for measurement in made:
            measurement.evaluation = run
        Measurement.objects.bulk_create(made)
        run.finished_at = at
        run.save(update_fields=["finished_at"])
        entries.record("evaluation.run", run.reference(), by=by, at=at, codes={"as_of": str(day)})
    return run


def take_turn() -> None:
    """Hold the turn of evaluations until the transaction ends. Raises Refusal when someone else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        raise Refusal("Une autre évaluation est en cours.", remedy="Attendez qu’elle finisse, puis recommencez.")


def measured(
    indicators: Iterable[Indicator], datasets: Mapping[str, Dataset], held: Mapping[str, Snapshot], day: date
) -> list[Measurement]:
    """One measurement per indicator, not yet saved; each says in French why it has no figure, when it has none."""
    begun = [(indicator, _begun(indicator, datasets, held)) for indicator in indicators]
    _find_again(begun)
    asked = [(i, m) for i, m in begun if not m.note and not m.cells_sha256]
    with ExitStack() as stack:
        sound, faults = _sound({code: held[code] for i, _ in asked for code in i.datasets})
        opened = stack.enter_context(engine.opened(sound)) if asked else None
        for indicator, measurement in asked:
            broken = [faults[code] for code in indicator.datasets if code in faults]
            if broken:
                _fail(measurement, broken[0])
            else:
                _evaluate(measurement, indicator, datasets, opened)
    for indicator, measurement in begun:
        if measurement.cells_sha256:
            _tell(measurement, indicator, day)
    return [measurement for _, measurement in begun]


def _begun(indicator: Indicator, datasets: Mapping[str, Dataset], held: Mapping[str, Snapshot]) -> Measurement:
    """What the figure rests on: its snapshots and its definition's fingerprint, or the reason why it has none."""
    made = Measurement(indicator=indicator.code, snapshots={}, outcome=Measurement.Outcome.NO_FACTS)
    gone = [code for code in indicator.datasets if code not in datasets]
    if gone:
        return _fail(made, f"Le jeu de données « {gone[0]} » a été retiré du catalogue.")
    missing = [datasets[code].title for code in indicator.datasets if code not in held]
    if missing:
        made.note = f"Aucune photographie de « {missing[0]} » à cette date."[:300]
        return made
    made.snapshots = {code: [held[code].pk, held[code].sha256] for code in indicator.datasets}
    made.business_on = min((s.business_on for c in indicator.datasets if (s := held[c]).business_on), default=None)
    try:
        made.fingerprint = indicator.fingerprint(unbound(datasets[code] for code in indicator.datasets))
    except Exception as fault:  # a definition is someone's code: whatever it does, the others go on
        return _fail_for(made, fault)
    return made


def _find_again(begun: list[tuple[Indicator, Measurement]]) -> None:
    """Take the cells of the last measurement whose definition and snapshots are the same: one query."""
    last = Measurement.objects.filter(indicator__in=[i.code for i, _ in begun]).exclude(cells_sha256="")
    known = {m.indicator: m for m in last.order_by("indicator", "-pk").distinct("indicator")}
    for indicator, made in begun:
        before = known.get(indicator.code)
        if before and made.fingerprint and before.fingerprint == made.fingerprint and _files(before) == _files(made):
            is_there = snapshots.path_of(before.cells_sha256).exists()
            made.cells_sha256 = before.cells_sha256 if is_there else ""


def _files(measurement: Measurement) -> dict[str, str]:
    return {code: sha256 for code, (_, sha256) in measurement.snapshots.items()}


def _sound(wanted: Mapping[str, Snapshot]) -> tuple[dict[str, Snapshot], dict[str, str]]:
    """The snapshots whose file stands as it was written, and for the others what is wrong with it."""
    sound, faults = {}, {}
    for code, snapshot in wanted.items():
        path = snapshots.path_of(snapshot.sha256)
        if path.exists() and snapshots.fingerprint(path) == snapshot.sha256:
            sound[code] = snapshot
        else:
            wrong = "est abîmée" if path.exists() else "manque"
            faults[code] = f"La photographie de « {code} » du {snapshot.as_of:%d/%m/%Y} {wrong} : restaurez-la."
    return sound, faults


def _evaluate(made: Measurement, indicator: Indicator, datasets: Mapping[str, Dataset], opened: Any) -> None:
    tables = unbound(datasets[code] for code in indicator.datasets)
    try:
        found = suppression.suppressed(indicator, cells.evaluate(indicator, tables, opened.run))
    except Exception as fault:  # as above: an expression or an engine that fails stops no other indicator
        _fail_for(made, fault)
        return
    if found.num_rows:
        made.cells_sha256 = snapshots.keep_table(found)
    else:
        made.note = "Les jeux de données ne contiennent aucun fait."


def _fail_for(made: Measurement, fault: Exception) -> Measurement:
    """The journal of the server keeps the detail: a message of the engine may quote someone's record."""
    logger.warning("indicator %s could not be measured", made.indicator, exc_info=fault)
    if isinstance(fault, Refusal):
        return _fail(made, str(fault))
    return _fail(made, "Le calcul a échoué : la définition demande ce que ses données n’ont pas. Corrigez-la.")


def _fail(made: Measurement, note: str) -> Measurement:
    made.outcome, made.note = Measurement.Outcome.FAILED, note[:300]
    return made


def _tell(made: Measurement, indicator: Indicator, as_of: date) -> None:
    """From the cells, what pages show at a glance."""
    found = pq.read_table(snapshots.path_of(made.cells_sha256))
    known = found.filter(pc.less_equal(found["period"], pa.scalar(as_of)))
    if not known.num_rows:
        made.note, made.cells_sha256 = "Les jeux de données ne contiennent aucun fait à cette date.", ""
        return
    made.outcome = Measurement.Outcome.MEASURED
    totals = _rows(known, place=cells.ALL, dimension=cells.ALL)
    made.history = [[str(r["period"]), r["value"], r["numerator"], r["denominator"], r["counted"]] for r in totals]
    _headline(made, [r for r in totals if is_complete(indicator, r["period"], as_of)] or totals)
    of_period = known.filter(pc.equal(known["period"], pa.scalar(made.period)))
    made.places = {
        r["place"]: [r["value"], r["numerator"], r["denominator"], r["counted"]]
        for r in _rows(of_period, dimension=cells.ALL) if r["place"]
    }  # fmt: skip


def _headline(made: Measurement, totals: list[dict[str, Any]]) -> None:
    last = totals[-1]
    for name in ("period", "value", "numerator", "denominator"):
        setattr(made, name, last[name])
    made.counted, made.left_out = last["counted"] or 0, last["left_out"] or 0
    made.note = HIDDEN if last["hidden"] else ""


def is_complete(indicator: Indicator, period: date, as_of: date) -> bool:
    """The period is over and its facts have had the time to arrive; a state is told of the running period too."""
    if indicator.is_stock:
        return period <= as_of
    return cells.next_period(period, indicator.rhythm) + timedelta(days=indicator.delay_days) <= as_of + timedelta(1)


def _rows(found: pa.Table, **wanted: str) -> list[dict[str, Any]]:
    for name, value in wanted.items():
        found = found.filter(pc.equal(found[name], value))
    return found.to_pylist()


def forget_old(*, at: datetime) -> int:
    """Let the evaluations of past nights go, but the last one of each month and those that something rests on.

    Gives the number that went; their cells are files that nothing names any more. Twice is the same as once.
    """
    before = paris_day(at) - timedelta(days=NIGHTS_KEPT)
    with transaction.atomic():
        take_turn()
        rows = list(Evaluation.objects.filter(as_of__lt=before).order_by("as_of", "started_at", "pk"))
        last_of_month = {(run.as_of.year, run.as_of.month): run.pk for run in rows}
        kept = set(last_of_month.values()) | _rested_on()
        gone = [run.pk for run in rows if run.pk not in kept]
        Evaluation.objects.filter(pk__in=gone).delete()
    return len(gone)


def _rested_on() -> set[int]:
    """The evaluations that a frozen review or a citation names."""
    cited = Citation.objects.filter(kind="evaluation").values_list("subject", flat=True)
    frozen = ReviewFreeze.objects.values_list("evaluation_id", flat=True)
    return {int(pk) for pk in cited if pk.isdecimal()} | set(frozen)
