"""What stops a plan before a step: named gates with versioned thresholds, in plain French.

Knows the conditions. Refuses to move anything: `actions.plans.advance` and `actions.signatures.sign` ask here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from parvis.domains.roadmaps import operationality, reference
from parvis.domains.roadmaps.difference import day as spelled
from parvis.domains.roadmaps.models import Amendment, Commitment, GatePass, Placement, Plan
from parvis.domains.roadmaps.thresholds import threshold
from parvis.domains.roadmaps.wording import directorate
from parvis.kernel import Refusal

SHORTEST_REASON = 15


@dataclass(frozen=True)
class Gate:
    """A condition before some moves; `minimum` is its threshold, valid from a day, with its source."""

    code: str
    moves: tuple[str, ...]
    kinds: tuple[str, ...]
    label: str
    minimum: int
    can_be_passed: bool
    valid_from: date
    source: str


@dataclass(frozen=True)
class Obstacle:
    """A gate not met, with each reason in a sentence; `passed` when a person let the plan through."""

    gate: Gate
    sentences: tuple[str, ...]
    passed: GatePass | None = None


@cache
def _rules() -> tuple[Gate, ...]:
    return tuple(
        Gate(
            row["code"], tuple(row["moves"].split("|")), tuple(row["kinds"].split("|")), row["label"],
            int(row["minimum"]), row["can_be_passed"] == "oui", date.fromisoformat(row["valid_from"]), row["source"],
        )
        for row in reference.table("gates.csv")
    )  # fmt: skip


def rules(today: date) -> tuple[Gate, ...]:
    """The gates in force on a day: the latest version of each."""
    live: dict[str, Gate] = {}
    for gate in sorted(_rules(), key=lambda g: g.valid_from):
        if gate.valid_from <= today:
            live[gate.code] = gate
    return tuple(live.values())


def rule(code: str, today: date) -> Gate:
    found = next((gate for gate in rules(today) if gate.code == code), None)
    if found is None:
        raise Refusal("Cette condition n’existe pas.", remedy="Rechargez la page.")
    return found


def version_prepared(plan: Plan) -> int:
    """The version that the next signatures will make."""
    return plan.version + 1


def blockers(plan: Plan, move: str, *, today: date) -> list[str]:
    """The sentences that stop this move now; those that a person passed, with her reason, stop no more."""
    return [
        s
        for obstacle in obstacles([plan], move, today=today)[plan.pk]
        if not obstacle.passed
        for s in obstacle.sentences
    ]


def unmet(plan: Plan, gate: str, *, today: date) -> tuple[str, ...]:
    """The sentences of one gate, met or not, passed or not."""
    found = rule(gate, today)
    return tuple(CHECKS[found.code]([plan], found, today).get(plan.pk, ())) if plan.kind in found.kinds else ()


def obstacles(plans: Sequence[Plan], move: str, *, today: date) -> dict[int, list[Obstacle]]:
    """For each plan, by id, the gates not met before the move. A constant number of queries."""
    found: dict[int, list[Obstacle]] = {plan.pk: [] for plan in plans}
    passed = {
        (p.plan_id, p.gate, p.version): p for p in GatePass.objects.filter(plan__in=list(found)).select_related("by")
    }
    for gate in rules(today):
        concerned = [plan for plan in plans if plan.kind in gate.kinds]
        if move not in gate.moves or not concerned:
            continue
        sentences = CHECKS[gate.code](concerned, gate, today)
        for plan in concerned:
            if sentences.get(plan.pk):
                leave = passed.get((plan.pk, gate.code, version_prepared(plan)))
                found[plan.pk].append(Obstacle(gate, tuple(sentences[plan.pk]), leave))
    return found


Sentences = dict[int, list[str]]


def _no_content(plans: Sequence[Plan], gate: Gate, today: date) -> Sentences:
    filled = set(Placement.objects.filter(plan__in=[p.pk for p in plans]).values_list("plan_id", flat=True))
    return {plan.pk: ["Le plan ne contient encore aucune action."] for plan in plans if plan.pk not in filled}


def _not_operational(plans: Sequence[Plan], gate: Gate, today: date) -> Sentences:
    """Live actions that hold too few criteria, by the threshold in force, with those that are missing."""
    least = len(operationality.CRITERIA) - int(threshold("criteria-missing-at-most", today))
    rows = Placement.objects.filter(plan__in=[p.pk for p in plans], action__state="live").exclude(
        action__grade__gte=least
    )
    return _grouped(
        (plan, _below(title, grade, missing))
        for plan, title, grade, missing in rows.order_by("order", "pk").values_list(
            "plan_id", "action__title", "action__grade", "action__grade_missing"
        )
    )


def _below(title: str, grade: int | None, missing: list[str]) -> str:
    if grade is None:
        return f"« {title} » : opérationnalité pas encore calculée."
    words = ", ".join(criterion.label for criterion in operationality.lacking(missing)) or "à recalculer"
    return f"« {title} » tient {grade} critères sur {len(operationality.CRITERIA)} ; il manque : {words}."


def _silent_partners(plans: Sequence[Plan], gate: Gate, today: date) -> Sentences:
    rows = (
        Commitment.objects.filter(
            action__placements__plan__in=[p.pk for p in plans], action__state="live", state="asked"
        )
        .order_by("asked_on", "directorate__code", "pk")
        .values_list("action__placements__plan_id", "directorate__code", "action__title", "asked_on")
    )
    wanted = {plan.pk for plan in plans}
    return _grouped(
        (plan, f"{directorate(code)} n’a pas répondu sur « {title} », demandé le {french_day(asked)}.")
        for plan, code, title, asked in rows
        if plan in wanted
    )


def _no_opinion(plans: Sequence[Plan], gate: Gate, today: date) -> Sentences:
    """Before the first signature of a roadmap: the council's opinion, or proof that it was asked long enough ago."""
    found: Sentences = {}
    for plan in plans:
        asked = plan.opinion_asked_on
        if plan.version or plan.opinion_given_on or (asked and (today - asked).days >= gate.minimum):
            continue
        found[plan.pk] = [
            f"L’avis du conseil d’arrondissement, saisi le {french_day(asked)}, n’est pas rendu et les {gate.minimum} jours ne sont pas passés."
            if asked
            else "Le conseil d’arrondissement n’a pas été saisi pour avis."
        ]
    return found


