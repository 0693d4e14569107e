"""Sign: each party signs the very content it read; the last one freezes the version, in the same transaction."""

from datetime import datetime

from django.db import transaction

from parvis.domains.roadmaps import signing
from parvis.domains.roadmaps.actions.versions import freeze_all
from parvis.domains.roadmaps.models import Amendment, Plan, Signature
from parvis.domains.roadmaps.queries import gates, signatures, versions
from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.calendar import paris_day
from parvis.kernel.journal import entries
from parvis.kernel.workflow import move


@transaction.atomic
def sign(plan: Plan, party: str, *, by, at: datetime, seen_sha256: str, document_reference: str = "") -> Signature:
    """Sign for a party the version being prepared: a finalised plan, or an open amendment.

    `seen_sha256` is the fingerprint of what the signer had before her eyes: if the content moved since, nothing is
    signed. The last missing signature moves the plan (or the amendment) to signed and freezes the version.
    """
    locked = Plan.objects.select_for_update(of=("self",)).select_related("sector").get(pk=plan.pk)
    number, amendment = _prepared(locked)
    _require_pen(locked, party, by, document_reference)
    content = versions.content(locked)
    sha256 = versions.fingerprint(content)
    if seen_sha256 != sha256:
        raise Refusal(
            "Le contenu a changé depuis que vous l’avez affiché : rien n’est signé.", remedy="Relisez, puis signez."
        )
    _refuse_twice(signatures.given(locked, number, sha256), party, by)
    _check_gates(locked, at)
    made = Signature.objects.create(
        plan=locked, version=number, party=party, signer=by, signed_at=at, content_sha256=sha256,
        document_reference=document_reference.strip(),
    )  # fmt: skip
    entries.record(
        "plan.signature", locked.reference(), by=by, at=at, codes={"party": party, "version": number, "sha256": sha256}
    )
    if not signatures.missing(locked, number, sha256):
        _seal(locked, amendment, content, by=by, at=at)
        plan.state, plan.version, plan.signed_on = locked.state, locked.version, locked.signed_on
    return made


def _prepared(plan: Plan) -> tuple[int, Amendment | None]:
    """The version that is being signed, and the amendment that carries it."""
    amendment = versions.open_amendment(plan)
    if amendment:
        return amendment.number, amendment
    if plan.state != "finalised":
        raise Refusal(
            f"Il n’y a rien à signer : ce plan est « {plan.get_state_display()} ».",
            remedy="Un plan se signe une fois finalisé, ou quand un avenant est préparé.",
        )
    return gates.version_prepared(plan), None


def _require_pen(plan: Plan, party: str, by, document_reference: str) -> None:
    access.require(by, "roadmaps.sign_plan", plan)
    if party not in signing.PARTIES[plan.kind]:
        raise Refusal("Cette partie ne signe pas ce plan.", remedy="Rechargez la page.")
    pen = signatures.pen_of(by, party, plan)
    if pen is None:
        raise Forbidden(
            f"Vous ne signez pas {signing.FOR[party]} ici.", remedy="La page des signatures dit qui peut signer."
        )
    if pen.records_an_act and not document_reference.strip():
        raise Refusal(
            "La signature de l’Exécutif se reporte avec la référence de l’acte signé.",
            remedy="Écrivez la référence de l’acte, par exemple « lettre du 12 mars 2026, n° 2026-114 ».",
        )


def _refuse_twice(given: list[Signature], party: str, by) -> None:
    if any(signature.party == party for signature in given):
        raise Refusal(
            f"C’est déjà signé {signing.FOR[party]}.", remedy="Rechargez la page : quelqu’un a signé avant vous."
        )
    if any(signature.signer_id == by.pk for signature in given):
        raise Refusal(
            "Vous avez déjà signé pour une autre partie : une personne ne signe pas deux fois.",
            remedy="Demandez à une autre personne habilitée.",
        )


def _check_gates(plan: Plan, at: datetime) -> None:
    blockers = gates.blockers(plan, "sign", today=paris_day(at))
    if blockers:
        raise Refusal(
            "La signature n’est pas encore possible.", blockers=tuple(blockers),
            remedy="Complétez, ou passez outre avec un motif écrit.",
        )  # fmt: skip


def _seal(plan: Plan, amendment: Amendment | None, content: dict, *, by, at: datetime) -> None:
    """The last signature: the plan or its amendment is signed, and what was read is frozen."""
    if amendment:
        move(amendment, "sign", by=by, at=at)
        Amendment.objects.filter(pk=amendment.pk).update(closed_at=at)
    else:
        move(plan, "sign", by=by, at=at)
        plan.signed_on = paris_day(at)
        plan.save(update_fields=["signed_on"])
    freeze_all([plan], by=by, at=at, read={plan.pk: content})
