"""Change many actions at once: say first what would change and what cannot, then do all, or what can, as the person chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from parvis.domains.roadmaps.actions import editing
from parvis.domains.roadmaps.models import Action
from parvis.domains.roadmaps.queries import versions
from parvis.kernel import Refusal, access
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference

MOST = 500
LONGEST_SHIFT = 3660
SHIFT = "shift_days"


@dataclass(frozen=True)
class Line:
    """One action: the fields that would change, or why it cannot; neither when it already stands so."""

    action: Action
    changes: Mapping[str, Any]
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        return bool(self.changes) and not self.refusal


def preview(actions: Sequence[Action], wanted: Mapping[str, Any], *, by) -> list[Line]:
    """What would happen to each. A constant number of queries."""
    _refuse_nonsense(actions, wanted)
    rows = Action.objects.filter(pk__in=[action.pk for action in actions])
    hers = set(access.visible(by, "roadmaps.edit_action", rows).values_list("pk", flat=True))
    locked = versions.locked_ids(actions)
    return [_line(action, wanted, action.pk in hers, action.pk in locked) for action in actions]


def change_all(actions: Sequence[Action], wanted: Mapping[str, Any], seen: Mapping[str, int], *, do_the_rest: bool,
               by, at: datetime) -> list[Line]:  # fmt: skip
    """Change those that can be. When one cannot and `do_the_rest` is false, nothing is changed: Refusal.

    `seen` gives the revision at which each code was read: one changed since is refused like the others.
    """
    with transaction.atomic():
        list(Action.objects.select_for_update(of=("self",)).filter(pk__in=[a.pk for a in actions]).order_by("pk"))
        fresh = {
            a.pk: a for a in Action.objects.filter(pk__in=[a.pk for a in actions]).select_related("policy", "owner")
        }
        lines = [_stale(line, seen) for line in preview([fresh[a.pk] for a in actions if a.pk in fresh], wanted, by=by)]
        refused = [f"« {line.action.title} » : {line.refusal}" for line in lines if line.refusal]
        if refused and not do_the_rest:
            raise Refusal(
                "Rien n’a été changé.",
                blockers=tuple(refused),
                remedy="Décochez ces actions, ou choisissez de faire les autres.",
            )
        done = [editing.apply(line.action, line.changes, by=by, at=at) for line in lines if line.is_done]
        editing.derive_again(done, at=at)
        entries.record("action.bulk_edit", Reference("action", "lot"), by=by, at=at,
                       codes={"count": len(done), "refused": len(refused), "fields": sorted(wanted)})  # fmt: skip
    return lines


def _line(action: Action, wanted: Mapping[str, Any], is_hers: bool, is_locked: bool) -> Line:
    changes = _changes(action, wanted)
    if not is_hers:
        return Line(action, changes, "vous n’avez pas le droit de la modifier.")
    if is_locked and set(changes) - editing.FREE:
        return Line(action, changes, "elle est signée : ces champs ne changent que par avenant.")
    if SHIFT in wanted and action.due_on is None:
        return Line(action, changes, "elle n’a pas d’échéance à décaler.")
    due = changes.get("due_on", action.due_on)
    if due and action.starts_on and due < action.starts_on:
        return Line(action, changes, "l’échéance tomberait avant le début.")
    return Line(action, changes)


def _changes(action: Action, wanted: Mapping[str, Any]) -> dict[str, Any]:
    asked = {name: value for name, value in wanted.items() if name != SHIFT}
    if SHIFT in wanted and action.due_on:
        asked["due_on"] = action.due_on + timedelta(days=wanted[SHIFT])
    return {name: value for name, value in asked.items() if getattr(action, name) != value}


def _stale(line: Line, seen: Mapping[str, int]) -> Line:
    if seen.get(line.action.code, line.action.revision) == line.action.revision:
        return line
    return Line(line.action, line.changes, "quelqu’un l’a modifiée entre-temps.")


def _refuse_nonsense(actions: Sequence[Action], wanted: Mapping[str, Any]) -> None:
    if not actions:
        raise Refusal("Aucune action n’est cochée.", remedy="Cochez-en dans la liste, puis revenez.")
    if len(actions) > MOST:
        raise Refusal(
            f"Plus de {MOST} actions à la fois, c’est trop.", remedy="Filtrez la liste et procédez par parties."
        )
    if not wanted:
        raise Refusal("Aucun changement n’est demandé.", remedy="Choisissez au moins un champ à changer.")
    if abs(wanted.get(SHIFT, 0)) > LONGEST_SHIFT:
        raise Refusal("Dix ans de décalage, c’est trop.", remedy="Donnez un nombre de jours plus petit.")
