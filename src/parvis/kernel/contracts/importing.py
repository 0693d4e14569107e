"""A file through its contract: read, cast, check, compare with what is known, write, report.

All of it in one transaction: an import cut short (a kill, a full disk, the database away) leaves everything as it
was. Knows the order of the steps. Refuses to know what a row becomes: the contract's `apply` writes it.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.db import DatabaseError, InterfaceError, connection, transaction

from parvis.kernel import Forbidden, planner
from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts import casting, copying
from parvis.kernel.contracts.contract import Contract, may_import
from parvis.kernel.contracts.models import ImportRun, KnownRow, QuarantinedRow, RowIssue
from parvis.kernel.contracts.places import Places
from parvis.kernel.contracts.reading import Table, opened
from parvis.kernel.contracts.refusals import ImportFailed
from parvis.kernel.contracts.reports import Report
from parvis.kernel.contracts.rows import Issue, Month, Row, written
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference

BATCH = 2000
LONGEST_KEY = 200
DISK_FULL = "53100"


class Named(Protocol):
    """What takes its turn: a contract, or a dataset that lives from files."""

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> str: ...


def run_import(
    contract: Contract, source: Path, *, by, at: datetime, dry_run: bool = False, file_name: str = ""
) -> Report:
    """Import a file, or with `dry_run` say what importing it would do and write nothing.

    Raises UnusableFile (not a file of this contract), Forbidden, or ImportFailed; then nothing was written.
    """
    if not may_import(by, contract):
        raise Forbidden(f"Vous n’avez pas le droit d’importer « {contract.title} ».")
    places = _located(contract, Path(source), on=paris_day(at))
    with opened(contract, Path(source)) as table, all_or_nothing(contract):
        passage = _Passage(contract, table, by=by, at=at, dry_run=dry_run, places=places)
        report = passage.through(file_name or Path(source).name)
    if not dry_run and report.accepted - report.unchanged >= planner.MANY:
        planner.refresh()
    return report


def _located(contract: Contract, source: Path, *, on: date) -> Places | None:
    """A first reading, with a geocoder alone: the addresses of the rows that can be read and that changed."""
    places = Places.of(contract)
    if places is None:
        return None
    with opened(contract, source) as table, faults_told():
        while (batch := list(islice(table.rows, BATCH))) and not places.silence:
            _cast(contract, batch)
            readable = [row for row in batch if not row.is_refused]
            known = _known(contract, readable)
            places.locate((row for row in readable if known.get(row.key) != fingerprint(contract, row)), on=on)
    return places


@contextmanager
def all_or_nothing(contract: Named) -> Iterator[None]:
    """One transaction, one import of a contract at a time, and database faults told in plain words."""
    with faults_told(), transaction.atomic():
        _take_turn(contract)
        yield


@contextmanager
def faults_told() -> Iterator[None]:
    try:
        yield
    except (DatabaseError, InterfaceError) as fault:
        raise ImportFailed(
            _said(fault), remedy="Rien n’a été écrit ; le fichier peut être importé à nouveau."
        ) from fault


def _take_turn(contract: Named) -> None:
    number = int.from_bytes(hashlib.sha256(contract.code.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        raise ImportFailed(
            f"Un autre import de « {contract.title} » est en cours.", remedy="Attendez qu’il finisse, puis recommencez."
        )


def _said(fault: Exception) -> str:
    code = getattr(fault.__cause__, "sqlstate", None)
    if code == DISK_FULL:
        return "L’import s’est arrêté : le disque de la base de données est plein."
    if code is None or code.startswith(("08", "57P")):
        return "L’import s’est arrêté : la base de données ne répond plus."
    return "L’import s’est arrêté : la base de données a refusé une écriture."


class _Passage:
    """One file going through: what the steps share."""

    def __init__(
        self, contract: Contract, table: Table, *, by, at: datetime, dry_run: bool, places: Places | None
    ) -> None:
        self.places, self.contract, self.table, self.by, self.at, self.is_dry = places, contract, table, by, at, dry_run
        self.lookups = contract.prepare(by, at)
        self.report = Report.blank(contract, table.reading, is_dry=dry_run)
        self.seen: dict[str, int] = {}
        self.run: ImportRun | None = None
        self.pending: list[Issue] = []

    def through(self, file_name: str) -> Report:
        if not self.is_dry:
            self.run = self._open_run(file_name)
            self.report.run_id = self.run.pk
        self._keep_issues(self.table.issues)
        if self.places:
            self._keep_issues(self.places.said(self.table.header.number))
        rows = self.table.rows
        while batch := list(islice(rows, BATCH)):
            self._batch(batch)
        if self.run:
            self._close_run(self.run)
        return self.report

    def _batch(self, batch: list[Row]) -> None:
        check(self.contract, batch, self.lookups, self.places)
        self._refuse_repeated(batch)
        accepted = [row for row in batch if not row.is_refused]
        refused = [row for row in batch if row.is_refused]
        changed = self._changed(accepted)
        if self.run:
            self.contract.apply(changed, self.lookups, run=self.run, by=self.by, at=self.at)
            remember(self.contract, changed, self.run)
            _quarantine(self.contract, refused, self.run)
        self.report.unchanged += len(accepted) - len(changed)
        for row in batch:
            self.report.count(row, self.contract.amounts, is_accepted=not row.is_refused)
            if row.issues:
                self._keep_issues(row.issues)

    def _refuse_repeated(self, batch: list[Row]) -> None:
        """The first accepted row of a key stands; those after it wait for a person."""
        for row in batch:
            if row.is_refused:
                continue
            first = self.seen.setdefault(row.key, row.number)
            if first != row.number:
                named = ", ".join(self.contract.label(name) for name in self.contract.key)
                row.refuse(
                    self.contract.key[0], "duplicate-key",
                    f"Même {named.lower()} que la ligne {first}, qui a été retenue : laquelle est la bonne ?",
                )  # fmt: skip

    def _changed(self, accepted: list[Row]) -> list[Row]:
        """Rows that are new or differ from their last import; marks the known ones."""
        known = _known(self.contract, accepted)
        for row in accepted:
            row.is_update = row.key in known
        return [row for row in accepted if known.get(row.key) != fingerprint(self.contract, row)]

    def _keep_issues(self, issues: list[Issue]) -> None:
        self.report.note(issues)
        if self.run:
            self.pending.extend(issues)
            if len(self.pending) >= BATCH:
                self._write_issues()

    def _write_issues(self) -> None:
        names = ("run_id", "row", "column", "rule", "severity", "value", "message", "proposal")
        run_id = self.report.run_id
        copying.insert_rows(
            RowIssue, names,
            ((run_id, i.row, i.column[:160], i.rule, i.severity, i.value, i.message, i.proposal) for i in self.pending),
        )  # fmt: skip
        self.pending = []

    def _open_run(self, file_name: str) -> ImportRun:
        return ImportRun.objects.create(
            contract=self.contract.code, file_name=file_name[:200], sha256=self.table.sha256, started_at=self.at,
            started_by=self.by, row_count=0, accepted_count=0, quarantined_count=0, unchanged_count=0,
            reading=self.table.reading,
        )  # fmt: skip

    def _close_run(self, run: ImportRun) -> None:
        report = self.report
        self._write_issues()
        if self.contract.finish:
            self.contract.finish(self.lookups, run=run, by=self.by, at=self.at)
        run.row_count, run.accepted_count = report.rows, report.accepted
        run.quarantined_count, run.unchanged_count = report.quarantined, report.unchanged
        run.totals, run.reading = report.totals, report.reading
        run.save()
        entries.record(
            "import.run", Reference("import", str(run.pk)), by=self.by, at=self.at,
            codes={"contract": run.contract, "rows": report.rows, "accepted": report.accepted,
                   "quarantined": report.quarantined, "unchanged": report.unchanged, "sha256": run.sha256},
        )  # fmt: skip


def check(contract: Contract, rows: Sequence[Row], lookups: Any, places: Places | None = None) -> None:
    """Cast every row, give it its key, and ask the contract's rules. Issues are noted on the rows."""
    _cast(contract, rows)
    if places:
        places.give(rows)
    if contract.preload:
        contract.preload(rows, lookups)
    for row in rows:
        for rule in contract.rules:
            rule(row, lookups)


