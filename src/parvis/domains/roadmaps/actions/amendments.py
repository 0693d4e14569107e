"""Prepare version n+1 of a signed plan: open an amendment, or withdraw it and come back to what was signed.

Its signature is in `actions.signatures`: the same three parties, the same rule.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from parvis.domains.roadmaps.actions.restoring import restore
from parvis.domains.roadmaps.models import Amendment, Plan
from parvis.domains.roadmaps.queries import versions
from parvis.kernel import Refusal, access
from parvis.kernel.journal import entries
from parvis.kernel.workflow import move

SHORTEST_REASON = 15


def open_amendment(plan: Plan, reason: str, *, by, at: datetime) -> Amendment:
    """Let a signed plan in force be changed again, until three signatures make the next version."""
    access.require(by, "roadmaps.steer_plan", plan)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(
            "Un avenant demande un motif écrit.",
            remedy=f"Dites ce qui change et pourquoi, en une phrase d’au moins {SHORTEST_REASON} caractères.",
        )
    try:
        with transaction.atomic():
            return _open(plan, reason.strip(), by=by, at=at)
    except IntegrityError as taken:
        raise Refusal(
            "Un avenant est déjà en préparation sur ce plan.", remedy="Complétez-le, ou retirez-le."
        ) from taken


def _open(plan: Plan, reason: str, *, by, at: datetime) -> Amendment:
    locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if locked.state not in versions.IN_FORCE or not locked.version:
        raise Refusal(
            f"Ce plan est « {locked.get_state_display()} » : un avenant modifie un plan signé et en cours.",
            remedy="Avant la signature, modifiez le plan ; après l’évaluation, préparez celui de l’année suivante.",
        )
    made = Amendment.objects.create(plan=locked, number=locked.version + 1, reason=reason, opened_at=at, opened_by=by)
    entries.record("amendment.open", made.reference(), by=by, at=at, codes={"plan": plan.code, "version": made.number})
    return made


def withdraw(amendment: Amendment, reason: str, *, by, at: datetime) -> Amendment:
    """Give the amendment up, for a written reason: every defining field comes back to what was signed."""
    with transaction.atomic():
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=amendment.plan_id)
        moved = move(amendment, "withdraw", by=by, at=at, reason=reason)
        moved.closed_at, moved.closing_reason = at, reason.strip()
        moved.save(update_fields=["closed_at", "closing_reason"])
        signed = versions.latest(plan)
        if signed is None:
            raise Refusal(
                "La version signée est introuvable : rien n’est modifié.", remedy="Prévenez l’administration."
            )
        restore(plan, signed.content, by=by, at=at)
    amendment.closed_at, amendment.closing_reason = moved.closed_at, moved.closing_reason
    return moved
