"""The roles of the house and where each can hold. No Django: an official can read this file."""

from enum import StrEnum

HOUSE = "house"  # the permission holds everywhere, whatever the assignment's scope
SCOPE = "scope"  # the permission holds inside the assignment's scope only
OPEN = "open"  # the permission holds on open rows only: what is published


class Role(StrEnum):
    """Who a person is to the house. A person may hold several, each in a scope and between two dates."""

    DIRECTORATE_HEAD = "directorate-head"
    ROADMAP_PILOT = "roadmap-pilot"
    SECTOR_CHIEF = "sector-chief"
    DISTRICT_OFFICE = "district-office"
    CONTRIBUTOR = "contributor"
    DATA_OFFICER = "data-officer"
    AUDITOR = "auditor"
    ELECTED_READER = "elected-reader"
    PUBLIC = "public"


class ScopeKind(StrEnum):
    """What an assignment is limited to."""

    HOUSE = "house"
    SECTOR = "sector"
    DIRECTORATE = "directorate"
    PLAN = "plan"


LABELS = {
    Role.DIRECTORATE_HEAD: "Direction",
    Role.ROADMAP_PILOT: "Pilote des feuilles de route",
    Role.SECTOR_CHIEF: "Directeur général de secteur",
    Role.DISTRICT_OFFICE: "Cabinet du maire d’arrondissement",
    Role.CONTRIBUTOR: "Contributeur de direction",
    Role.DATA_OFFICER: "Responsable qualité et données",
    Role.AUDITOR: "Auditeur",
    Role.ELECTED_READER: "Élu (lecture)",
    Role.PUBLIC: "Public",
}

SIGNING_ROLES = frozenset({Role.DIRECTORATE_HEAD, Role.ROADMAP_PILOT, Role.SECTOR_CHIEF, Role.DISTRICT_OFFICE})
ADMINISTERING_ROLES = frozenset({Role.DATA_OFFICER, Role.DIRECTORATE_HEAD})
SECOND_FACTOR_ROLES = SIGNING_ROLES | ADMINISTERING_ROLES
