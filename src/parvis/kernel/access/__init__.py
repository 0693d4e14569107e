"""May-she: the role × scope rules, one mechanism for a detail, a list, a count, an export, a search, a map.

Knows who may do what, where. Refuses to know what a thing means: each permission carries its domain's predicate.
"""

from parvis.kernel.access import among as among  # registers the lookup
from parvis.kernel.access.roles import HOUSE, OPEN, SCOPE, Role, ScopeKind
from parvis.kernel.access.rules import Permission, Reach, may, may_anywhere, predicate, reach, require, visible

__all__ = [
    "HOUSE", "OPEN", "SCOPE", "Permission", "Reach", "Role", "ScopeKind",
    "may", "may_anywhere", "predicate", "reach", "require", "visible",
]  # fmt: skip
