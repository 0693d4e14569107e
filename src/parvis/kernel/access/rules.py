"""One predicate for every way to read or touch a thing.

    visible(person, "roadmaps.view_action", Action.objects.all())   # list, count, export, search, map
    may(person, "roadmaps.edit_action", action)                     # the same predicate on one row
    may_anywhere(person, "roadmaps.view_action")                    # is the page itself hers to open?

A permission that no face declares is refused, for everyone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet

from parvis.kernel import Forbidden, faces
from parvis.kernel.access.roles import HOUSE, SCOPE, Role, ScopeKind

NOTHING = Q(pk__in=[])
# Not Q(): an empty Q vanishes from `Q(x) | Q()`, which would keep x alone. This one costs nothing in the SQL.
EVERYTHING = ~Q(pk__in=[])


@dataclass(frozen=True)
class Reach:
    """Where a person holds a permission: everywhere, or in these sectors, directorates and plans.

    `roles` are the roles through which it is held.
    """

    everywhere: bool = False
    sectors: frozenset[str] = frozenset()
    directorates: frozenset[str] = frozenset()
    plans: frozenset[int] = frozenset()
    roles: frozenset[Role] = frozenset()
    person_id: int | None = None


@dataclass(frozen=True)
class Permission:
    """What may be done, by which roles, and the predicates that say on which rows.

    `grants` maps a role to HOUSE (everywhere), SCOPE (inside the assignment's scope) or OPEN (open rows only).
    `within(reach)` is the Q of the rows inside a limited reach; `open_rows()` the Q of the rows open to all holders.
    A permission without `within` has no rows: it opens a page or an act, not a thing.
    """

    code: str
    label: str
    grants: Mapping[Role, str]
    within: Callable[[Reach], Q] | None = None
    open_rows: Callable[[], Q] | None = None


def reach(person, permission_code: str) -> Reach:
    """Where this person holds the permission. Unknown permission, unknown or inactive person: nowhere."""
    permission = faces.house().permissions.get(permission_code)
    if permission is None:
        return Reach()
    held = [
        (permission.grants[role], role, kind, scope)
        for role, kind, scope in _assignments(person)
        if role in permission.grants
    ]
    scoped = [(kind, scope) for grant, _, kind, scope in held if grant == SCOPE]
    return Reach(
        everywhere=any(g == HOUSE or (g == SCOPE and kind == ScopeKind.HOUSE) for g, _, kind, _ in held),
        sectors=frozenset(s for kind, s in scoped if kind == ScopeKind.SECTOR),
        directorates=frozenset(s for kind, s in scoped if kind == ScopeKind.DIRECTORATE),
        plans=frozenset(int(s) for kind, s in scoped if kind == ScopeKind.PLAN),
        roles=frozenset(role for _, role, _, _ in held),
        person_id=getattr(person, "pk", None),
    )


def visible(person, permission_code: str, queryset: QuerySet) -> QuerySet:
    """The rows of the queryset on which the person holds the permission."""
    return queryset.filter(predicate(person, permission_code))


def predicate(person, permission_code: str) -> Q:
    """The Q behind every way to read. Holding nothing selects nothing."""
    permission = faces.house().permissions.get(permission_code)
    held = reach(person, permission_code)
    if permission is None or not held.roles:
        return NOTHING
    if held.everywhere:
        return EVERYTHING
    inside = permission.within(held) if permission.within else NOTHING
    return inside | permission.open_rows() if permission.open_rows else inside


def may(person, permission_code: str, thing: Model) -> bool:
    """The same predicate, asked of one row."""
    rows = type(thing)._default_manager.filter(pk=thing.pk)
    return visible(person, permission_code, rows).exists()


def may_anywhere(person, permission_code: str) -> bool:
    """Does the person hold the permission somewhere? Opens a page; never decides on a row."""
    return bool(reach(person, permission_code).roles)


def require(person, permission_code: str, thing: Model | None = None) -> None:
    """Raise Forbidden unless the person may. Without a thing, holding it somewhere suffices."""
    allowed = may_anywhere(person, permission_code) if thing is None else may(person, permission_code, thing)
    if not allowed:
        raise Forbidden("Vous n’avez pas le droit de faire cela.", remedy="Demandez-le à votre direction.")


def _assignments(person) -> Iterable[tuple[Role, str, str]]:
    """The person's live assignments, read once per request; everyone is also the public."""
    live = person.live_assignments() if getattr(person, "is_authenticated", False) and person.is_active else ()
    return (*live, (Role.PUBLIC, ScopeKind.HOUSE, ""))
