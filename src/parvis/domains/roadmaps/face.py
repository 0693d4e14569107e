"""How the roadmaps show themselves to the house."""

from parvis.domains.roadmaps import demonstration, layers, panels, reference
from parvis.domains.roadmaps.contracts import CONTRACTS
from parvis.domains.roadmaps.datasets import DATASETS
from parvis.domains.roadmaps.indicators import INDICATORS
from parvis.domains.roadmaps.queries import changes, search, serving, todos
from parvis.domains.roadmaps.rules import PERMISSIONS
from parvis.domains.roadmaps.workflow import WORKFLOWS
from parvis.kernel.faces import Entry, Face, Retention

RETENTIONS = (
    Retention("Plans, actions, jalons et mesures", "Tenir et évaluer les feuilles de route", 10, "versés aux archives"),
    Retention(
        "Responsable et chef de projet d’une action", "Savoir à qui s’adresser", 10, "versés aux archives avec l’action"
    ),
    Retention("Commentaires d’une action", "Se concerter entre agents", 5, "supprimés"),
    Retention(
        "Réponses des directions, avec leur auteur et leur motif",
        "Tenir les engagements pris",
        10,
        "versées aux archives",
    ),
    Retention(
        "Signatures des versions", "Établir qui a signé quel contenu", 10, "versées aux archives avec la version"
    ),
    Retention("Documents joints aux actions", "Prouver ce qui est fait", 10, "versés aux archives"),
    Retention(
        "Vues enregistrées et liens d’agenda",
        "Retrouver ses listes et ses échéances",
        1,
        "supprimés un an après le départ",
    ),
)

FACE = Face(
    code="roadmaps",
    title="Feuilles de route",
    permissions=PERMISSIONS,
    workflows=WORKFLOWS,
    contracts=CONTRACTS,
    datasets=DATASETS,
    indicators=INDICATORS,
    layers=layers.LAYERS,
    panels=panels.PANELS,
    todos=todos.todos,
    search=search.search,
    serving=serving.serving,
    resolvers={"action": search.action_cards, "plan": search.plan_cards},
    digest_changes=changes.changes,
    digest_kinds=todos.KINDS | changes.LABELS,
    navigation=(
        Entry("Feuilles de route", "roadmaps:overview", "roadmaps.view_plan", room="Les 17 secteurs"),
        Entry("Actions", "roadmaps:actions", "roadmaps.view_action", under="roadmaps:overview"),
        Entry("Couverture", "roadmaps:coverage", "roadmaps.view_plan", under="roadmaps:overview"),
        Entry("Multi-directions", "roadmaps:multi_directorate", "roadmaps.view_action", under="roadmaps:overview"),
        Entry("Campagnes", "roadmaps:campaigns", "roadmaps.see_campaign", under="roadmaps:overview"),
        Entry("Parts demandées", "roadmaps:commitments", "roadmaps.answer_commitment", under="roadmaps:overview"),
    ),
    retentions=RETENTIONS,
    load_reference=reference.load,
    load_demonstration=demonstration.load,
)
