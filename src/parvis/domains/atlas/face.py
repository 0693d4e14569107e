"""How the atlas shows itself to the house."""

from parvis.domains.atlas.rules import PERMISSIONS
from parvis.kernel.faces import Entry, Face

FACE = Face(
    code="atlas",
    title="Carte",
    permissions=PERMISSIONS,
    navigation=(Entry("Carte", "atlas:map", "atlas.view"),),
)
