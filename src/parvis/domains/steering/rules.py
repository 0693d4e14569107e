"""Who may see the objectives: everyone; they are public."""

from parvis.kernel.access import HOUSE, Permission, Role

PERMISSIONS = (Permission("steering.view_objectives", "Voir les objectifs", {Role.PUBLIC: HOUSE}),)
