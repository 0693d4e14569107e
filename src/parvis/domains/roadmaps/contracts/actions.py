"""A plan's own spreadsheet: each row creates an action in its plan, or brings a known one up to date.

Knows its columns and what must hold before a row is written: the plan is open to this person, the names exist, the
dates are in order. An empty cell changes nothing. Writing is `actions.importing`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from parvis.domains.roadmaps import addresses
from parvis.domains.roadmaps.actions import importing
from parvis.domains.roadmaps.contracts import steps
from parvis.domains.roadmaps.contracts.spellings import Names, directorates, policies
from parvis.domains.roadmaps.models import Action, Amendment, Axis, MeansLine, Milestone, Placement, Plan
from parvis.domains.roadmaps.workflow import FROZEN_STATES
from parvis.kernel import access
from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts.contract import Contract, descriptor
from parvis.kernel.contracts.headers import letters
from parvis.kernel.contracts.rows import Row
from parvis.kernel.contracts.text import plain
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.territories.spelling import arrondissement_of

BUDGETS = ("budget", "budget_next", "budget_after")
PLAIN = {
    "title": "title", "description": "description", "deliverable": "deliverable", "starts_on": "starts_on",
    "due_on": "due_on", "address": "address", "priority": "in_priority_neighbourhood", "climate": "is_climate",
    "equality": "is_gender_equality",
}  # fmt: skip


@dataclass
class Lookups:
    """What the rows are compared with; plans and actions are read batch by batch."""

    by: Any
    today: date
    directorates: Names
    policies: Names
    may_ask: bool
    reach: access.Reach
    plans: dict[str, Plan] = field(default_factory=dict)
    amended: set[int] = field(default_factory=set)
    axes: dict[tuple[int, str], Axis] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    editable: set[int] = field(default_factory=set)
    stands_in: dict[int, list[Plan]] = field(default_factory=dict)
    touched: list[int] = field(default_factory=list)
    means: dict[tuple[int, int], MeansLine] = field(default_factory=dict)
    milestones: dict[int, list[Milestone]] = field(default_factory=dict)


def prepare(by, at: datetime) -> Lookups:
    may_ask = by is None or access.may_anywhere(by, "roadmaps.ask_commitment")
    reach = access.Reach(everywhere=True) if by is None else access.reach(by, "roadmaps.edit_action")
    return Lookups(by, paris_day(at), directorates(), policies(), may_ask, reach)


def preload(rows: Sequence[Row], lookups: Lookups) -> None:
    """The plans and actions that these rows name, and which of them this person may touch."""
    named = {row.values["plan"] for row in rows if row.values["plan"]}
    plans = list(_hers(lookups.by, "roadmaps.add_action", Plan.objects.filter(code__in=named)))
    lookups.plans |= {plan.code: plan for plan in plans}
    lookups.axes |= {
        (axis.plan_id, letters(word)): axis
        for axis in Axis.objects.filter(plan__in=plans)
        for word in (axis.code, axis.title)
    }
    known = Action.objects.filter(code__in={row.values["code"] for row in rows if row.values["code"]})
    lookups.actions |= {action.code: action for action in known}
    lookups.editable |= set(_hers(lookups.by, "roadmaps.edit_action", known).values_list("pk", flat=True))
    for placement in Placement.objects.filter(action__in=known).select_related("plan"):
        lookups.stands_in.setdefault(placement.action_id, []).append(placement.plan)
    lookups.means |= {(m.action_id, m.year): m for m in MeansLine.objects.filter(action__in=known)}
    for milestone in Milestone.objects.filter(action__in=known):
        lookups.milestones.setdefault(milestone.action_id, []).append(milestone)
    concerned = [*plans, *(plan for held in lookups.stands_in.values() for plan in held)]
    lookups.amended |= set(Amendment.objects.filter(plan__in=concerned, state="open").values_list("plan_id", flat=True))


def _hers(by, permission: str, rows):
    return rows if by is None else access.visible(by, permission, rows)


# Rules


def plan_is_open(row: Row, lookups: Lookups) -> None:
    """What was signed changes by amendment alone; another's plan is as good as unknown."""
    if not row.values["plan"]:
        return
    plan = lookups.plans.get(row.values["plan"])
    if plan is None:
        row.refuse(
            "plan",
            "unknown-plan",
            "Aucun plan de ce code que vous puissiez modifier : vérifiez le code, ou demandez le droit.",
        )
    elif _is_frozen(plan, lookups):
        row.refuse(
            "plan", "frozen-plan", f"« {plan.title} » est signé : ouvrez un avenant avant d’en changer les actions."
        )


