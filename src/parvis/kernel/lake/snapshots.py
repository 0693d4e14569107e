"""Take, find, check and let go of snapshots.

A file is written aside, fingerprinted, then named by its fingerprint: it is whole or absent, and never changes.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction

from parvis.kernel import Refusal, faces
from parvis.kernel.calendar import paris_day
from parvis.kernel.journal import entries
from parvis.kernel.lake import extraction
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Citation, Snapshot
from parvis.kernel.references import Reference

TURN = 2_718_281  # the advisory lock of photographers and of retention
READABLE = 0o640  # by the house and its group: the workers of a cluster read the same folder


@dataclass(frozen=True)
class Written:
    """A Parquet file that stands in the lake."""

    sha256: str
    row_count: int
    byte_count: int
    business_on: date | None = None


def path_of(sha256: str) -> Path:
    """Where the file of a fingerprint stands: two letters, then the rest."""
    return settings.LAKE / sha256[:2] / f"{sha256}.parquet"


def take(dataset: Dataset, *, by, at: datetime, as_of: date | None = None) -> Snapshot:
    """Photograph a dataset as it stands, or as it stood at the end of `as_of` when it can be replayed.

    Raises Refusal for a past day of a dataset that keeps no past, or for one that lives from files.
    """
    today = paris_day(at)
    day = as_of or today
    if dataset.rows is None or (day != today and not dataset.is_replayable) or day > today:
        raise Refusal(
            f"« {dataset.title} » ne peut pas être photographié au {day:%d/%m/%Y}.",
            remedy="Prenez la photographie du jour, ou déposez le fichier de ce jour-là.",
        )
    with transaction.atomic():
        take_turn()
        written = write(dataset, extraction.batches(dataset, dataset.rows(day)))
        return keep(dataset, written, as_of=day, by=by, at=at)


def take_turn() -> None:
    """Wait for the other photographers and for retention, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def write(dataset: Dataset, batches: Iterable[pa.RecordBatch]) -> Written:
    """Write batches as one Parquet file of the lake, aside first: a cut or a full disk leaves nothing behind."""
    with _aside("La photographie n’a pas pu être écrite") as path:
        rows, latest = _fill(path, dataset, batches)
        size = path.stat().st_size
        digest = _settle(path)
    return Written(digest, rows, size, latest)


def keep_table(table: pa.Table) -> str:
    """A table that is no dataset (the cells of a measurement) as a file of the lake; gives its fingerprint.

    Who keeps it names it to `retention.sweep` and `verifying.verify`.
    """
    with _aside("Les chiffres n’ont pas pu être écrits") as path:
        pq.write_table(table, path, compression="zstd")
        return _settle(path)


@contextmanager
def _aside(failed: str) -> Iterator[Path]:
    """A file beside the lake's own while it is being written. What the disk refuses becomes a Refusal."""
    path: Path | None = None
    try:
        settings.LAKE.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=settings.LAKE, suffix=".partial")
        os.close(descriptor)
        path = Path(name)
        yield path
    except OSError as fault:
        raise Refusal(
            f"{failed} : le disque est plein ou ne répond plus.",
            remedy="Rien n’est perdu. Libérez de la place dans le lac (PARVIS_LAKE), puis recommencez.",
        ) from fault
    finally:
        if path:
            path.unlink(missing_ok=True)


def _settle(aside: Path) -> str:
    """Give a whole file its fingerprint as a name, once the disk holds it."""
    digest = fingerprint(aside)
    final = path_of(digest)
    final.parent.mkdir(exist_ok=True)
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.chmod(READABLE)
    aside.replace(final)
    return digest


def _fill(aside: Path, dataset: Dataset, batches: Iterable[pa.RecordBatch]) -> tuple[int, date | None]:
    rows, latest = 0, None
    with pq.ParquetWriter(aside, dataset.arrow, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
            latest = _later(latest, batch, dataset.business_date)
    return rows, latest


def _later(latest: date | None, batch: pa.RecordBatch, column: str) -> date | None:
    if not column or not batch.num_rows:
        return latest
    found = pc.max(batch[column]).as_py()
    found = found.date() if isinstance(found, datetime) else found
    return max((d for d in (latest, found) if d), default=None)


def fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(
    dataset: Dataset, written: Written, *, as_of: date, by, at: datetime, origin: Mapping[str, Any] | None = None
) -> Snapshot:
    """Enter a written file as the dataset's snapshot of a day; the same file on the same day is the same snapshot."""
    made, is_new = Snapshot.objects.get_or_create(
        dataset=dataset.code, as_of=as_of, sha256=written.sha256, removed_at=None,
        defaults={
            "taken_at": at, "taken_by": by, "row_count": written.row_count, "byte_count": written.byte_count,
            "columns": [[c.name, c.type] for c in dataset.columns], "business_on": written.business_on,
            "origin": dict(origin or {}),
        },
    )  # fmt: skip
    if is_new:
        codes = {"dataset": dataset.code, "as_of": str(as_of), "rows": written.row_count, "sha256": written.sha256}
        entries.record("snapshot.take", Reference("snapshot", str(made.pk)), by=by, at=at, codes=codes)
    return made


def take_all(*, by, at: datetime, as_of: date | None = None) -> list[Snapshot]:
    """Photograph every dataset that lives from records, all at one instant; for a past day, those that keep their past."""
    is_past = as_of is not None and as_of != paris_day(at)
    wanted = [d for d in faces.house().datasets.values() if d.rows and (d.is_replayable or not is_past)]
    with _one_instant():
        return [take(dataset, by=by, at=at, as_of=as_of) for dataset in wanted]


@contextmanager
def _one_instant() -> Iterator[None]:
    """One view of the database for all that is read, and one photographer at a time; a caller's transaction stays its own."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
        try:
            with transaction.atomic():
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TURN])


def latest(codes: Iterable[str], *, as_of: date | None = None) -> dict[str, Snapshot]:
    """For each dataset, its last snapshot known at the end of a day (today by default): one query."""
    rows = Snapshot.objects.filter(dataset__in=list(codes), removed_at=None)
    rows = rows.filter(as_of__lte=as_of) if as_of else rows
    found = rows.order_by("dataset", "-as_of", "-taken_at", "-pk").distinct("dataset")
    return {snapshot.dataset: snapshot for snapshot in found}


def cite(snapshots: Iterable[Snapshot], subject: Reference, *, at: datetime) -> None:
    """Keep these snapshots as long as `subject` stands: a signed evaluation, a published figure."""
    rows = [Citation(snapshot=s, kind=subject.kind, subject=subject.id, at=at) for s in snapshots]
    Citation.objects.bulk_create(rows, ignore_conflicts=True)
