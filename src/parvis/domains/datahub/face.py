"""How datahub shows itself to the house."""

from parvis.kernel.faces import Face

FACE = Face(code="datahub", title="datahub")
