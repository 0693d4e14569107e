"""Close each day with a digest chained to the day before, and check the chain.

digest(day) = SHA-256(previous digest, day, then each entry of the day in order of id, as canonical JSON).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.db import connection, transaction

from parvis.kernel.journal.models import Entry, Seal

GENESIS = "0" * 64
SEALING_LOCK = 7_410_501


@dataclass(frozen=True)
class Verdict:
    """The result of a check: how far it looked, and the first broken day with its reason, if any."""

    days: int
    entries: int
    sealed_until: date | None
    broken_on: date | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        return self.broken_on is None


def seal_until(last_day: date, *, at: datetime) -> int:
    """Seal every unsealed day that has entries, up to and including last_day. Returns how many were sealed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
        latest = Seal.objects.order_by("-day").first()
        previous = latest.digest if latest else GENESIS
        unsealed = Entry.objects.filter(day__lte=last_day)
        if latest:
            unsealed = unsealed.filter(day__gt=latest.day)
        made = []
        for day, count, digest in _digests(unsealed, previous):
            made.append(Seal(day=day, entry_count=count, previous=previous, digest=digest, sealed_at=at))
            previous = digest
        Seal.objects.bulk_create(made)
    return len(made)


def seal_yesterday(*, at: datetime, today: date) -> int:
    return seal_until(today - timedelta(days=1), at=at)


def verify() -> Verdict:
    """Recompute the chain from the entries themselves; name the first day that does not hold."""
    seals = list(Seal.objects.order_by("day"))
    if not seals:
        return Verdict(0, Entry.objects.count(), None)
    entries = Entry.objects.filter(day__lte=seals[-1].day)
    found = dict(_rows_by_day(entries))
    previous = GENESIS
    for seal in seals:
        rows = found.pop(seal.day, [])
        reason = _fault(seal, rows, previous)
        if reason:
            return Verdict(len(seals), Entry.objects.count(), seals[-1].day, seal.day, reason)
        previous = seal.digest
    if found:
        first = min(found)
        return Verdict(
            len(seals), Entry.objects.count(), seals[-1].day, first, "des lignes sans scellé (scellé supprimé ?)"
        )
    return Verdict(len(seals), Entry.objects.count(), seals[-1].day)


def _fault(seal: Seal, rows: list[bytes], previous: str) -> str:
    if seal.previous != previous:
        return "le scellé ne suit pas celui de la veille (un jour a été retiré ou réécrit)"
    if len(rows) != seal.entry_count:
        return f"{seal.entry_count} lignes scellées, {len(rows)} trouvées"
    if _digest(previous, seal.day, rows) != seal.digest:
        return "une ligne a été modifiée après le scellé"
    return ""


def _digests(entries, previous: str) -> Iterator[tuple[date, int, str]]:
    for day, rows in _rows_by_day(entries):
        digest = _digest(previous, day, rows)
        yield day, len(rows), digest
        previous = digest


def _rows_by_day(entries) -> Iterator[tuple[date, list[bytes]]]:
    fields = ("day", "id", "at", "verb", "subject_kind", "subject_id", "actor_id", "codes")
    rows = entries.order_by("day", "id").values_list(*fields).iterator(chunk_size=5000)
    for day, group in groupby(rows, key=lambda row: row[0]):
        yield day, [_canonical(row) for row in group]


def _canonical(row: tuple) -> bytes:
    day, pk, at, *rest = row
    return json.dumps(
        [day.isoformat(), pk, at.astimezone(UTC).isoformat(), *rest],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def _digest(previous: str, day: date, rows: list[bytes]) -> str:
    summed = hashlib.sha256(f"{previous}\n{day.isoformat()}\n".encode())
    for row in rows:
        summed.update(row + b"\n")
    return summed.hexdigest()