def action_is_open(row: Row, lookups: Lookups) -> None:
    action = lookups.actions.get(row.values["code"] or "")
    if action is None:
        _new_action_is_open(row, lookups)
        return
    if action.pk not in lookups.editable:
        row.refuse(
            "code",
            "forbidden-action",
            "Ce code désigne une action que vous ne pouvez pas modifier : donnez-en un autre.",
        )
    elif frozen := [plan for plan in lookups.stands_in.get(action.pk, ()) if _is_frozen(plan, lookups)]:
        row.refuse(
            "code", "frozen-elsewhere", f"Cette action est aussi dans « {frozen[0].title} », signé : ouvrez un avenant."
        )


def _new_action_is_open(row: Row, lookups: Lookups) -> None:
    """It has a title, a page of its own, and whoever brings it may edit it afterwards, as in the browser."""
    if not row.values["title"]:
        row.refuse("title", "required", "Une action nouvelle a besoin d’un titre.")
    if row.values["code"] and not addresses.is_page_of_action(row.values["code"]):
        row.refuse(
            "code", "reserved-code", "Ce code est celui d’une page de la maison : donnez-en un autre à l’action."
        )
    plan, lead = lookups.plans.get(row.values["plan"] or ""), lookups.directorates.find(row.values["lead"] or "")
    if plan and not _reaches(lookups, plan, lead):
        said = "Vous ne pourriez pas modifier cette action ensuite : mettez votre direction comme pilote."
        row.refuse("lead", "lead-out-of-reach", said)


def _reaches(lookups: Lookups, plan: Plan, lead: Directorate | None) -> bool:
    """The rule of `roadmaps.edit_action`, on an action that does not exist yet."""
    reach = lookups.reach
    inside = plan.pk in reach.plans or bool(plan.sector and plan.sector.code in reach.sectors)
    return reach.everywhere or inside or bool(lead and lead.code in reach.directorates)


def _is_frozen(plan: Plan, lookups: Lookups) -> bool:
    return plan.state in FROZEN_STATES and plan.pk not in lookups.amended


def names_exist(row: Row, lookups: Lookups) -> None:
    v = row.values
    for column, names, word in (
        ("lead", lookups.directorates, "Direction"),
        ("policy", lookups.policies, "Politique publique"),
    ):
        if v[column] and not names.find(v[column]):
            row.refuse(
                column,
                f"unknown-{column}",
                f"{word} inconnue : « {v[column][:80]} ».",
                proposal=names.nearest(v[column]),
            )
    plan = lookups.plans.get(v["plan"] or "")
    if v["axis"] and plan and (plan.pk, letters(v["axis"])) not in lookups.axes:
        row.refuse("axis", "unknown-axis", f"Cet axe n’existe pas dans « {plan.title} ».")
    if v["arrondissement"] and not arrondissement_of(v["arrondissement"]).known:
        row.refuse(
            "arrondissement", "unknown-arrondissement", f"Arrondissement inconnu : « {v['arrondissement'][:40]} »."
        )


