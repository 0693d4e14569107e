"""Write many actions read from a file: created or brought up to date, in a constant number of statements a batch.

The rows were checked by their contract. State still changes through `move()` alone; every change leaves a revision,
and a milestone that says something new leaves a report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.domains.roadmaps.actions.commitments import DAYS_TO_ANSWER
from parvis.domains.roadmaps.actions.recompute import recompute
from parvis.domains.roadmaps.models import (
    Action,
    ActionRevision,
    Axis,
    Commitment,
    MeansLine,
    Milestone,
    MilestoneReport,
    Placement,
    Plan,
)
from parvis.kernel.calendar import add_working_days, paris_day
from parvis.kernel.contracts import copying
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.territories.geocoding import Located
from parvis.kernel.workflow import move

EVERYTHING = (
    "title", "deliverable", "policy", "lead", "starts_on", "due_on", "address", "arrondissement_code", "sector_code",
    "longitude", "latitude", "precision", "location_method", "location_vintage", "in_priority_neighbourhood",
    "is_climate", "is_gender_equality", "source_key", "source_url", "closing_reason", "search_text",
)  # fmt: skip
LINKS = ("policy", "lead")
DATES = ("planned_on", "forecast_on", "actual_on", "is_done", "precision")
CHUNK = 1000


@dataclass
class Incoming:
    """An action as a file gives it (its code names it), the plan it stands in, its steps and its means.

    `overwrites` names the fields that this row changes on a known action; None: those given to `write`.
    """

    action: Action
    plan: Plan
    milestones: tuple[Milestone, ...] = ()
    means: tuple[MeansLine, ...] = ()
    order: int = 0
    axis: Axis | None = None
    overwrites: tuple[str, ...] | None = None


def write(incoming: Sequence[Incoming], *, by, at: datetime, overwrites: tuple[str, ...]) -> list[int]:
    """Create or update; returns the ids of the actions touched."""
    codes = [i.action.code for i in incoming]
    known = {a.code: a for a in Action.objects.select_for_update(of=("self",)).filter(code__in=codes)}
    fresh = [i for i in incoming if i.action.code not in known]
    stale = [(known[i.action.code], i) for i in incoming if i.action.code in known]
    _create(fresh, by=by, at=at)
    _update(stale, overwrites, by=by, at=at)
    return [i.action.pk for i in fresh] + [action.pk for action, _ in stale]


def _create(fresh: list[Incoming], *, by, at: datetime) -> None:
    copying.insert([i.action for i in fresh])
    copying.insert_rows(
        Placement, ("plan_id", "action_id", "axis_id", "order"),
        ((i.plan.pk, i.action.pk, i.axis.pk if i.axis else None, i.order) for i in fresh),
    )  # fmt: skip
    copying.insert_rows(
        MeansLine, ("action_id", "year", "amount_cents", "fte"),
        ((i.action.pk, line.year, line.amount_cents, line.fte) for i in fresh for line in i.means),
    )  # fmt: skip
    _add_milestones([(i.action, i.milestones) for i in fresh], by=by, at=at)
    _revise([i.action for i in fresh], by=by, at=at)


def _update(stale: list[tuple[Action, Incoming]], overwrites: tuple[str, ...], *, by, at: datetime) -> None:
    """Only what differs is written: an action that says the same keeps its revision."""
    differing = [(a, i, changed) for a, i in stale if (changed := _overwrite(a, i, overwrites))]
    for action, _, _ in differing:
        action.revision += 1
        action.changed_at = at
    written = sorted({name for _, _, changed in differing for name in changed})
    Action.objects.bulk_update((a for a, _, _ in differing), [*written, "revision", "changed_at"], batch_size=CHUNK)
    for action, i in stale:
        i.action.pk = action.pk
        if i.action.state != action.state:  # the file of record decides, whoever brings it; the run's line says who
            move(action, "drop" if i.action.state == "dropped" else "take_up", by=None, at=at, reason=_reason(i))
    _place([i for _, i in stale])
    _write_means({action.pk: i.means for action, i in stale})
    _update_milestones(stale, by=by, at=at)
    _revise([action for action, _, _ in differing], by=by, at=at)


def _overwrite(action: Action, i: Incoming, overwrites: tuple[str, ...]) -> list[str]:
    """Bring the row's fields onto the known action; returns the names of those that differed."""
    names = i.overwrites if i.overwrites is not None else overwrites
    changed = [name for name in names if _held(action, name) != _held(i.action, name)]
    for name in changed:
        setattr(action, name, getattr(i.action, name))
    return changed


def _held(action: Action, name: str) -> object:
    return getattr(action, f"{name}_id" if name in LINKS else name)


def _reason(i: Incoming) -> str:
    return i.action.closing_reason or "D’après le fichier importé."


def _place(incoming: list[Incoming]) -> None:
    """Stand each action in its plan, unless it already does; an axis that the row names is followed."""
    Placement.objects.bulk_create(
        (Placement(plan=i.plan, action_id=i.action.pk, order=i.order, axis=i.axis) for i in incoming if not i.axis),
        ignore_conflicts=True, batch_size=CHUNK,
    )  # fmt: skip
    Placement.objects.bulk_create(
        (Placement(plan=i.plan, action_id=i.action.pk, order=i.order, axis=i.axis) for i in incoming if i.axis),
        update_conflicts=True, unique_fields=["plan", "action"], update_fields=["axis"], batch_size=CHUNK,
    )  # fmt: skip


