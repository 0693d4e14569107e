"""The only writer of a state."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, models, transaction

from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.journal import entries
from parvis.kernel.workflow.table import Move, Workflow

Check = Callable[[models.Model], Sequence[str]]


def move(thing, code: str, *, by, at: datetime, reason: str = "", check: Check | None = None):
    """Move a thing to its next state: lock, check the order, the right and the gate, save, journal.

    `thing` carries WORKFLOW, `state`, and `reference()`. `check(locked)` returns the blockers in French, or nothing.
    `by` may be None for the house itself (a nightly task). Returns the locked, moved row.
    Raises Refusal (out of order, blocked, no reason) or Forbidden; then nothing is changed.
    """
    with transaction.atomic():
        locked = type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
        step = _step(locked, code, reason)
        if by is not None and not access.may(by, step.permission, locked):
            raise Forbidden(f"Vous n’avez pas le droit de « {step.label.lower()} » ici.")
        blockers = tuple(check(locked)) if check else ()
        if blockers:
            raise Refusal(f"« {step.label} » n’est pas encore possible.", blockers=blockers)
        _write(locked, step, by=by, at=at)
    thing.state = locked.state
    return locked


def available_moves(thing, person) -> list[Move]:
    """The steps that this person may take from where the thing stands."""
    return [m for m in thing.WORKFLOW.moves_from(thing.state) if access.may(person, m.permission, thing)]


def _step(thing, code: str, reason: str) -> Move:
    flow: Workflow = thing.WORKFLOW
    step = flow.move(code)
    if thing.state not in step.sources:
        here = flow.state(thing.state).label
        raise Refusal(
            f"« {step.label} » n’est pas possible depuis l’état « {here} ».",
            remedy="Rechargez la page : quelqu’un est peut-être passé avant vous.",
        )
    if step.needs_reason and not reason.strip():
        raise Refusal(f"« {step.label} » demande un motif écrit.", remedy="Écrivez le motif en une phrase.")
    return step


def _write(thing, step: Move, *, by, at: datetime) -> None:
    before, thing.state = thing.state, step.target
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL parvis.moving = 'on'")
        thing.save(update_fields=["state"])
        cursor.execute("SET LOCAL parvis.moving = 'off'")
    entries.record(
        f"{thing.WORKFLOW.code}.{step.code}", thing.reference(), by=by, at=at,
        codes={"from": before, "to": step.target},
    )  # fmt: skip
