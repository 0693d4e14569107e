"""Move a plan along its life, past its gates."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from parvis.domains.roadmaps.models import GatePass, Plan, PlanReason
from parvis.domains.roadmaps.queries import gates
from parvis.kernel import Refusal, access
from parvis.kernel.calendar import paris_day
from parvis.kernel.journal import entries
from parvis.kernel.workflow import move

NOT_BY_HAND = {
    "sign": (
        "Une feuille de route se signe à la page des signatures.",
        "Ouvrez « Signer » : chaque partie signe ce qu’elle a lu.",
    ),
}


def advance(plan: Plan, code: str, *, by, at: datetime, reason: str = "") -> Plan:
    """Take the step `code` (consult, arbitrate, finalise, reopen, start, review, resume, evaluate, archive).

    Refuses with the named blockers while a gate is not met. Signing has its own action: three parties do it.
    """
    if code in NOT_BY_HAND:
        message, remedy = NOT_BY_HAND[code]
        raise Refusal(message, remedy=remedy)
    if code not in {m.code for m in plan.WORKFLOW.moves}:
        raise Refusal("Cette étape n’existe pas.", remedy="Rechargez la page.")
    with transaction.atomic():
        moved = move(plan, code, by=by, at=at, reason=reason, check=_check(code, at))
        _date(moved, code, at)
        if reason.strip():
            PlanReason.objects.create(plan=moved, move=code, at=at, by=by, reason=reason.strip())
    plan.finalised_on = moved.finalised_on
    return moved


def pass_gate(plan: Plan, gate: str, *, by, at: datetime, reason: str) -> GatePass:
    """Let the plan through a gate that is not met, with a written reason that stays on the plan for ever."""
    access.require(by, "roadmaps.steer_plan", plan)
    rule = gates.rule(gate, paris_day(at))
    if not rule.can_be_passed:
        raise Refusal(f"« {rule.label} » ne se passe pas : cette règle ne souffre pas d’exception.")
    if len(reason.strip()) < gates.SHORTEST_REASON:
        raise Refusal(
            "Passer outre demande un motif écrit.",
            remedy=f"Écrivez pourquoi en une phrase d’au moins {gates.SHORTEST_REASON} caractères.",
        )
    if not gates.unmet(plan, gate, today=paris_day(at)):
        raise Refusal("Cette condition est déjà remplie : il n’y a rien à passer.", remedy="Rechargez la page.")
    return _let_through(plan, gate, by=by, at=at, reason=reason.strip())


@transaction.atomic
def _let_through(plan: Plan, gate: str, *, by, at: datetime, reason: str) -> GatePass:
    made, is_new = GatePass.objects.get_or_create(
        plan=plan, gate=gate, version=gates.version_prepared(plan), defaults={"at": at, "by": by, "reason": reason}
    )
    if is_new:
        entries.record("plan.pass_gate", plan.reference(), by=by, at=at, codes={"gate": gate, "version": made.version})
    return made


def record_opinion(plan: Plan, *, by, at: datetime, asked_on=None, given_on=None) -> None:
    """Note when the arrondissement council was asked for its opinion, and when it gave it; said again, it writes nothing."""
    access.require(by, "roadmaps.steer_plan", plan)
    today = paris_day(at)
    if any(day and day > today for day in (asked_on, given_on)):
        raise Refusal("Une saisine ou un avis ne peut pas être daté dans l’avenir.", remedy="Corrigez la date.")
    if given_on and (not asked_on or given_on < asked_on):
        raise Refusal("L’avis ne peut pas précéder la saisine.", remedy="Corrigez l’une des deux dates.")
    with transaction.atomic():
        locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if (locked.opinion_asked_on, locked.opinion_given_on) == (asked_on, given_on):
            return
        Plan.objects.filter(pk=plan.pk).update(opinion_asked_on=asked_on, opinion_given_on=given_on)
        entries.record(
            "plan.opinion", plan.reference(), by=by, at=at,
            codes={"asked_on": str(asked_on or ""), "given_on": str(given_on or "")},
        )  # fmt: skip
    plan.opinion_asked_on, plan.opinion_given_on = asked_on, given_on


def _check(code: str, at: datetime) -> Callable[..., list[str]]:
    return lambda locked: gates.blockers(locked, code, today=paris_day(at))


def _date(plan: Plan, code: str, at: datetime) -> None:
    """A plan carries the day of its last finalisation; reopening takes it back."""
    if code not in ("finalise", "reopen"):
        return
    plan.finalised_on = paris_day(at) if code == "finalise" else None
    plan.save(update_fields=["finalised_on"])