def partners_exist(row: Row, lookups: Lookups) -> None:
    wanted = row.values["partners"] or ()
    if wanted and not lookups.may_ask:
        row.refuse(
            "partners", "partners-forbidden", "Demander leur part aux directions revient au pilote : videz la cellule."
        )
    for name in wanted:
        if not lookups.directorates.find(name):
            row.refuse("partners", "unknown-partner", f"Direction inconnue : « {name[:80]} ».",
                       proposal=";".join(lookups.directorates.nearest(n) or n for n in wanted))  # fmt: skip


def place_of(row: Row) -> tuple[str, str] | None:
    """What a geocoder may be asked: an address, with its arrondissement when the file gives it."""
    v = row.values
    return (v["address"], v["arrondissement"] or "") if v["address"] else None


def place_is_found(row: Row, lookups: Lookups) -> None:
    if row.place and row.place.longitude is None:
        row.warn("address", "address-not-located", f"Adresse sans point sur la carte : {row.place.note}.")


def dates_are_in_order(row: Row, lookups: Lookups) -> None:
    """With what is already known of the action, when a cell is empty."""
    known = lookups.actions.get(row.values["code"] or "")
    start = row.values["starts_on"] or (known.starts_on if known else None)
    due = row.values["due_on"] or (known.due_on if known else None)
    if start and due and due < start:
        row.refuse("due_on", "dates-out-of-order", f"L’échéance ({due:%d/%m/%Y}) précède le début ({start:%d/%m/%Y}).")


def steps_can_be_read(row: Row, lookups: Lookups) -> None:
    for text in row.values["milestones"] or ():
        try:
            steps.read(text)
        except steps.Unreadable as fault:
            row.refuse("milestones", "milestone", f"{fault} Exemple : Travaux : 30/09/2026.")


# Writing


def apply(rows: Sequence[Row], lookups: Lookups, *, run, by, at: datetime) -> None:
    incoming = [_incoming(row, lookups, at) for row in rows]
    lookups.touched.extend(importing.write(incoming, by=by, at=at, overwrites=()))
    importing.ask_partners(
        [(i.action, [lookups.directorates.find(name) for name in row.values["partners"] or ()])
         for i, row in zip(incoming, rows, strict=True)],
        by=by, at=at,
    )  # fmt: skip
    importing.journal(incoming, run=run, by=by, at=at)


def finish(lookups: Lookups, *, run, by, at: datetime) -> None:
    importing.recompute_touched(lookups.touched, on=paris_day(at), at=at)


def _incoming(row: Row, lookups: Lookups, at: datetime) -> importing.Incoming:
    """Only the cells that are filled; an action already known keeps everything else."""
    v, plan = row.values, lookups.plans[row.values["plan"]]
    known = lookups.actions.get(v["code"])
    said: dict[str, Any] = {attribute: v[column] for column, attribute in PLAIN.items() if v[column] is not None}
    said |= {
        name: found
        for name, names in (("policy", lookups.policies), ("lead", lookups.directorates))
        if (found := names.find(v[name]))
    }
    said |= _place(v, known) | _point(row, known)
    action = Action(code=v["code"], state=known.state if known else "live", created_at=at, changed_at=at, **said)
    shown = [said.get(name) or getattr(known, name, "") or "" for name in ("title", "address")]
    action.search_text = plain(f"{shown[0]} {action.code} {shown[1]}")
    return importing.Incoming(
        action, plan, _milestones(v, known, lookups), _means(v, plan, known, lookups), order=row.number,
        axis=lookups.axes.get((plan.pk, letters(v["axis"]))) if v["axis"] else None,
        overwrites=(*said, "search_text"),
    )  # fmt: skip


def _place(v: dict, known: Action | None) -> dict[str, Any]:
    """The arrondissement of the cell, unless the action stands there already: its exact point is then kept."""
    if not v["arrondissement"]:
        return {}
    found = arrondissement_of(v["arrondissement"])
    if known and found.code and found.code == known.arrondissement_code:
        return {}
    precision = (
        Action.Precision.ARRONDISSEMENT
        if found.code
        else Action.Precision.SECTOR
        if found.sector
        else Action.Precision.CITY
    )
    return {
        "arrondissement_code": found.code or "", "sector_code": found.sector or "", "precision": precision,
        "location_method": "fichier", "longitude": None, "latitude": None,
    }  # fmt: skip


