"""Who may bring files in. A contract's own permission applies besides, row by row where the contract says so.

Whoever holds a contract everywhere sees all its runs; others see those that they started.
"""

from django.db.models import Q

from parvis.kernel import access
from parvis.kernel.access import HOUSE, SCOPE, Permission, Role
from parvis.kernel.contracts.contract import importable_by

PERMISSIONS = (
    Permission(
        "datahub.import_files", "Importer des fichiers",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: SCOPE, Role.ROADMAP_PILOT: SCOPE, Role.SECTOR_CHIEF: SCOPE},
    ),
)  # fmt: skip


def visible_runs(person) -> Q:
    """The runs whose rows this person may read."""
    contracts = importable_by(person)
    whole = [c.code for c in contracts if access.reach(person, c.permission).everywhere]
    return Q(contract__in=whole) | Q(contract__in=[c.code for c in contracts], started_by=person)