def _write_means(means: dict[int, tuple[MeansLine, ...]]) -> None:
    lines = [line for lines in means.values() for line in lines]
    for action_id, held in means.items():
        for line in held:
            line.action_id = action_id
    MeansLine.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["action", "year"], update_fields=["amount_cents", "fte"],
        batch_size=CHUNK,
    )  # fmt: skip


def _add_milestones(pairs: Sequence[tuple[Action, tuple[Milestone, ...]]], *, by, at: datetime) -> None:
    milestones = []
    for action, steps in pairs:
        for step in steps:
            step.action_id = action.pk
            milestones.append(step)
    copying.insert(milestones)
    _report(milestones, by=by, at=at)


def _update_milestones(stale: list[tuple[Action, Incoming]], *, by, at: datetime) -> None:
    """A step is known by its kind and title; one that the file does not name is left as it is."""
    held: dict[tuple, Milestone] = {
        (m.action_id, m.kind, m.title): m for m in Milestone.objects.filter(action__in=[a for a, _ in stale])
    }
    added: list[tuple[Action, tuple[Milestone, ...]]] = []
    changed = []
    for action, i in stale:
        added.append((action, tuple(m for m in i.milestones if (action.pk, m.kind, m.title) not in held)))
        for said in i.milestones:
            known = held.get((action.pk, said.kind, said.title))
            if known and any(getattr(known, name) != getattr(said, name) for name in DATES):
                for name in DATES:
                    setattr(known, name, getattr(said, name))
                changed.append(known)
    Milestone.objects.bulk_update(changed, list(DATES), batch_size=CHUNK)
    _report(changed, by=by, at=at)
    _add_milestones(added, by=by, at=at)


def _report(milestones: list[Milestone], *, by, at: datetime) -> None:
    said_by = by.pk if by else None
    copying.insert_rows(
        MilestoneReport, ("milestone_id", "reported_at", "by_id", "forecast_on", "actual_on", "is_done"),
        ((m.pk, at, said_by, m.forecast_on, m.actual_on, m.is_done) for m in milestones),
    )  # fmt: skip


def _revise(actions: list[Action], *, by, at: datetime) -> None:
    said_by = by.pk if by else None
    copying.insert_rows(
        ActionRevision, ("action_id", "number", "at", "by_id", "content"),
        ((a.pk, a.revision, at, said_by, _content(a)) for a in actions),
    )  # fmt: skip


def _content(action: Action) -> dict:
    """The defining fields as they stand: what replays a past day."""
    return {
        "title": action.title, "state": action.state, "deliverable": action.deliverable,
        "starts_on": _iso(action.starts_on), "due_on": _iso(action.due_on), "precision": action.precision,
        "policy": action.policy_id, "lead": action.lead_id, "owner": action.owner_id,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def ask_partners(asked: Sequence[tuple[Action, list[Directorate]]], *, by, at: datetime) -> None:
    """Ask the partner directorates that were not asked yet; the lead is never its own partner."""
    today = paris_day(at)
    due = add_working_days(today, DAYS_TO_ANSWER)
    pks = [action.pk for action, partners in asked if partners]
    leads = dict(Action.objects.filter(pk__in=pks).values_list("pk", "lead_id"))
    held = set(Commitment.objects.filter(action__in=pks).values_list("action_id", "directorate_id"))
    made = Commitment.objects.bulk_create(
        Commitment(action_id=action.pk, directorate=partner, part=_part(action), asked_on=today, answer_due_on=due)
        for action, partners in asked
        for partner in partners
        if (action.pk, partner.pk) not in held and leads[action.pk] != partner.pk
    )
    entries.append(
        entries.draft("commitment.ask", c.reference(), by=by, at=at, codes={"directorate": c.directorate.code})
        for c in made
    )


def _part(action: Action) -> str:
    return (action.deliverable or action.title or "À préciser avec le pilote.")[:300]


def journal(incoming: Sequence[Incoming], *, run, by, at: datetime) -> None:
    """One line for each action written from a plan's own spreadsheet."""
    entries.append(
        entries.draft("action.import", i.action.reference(), by=by, at=at, codes={"plan": i.plan.code, "run": run.pk})
        for i in incoming
    )


def point(place: Located | None) -> dict[str, Any]:
    """The fields of an action that a geocoder located; none when it was not asked, or not sure."""
    if place is None or place.longitude is None:
        return {}
    return {
        "longitude": place.longitude, "latitude": place.latitude, "precision": place.precision,
        "location_method": place.method, "location_vintage": place.vintage,
        "arrondissement_code": place.arrondissement_code, "sector_code": place.sector_code,
    }  # fmt: skip


def recompute_touched(action_ids: list[int], *, on: date, at: datetime) -> None:
    """Derived status, grade and progress of what was just written."""
    if action_ids:
        recompute(Action.objects.filter(pk__in=action_ids), on=on, at=at)
