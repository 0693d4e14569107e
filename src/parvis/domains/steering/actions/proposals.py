"""Decide on what someone else proposed: approve, refuse, withdraw, take back. One's own proposal is decided by another."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from parvis.kernel.workflow import move


def decide(
    proposal, step: str, *, by, at: datetime, reason: str = "", check: Callable[..., Sequence[str]] | None = None
):
    """Take one step of a proposal's life and write who decided, when and why; give the locked row.

    `check(locked)` gives more blockers in French. Raises Refusal or Forbidden; then nothing is changed.
    """

    def blockers(locked) -> Sequence[str]:
        own = _own(locked, step, by)
        return own or (check(locked) if check else ())

    with transaction.atomic():
        decided = move(proposal, step, by=by, at=at, reason=reason, check=blockers)
        decided.decided_by, decided.decided_at, decided.reason = by, at, reason.strip()
        decided.save(update_fields=["decided_by", "decided_at", "reason"])
    return decided


def _own(locked, step: str, by) -> Sequence[str]:
    is_author = by is not None and locked.author_id == by.pk
    if step in ("approve", "refuse") and is_author:
        return ("C’est votre proposition : une autre personne doit en décider.",)
    if step == "take_back" and not is_author:
        return ("Seule la personne qui l’a proposée peut la reprendre.",)
    return ()
