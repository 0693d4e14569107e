"""Create an action, change it, place it in plans, drop it. What a signed plan holds changes there by amendment alone.

A change names its fields: `edit(action, {"title": …, "due_on": …}, …)`. Scalars are named in `SCALARS`; the parts (milestones,
indicators, means, extra, objectives, needs) are lists of rows, see `actions.action_parts`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from parvis.domains.roadmaps.actions import action_parts, revisions
from parvis.domains.roadmaps.actions.recompute import recompute
from parvis.domains.roadmaps.models import Action, Axis, Placement, Plan
from parvis.domains.roadmaps.queries import versions
from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts.text import plain
from parvis.kernel.journal import entries
from parvis.kernel.territories.spelling import sector_of
from parvis.kernel.workflow import move

FREE = frozenset({"owner", "project_lead", "risk", "risk_note", "confidence", "confidence_note", "objectives", "needs"})
SCALARS = frozenset({
    "title", "description", "deliverable", "policy", "lead", "owner", "project_lead", "starts_on", "due_on", "address",
    "arrondissement_code", "sector_code", "longitude", "latitude", "precision", "in_priority_neighbourhood",
    "is_climate", "is_gender_equality", "risk", "risk_note", "confidence", "confidence_note", "weight",
    "review_every_days",
})  # fmt: skip
WHERE = frozenset({"address", "arrondissement_code", "sector_code", "longitude", "latitude", "precision"})
KEEPS_POINT = frozenset({Action.Precision.POINT.value, Action.Precision.STREET.value})
DERIVED = ["status", "status_reason", "status_on", "progress", "grade", "grade_missing"]
TWICE = timedelta(minutes=1)  # the same title again so soon, in the same plan, is one click too many
AMEND = "Ouvrez un avenant au plan, ou gardez ces champs tels que signés : le suivi, lui, reste libre."


class Conflict(Refusal):
    """Someone saved between the reading and the writing; nothing was written, nothing is lost."""


def edit(action: Action, changes: Mapping, *, by, at: datetime, seen_revision: int | None = None) -> Action:
    """Change these fields, and only these; returns the action as saved, with its new revision.

    Raises Forbidden; Conflict when the action is no longer at `seen_revision`; Refusal when a signed plan holds what
    would change, or when the result makes no sense. Changing nothing writes nothing.
    """
    with transaction.atomic():
        saved = apply(action, changes, by=by, at=at, seen_revision=seen_revision)
        derive_again([saved], at=at)
        saved.refresh_from_db(fields=DERIVED)
    return saved


def apply(action: Action, changes: Mapping, *, by, at: datetime, seen_revision: int | None = None) -> Action:
    """`edit`, without deriving the status again: for changes to many actions at once. Inside a transaction."""
    locked = _locked(action)
    access.require(by, "roadmaps.edit_action", locked)
    _refuse_stale(locked, seen_revision)
    changed = _really_changed(locked, changes)
    _refuse_signed(locked, changed)
    if changed:
        revisions.keep_first(locked)
        _write(locked, {code: changes[code] for code in changed}, by=by, at=at)
        entries.record(
            "action.edit", locked.reference(), by=by, at=at,
            codes={"fields": sorted(changed), "revision": locked.revision},
        )  # fmt: skip
    return locked


@transaction.atomic
def create(plan: Plan, changes: Mapping, *, by, at: datetime, axis: Axis | None = None) -> Action:
    """A new action standing in the plan; sent twice, it is created once.

    Raises Forbidden, or Refusal when the plan is signed and no amendment is open.
    """
    held = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    access.require(by, "roadmaps.add_action", held)
    refuse_closed(held)
    if not str(changes.get("title", "")).strip():
        raise Refusal("Une action demande un titre.", remedy="Écrivez ce qui sera fait, en une ligne.")
    if twin := Action.objects.filter(placements__plan=held, title=changes["title"], created_at__gt=at - TWICE).first():
        return twin
    action = Action(code=_next_code(held), created_at=at, changed_at=at, revision=0)
    _assign(action, changes, at=at)
    action.save(force_insert=True)
    _stand(action, held, axis)
    _refuse_out_of_reach(action, by)
    _write(action, {c: v for c, v in changes.items() if c not in SCALARS}, by=by, at=at)
    entries.record("action.create", action.reference(), by=by, at=at, codes={"plan": held.code})
    derive_again([action], at=at)
    action.refresh_from_db(fields=DERIVED)
    return action


@transaction.atomic
def place(action: Action, plan: Plan, *, by, at: datetime, axis: Axis | None = None) -> Placement:
    """Let an action stand in one more plan, without a copy. Doing it twice changes nothing."""
    access.require(by, "roadmaps.edit_action", action)
    access.require(by, "roadmaps.add_action", plan)
    standing = Placement.objects.filter(action=action, plan=plan).first()
    if standing:
        return standing
    refuse_closed(plan)
    made = _stand(action, plan, axis)
    entries.record("action.place", action.reference(), by=by, at=at, codes={"plan": plan.code})
    return made


@transaction.atomic
def withdraw(action: Action, plan: Plan, *, by, at: datetime) -> None:
    """Take an action out of a plan; out of its last one it does not go: it is dropped, with a reason."""
    access.require(by, "roadmaps.edit_action", action)
    access.require(by, "roadmaps.add_action", plan)
    refuse_closed(plan)
    _locked(action)
    if not action.placements.exclude(plan=plan).exists():
        raise Refusal("C’est le seul plan où cette action figure.", remedy="Abandonnez l’action, avec un motif.")
    gone, _ = Placement.objects.filter(action=action, plan=plan).delete()
    if gone:
        entries.record("action.withdraw", action.reference(), by=by, at=at, codes={"plan": plan.code})


def drop(action: Action, reason: str, *, by, at: datetime) -> Action:
    """Give an action up, and write why."""
    return _move(action, "drop", reason, by=by, at=at)


def take_up(action: Action, reason: str, *, by, at: datetime) -> Action:
    """Take up again what was dropped, and write why."""
    return _move(action, "take_up", reason, by=by, at=at)


def derive_again(actions: Collection[Action], *, at: datetime) -> None:
    """The status of these actions and of those that wait for them."""
    touched = [action.pk for action in actions]
    if touched:
        concerned = Action.objects.filter(Q(pk__in=touched) | Q(dependencies__needs__in=touched)).values("pk")
        recompute(Action.objects.filter(pk__in=concerned), on=paris_day(at), at=at)


def held_by(action: Action) -> list[Plan]:
    """The signed plans that hold its defining fields still."""
    return versions.locking_plans(action)


def refuse_closed(plan: Plan) -> None:
    """A signed plan takes and loses actions by amendment alone; an evaluated or archived one no more."""
    from parvis.domains.roadmaps.workflow import FROZEN_STATES

    if plan.state in FROZEN_STATES and not (plan.state in versions.IN_FORCE and versions.open_amendment(plan)):
        raise Refusal(
            f"« {plan} » est {plan.get_state_display()} : son contenu ne change que par avenant.", remedy=AMEND
        )


def _move(action: Action, code: str, reason: str, *, by, at: datetime) -> Action:
    with transaction.atomic():
        moved = move(action, code, by=by, at=at, reason=reason, check=_held_sentences)
        moved.closing_reason, moved.changed_at = reason.strip(), at
        moved.save(update_fields=["closing_reason", "changed_at"])
        derive_again([moved], at=at)
    return moved


def _held_sentences(action) -> list[str]:
    return [f"« {plan} » est signée : {AMEND[0].lower()}{AMEND[1:]}" for plan in held_by(action)]


def _locked(action: Action) -> Action:
    return Action.objects.select_for_update(of=("self",)).get(pk=action.pk)


def _refuse_stale(action: Action, seen: int | None) -> None:
    if seen is not None and action.revision != seen:
        raise Conflict(
            "Quelqu’un a modifié cette action pendant que vous la modifiiez.",
            remedy="Votre texte est gardé : relisez ce qui a changé, puis enregistrez.",
        )


def _really_changed(action: Action, changes: Mapping) -> set[str]:
    """Of the fields named, those whose value differs; a part with rows is a change."""
    scalars = {code for code in changes if code in SCALARS and getattr(action, code) != changes[code]}
    return scalars | {code for code in changes if code in action_parts.WRITERS and changes[code]}


def _refuse_signed(action: Action, changed: set[str]) -> None:
    held = held_by(action) if changed - FREE else []
    if held:
        raise Refusal(
            "Ce qui définit l’action est signé et ne change que par avenant.",
            blockers=tuple(f"« {plan} » est {plan.get_state_display()}." for plan in held), remedy=AMEND,
        )  # fmt: skip


def _write(action: Action, changes: Mapping, *, by, at: datetime) -> None:
    _assign(action, changes, at=at)
    for part, write in action_parts.WRITERS.items():
        if changes.get(part):
            write(action, changes[part], by=by, at=at)
    action.revision += 1
    action.changed_at = at
    try:
        with transaction.atomic():
            action.save()
    except IntegrityError as broken:
        raise _sense(broken) from broken
    revisions.keep(action, by=by, at=at)


def _sense(broken: IntegrityError) -> Refusal:
    if "action_dates_in_order" in str(broken):
        return Refusal("L’échéance tombe avant le début.", remedy="Corrigez l’une des deux dates.")
    if "action_point_whole" in str(broken):
        return Refusal("Un point demande une longitude et une latitude.", remedy="Donnez les deux, ou aucune.")
    return Refusal("Ces valeurs ne vont pas ensemble.", remedy="Relisez les champs modifiés.")


def _assign(action: Action, changes: Mapping, *, at: datetime) -> None:
    for code in SCALARS & changes.keys():
        setattr(action, code, changes[code])
    if "confidence" in changes:
        action.confidence_at = at
    if WHERE & changes.keys():
        _locate(action, changes)
    action.search_text = plain(f"{action.title} {action.code} {action.address}")


def _locate(action: Action, changes: Mapping) -> None:
    """The sector follows the arrondissement; a point typed is a point; one left from another address is no longer."""
    moved = {"address", "arrondissement_code"} & changes.keys() and not {"longitude", "latitude"} & changes.keys()
    if moved:
        action.longitude = action.latitude = None
    if "arrondissement_code" in changes:
        action.sector_code = (
            sector_of(action.arrondissement_code) if action.arrondissement_code else changes.get("sector_code", "")
        )
    if "precision" not in changes or (moved and action.precision in KEEPS_POINT):
        action.precision = _precision(action)
    action.location_method = "saisie"
    action.location_vintage = ""


def _precision(action: Action) -> str:
    """What is known of the place, from the most to the least precise; a whole city must be said."""
    if action.longitude is not None:
        return Action.Precision.POINT
    if action.arrondissement_code:
        return Action.Precision.ARRONDISSEMENT
    return Action.Precision.SECTOR if action.sector_code else Action.Precision.UNKNOWN


def _stand(action: Action, plan: Plan, axis: Axis | None) -> Placement:
    order = Placement.objects.filter(plan=plan).count() + 1
    return Placement.objects.create(
        plan=plan, action=action, axis=axis if axis and axis.plan_id == plan.pk else None, order=order
    )


def _next_code(plan: Plan) -> str:
    """The plan's code and the next free number; the plan is locked meanwhile."""
    taken = set(Action.objects.filter(code__startswith=f"{plan.code[:35]}-").values_list("code", flat=True))
    number = next(n for n in range(len(taken) + 1, len(taken) * 2 + 2) if f"{plan.code[:35]}-{n:03d}" not in taken)
    return f"{plan.code[:35]}-{number:03d}"


def _refuse_out_of_reach(action: Action, by) -> None:
    """A contributor creates for her directorate: what she could not edit afterwards she does not create."""
    if not access.may(by, "roadmaps.edit_action", action):
        raise Forbidden(
            "Vous ne pourriez pas modifier cette action ensuite.", remedy="Choisissez votre direction comme pilote."
        )
