"""How the roadmaps show themselves to the house."""

from parvis.domains.roadmaps import demonstration, layers, panels, reference
from parvis.domains.roadmaps.contracts import CONTRACTS
from parvis.domains.roadmaps.queries import changes, search, todos
from parvis.domains.roadmaps.rules import PERMISSIONS
from parvis.domains.roadmaps.workflow import WORKFLOWS
from parvis.kernel.faces import Entry, Face

FACE = Face(
    code="roadmaps",
    title="Feuilles de route",
    permissions=PERMISSIONS,
    workflows=WORKFLOWS,
    contracts=CONTRACTS,
    layers=layers.LAYERS,
    panels=panels.PANELS,
    todos=todos.todos,
    search=search.search,
    resolvers={"action": search.action_cards, "plan": search.plan_cards},
    digest_changes=changes.changes,
    digest_kinds=todos.KINDS | changes.LABELS,
    navigation=(Entry("Feuilles de route", "roadmaps:overview", "roadmaps.view_plan"),),
    load_reference=reference.load,
    load_demonstration=demonstration.load,
)