def _no_outcome(plans: Sequence[Plan], gate: Gate, today: date) -> Sentences:
    rows = Placement.objects.filter(plan__in=[p.pk for p in plans], evaluation__isnull=True).order_by("order", "pk")
    return _grouped(
        (plan, f"« {title} » n’a pas encore de résultat : réalisée, partielle, abandonnée ou reportée.")
        for plan, title in rows.values_list("plan_id", "action__title")
    )


def _amendment_open(plans: Sequence[Plan], gate: Gate, today: date) -> Sentences:
    rows = Amendment.objects.filter(plan__in=[p.pk for p in plans], state="open")
    return _grouped(
        (plan, f"L’avenant n° {number - 1} est en préparation : faites-le signer ou retirez-le.")
        for plan, number in rows.values_list("plan_id", "number")
    )


CHECKS: dict[str, Callable[[Sequence[Plan], Gate, date], Sentences]] = {
    "content": _no_content,
    "operationality": _not_operational,
    "partners": _silent_partners,
    "opinion": _no_opinion,
    "outcomes": _no_outcome,
    "amendment": _amendment_open,
}


def _grouped(pairs: Iterable[tuple[int, str]]) -> Sentences:
    found: Sentences = {}
    for plan, sentence in pairs:
        found.setdefault(plan, []).append(sentence)
    return found


def french_day(day: date) -> str:
    """12 mars 2026."""
    return spelled(day.isoformat())


def passes(plan: Plan) -> list[GatePass]:
    """Every gate this plan was let through, for ever, with who and why."""
    found = list(GatePass.objects.filter(plan=plan).select_related("by").order_by("at"))
    labels = {gate.code: gate.label for gate in _rules()}
    for leave in found:
        leave.label = labels.get(leave.gate, leave.gate)  # type: ignore[attr-defined]
    return found
