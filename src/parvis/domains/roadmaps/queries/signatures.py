"""Who has signed what, who still must, and whose pen a person holds."""

from collections.abc import Iterable

from parvis.domains.roadmaps import signing
from parvis.domains.roadmaps.models import Plan, Signature
from parvis.domains.roadmaps.queries import versions


def given(plan: Plan, number: int, sha256: str) -> list[Signature]:
    """The signatures that count: those of this version that read this very content."""
    rows = Signature.objects.filter(plan=plan, version=number, content_sha256=sha256)
    return list(rows.select_related("signer").order_by("signed_at"))


def missing(plan: Plan, number: int, sha256: str) -> list[str]:
    """The parties whose signature is still missing, in the order of the table."""
    signed = {signature.party for signature in given(plan, number, sha256)}
    return [party for party in signing.PARTIES[plan.kind] if party not in signed]


def pen_of(person, party: str, plan: Plan) -> signing.Pen | None:
    """The pen that this person holds for the party on this plan."""
    held = person.live_assignments() if getattr(person, "is_authenticated", False) and person.is_active else ()
    return signing.pen(held, party, sector=plan.sector.code if plan.sector else None, plan=plan.pk)


def missing_parties(plans: Iterable[Plan]) -> dict[int, list[str]]:
    """For each finalised plan, by id, the parties that have not signed its present content. Constant queries."""
    finalised = [plan for plan in plans if plan.state == "finalised"]
    if not finalised:
        return {}
    found = versions.contents(finalised)
    signed: dict[tuple[int, str], set[str]] = {}
    for signature in Signature.objects.filter(plan__in=finalised):
        signed.setdefault((signature.plan_id, signature.content_sha256), set()).add(signature.party)
    return {
        plan.pk: [
            party
            for party in signing.PARTIES[plan.kind]
            if party not in signed.get((plan.pk, versions.fingerprint(found[plan.pk])), set())
        ]
        for plan in finalised
    }
