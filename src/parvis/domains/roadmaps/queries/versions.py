"""What a plan says, whole, in the form that is frozen and signed; and its versions.

Knows the defining content: what three parties sign. Refuses to put in it what lives on afterwards (who follows the action,
forecasts, measures, confidence, risk, derived status): following up an action never needs a signature.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.domains.roadmaps import difference
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Amendment,
    Axis,
    Commitment,
    ExtraValue,
    MeansLine,
    Milestone,
    Placement,
    Plan,
    PlanVersion,
    PublicPolicy,
    Signature,
)
from parvis.domains.roadmaps.queries import extra_fields
from parvis.domains.roadmaps.workflow import FROZEN_STATES
from parvis.kernel.territories.models import Arrondissement, Sector

ACTION_FIELDS = (
    "title", "description", "deliverable", "state", "starts_on", "due_on", "address", "arrondissement_code",
    "sector_code", "longitude", "latitude", "precision", "in_priority_neighbourhood", "is_climate",
    "is_gender_equality", "weight", "review_every_days",
)  # fmt: skip
MILESTONE_FIELDS = ("id", "kind", "title", "order", "planned_on", "precision")
INDICATOR_FIELDS = (
    "id", "name", "definition", "unit", "direction", "baseline", "baseline_on", "target", "target_on", "every_days",
    "source", "weight",
)  # fmt: skip
MEANS_FIELDS = ("year", "amount_cents", "fte")
IN_FORCE = tuple(state for state in FROZEN_STATES if state not in ("evaluated", "archived"))


def contents(plans: Sequence[Plan]) -> dict[int, dict]:
    """The defining content of each plan, by its id, ready for JSON: nine queries whatever the number of plans."""
    ids = [plan.pk for plan in plans]
    placements = list(
        Placement.objects.filter(plan__in=ids)
        .order_by("order", "action__code")
        .values("plan_id", "action_id", "axis__code", "order", "action__code", "action__policy__code",
                "action__lead__code", *(f"action__{name}" for name in ACTION_FIELDS))
    )  # fmt: skip
    parts = _parts({row["action_id"] for row in placements}, ids)
    actions = defaultdict(list)
    for row in placements:
        actions[row["plan_id"]].append(_action(row, parts))
    axes = _axes(ids)
    heads = Plan.objects.filter(pk__in=ids).values(
        "pk", "code", "kind", "title", "summary", "year", "mandate__code", "sector__code"
    )
    return {
        head["pk"]: {
            "plan": {key.removesuffix("__code"): value for key, value in head.items() if key != "pk"},
            "axes": axes[head["pk"]],
            "actions": actions[head["pk"]],
        }
        for head in heads
    }


def content(plan: Plan) -> dict:
    """The defining content of one plan, as it stands now."""
    return contents([plan])[plan.pk]


def canonical(content: dict) -> str:
    """The one spelling of a content: the same facts give the same text, hence the same fingerprint."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(content: dict) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def latest(plan: Plan) -> PlanVersion | None:
    """The last signed version, or nothing before the first."""
    return PlanVersion.objects.filter(plan=plan).order_by("-number").first()


def open_amendment(plan: Plan) -> Amendment | None:
    return Amendment.objects.filter(plan=plan, state="open").first()


def locking_plans(action: Action) -> list[Plan]:
    """The signed plans in force that hold this action still: its defining fields change there by amendment alone.

    Empty when the action is free to edit. Evaluated and archived plans hold nothing: their version keeps what was signed.
    """
    held = Plan.objects.filter(placements__action=action, state__in=IN_FORCE)
    return list(held.exclude(amendments__state="open").distinct())


def locked_ids(actions: Iterable[Action]) -> set[int]:
    """Of these actions, the ids that a signed plan in force holds still. One query."""
    rows = Placement.objects.filter(action__in=[a.pk for a in actions], plan__state__in=IN_FORCE)
    return set(rows.exclude(plan__amendments__state="open").values_list("action_id", flat=True))


