"""A small city to walk through: a draft roadmap in the reader's own sector and another in a foreign one, one published."""

from datetime import UTC, date, datetime

from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Axis,
    Campaign,
    CampaignStage,
    Comment,
    Commitment,
    Deployment,
    MeansLine,
    Milestone,
    Placement,
    Plan,
    PlanVersion,
    PublicPolicy,
)
from parvis.domains.roadmaps.queries import versions
from parvis.domains.steering.compiling import Recipe
from parvis.domains.steering.models import Alert, AlertStep, Definition, ManualSeries, ManualValue, Review, Silence
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.territories.models import Sector

BORN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
OWN, OTHER, PUBLISHED = "own", "other", "published"
# Whose: sector, lead directorate, state
PLACES = {OWN: ("19", "DEVE", "draft"), OTHER: ("5", "DVD", "draft"), PUBLISHED: ("7", "DVD", "in_execution")}


def build(actions: int = 1) -> dict[str, Plan]:
    """The three roadmaps, each with so many actions, under one campaign."""
    campaign = Campaign.objects.create(code="2026", title="Campagne 2026", year=2026, opens_on=date(2026, 1, 5))
    CampaignStage.objects.create(
        campaign=campaign, code="signature", label="Signature", target_state="signed", order=1, working_days=60,
        due_on=date(2026, 3, 31),
    )  # fmt: skip
    _proposals()
    alert(1)
    for whose in PLACES:
        _theme(whose)
        _review(whose)
    return {whose: _plan(whose, campaign, actions) for whose in PLACES}


def propose(code: str) -> None:
    """An indicator that waits for its approval, and a value of the series."""
    recipe = Recipe(
        code=code, title="Actions d’essai", question="Combien d’actions ?", unit="actions", better="up",
        objective="P2", owner="DDCT", dataset="roadmaps.actions", aggregation="count", at="due_on",
    )  # fmt: skip
    Definition.objects.create(
        code=recipe.code,
        version=1,
        title=recipe.title,
        dataset=recipe.dataset,
        recipe=recipe.stored(),
        proposed_at=BORN,
    )
    ManualValue.objects.create(
        series=ManualSeries.objects.get(), period=date(2026, 1, 1), hundredths=4_200, justification="Compté", source="Liste",
        proposed_at=BORN,
    )  # fmt: skip


def _proposals() -> None:
    """A series fed by hand, and what waits."""
    ManualSeries.objects.create(
        code="agents.essai", title="Agents formés", question="Combien d’agents ?", unit="agents", better="up",
        objective="P2", owner="DDCT", rhythm="quarter", is_by_sector=False, aggregation="sum", delay_days=5, made_at=BORN,
    )  # fmt: skip
    propose("actions.essai")


def alert(number: int) -> None:
    """An alert on the sector of the reader, with its step; `number` is its own, so that an address can name it."""
    made = Alert.objects.create(
        pk=number, subject="roadmaps.operationality", title="Opérationnalité", objective="P2", cause="raised", level="watch",
        sentence="La note baisse.", places=["19"], signals=[["19", "watch", "La note baisse."]], raised_at=BORN,
        turn_since=date(2026, 1, 5), due_on=date(2026, 1, 7),
    )  # fmt: skip
    AlertStep.objects.create(alert=made, kind="raised", at=BORN, text="La note baisse.")
    Silence.objects.create(
        subject_kind="indicator", subject="roadmaps.operationality", starts_on=date(2026, 1, 5),
        ends_on=date(2026, 1, 9), reason="Essai", at=BORN,
    )  # fmt: skip


def _review(whose: str) -> None:
    """A review of the sector: in preparation, or closed for everyone to read."""
    sector, _, state = PLACES[whose]
    Review.objects.create(
        code=f"revue-{whose}", kind="monthly", sector=Sector.objects.get(code=sector), period=date(2026, 10, 1),
        planned_on=date(2026, 11, 5), created_at=BORN, state="prepared" if state == "draft" else "closed",
    )  # fmt: skip


def _theme(whose: str) -> None:
    """A thematic plan with one measure deployed in the reader's sector."""
    _, _, state = PLACES[whose]
    plan = Plan.objects.create(
        code=f"theme-{whose}",
        kind="thematic",
        title=f"Plan thématique {whose}",
        year=2026,
        state=state,
        created_at=BORN,
    )
    Axis.objects.create(plan=plan, code="A1", title="Accueillir", order=1)
    fill_theme(plan, 1, start=0)


def fill_theme(plan: Plan, count: int, *, start: int) -> None:
    """Add measures, each deployed in the sector that the plan's name tells."""
    sector, lead, _ = PLACES[plan.code.removeprefix("theme-")]
    fill(plan, plan.axes.get(), lead, count, start=start)
    where = Sector.objects.get(code=sector)
    for placement in plan.placements.filter(deployments=None):
        Deployment.objects.create(placement=placement, sector=where, state="planned")


def _plan(whose: str, campaign: Campaign, count: int) -> Plan:
    sector, lead, state = PLACES[whose]
    plan = Plan.objects.create(
        code=f"fdr-{whose}", kind="roadmap", title=f"Feuille de route {whose}", year=2026, state=state,
        sector=Sector.objects.get(code=sector), campaign=campaign, created_at=BORN,
        opinion_asked_on=date(2026, 1, 10), opinion_given_on=date(2026, 1, 30),
    )  # fmt: skip
    axis = Axis.objects.create(plan=plan, code="A1", title="Vivre ensemble", order=1)
    fill(plan, axis, lead, count, start=0)
    content = versions.content(plan)
    for number in (1, 2):
        PlanVersion.objects.create(
            plan=plan, number=number, frozen_at=BORN, content=content, sha256=versions.fingerprint(content)
        )
    return plan


def fill(plan: Plan, axis: Axis, lead: str, count: int, *, start: int) -> None:
    """Add actions with everything that a list may show of each."""
    directorate, asked = Directorate.objects.get(code=lead), Directorate.objects.get(code="DPE")
    policies = list(PublicPolicy.objects.all()[:3])
    for n in range(start, start + count):
        action = Action.objects.create(
            code=f"{plan.code}-a{n}", title=f"Action {n} {plan.code}", lead=directorate, policy=policies[n % 3],
            starts_on=date(2026, 2, 1), due_on=date(2026, 11, 1 + n % 28), deliverable="Une rue apaisée",
            sector_code=plan.sector.code if plan.sector else "", arrondissement_code="75119", longitude=2.38, latitude=48.88,
            precision="arrondissement", search_text=f"action {n} {plan.code}", status="late",
            status_reason="Jalon non tenu.", status_on=date(2026, 11, 24), grade=5, created_at=BORN, changed_at=BORN,
        )  # fmt: skip
        Placement.objects.create(plan=plan, action=action, axis=axis, order=n)
        Milestone.objects.create(action=action, title="Marché", planned_on=date(2026, 5, 1))
        ActionIndicator.objects.create(action=action, name="Mètres apaisés", unit="m", baseline=0, target=1200)
        MeansLine.objects.create(action=action, year=2026, amount_cents=1_000_000, fte=1)
        Comment.objects.create(action=action, at=BORN, text="À revoir.")
        Commitment.objects.create(
            action=action, directorate=asked, asked_on=date(2026, 1, 12), answer_due_on=date(2026, 1, 26)
        )
