"""How the datahub shows itself to the house."""

from parvis.domains.datahub.datasets import DATASETS
from parvis.domains.datahub.indicators import INDICATORS
from parvis.domains.datahub.queries import added_datasets
from parvis.domains.datahub.rules import PERMISSIONS
from parvis.domains.datahub.workflow import WORKFLOWS
from parvis.kernel.faces import Entry, Face, Retention

FACE = Face(
    code="datahub",
    title="Données",
    permissions=PERMISSIONS,
    workflows=WORKFLOWS,
    datasets=DATASETS,
    indicators=INDICATORS,
    declared_datasets=added_datasets.declared,
    navigation=(
        Entry("Imports", "datahub:imports", "datahub.import_files"),
        Entry("Données ouvertes", "datahub:open_data", "datahub.view_open_data"),
    ),
    retentions=(
        Retention("Lignes en quarantaine", "Corriger un fichier importé", 0, "effacées 90 jours après leur règlement"),
        Retention("Contrats en préparation et leur fichier", "Reprendre un ajout commencé", 0, "effacés après 30 jours"),
    ),
)
