"""Who signs what: the parties of each kind of plan, and the roles that hold each party's pen. No Django.

Knows the table below. Refuses to know what is signed. The city executive's elected members do not work in the house: the
head of the directorate, whole city, records their signature with the reference of the act that carries it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from parvis.kernel.access.roles import Role, ScopeKind

CITY_EXECUTIVE, DISTRICT_MAYOR, ADMINISTRATION = "city_executive", "district_mayor", "administration"

PARTIES: dict[str, tuple[str, ...]] = {
    "roadmap": (DISTRICT_MAYOR, CITY_EXECUTIVE, ADMINISTRATION),
    "thematic": (CITY_EXECUTIVE, ADMINISTRATION),
    "winners": (CITY_EXECUTIVE, ADMINISTRATION),
}
LABELS = {
    CITY_EXECUTIVE: "l’Exécutif",
    DISTRICT_MAYOR: "le maire d’arrondissement",
    ADMINISTRATION: "l’administration",
}
FOR = {
    CITY_EXECUTIVE: "pour l’Exécutif",
    DISTRICT_MAYOR: "pour le maire d’arrondissement",
    ADMINISTRATION: "pour l’administration",
}

OF = {
    CITY_EXECUTIVE: "de l’Exécutif",
    DISTRICT_MAYOR: "du maire d’arrondissement",
    ADMINISTRATION: "de l’administration",
}


@dataclass(frozen=True)
class Pen:
    """A role that signs for a party, in these scopes; `records_an_act` when it reports a signature made on paper."""

    role: Role
    scopes: tuple[ScopeKind, ...]
    records_an_act: bool = False


PENS: dict[str, tuple[Pen, ...]] = {
    CITY_EXECUTIVE: (Pen(Role.DIRECTORATE_HEAD, (ScopeKind.HOUSE,), records_an_act=True),),
    DISTRICT_MAYOR: (Pen(Role.DISTRICT_OFFICE, (ScopeKind.SECTOR, ScopeKind.PLAN)),),
    ADMINISTRATION: (
        Pen(Role.SECTOR_CHIEF, (ScopeKind.SECTOR, ScopeKind.PLAN, ScopeKind.HOUSE)),
        Pen(Role.DIRECTORATE_HEAD, (ScopeKind.HOUSE,)),
    ),
}

Assignments = Iterable[tuple[Role, str, str]]


def pen(assignments: Assignments, party: str, *, sector: str | None, plan: int) -> Pen | None:
    """The pen with which these assignments sign for the party on this plan, or nothing."""
    for role, kind, scope in assignments:
        for held in PENS.get(party, ()):
            if held.role == role and kind in held.scopes and _covers(kind, scope, sector, plan):
                return held
    return None


def _covers(kind: str, scope: str, sector: str | None, plan: int) -> bool:
    return (
        kind == ScopeKind.HOUSE
        or (kind == ScopeKind.SECTOR and scope == sector)
        or (kind == ScopeKind.PLAN and scope == str(plan))
    )
