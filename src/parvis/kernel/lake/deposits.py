"""A deposited file becomes a snapshot: checked under the dataset's schema, its good rows typed, its bad ones kept aside.

All or nothing: the Parquet file is written under its fingerprint first, then the snapshot, the run, its remarks and
the journal's line in one transaction. Cut short, the dataset is as it was. Knows files, rows and totals. Refuses to
know what a figure means.
"""

import errno
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts import checking, checks_values, copying, importing
from parvis.kernel.contracts.checking import Checked, Fault
from parvis.kernel.contracts.models import ImportRun, QuarantinedRow, RowIssue
from parvis.kernel.contracts.refusals import UnusableFile
from parvis.kernel.journal import entries
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.references import Reference

MOST_REFUSED = 20_000  # past that, the file is not of this dataset
SHOWN = 500
REPLACED = "remplacée par un dépôt plus récent"


@dataclass(frozen=True)
class Deposit:
    """What a deposit did, or would do. rows = accepted + quarantined; each total: file = accepted + quarantined, in cents.

    `faults` holds the first ones; all of them are in the run. `is_new` is False when this very file was there already.
    """

    dataset: str
    snapshot: Snapshot | None
    run_id: int | None
    row_count: int
    accepted_count: int
    quarantined_count: int
    faults: tuple[Fault, ...] = ()
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    reading: dict[str, Any] = field(default_factory=dict)
    is_new: bool = True
    is_dry: bool = False

    @property
    def exit_status(self) -> int:
        return 1 if self.quarantined_count else 0


def may_deposit(person, dataset: Dataset) -> bool:
    """`by=None` is the house itself (the command line)."""
    if dataset.schema is None:
        return False
    return person is None or access.reach(person, dataset.deposit_permission).everywhere


def deposit(
    dataset: Dataset, path: Path, *, by, at: datetime, as_of: date | None = None, file_name: str = "", dry_run: bool = False
) -> Deposit:  # fmt: skip
    """Check a file and keep it as the dataset's snapshot of a day (today by default); with `dry_run`, only say.

    Raises UnusableFile, ImpossibleRule, ImportFailed or Forbidden; then nothing was written.
    """
    path, day = Path(path), as_of or paris_day(at)
    _allowed(dataset, by, day, at)
    with _disk_told(), checking.check(path, dataset.schema or {}) as checked:
        _usable(dataset, checked)
        told = _told(dataset, checked)
        if dry_run:
            return Deposit(snapshot=None, run_id=None, is_dry=True, **told)
        with importing.all_or_nothing(dataset):
            return _kept(dataset, checked, told, day, file_name or path.name, by=by, at=at)


def _allowed(dataset: Dataset, by, day: date, at: datetime) -> None:
    if dataset.schema is None:
        raise Refusal(f"« {dataset.title} » ne se dépose pas : il vient des enregistrements de la maison.")
    if not may_deposit(by, dataset):
        raise Forbidden(f"Vous n’avez pas le droit de déposer « {dataset.title} ».")
    if day > paris_day(at):
        raise Refusal(f"Le {day:%d/%m/%Y} n’est pas encore passé.", remedy="Donnez le jour que le fichier montre.")


def _usable(dataset: Dataset, checked: Checked) -> None:
    missing = [f for f in checked.column_faults if f.rule == "missing-column"]
    if missing:
        raise UnusableFile(
            f"Ce fichier n’est pas « {dataset.title} ».", blockers=tuple(f.message for f in missing),
            remedy="Ajoutez ces colonnes, ou renommez celles qui en tiennent lieu.",
        )  # fmt: skip
    if checked.refused_count > MOST_REFUSED or (checked.row_count and not checked.accepted_count):
        raise UnusableFile(
            f"{checked.refused_count} lignes sur {checked.row_count} sont refusées : rien n’a été gardé.",
            blockers=tuple(f.message for f in islice(checked.faults(), 5)), remedy="Corrigez le fichier à sa source.",
        )  # fmt: skip
    if not checked.row_count:
        raise UnusableFile("Ce fichier n’a aucune ligne sous son en-tête.", remedy="Vérifiez l’export qui l’a produit.")


def _told(dataset: Dataset, checked: Checked) -> dict[str, Any]:
    return {
        "dataset": dataset.code, "row_count": checked.row_count, "accepted_count": checked.accepted_count,
        "quarantined_count": checked.refused_count, "faults": tuple(islice(checked.faults(), SHOWN)),
        "counts": checked.counts(), "totals": _totals(checked), "reading": _reading(checked),
    }  # fmt: skip


def _reading(checked: Checked) -> dict[str, Any]:
    header = checked.staged.header
    return checked.reading | {
        "columns": {t: n for t, n in zip(header.titles, header.columns, strict=True) if n},
        "unknown_columns": list(header.unknown), "repeated_columns": list(header.repeated),
        "absent_columns": [f.label for f in checked.rules.fields if f.name not in header.found],
    }  # fmt: skip


def _totals(checked: Checked) -> dict[str, dict[str, int]]:
    """The amounts of the file, told apart: what was accepted and what waits."""
    amounts = [f for f in checked.staged.fields if f.is_money]
    totals = {}
    for amount in amounts:
        sides = {}
        for side, is_refused in (("accepted", False), ("quarantined", True)):
            texts = chain.from_iterable(b[amount.name].to_pylist() for b in checked.rows(is_refused=is_refused))
            read = (amount.read(t) for t in texts if t is not None and t not in amount.missing)
            sides[side] = sum(checks_values.cents(value) for value in read if value is not None)
        totals[f"{amount.name}_cents"] = {"file": sum(sides.values()), **sides}
    return totals


