"""Who may open the map: everyone. What stands on it is each layer's own permission, row by row."""

from parvis.kernel.access import HOUSE, Permission, Role

PERMISSIONS = (Permission("atlas.view", "Ouvrir la carte", dict.fromkeys(Role, HOUSE)),)
