"""The columns of an exported list of actions: those of the import contract first, under its own names, so that a file goes
out, is edited and comes back in; then what is read only: derived status, grades, answers, extra fields.

Knows what each column says of an action. Refuses to know how a cell is written: see `workbook` and `delimited`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from parvis.domains.roadmaps import addresses, rules
from parvis.domains.roadmaps.contracts import steps
from parvis.domains.roadmaps.contracts.actions import BUDGETS, CONTRACT
from parvis.domains.roadmaps.models import Action, ExtraField, MeansLine, Placement, Plan
from parvis.domains.roadmaps.operationality import lacking
from parvis.domains.roadmaps.queries import extra_fields
from parvis.domains.roadmaps.status import LABELS, Status
from parvis.kernel import access


@dataclass(frozen=True)
class Standing:
    """An action, and the place in a plan under which the file shows it."""

    action: Action
    placement: Placement | None

    @property
    def plan(self) -> Plan | None:
        return self.placement.plan if self.placement else None


@dataclass(frozen=True)
class Column:
    """A heading, the kind of its cells (text, long, day, money in cents, number, whole, percent), and what it says."""

    label: str
    kind: str
    value: Callable[[Standing], Any]


def standings(actions: Iterable[Action], plan: Plan | None = None) -> list[Standing]:
    """Each action once: under the plan asked, else under the first of its plans that this person may see."""
    return [Standing(action, _place(action, plan)) for action in actions]


def _place(action: Action, plan: Plan | None) -> Placement | None:
    seen: Sequence[Placement] = action.seen_placements  # type: ignore[attr-defined]
    return next((p for p in seen if plan is None or p.plan_id == plan.pk), None)


def columns(person, rows: Sequence[Standing]) -> list[Column]:
    """All the columns that this person may read; two queries."""
    may_ask = access.may_anywhere(person, "roadmaps.ask_commitment")
    is_staff = rules.reads_names(person)
    told = [column for name, column in _contract_columns().items() if name != "partners" or may_ask]
    return [*told, *READ_ONLY, *(STAFF_ONLY if is_staff else ()), *_extra(person, rows)]


def _contract_columns() -> dict[str, Column]:
    """In the order of the contract; a column of it that says nothing here would be a fault of this table."""
    return {field.name: Column(field.label, *CONTRACT_CELLS[field.name]) for field in CONTRACT.fields}


def _extra(person, rows: Sequence[Standing]) -> list[Column]:
    """The extra fields of the plans shown, those that this person may see and no other."""
    plans = {row.plan.pk: row.plan for row in rows if row.plan}
    fields = extra_fields.visible_fields(person, plans.values())
    held = extra_fields.values_of([row.action for row in rows], fields)
    return [_extra_column(field, held, names_plan=len(plans) > 1) for field in fields]


def _extra_column(field: ExtraField, held: Mapping[int, Mapping[int, object]], *, names_plan: bool) -> Column:
    unit = f" ({field.unit})" if field.unit else ""
    plan = f" · {field.plan.code}" if names_plan else ""
    kind = {"number": "number", "date": "day"}.get(field.type, "text")

    def value(row: Standing) -> Any:
        return _typed(field, held.get(row.action.pk, {}).get(field.pk))

    return Column(f"{field.label}{unit}{plan}", kind, value)


def _typed(field: ExtraField, value: object) -> Any:
    """A number as a number, a day as a day; what is not one is shown as it was typed."""
    readers: dict[str, Callable[[str], Any]] = {"number": Decimal, "date": date.fromisoformat}
    if value in (None, "") or field.type not in readers:
        return value
    try:
        return readers[field.type](str(value))
    except (ValueError, ArithmeticError):
        return str(value)


def _budget(ahead: int) -> Callable[[Standing], int | None]:
    def cents(row: Standing) -> int | None:
        line = _means(row, ahead)
        return line.amount_cents if line else None

    return cents


def _means(row: Standing, ahead: int = 0) -> MeansLine | None:
    year = row.plan.year + ahead if row.plan else None
    return next((line for line in row.action.means.all() if line.year == year), None)


def _fte(row: Standing) -> Decimal | None:
    line = _means(row)
    return line.fte if line else None


def _milestones(row: Standing) -> str:
    return " ; ".join(
        steps.written(m.title, m.planned_on, m.actual_on, is_done=m.is_done, is_monthly=m.precision == "month")
        for m in row.action.milestones.all()
    )


def _partners(row: Standing) -> str:
    return " ; ".join(c.directorate.code for c in row.action.commitments.all())


def _answers(row: Standing) -> str:
    return " ; ".join(f"{c.directorate.code} : {c.get_state_display()}" for c in row.action.commitments.all())


def _other_plans(row: Standing) -> str:
    seen: Sequence[Placement] = row.action.seen_placements  # type: ignore[attr-defined]
    return " ; ".join(p.plan.code for p in seen if not row.placement or p.pk != row.placement.pk)


def _status(row: Standing) -> str:
    return LABELS[Status(row.action.status or Status.UNKNOWN)]


def _share(row: Standing) -> Decimal | None:
    return None if row.action.progress is None else row.action.progress / 100


def yes(value: bool) -> str:
    return "Oui" if value else "Non"


CONTRACT_CELLS: dict[str, tuple[str, Callable[[Standing], Any]]] = {
    "plan": ("text", lambda row: row.plan.code if row.plan else ""),
    "code": ("text", lambda row: row.action.code),
    "title": ("long", lambda row: row.action.title),
    "description": ("long", lambda row: row.action.description),
    "axis": ("text", lambda row: row.placement.axis.code if row.placement and row.placement.axis else ""),
    "policy": ("text", lambda row: row.action.policy.name if row.action.policy else ""),
    "lead": ("text", lambda row: row.action.lead.code if row.action.lead else ""),
    "partners": ("text", _partners),
    "deliverable": ("long", lambda row: row.action.deliverable),
    "starts_on": ("day", lambda row: row.action.starts_on),
    "due_on": ("day", lambda row: row.action.due_on),
    "address": ("long", lambda row: row.action.address),
    "arrondissement": ("text", lambda row: row.action.arrondissement_code),
    "priority": ("text", lambda row: yes(row.action.in_priority_neighbourhood)),
    "climate": ("text", lambda row: yes(row.action.is_climate)),
    "equality": ("text", lambda row: yes(row.action.is_gender_equality)),
    **{name: ("money", _budget(ahead)) for ahead, name in enumerate(BUDGETS)},
    "fte": ("number", _fte),
    "milestones": ("long", _milestones),
}
READ_ONLY: tuple[Column, ...] = (
    Column("Statut (calculé)", "text", _status),
    Column("Pourquoi ce statut", "long", lambda row: row.action.status_reason),
    Column("Statut au", "day", lambda row: row.action.status_on),
    Column("Avancement (calculé)", "percent", _share),
    Column("Critères tenus (sur 8)", "whole", lambda row: row.action.grade),
    Column("Critères manquants", "long", lambda row: ", ".join(c.label for c in lacking(row.action.grade_missing))),
    Column("Réponses des partenaires", "text", _answers),
    Column("Précision du lieu", "text", lambda row: row.action.get_precision_display()),
    Column("Autres plans", "text", _other_plans),
    Column("Suivi", "text", lambda row: row.action.get_state_display()),
    Column("Page", "text", lambda row: address(row.action.code)),
)
STAFF_ONLY: tuple[Column, ...] = (
    Column("Responsable", "text", lambda row: row.action.owner.get_full_name() if row.action.owner else ""),
    Column("Météo (jugement)", "text", lambda row: row.action.get_confidence_display()),
    Column("Risque", "text", lambda row: row.action.get_risk_display()),
)


def address(code: str) -> str:
    return urljoin(settings.PUBLIC_ADDRESS.rstrip("/") + "/", addresses.action(code))
