"""How the datahub shows itself to the house."""

from parvis.domains.datahub import demonstration, reference
from parvis.domains.datahub.datasets import DATASETS
from parvis.domains.datahub.indicators import INDICATORS
from parvis.domains.datahub.queries import added_datasets, cards, open_datasets
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
    load_reference=reference.load,
    conclude_demonstration=demonstration.conclude,
    resolvers={
        "dataset": cards.dataset_cards,
        "dataset-thread": cards.thread_cards,
        "processing": cards.processing_cards,
        "publication": open_datasets.publication_cards,
    },
    search=cards.search,
    todos=cards.todos,
    digest_kinds={"dataset-thread": "questions sur les données"},
    navigation=(
        Entry("Données", "datahub:catalogue", "datahub.view_catalogue", room="Catalogue"),
        Entry("Imports", "datahub:imports", "datahub.import_files", under="datahub:catalogue"),
        Entry("Console", "datahub:console", "datahub.query_lake", under="datahub:catalogue"),
        Entry("Publications", "datahub:publications", "datahub.publish", under="datahub:catalogue"),
        Entry("Traitements", "datahub:register", "datahub.view_register", under="datahub:catalogue"),
        Entry("Données ouvertes", "datahub:open_data", "datahub.view_open_data", under="datahub:catalogue"),
    ),
    retentions=(
        Retention("Questions sur les données", "Comprendre un jeu de données", 5, "supprimées"),
        Retention(
            "Requêtes SQL",
            "Rendre compte des lectures du lac",
            0,
            "effacées après 90 jours ; le journal garde leur empreinte",
        ),
        Retention("Registre des traitements", "Tenir le registre (RGPD, article 30)", 10, "versé aux archives"),
        Retention("Lignes en quarantaine", "Corriger un fichier importé", 0, "effacées 90 jours après leur règlement"),
        Retention(
            "Contrats en préparation et leur fichier", "Reprendre un ajout commencé", 0, "effacés après 30 jours"
        ),
    ),
)
