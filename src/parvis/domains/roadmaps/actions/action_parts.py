"""Write the parts of an action: milestones, indicators, means, extra values, objectives, what it waits for.

Rows without `id` are added, rows with one are changed, rows with `delete` are removed; a row that is not named stays as it is, so that
two people who work on two rows never undo one another. Called by `actions.editing`, inside its transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from parvis.domains.roadmaps.models import Action, ActionIndicator, Dependency, ExtraValue, MeansLine, Milestone
from parvis.domains.roadmaps.queries import extra_fields
from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.references import Reference, links

Rows = Sequence[Mapping]
SERVES = "serves"


def milestones(action: Action, rows: Rows, *, by, at: datetime) -> None:
    """Planned dates are typed here; forecasts and achievements are reported (`actions.follow_up`)."""
    _rows(action, Milestone, rows, _refuse_reported)


def indicators(action: Action, rows: Rows, *, by, at: datetime) -> None:
    _rows(action, ActionIndicator, rows, _refuse_measured)


def means(action: Action, rows: Rows, *, by, at: datetime) -> None:
    _rows(action, MeansLine, rows, lambda row: None)


def extra(action: Action, values: Mapping[int, object], *, by, at: datetime) -> None:
    """field id → value; only the fields that this person may fill in. An empty value removes."""
    plans = [placement.plan for placement in action.placements.select_related("plan__sector")]
    seen = access.visible(by, "roadmaps.view_plan", type(plans[0]).objects.filter(pk__in=[p.pk for p in plans]))
    allowed = {field.pk for field in extra_fields.editable_fields(by, seen)}
    if set(values) - allowed:
        raise Forbidden("Un de ces champs n’est pas le vôtre à remplir.", remedy="Demandez-le au pilote du plan.")
    for field, value in values.items():
        if value in (None, ""):
            ExtraValue.objects.filter(action=action, field=field).delete()
        else:
            ExtraValue.objects.update_or_create(action=action, field_id=field, defaults={"value": value})


def objectives(action: Action, codes: Mapping[str, bool], *, by, at: datetime) -> None:
    """Objective code → served or not. Links: the objectives live in another domain."""
    source = action.reference()
    for code, served in codes.items():
        target = Reference("objective", code)
        if served:
            links.link(source, SERVES, target, by=by, at=at)
        else:
            links.unlink(source, SERVES, target)


def needs(action: Action, codes: Mapping[str, bool], *, by, at: datetime) -> None:
    """Action code → waited for or not. A circle is refused: nothing in it could ever end."""
    known = access.visible(by, "roadmaps.view_action", Action.objects.filter(code__in=codes))
    for need in known:
        if not codes[need.code]:
            Dependency.objects.filter(action=action, needs=need).delete()
            continue
        if _waits_for(need, action):
            raise Refusal(f"« {need.title} » attend déjà cette action.", remedy="Retirez l’une des deux dépendances.")
        Dependency.objects.get_or_create(action=action, needs=need)


WRITERS: dict[str, Callable] = {
    "milestones": milestones,
    "indicators": indicators,
    "means": means,
    "extra": extra,
    "objectives": objectives,
    "needs": needs,
}


def _rows(action: Action, model, rows: Rows, refuse: Callable) -> None:
    """A row that names another action's part finds nothing, and is refused."""
    held = {row.pk: row for row in model.objects.filter(action=action)}
    for row in rows:
        values = {name: value for name, value in row.items() if name not in ("id", "delete")}
        if not row.get("id"):
            _save(model(action=action, **values))
            continue
        part = held.get(int(row["id"]))
        if part is None:
            raise Refusal("Une ligne a été supprimée entre-temps.", remedy="Rechargez la page et reprenez cette ligne.")
        if row.get("delete"):
            refuse(part)
            part.delete()
            continue
        for name, value in values.items():
            setattr(part, name, value)
        _save(part)


def _save(part) -> None:
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError as twice:
        raise Refusal(
            "Deux lignes portent la même année ou le même nom.", remedy="Réunissez-les en une seule."
        ) from twice


def _refuse_reported(milestone: Milestone) -> None:
    if milestone.is_done or milestone.reports.exists():
        raise Refusal(
            f"Le jalon « {milestone.title} » a déjà été rapporté : il reste, c’est une preuve.",
            remedy="Renommez-le, ou laissez-le tel quel.",
        )


def _refuse_measured(indicator: ActionIndicator) -> None:
    if indicator.values.exists():
        raise Refusal(
            f"L’indicateur « {indicator.name} » a déjà des mesures : il reste, c’est une preuve.",
            remedy="Corrigez sa définition, ou laissez-le tel quel.",
        )


def _waits_for(action: Action, other: Action) -> bool:
    """Does action wait for other, directly or through others?"""
    seen: set[int] = set()
    ahead = {action.pk}
    while ahead:
        if other.pk in ahead:
            return True
        seen |= ahead
        following = Dependency.objects.filter(action__in=ahead).values_list("needs", flat=True)
        ahead = set(following) - seen
    return False
