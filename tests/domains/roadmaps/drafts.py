"""Plans and actions for tests: invented, small, complete enough to pass the gates."""

from datetime import UTC, date, datetime

from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Axis,
    Commitment,
    MeansLine,
    Milestone,
    Placement,
    Plan,
    PublicPolicy,
)  # fmt: skip
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow import move

BORN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
WAY = ("consult", "arbitrate", "finalise")


def plan(sector="19", year=2026, kind="roadmap", state="draft", actions=1, **fields) -> Plan:
    """A plan with some operational actions, standing in a state without having been signed."""
    fields = {"opinion_asked_on": date(2026, 1, 10), "opinion_given_on": date(2026, 1, 30)} | fields
    made = Plan.objects.create(
        code=f"{kind}-{sector or 'ville'}-{year}", kind=kind, title=f"Feuille de route {sector} {year}", year=year,
        sector=Sector.objects.get(code=sector) if sector else None, state=state, created_at=BORN, **fields,
    )  # fmt: skip
    axis = Axis.objects.create(plan=made, code="A1", title="Vivre ensemble")
    for n in range(actions):
        action(made, f"{made.code}-{n + 1}", axis=axis, order=n)
    return made


def action(plan: Plan, code: str, *, axis=None, order=0, lead="DVD", grade=8, **fields) -> Action:
    fields = {
        "title": f"Action {code}", "deliverable": "Une rue apaisée", "starts_on": date(2026, 2, 1),
        "due_on": date(2026, 11, 30), "policy": PublicPolicy.objects.first(),
    } | fields  # fmt: skip
    made = Action.objects.create(
        code=code, lead=Directorate.objects.get(code=lead), created_at=BORN, changed_at=BORN, grade=grade, **fields
    )
    Placement.objects.create(plan=plan, action=made, axis=axis, order=order)
    Milestone.objects.create(action=made, title="Marché", planned_on=date(2026, 5, 1))
    ActionIndicator.objects.create(action=made, name="Mètres apaisés", unit="m", baseline=0, target=1200)
    MeansLine.objects.create(action=made, year=2026, amount_cents=12_000_000, fte=1)
    return made


def asked(action: Action, directorate="DEVE", state="asked") -> Commitment:
    return Commitment.objects.create(
        action=action, directorate=Directorate.objects.get(code=directorate), part="Planter", state=state,
        asked_on=date(2026, 1, 12), answer_due_on=date(2026, 1, 26),
    )  # fmt: skip


def walk(plan: Plan, *codes: str, at: datetime = BORN) -> Plan:
    """Take steps as the house itself, without gates."""
    for code in codes:
        move(plan, code, by=None, at=at, reason="pour l’essai")
    return plan


def finalised(sector="19", **fields) -> Plan:
    return walk(plan(sector, **fields), *WAY)