def _point(row: Row, known: Action | None) -> dict[str, Any]:
    """The point of a new address; one that a person set for this very address stays."""
    is_set = known and known.longitude is not None and known.address == row.values["address"]
    return {} if is_set else importing.point(row.place)


def _milestones(v: dict, known: Action | None, lookups: Lookups) -> tuple[Milestone, ...]:
    """The steps that say something new; one already known keeps its kind, its exact title and its forecast."""
    held = lookups.milestones.get(known.pk, []) if known else []
    same = {_written(m) for m in held}
    by_title = {steps.spelled(m.title): m for m in held}
    read = [
        (order, steps.read(text)) for order, text in enumerate(v["milestones"] or (), 1) if text.strip() not in same
    ]
    return tuple(_milestone(step, order, by_title.get(step.title)) for order, step in read)


def _written(m: Milestone) -> str:
    is_monthly = m.precision == Milestone.Precision.MONTH
    return steps.written(m.title, m.planned_on, m.actual_on, is_done=m.is_done, is_monthly=is_monthly).strip()


def _milestone(step: steps.Step, order: int, held: Milestone | None) -> Milestone:
    return Milestone(
        kind=held.kind if held else _kind(step.title), title=held.title if held else step.title, order=order,
        planned_on=step.planned_on, actual_on=step.actual_on, forecast_on=held.forecast_on if held else None,
        is_done=step.is_done, precision=Milestone.Precision.MONTH if step.is_monthly else Milestone.Precision.DAY,
    )  # fmt: skip


def _kind(title: str) -> str:
    return next(
        (kind for kind, label in Milestone.Kind.choices if letters(label) == letters(title)), Milestone.Kind.OTHER
    )


def _means(v: dict, plan: Plan, known: Action | None, lookups: Lookups) -> tuple[MeansLine, ...]:
    """One line a year that says something; an empty cell keeps what is known. The staff is that of the plan's year."""
    made = []
    for ahead, name in enumerate(BUDGETS):
        fte = v["fte"] if not ahead else None
        if v[name] is None and fte is None:
            continue
        held = lookups.means.get((known.pk, plan.year + ahead)) if known else None
        held = held or MeansLine(amount_cents=0, fte=0)
        made.append(
            MeansLine(
                year=plan.year + ahead, amount_cents=held.amount_cents if v[name] is None else v[name],
                fte=held.fte if fte is None else fte,
            )
        )  # fmt: skip
    return tuple(made)


def lists(person) -> dict[str, list[str]]:
    """What the template's drop-downs offer."""
    from parvis.domains.roadmaps.models import PublicPolicy
    from parvis.kernel.organisation.models import Directorate

    open_plans = Plan.objects.exclude(state__in=FROZEN_STATES) | Plan.objects.filter(amendments__state="open")
    return {
        "plan": list(_hers(person, "roadmaps.add_action", open_plans).order_by("code").values_list("code", flat=True).distinct()),
        "policy": list(PublicPolicy.objects.values_list("name", flat=True)),
        "lead": list(Directorate.objects.values_list("code", flat=True)),
    }  # fmt: skip


CONTRACT = Contract(
    code="roadmaps.actions",
    title="Actions d’un plan",
    summary="Le tableur d’un plan : il crée les actions nouvelles et met à jour celles dont le code est connu.",
    schema=descriptor(__package__, "actions.json"),
    permission="roadmaps.add_action",
    prepare=prepare,
    preload=preload,
    rules=(
        plan_is_open,
        action_is_open,
        names_exist,
        partners_exist,
        place_is_found,
        dates_are_in_order,
        steps_can_be_read,
    ),
    apply=apply,
    finish=finish,
    lists=lists,
    place_of=place_of,
)
