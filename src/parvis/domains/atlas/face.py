"""How the atlas shows itself to the house."""

from parvis.domains.atlas import demonstration
from parvis.domains.atlas.datasets import DATASETS
from parvis.domains.atlas.indicators import INDICATORS
from parvis.domains.atlas.rules import PERMISSIONS
from parvis.kernel.faces import Entry, Face

FACE = Face(
    code="atlas",
    title="Carte",
    permissions=PERMISSIONS,
    datasets=DATASETS,
    indicators=INDICATORS,
    load_demonstration=demonstration.load,
    navigation=(Entry("Carte", "atlas:map", "atlas.view"),),
)
