"""Bring a plan's defining content back to a frozen one, touching only what differs.

Knows the shape of a content. Follow-up stays: what was done, forecast, measured or answered meanwhile is not undone.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.db.models import Max

from parvis.domains.roadmaps.actions.recompute import recompute
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    ActionRevision,
    Axis,
    Commitment,
    ExtraField,
    ExtraValue,
    MeansLine,
    Milestone,
    Placement,
    Plan,
    PublicPolicy,
)
from parvis.domains.roadmaps.queries import versions
from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts.text import plain
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.workflow import move

REASON = "Retour à la version signée"
LINES: tuple[tuple[str, type[models.Model], str, tuple[str, ...]], ...] = (
    ("milestones", Milestone, "id", versions.MILESTONE_FIELDS),
    ("indicators", ActionIndicator, "id", versions.INDICATOR_FIELDS),
    ("means", MeansLine, "year", versions.MEANS_FIELDS),
)


def restore(plan: Plan, content: Mapping, *, by, at: datetime) -> None:
    """Bring the plan back to this content. Runs inside the caller's transaction."""
    now = versions.content(plan)
    _head(plan, content["plan"])
    axes = _axes(plan, content["axes"])
    current = {row["code"]: row for row in now["actions"]}
    signed = {row["code"]: row for row in content["actions"]}
    touched = {code for code in signed if current.get(code) != signed[code]}
    actions = {
        action.code: action for action in Action.objects.select_for_update().filter(code__in=[*signed, *current])
    }
    for code in sorted(touched & set(actions)):
        _action(plan, actions[code], signed[code], axes, by=by, at=at)
    for code in sorted(set(current) - set(signed)):
        _take_out(plan, actions[code], by=by, at=at)
    recompute(Action.objects.filter(code__in=[*touched, *(set(current) - set(signed))]), on=paris_day(at), at=at)
    codes = {"version": plan.version, "restored": len(touched), "taken_out": len(set(current) - set(signed))}
    entries.record("plan.restore", plan.reference(), by=by, at=at, codes=codes)


def _head(plan: Plan, head: Mapping) -> None:
    plan.title, plan.summary = head["title"], head["summary"]
    plan.save(update_fields=["title", "summary"])


def _axes(plan: Plan, rows: Sequence[Mapping]) -> dict[str, Axis]:
    """The signed axes, by code; those added since go (their actions go back to their own, or go too)."""
    plan.axes.exclude(code__in=[row["code"] for row in rows]).delete()
    for row in rows:
        Axis.objects.update_or_create(
            plan=plan, code=row["code"], defaults={"title": row["title"], "order": row["order"]}
        )
    return {axis.code: axis for axis in plan.axes.all()}


def _action(plan: Plan, action: Action, row: Mapping, axes: Mapping[str, Axis], *, by, at: datetime) -> None:
    _fields(action, row, by=by, at=at)
    Placement.objects.update_or_create(
        plan=plan, action=action, defaults={"order": row["order"], "axis": axes.get(row["axis"])}
    )
    for name, model, identity, fields in LINES:
        _lines(action, row[name], model, identity, fields)
    _partners(action, row["partners"])
    _extra(plan, action, row["extra"])


def _fields(action: Action, row: Mapping, *, by, at: datetime) -> None:
    """The action's own fields; the state by its own move, as always."""
    for name in versions.ACTION_FIELDS:
        if name != "state":
            setattr(action, name, typed(Action, name, row[name]))
    action.policy = PublicPolicy.objects.filter(code=row["policy"]).first()
    action.lead = Directorate.objects.filter(code=row["lead"]).first()
    action.search_text = plain(f"{action.title} {action.code} {action.address}")
    last = ActionRevision.objects.filter(action=action).aggregate(last=Max("number"))["last"] or 0
    action.revision, action.changed_at = max(action.revision, last) + 1, at
    action.save()
    ActionRevision.objects.create(action=action, number=action.revision, at=at, by=by, content=dict(row))
    if action.state != row["state"]:
        move(action, "drop" if row["state"] == "dropped" else "take_up", by=None, at=at, reason=REASON)


def _lines(
    action: Action, rows: Sequence[Mapping], model: type[models.Model], identity: str, fields: Sequence[str]
) -> None:
    """Lines matched by their identity keep what was followed on them; those added since go; those removed come back."""
    kept = {row[identity]: row for row in rows}
    lines = model._default_manager.filter(action=action)
    lines.exclude(**{f"{identity}__in": list(kept)}).delete()
    for key, row in kept.items():
        values = {name: typed(model, name, row[name]) for name in fields if name != identity}
        model._default_manager.update_or_create(**{"action": action, identity: key}, defaults=values)


def _partners(action: Action, rows: Sequence[Mapping]) -> None:
    """The part asked comes back; an answer stays. A directorate asked since goes unless it has answered."""
    signed = {row["directorate"]: row["part"] for row in rows}
    Commitment.objects.filter(action=action, state="asked").exclude(directorate__code__in=list(signed)).delete()
    for asked in Commitment.objects.filter(action=action, directorate__code__in=list(signed)).select_related(
        "directorate"
    ):
        if asked.part != signed[asked.directorate.code]:
            asked.part = signed[asked.directorate.code]
            asked.save(update_fields=["part"])


def _extra(plan: Plan, action: Action, values: Mapping) -> None:
    fields = {field.code: field for field in ExtraField.objects.filter(plan=plan)}
    ExtraValue.objects.filter(field__plan=plan, action=action).exclude(field__code__in=list(values)).delete()
    for code, value in values.items():
        if code in fields:
            ExtraValue.objects.update_or_create(field=fields[code], action=action, defaults={"value": value})


def _take_out(plan: Plan, action: Action, *, by, at: datetime) -> None:
    """An action added by the amendment leaves the plan; standing nowhere else, it is dropped, not erased."""
    Placement.objects.filter(plan=plan, action=action).delete()
    if action.state == "live" and not action.placements.exists():
        move(action, "drop", by=None, at=at, reason=REASON)


def typed(model: type[models.Model], name: str, value):
    """A plain value as the model's field holds it."""
    field = model._meta.get_field(name)
    if value is None or value == "":
        return value
    if isinstance(field, models.DateField):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(field, models.DecimalField) else value