def _action(row: dict, parts: dict[str, dict]) -> dict:
    key = row["action_id"]
    return {
        "code": row["action__code"],
        "axis": row["axis__code"] or "",
        "order": row["order"],
        "policy": row["action__policy__code"] or "",
        "lead": row["action__lead__code"] or "",
        **{name: plain(row[f"action__{name}"]) for name in ACTION_FIELDS},
        **{name: parts[name][key] for name in ("milestones", "indicators", "means", "partners")},
        "extra": parts["extra"][row["plan_id"], key],
    }


def _parts(actions: set[int], plans: list[int]) -> dict[str, dict]:
    """What hangs on the actions, each by its action's id; the extra values by (plan, action)."""
    extra: dict[tuple[int, int], dict] = defaultdict(dict)
    values = ExtraValue.objects.filter(field__plan__in=plans, action__in=actions)
    for plan, action, code, value in values.values_list("field__plan", "action", "field__code", "value"):
        extra[plan, action][code] = value
    partners: dict[int, list] = defaultdict(list)
    asked = Commitment.objects.filter(action__in=actions).order_by("directorate__code")
    for action, code, part, state in asked.values_list("action_id", "directorate__code", "part", "state"):
        partners[action].append({"directorate": code, "part": part, "answer": state})
    return {
        "milestones": _lines(Milestone, MILESTONE_FIELDS, actions, "order", "id"),
        "indicators": _lines(ActionIndicator, INDICATOR_FIELDS, actions, "id"),
        "means": _lines(MeansLine, MEANS_FIELDS, actions, "year"),
        "partners": partners,
        "extra": extra,
    }


def _lines(model, fields: Sequence[str], actions: set[int], *order: str) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    rows = model.objects.filter(action__in=actions).order_by("action_id", *order)
    for row in rows.values("action_id", *fields):
        found[row["action_id"]].append({name: plain(row[name]) for name in fields})
    return found


def _axes(plans: list[int]) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for plan, code, title, order in Axis.objects.filter(plan__in=plans).values_list(
        "plan_id", "code", "title", "order"
    ):
        found[plan].append({"code": code, "title": title, "order": order})
    return found


def plain(value):
    """A value as JSON keeps it: dates in ISO, numbers without useless zeros, exact."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def names(plan: Plan, person) -> dict[str, dict[str, str]]:
    """The words behind the codes of a content, and the extra fields that this person may see."""
    return {
        "policy": dict(PublicPolicy.objects.values_list("code", "name")),
        "sector": dict(Sector.objects.values_list("code", "name")),
        "arrondissement": dict(Arrondissement.objects.values_list("code", "name")),
        "axis": dict(plan.axes.values_list("code", "title")),
        "extra": {field.code: field.label for field in extra_fields.visible_fields(person, [plan])},
    }


def of(plan: Plan) -> list[PlanVersion]:
    """The versions of a plan without their content, the newest first, each with its signatures."""
    found = list(PlanVersion.objects.filter(plan=plan).defer("content").order_by("-number"))
    signed: dict[int, list[Signature]] = defaultdict(list)
    for signature in Signature.objects.filter(plan=plan).select_related("signer").order_by("signed_at"):
        signed[signature.version].append(signature)
    amendments = {a.number: a for a in Amendment.objects.filter(plan=plan, state="signed")}
    for version in found:
        version.kept = [s for s in signed[version.number] if s.content_sha256 == version.sha256]  # type: ignore[attr-defined]
        version.amendment = amendments.get(version.number)  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Chapter:
    """An axis of a content and its actions, as (action, one sentence, all its lines)."""

    title: str
    actions: list[tuple[dict, str, list[tuple[str, str]]]]


def chapters(content: dict, known: dict[str, dict[str, str]]) -> list[Chapter]:
    """A content as pages show it: chapter by chapter, each action whole."""
    titles = {axis["code"]: axis["title"] for axis in content["axes"]} | {"": "Hors axe"}
    found: dict[str, list] = {code: [] for code in titles}
    for action in content["actions"]:
        lines = difference.said(action, known | {"axis": titles})
        found.setdefault(action["axis"], []).append((action, difference.told(action, known), lines))
    return [Chapter(titles.get(code, code), actions) for code, actions in found.items() if actions]
