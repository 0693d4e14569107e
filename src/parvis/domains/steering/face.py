"""How steering shows itself to the house."""

from parvis.domains.steering import reference
from parvis.domains.steering.queries import objectives
from parvis.domains.steering.rules import PERMISSIONS
from parvis.kernel.faces import Entry, Face

FACE = Face(
    code="steering",
    title="Pilotage",
    permissions=PERMISSIONS,
    navigation=(Entry("Pilotage", "steering:objectives", "steering.view_objectives"),),
    resolvers={"objective": objectives.objective_cards},
    load_reference=reference.load,
)
