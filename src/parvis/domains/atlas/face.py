"""How atlas shows itself to the house."""

from parvis.kernel.faces import Face

FACE = Face(code="atlas", title="atlas")
