"""The fields that a plan adds to its actions, and who may see them: one function decides, for page, list and exports.

A field names the roles that may see it and those that may fill it in; none named means whoever sees, or edits, the action. A role
counts where it is held: that of the 5th opens nothing in a plan of the 19th.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from math import isfinite

from django.db.models import Q
from django.utils.formats import date_format, number_format

from parvis.domains.roadmaps.models import Action, ExtraField, ExtraValue, Plan
from parvis.kernel.access import Role, ScopeKind

NARROW_NO_BREAK = "\u202f"


def visible_fields(person, plans: Iterable[Plan]) -> list[ExtraField]:
    """The extra fields of these plans that the person may see. The plans must already be hers to see. One query."""
    return [field for field in _of(plans) if _holds(person, field, field.seen_by)]


def editable_fields(person, plans: Iterable[Plan]) -> list[ExtraField]:
    """Those she may also fill in, once she may edit the action: what is hidden from her is never hers to write."""
    return [field for field in visible_fields(person, plans) if _holds(person, field, field.edited_by)]


def values_of(actions: Iterable[Action], fields: Sequence[ExtraField]) -> dict[int, dict[int, object]]:
    """action id → field id → value, for the fields given and no other. One query."""
    found: dict[int, dict[int, object]] = defaultdict(dict)
    rows = ExtraValue.objects.filter(action__in=[a.pk for a in actions], field__in=[f.pk for f in fields])
    for action, field, value in rows.values_list("action_id", "field_id", "value"):
        found[action][field] = value
    return found


def shown(field: ExtraField, value: object) -> str:
    """The value as a reader sees it, with its unit."""
    if value in (None, ""):
        return ""
    if field.type == ExtraField.Type.NUMBER:
        figures = number_format(Decimal(str(value)), use_l10n=True, force_grouping=True)
        return f"{figures} {field.unit}".strip()
    if field.type == ExtraField.Type.DATE:
        return date_format(date.fromisoformat(str(value)), "j F Y")
    return str(value)


def matching(field: ExtraField, asked: str, bound: str = "") -> Q:
    """Actions whose value for this field is the one asked, or lies on the side of a bound (`min`, `max`)."""
    value = _number(asked) if field.type == ExtraField.Type.NUMBER else asked
    if value is None:
        return Q(pk__in=[])
    look_up = {"min": "value__gte", "max": "value__lte"}.get(bound, "value")
    return Q(pk__in=ExtraValue.objects.filter(field=field, **{look_up: value}).values("action"))


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", ".").replace(NARROW_NO_BREAK, "").replace(" ", ""))
    except ValueError:
        return None
    return number if isfinite(number) else None


def _of(plans: Iterable[Plan]) -> list[ExtraField]:
    rows = ExtraField.objects.filter(plan__in=[p.pk for p in plans]).select_related("plan__sector")
    return list(rows.order_by("plan", "order", "id"))


def _holds(person, field: ExtraField, roles: Sequence[str]) -> bool:
    """No role named: everyone who got this far. Else one of them, held where the plan is."""
    if not roles:
        return True
    held = person.live_assignments() if getattr(person, "is_authenticated", False) and person.is_active else ()
    return any(role in roles and _covers(kind, scope, field.plan) for role, kind, scope in held)


def _covers(kind: str, scope: str, plan: Plan) -> bool:
    """A directorate's people meet the plan through their own actions: what they may see of it is theirs to read."""
    places = {
        ScopeKind.HOUSE: True,
        ScopeKind.SECTOR: bool(plan.sector) and plan.sector.code == scope,  # type: ignore[union-attr]
        ScopeKind.PLAN: str(plan.pk) == scope,
        ScopeKind.DIRECTORATE: True,
    }
    return places.get(ScopeKind(kind), False)


ROLES = tuple(role for role in Role if role != Role.PUBLIC)
