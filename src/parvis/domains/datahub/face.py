"""How the datahub shows itself to the house."""

from parvis.domains.datahub.rules import PERMISSIONS
from parvis.kernel.faces import Entry, Face, Retention

FACE = Face(
    code="datahub",
    title="Données",
    permissions=PERMISSIONS,
    navigation=(Entry("Imports", "datahub:imports", "datahub.import_files"),),
    retentions=(
        Retention("Lignes en quarantaine", "Corriger un fichier importé", 0, "effacées 90 jours après leur règlement"),
    ),
)
