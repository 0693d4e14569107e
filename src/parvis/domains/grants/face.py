"""How grants show themselves to the house."""

from parvis.kernel.faces import Face

FACE = Face(code="grants", title="Subventions")
