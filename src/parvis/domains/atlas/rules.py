"""Who may open the map: everyone. What stands on it is each layer's own permission, row by row."""

from parvis.kernel.access import HOUSE, Permission, Role

PERMISSIONS = (
    Permission("atlas.view", "Ouvrir la carte", dict.fromkeys(Role, HOUSE)),
    Permission("atlas.view_files", "Lire les fichiers publics du territoire", dict.fromkeys(Role, HOUSE)),
    Permission(
        "atlas.deposit_files", "Déposer les fichiers du territoire",
        {Role.DATA_OFFICER: HOUSE, Role.DIRECTORATE_HEAD: HOUSE},
    ),
)  # fmt: skip