def _kept(dataset: Dataset, checked: Checked, told, day: date, file_name: str, *, by, at: datetime) -> Deposit:
    already = _already(dataset, checked, day)
    if already:
        return Deposit(snapshot=already, run_id=already.origin.get("run"), is_new=False, **told)
    written = snapshots.write(dataset, _batches(dataset, checked, day))
    _replace_waiting(dataset, by=by, at=at)
    run = _run(dataset, checked, told, file_name, by=by, at=at)
    origin = {"file_name": file_name[:200], "sha256": checked.sha256, "run": run.pk, "rows": checked.accepted_count}
    snapshot = snapshots.keep(dataset, written, as_of=day, by=by, at=at, origin=origin)
    return Deposit(snapshot=snapshot, run_id=run.pk, **told)


def _already(dataset: Dataset, checked: Checked, day: date) -> Snapshot | None:
    """The snapshot of this very file on this very day, when it is still what the day shows."""
    held = snapshots.latest([dataset.code], as_of=day).get(dataset.code)
    if held is None or held.as_of != day or held.origin.get("sha256") != checked.sha256:
        return None
    is_whole = held.columns == [[c.name, c.type] for c in dataset.columns] and snapshots.path_of(held.sha256).exists()
    return held if is_whole else None


def _batches(dataset: Dataset, checked: Checked, day: date) -> Iterator[pa.RecordBatch]:
    """What stays of the day's earlier snapshot, then the accepted rows."""
    columns = [(column.arrow, column.type) for column in dataset.columns]
    fresh = (
        _with_key(dataset, checked, texts, checks_values.typed(texts, checked.rules.by_name, columns))
        for texts in checked.rows(is_refused=False)
    )
    if not dataset.replaces_by:
        yield from fresh
        return
    rows = list(fresh)
    replaced = pc.unique(pa.chunked_array([b[dataset.replaces_by] for b in rows]))
    yield from _staying(dataset, replaced, day)
    yield from rows


def _with_key(dataset: Dataset, checked: Checked, texts: pa.RecordBatch, values: pa.RecordBatch) -> pa.RecordBatch:
    """A file without a key of its own is keyed by its fingerprint and the number of the line."""
    if dataset.key in checked.rules.by_name:
        return values
    start, place = checked.sha256[:8], values.schema.get_field_index(dataset.key)
    return values.set_column(place, dataset.key, pa.array([f"{start}-{row}" for row in texts["row"].to_pylist()]))


def _staying(dataset: Dataset, replaced: pa.Array, day: date) -> Iterable[pa.RecordBatch]:
    held = snapshots.latest([dataset.code], as_of=day).get(dataset.code)
    if held is None or held.columns != [[c.name, c.type] for c in dataset.columns]:
        return
    for batch in pq.ParquetFile(snapshots.path_of(held.sha256)).iter_batches():
        yield batch.filter(pc.invert(pc.is_in(batch[dataset.replaces_by], replaced)))


def _run(dataset: Dataset, checked: Checked, told, file_name: str, *, by, at: datetime) -> ImportRun:
    run = ImportRun.objects.create(
        contract=dataset.code, file_name=file_name[:200], sha256=checked.sha256, started_at=at, started_by=by,
        row_count=checked.row_count, accepted_count=checked.accepted_count, quarantined_count=checked.refused_count,
        unchanged_count=0, totals=told["totals"], reading=told["reading"],
    )  # fmt: skip
    _keep_faults(run, checked)
    _keep_refused(run, checked)
    codes = {"contract": dataset.code, "rows": run.row_count, "accepted": run.accepted_count,
             "quarantined": run.quarantined_count, "sha256": run.sha256}  # fmt: skip
    entries.record("import.run", Reference("import", str(run.pk)), by=by, at=at, codes=codes)
    return run


def _keep_faults(run: ImportRun, checked: Checked) -> None:
    names = ("run_id", "row", "column", "rule", "severity", "value", "message", "proposal")
    copying.insert_rows(RowIssue, names, (
        (run.pk, f.row, f.column[:160], f.rule, f.severity, f.value[:2000], f.message, "") for f in checked.faults()
    ))  # fmt: skip


def _keep_refused(run: ImportRun, checked: Checked) -> None:
    names = ("run_id", "row", "key", "cells", "edits", "reason", "outcome")
    rows = (row for batch in checked.rows(is_refused=True) for row in batch.to_pylist())
    copying.insert_rows(QuarantinedRow, names, (
        (run.pk, row.pop("row"), "", {name: text or "" for name, text in row.items()}, {}, "", "") for row in rows
    ))  # fmt: skip


def _replace_waiting(dataset: Dataset, *, by, at: datetime) -> None:
    """A row of an earlier deposit waits no longer once its file is deposited anew; the journal says how many."""
    waiting = QuarantinedRow.objects.filter(run__contract=dataset.code, outcome="")
    count = waiting.update(outcome="dropped", reason=REPLACED, settled_at=at, settled_by=by)
    if count:
        codes = {"contract": dataset.code, "rows": count}
        entries.record("import.replace", Reference("dataset", dataset.code), by=by, at=at, codes=codes)


class _disk_told:
    """A disk that fills up while the file is laid out is told as such."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, fault, trace) -> None:
        cause = fault.__cause__ if isinstance(fault, UnusableFile) else fault
        if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:
            raise Refusal("Le disque est plein : rien n’a été déposé.", remedy="Prévenez l’administrateur.") from fault
