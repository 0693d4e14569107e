"""How grants show themselves to the house."""

from parvis.domains.grants import demonstration
from parvis.domains.grants.datasets import DATASETS
from parvis.domains.grants.indicators import INDICATORS
from parvis.domains.grants.rules import PERMISSIONS
from parvis.kernel.faces import Face, Retention

FACE = Face(
    code="grants",
    title="Subventions",
    permissions=PERMISSIONS,
    datasets=DATASETS,
    indicators=INDICATORS,
    retentions=(
        Retention(
            "Fichiers publics des subventions", "Rendre compte de l’argent versé", 10,
            "versés aux archives ; les noms de personnes ne sont jamais publiés",
        ),
    ),
    load_demonstration=demonstration.load,
)  # fmt: skip