def _cast(contract: Contract, rows: Sequence[Row]) -> None:
    for row in rows:
        casting.cast(row, contract.fields)
        row.key = _key(contract, row)


def _known(contract: Contract, rows: Sequence[Row]) -> dict[str, str]:
    """The fingerprint of the last import of each row, by key."""
    held = KnownRow.objects.filter(contract=contract.code, key__in=[row.key for row in rows])
    return dict(held.values_list("key", "fingerprint"))


def _key(contract: Contract, row: Row) -> str:
    """The key as text; a long one is replaced by its digest."""
    text = "|".join(str(row.values.get(name) or "").strip() for name in contract.key)
    return text if len(text) <= LONGEST_KEY else hashlib.sha256(text.encode()).hexdigest()


def fingerprint(contract: Contract, row: Row) -> str:
    """What the row says, whatever the file's form: the same values give the same fingerprint."""
    if not row.fingerprint:
        values = [row.values.get(field.name) for field in contract.fields]
        canonical = json.dumps([contract.version, *values], default=_plain, ensure_ascii=False, separators=(",", ":"))
        row.fingerprint = hashlib.sha256(canonical.encode()).hexdigest()
    return row.fingerprint


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date | Month):
        return str(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def remember(contract: Contract, rows: Sequence[Row], run: ImportRun) -> None:
    """Keep the fingerprint of what was just written: what makes the same file change nothing."""
    fresh = [row for row in rows if not row.is_update]
    copying.insert_rows(
        KnownRow, ("contract", "key", "fingerprint", "run_id"),
        ((contract.code, row.key, fingerprint(contract, row), run.pk) for row in fresh),
    )  # fmt: skip
    KnownRow.objects.bulk_create(
        (
            KnownRow(contract=contract.code, key=row.key, fingerprint=fingerprint(contract, row), run=run)
            for row in rows
            if row.is_update
        ),
        update_conflicts=True, unique_fields=["contract", "key"], update_fields=["fingerprint", "run"],
    )  # fmt: skip


def _quarantine(contract: Contract, rows: list[Row], run: ImportRun) -> None:
    """Keep refused rows for a person, unless the very same row is waiting or settled since an earlier import."""
    held = _already_held(contract, [row.key[:LONGEST_KEY] for row in rows], run)
    copying.insert_rows(
        QuarantinedRow, ("run_id", "row", "key", "cells", "edits", "reason", "outcome"), (
        (run.pk, row.number, row.key, cells, {}, "", "")
        for row in rows
        if (cells := {name: written(cell) for name, cell in row.cells.items()}) not in held.get(row.key, ())
        ),
    )  # fmt: skip


def _already_held(contract: Contract, keys: list[str], run: ImportRun) -> dict[str, list[dict]]:
    held: dict[str, list[dict]] = {}
    earlier = QuarantinedRow.objects.filter(run__contract=contract.code, key__in=keys).exclude(run=run)
    for key, cells in earlier.values_list("key", "cells"):
        held.setdefault(key, []).append(cells)
    return held
