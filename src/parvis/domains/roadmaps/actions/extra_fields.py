"""Add, change and remove the fields that a plan adds to its actions."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from parvis.domains.roadmaps.models import ExtraField, Plan
from parvis.kernel import Refusal, access
from parvis.kernel.journal import entries

DEFINED = ("label", "type", "unit", "choices", "seen_by", "edited_by", "order")


def define(plan: Plan, definition: dict, *, by, at: datetime) -> ExtraField:
    """Give the plan one more field. Raises Refusal when the label is taken or a choice has no choices."""
    access.require(by, "roadmaps.steer_plan", plan)
    field = ExtraField(plan=plan, code=_code(definition["label"]), **{name: definition[name] for name in DEFINED})
    _refuse_empty_choice(field)
    try:
        with transaction.atomic():
            field.save(force_insert=True)
            _record("extra_field.define", field, by=by, at=at)
    except IntegrityError as taken:
        raise Refusal(
            f"Ce plan a déjà un champ « {field.label} ».", remedy="Choisissez un autre nom, ou modifiez ce champ-là."
        ) from taken
    return field


def change(field: ExtraField, definition: dict, *, by, at: datetime) -> ExtraField:
    """Change a field's words and who sees it. Its type stays once it holds values: what was filled in must stay readable."""
    access.require(by, "roadmaps.steer_plan", field.plan)
    if definition["type"] != field.type and field.values.exists():
        raise Refusal(
            "Le type d’un champ déjà rempli ne change pas.", remedy="Créez un autre champ, puis supprimez celui-ci."
        )
    for name in DEFINED:
        setattr(field, name, definition[name])
    _refuse_empty_choice(field)
    with transaction.atomic():
        field.save(update_fields=DEFINED)
        _record("extra_field.change", field, by=by, at=at)
    return field


def remove(field: ExtraField, *, by, at: datetime) -> None:
    """Remove a field with what it holds; the journal keeps that it was, not what it said."""
    access.require(by, "roadmaps.steer_plan", field.plan)
    with transaction.atomic():
        _record("extra_field.remove", field, by=by, at=at)
        field.delete()


def _code(label: str) -> str:
    return slugify(label)[:40] or "champ"


def _refuse_empty_choice(field: ExtraField) -> None:
    if field.type == ExtraField.Type.CHOICE and not field.choices:
        raise Refusal("Un champ de choix demande au moins un choix.", remedy="Écrivez un choix par ligne.")


def _record(verb: str, field: ExtraField, *, by, at: datetime) -> None:
    entries.record(verb, field.plan.reference(), by=by, at=at, codes={"field": field.code, "type": field.type})
