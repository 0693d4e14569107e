"""Add people, give them roles, close their accounts. Refuses to know how they prove who they are."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from parvis.kernel import Refusal
from parvis.kernel.access.roles import Role, ScopeKind
from parvis.kernel.calendar import paris_day
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Assignment, Directorate, Person
from parvis.kernel.references import Reference
from parvis.kernel.territories.models import Sector

KNOWN_SCOPES = {
    ScopeKind.SECTOR: lambda: list(Sector.objects.values_list("code", flat=True)),
    ScopeKind.DIRECTORATE: lambda: list(Directorate.objects.values_list("code", flat=True)),
}


@transaction.atomic
def add(email: str, *, by, at: datetime, first_name: str = "", last_name: str = "", job_title: str = "") -> Person:
    """Make an account without a password; the person chooses one by her own link."""
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(f"« {email} » n’est pas une adresse électronique.", remedy="Vérifiez-la.") from None
    if Person.objects.filter(email__iexact=email).exists():
        raise Refusal(f"Un compte porte déjà l’adresse {email}.", remedy="Donnez-lui plutôt un rôle de plus.")
    person = Person.objects.create_user(email, None, first_name=first_name, last_name=last_name, job_title=job_title)
    entries.record("person.added", _reference(person), by=by, at=at)
    return person


@transaction.atomic
def assign(person: Person, role: str, scope: str, *, by, at: datetime) -> Assignment:
    """Give a role in a scope, from today: `house`, `sector:19`, `directorate:DEVE`, `plan:12`."""
    kind, _, scope_id = scope.partition(":")
    _refuse_unknown(role, kind, scope_id)
    assignment, is_new = Assignment.objects.get_or_create(
        person=person, role=role, scope_kind=kind, scope_id=scope_id, starts_on=paris_day(at)
    )
    if is_new:
        codes = {"role": role, "scope": scope}
        entries.record("person.assigned", _reference(person), by=by, at=at, codes=codes)
    return assignment


@transaction.atomic
def deactivate(person: Person, *, by, at: datetime) -> None:
    """Close the account; the sessions that it has open end with their next page."""
    if not person.is_active:
        raise Refusal(f"Le compte {person.email} est déjà fermé.")
    person.is_active = False
    person.save(update_fields=["is_active"])
    entries.record("person.deactivated", _reference(person), by=by, at=at)


def _refuse_unknown(role: str, kind: str, scope_id: str) -> None:
    roles = [r.value for r in Role if r != Role.PUBLIC]
    if role not in roles:
        raise Refusal(f"Le rôle « {role} » n’existe pas.", remedy=f"Rôles : {', '.join(roles)}.")
    if kind not in list(ScopeKind) or (kind == ScopeKind.HOUSE) == bool(scope_id):
        raise Refusal(
            f"Le périmètre « {kind}{':' if scope_id else ''}{scope_id} » n’existe pas.",
            remedy="Écrivez house, sector:19, directorate:DEVE ou plan:12.",
        )
    known = KNOWN_SCOPES[ScopeKind(kind)]() if kind in KNOWN_SCOPES else [scope_id]
    if scope_id not in known and kind != ScopeKind.HOUSE:
        raise Refusal(f"« {scope_id} » n’est pas connu.", remedy=f"Possibles : {', '.join(known)}.")
    if kind == ScopeKind.PLAN and not scope_id.isdigit():
        raise Refusal(f"Un plan se désigne par son numéro, pas par « {scope_id} ».")


def _reference(person: Person) -> Reference:
    return Reference("person", str(person.pk))
