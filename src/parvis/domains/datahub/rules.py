"""Who may bring files in. A contract's own permission applies besides, row by row where the contract says so.

Whoever holds a contract everywhere sees all its runs; others see those that they started.
Whoever works in the house reads the catalogue; each dataset's own permission says whether she opens it, and its rows.
A dataset is added by those who answer for data or steer; what it publishes is proposed by one and approved by another.
"""

from django.db.models import Q

from parvis.kernel import access, faces
from parvis.kernel.access import HOUSE, SCOPE, Permission, Role
from parvis.kernel.contracts.contract import importable_by
from parvis.kernel.lake.deposits import may_deposit

STAFF = (
    Role.DIRECTORATE_HEAD, Role.ROADMAP_PILOT, Role.SECTOR_CHIEF, Role.DISTRICT_OFFICE, Role.CONTRIBUTOR,
    Role.DATA_OFFICER, Role.AUDITOR, Role.ELECTED_READER,
)  # fmt: skip
PERMISSIONS = (
    Permission(
        "datahub.import_files", "Importer des fichiers",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: SCOPE, Role.ROADMAP_PILOT: SCOPE, Role.SECTOR_CHIEF: SCOPE},
    ),
    Permission("datahub.view_open_data", "Lire les données ouvertes", {Role.PUBLIC: HOUSE}),
    Permission("datahub.read_added", "Lire les données ajoutées par les agents", dict.fromkeys(STAFF, HOUSE)),
    Permission(
        "datahub.read_kept", "Lire les données ajoutées et réservées",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE},
    ),
    Permission(
        "datahub.add_dataset", "Ajouter un jeu de données",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE},
    ),
    Permission(
        "datahub.edit_contract", "Changer le contrat d’un jeu de données ajouté",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE},
    ),
    Permission(
        "datahub.publish", "Préparer une publication",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE},
    ),
    Permission(
        "datahub.approve_publication", "Approuver une publication",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE},
    ),
    Permission("datahub.view_catalogue", "Lire le catalogue des données", dict.fromkeys(STAFF, HOUSE)),
    Permission("datahub.read_personal", "Lire les colonnes personnelles des données", {Role.DATA_OFFICER: HOUSE}),
    Permission(
        "datahub.query_lake", "Interroger les données en SQL",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE, Role.AUDITOR: HOUSE},
    ),
    Permission("datahub.discuss", "Poser une question sur un jeu de données", dict.fromkeys(STAFF[:6], HOUSE)),
    Permission(
        "datahub.answer_discussion", "Répondre aux questions sur les données",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE},
    ),
    Permission(
        "datahub.view_register", "Lire le registre des traitements",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.AUDITOR: HOUSE},
    ),
    Permission("datahub.edit_register", "Tenir le registre des traitements", {Role.DATA_OFFICER: HOUSE}),
)  # fmt: skip


def visible_runs(person) -> Q:
    """The runs whose rows this person may read."""
    contracts = importable_by(person)
    whole = [c.code for c in contracts if access.reach(person, c.permission).everywhere]
    whole += [d.code for d in faces.house().datasets.values() if may_deposit(person, d)]
    return Q(contract__in=whole) | Q(contract__in=[c.code for c in contracts], started_by=person)
