"""Who reads the public files of grants, and who brings them."""

from parvis.kernel.access import HOUSE, Permission, Role

READERS = tuple(role for role in Role if role != Role.PUBLIC)
PERMISSIONS = (
    Permission("grants.view_files", "Lire les fichiers publics des subventions", dict.fromkeys(READERS, HOUSE)),
    Permission(
        "grants.deposit_files", "Déposer les fichiers des subventions",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE},
    ),
)  # fmt: skip
