"""Rows that wait for a person: corrected and checked again, or dropped with a reason. Each is locked and journalled.

The run's report stays as it was read that day; what became of its rows is counted beside it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts import casting, importing
from parvis.kernel.contracts.contract import Contract, may_import
from parvis.kernel.contracts.models import KnownRow, QuarantinedRow
from parvis.kernel.contracts.places import Places
from parvis.kernel.contracts.rows import Row
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference

KEPT_DAYS = 90


def checked(held: QuarantinedRow, *, by, at: datetime, cells: Mapping[str, str] | None = None) -> Row:
    """The row as it stands (with these cells, else the last edits) and what is still found in it. Writes nothing."""
    contract = contract_of(held)
    row = Row(held.row, {**held.cells, **held.edits, **(cells or {})})
    importing.check(contract, [row], contract.prepare(by, at))
    return row


def correct(held: QuarantinedRow, cells: Mapping[str, str], *, by, at: datetime) -> Row:
    """Check the row with these cells. Accepted: written and settled. Still refused: the edits are kept, and told why.

    Returns the row: `row.is_refused` says which. Raises Refusal when someone settled it first.
    """
    contract = _permitted(held, by)
    places = _located(contract, held, cells, at)
    with importing.all_or_nothing(contract):
        locked = _lock(held)
        locked.edits = {name: text for name, text in cells.items() if name in contract.by_name}
        row = Row(locked.row, {**locked.cells, **locked.edits})
        lookups = contract.prepare(by, at)
        importing.check(contract, [row], lookups, places)
        _refuse_known(contract, locked, row)
        if not row.is_refused:
            _accept(contract, locked, row, lookups, by=by, at=at)
        locked.save()
    return row


def _located(contract: Contract, held: QuarantinedRow, cells: Mapping[str, str], at: datetime) -> Places | None:
    """The address of the row as corrected, asked before anything is locked."""
    places = Places.of(contract)
    if places:
        row = Row(held.row, {**held.cells, **cells})
        casting.cast(row, contract.fields)
        places.locate([] if row.is_refused else [row], on=paris_day(at))
    return places


def drop(held: QuarantinedRow, *, reason: str, by, at: datetime) -> None:
    """Set the row aside for good. The reason stays with the row, never in the journal."""
    _permitted(held, by)
    if not reason.strip():
        raise Refusal("Écarter une ligne demande un motif.", remedy="Écrivez-le en une phrase.")
    with transaction.atomic():
        locked = _lock(held)
        locked.reason = reason.strip()[:200]
        _settle(locked, "dropped", by=by, at=at)
        locked.save()


def forget_settled(today: date, *, at: datetime) -> int:
    """Delete the rows settled more than 90 days ago; the journal keeps how many, never what they said."""
    before = today - timedelta(days=KEPT_DAYS)
    with transaction.atomic():
        count, _ = QuarantinedRow.objects.exclude(outcome="").filter(settled_at__date__lt=before).delete()
        if count:
            entries.record(
                "import.forget", Reference("import", "quarantine"), by=None, at=at,
                codes={"rows": count, "settled_before": before.isoformat()},
            )  # fmt: skip
    return count


def contract_of(held: QuarantinedRow) -> Contract:
    contract = faces.house().contracts.get(held.run.contract)
    if contract is None:
        raise Refusal(
            "Le contrat de cette ligne n’existe plus.", remedy="Réimportez le fichier sous un contrat actuel."
        )
    return contract


def _permitted(held: QuarantinedRow, by) -> Contract:
    contract = contract_of(held)
    if not may_import(by, contract):
        raise Forbidden(f"Vous n’avez pas le droit d’importer « {contract.title} ».")
    return contract


def _lock(held: QuarantinedRow) -> QuarantinedRow:
    locked = QuarantinedRow.objects.select_for_update(of=("self",)).select_related("run").get(pk=held.pk)
    if locked.outcome:
        raise Refusal("Cette ligne a déjà été réglée.", remedy="Rechargez la page : quelqu’un est passé avant vous.")
    return locked


def _refuse_known(contract: Contract, locked: QuarantinedRow, row: Row) -> None:
    """A corrected row may update what an earlier import wrote, never what its own file or a later one did."""
    known = KnownRow.objects.filter(contract=contract.code, key=row.key).first()
    row.is_update = known is not None
    if row.is_refused or known is None:
        return
    repeats = row.key == locked.key and locked.run.issues.filter(row=locked.row, rule="duplicate-key").exists()
    if repeats or (known.run_id or 0) >= locked.run_id:
        row.refuse(
            contract.key[0], "known-key",
            "Une ligne acceptée porte déjà cet identifiant : écartez celle-ci, ou donnez-lui le sien.",
        )  # fmt: skip


def _accept(contract: Contract, locked: QuarantinedRow, row: Row, lookups, *, by, at: datetime) -> None:
    contract.apply([row], lookups, run=locked.run, by=by, at=at)
    importing.remember(contract, [row], locked.run)
    if contract.finish:
        contract.finish(lookups, run=locked.run, by=by, at=at)
    _settle(locked, "corrected", by=by, at=at)


def _settle(locked: QuarantinedRow, outcome: str, *, by, at: datetime) -> None:
    locked.outcome, locked.settled_at, locked.settled_by = outcome, at, by
    entries.record(
        f"import.row_{outcome}", Reference("import", str(locked.run_id)), by=by, at=at,
        codes={"contract": locked.run.contract, "row": locked.row},
    )  # fmt: skip
