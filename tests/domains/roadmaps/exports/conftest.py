"""A small plan made of records, hostile where a person can type."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Axis,
    Campaign,
    CampaignStage,
    Commitment,
    IndicatorValue,
    MeansLine,
    Milestone,
    Placement,
    Plan,
    PublicPolicy,
)
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.territories.models import Sector

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
HOSTILE = '=HYPERLINK("x")<b>]]>&#42; #panic("non") *gras* $x$ \\u{0} _a_ @cite \u0007 “ok”'


@pytest.fixture
def make_plan(db):
    """make_plan("19", 3): a roadmap of the 19th with three whole actions; `state` says where it stands."""

    def make(sector: str = "19", actions: int = 2, *, state: str = "in_execution", title: str = "", **fields) -> Plan:
        plan = Plan.objects.create(
            code=f"{sector}-2026", kind="roadmap", title=title or f"Feuille de route du {sector}e 2026", year=2026,
            sector=Sector.objects.get(code=sector), state=state, created_at=AT, **fields,
        )  # fmt: skip
        axis = Axis.objects.create(plan=plan, code="A1", title="Vivre le quartier", order=1)
        fill(plan, axis, actions)
        return plan

    return make


def fill(plan: Plan, axis: Axis, number: int) -> None:
    """Whole actions, written in bulk: each with two milestones, one indicator with a value, means and a partner."""
    lead, partner = Directorate.objects.order_by("code")[:2]
    policy = PublicPolicy.objects.first()
    made = Action.objects.bulk_create(
        Action(
            code=f"{plan.code}-{n:04d}", title=f"Action {n} du {plan.code}", description="Ouvrir une salle.",
            deliverable="Une salle ouverte", policy=policy, lead=lead, starts_on=date(2026, 2, 1), due_on=date(2026, 12, 12),
            address="1 place de la mairie", sector_code=plan.sector.code if plan.sector else "", created_at=AT, changed_at=AT,
            status="on_time", status_reason="Deux jalons sur trois tenus.", status_on=date(2026, 11, 24), grade=8,
            progress=Decimal("40.00"),
        )
        for n in range(1, number + 1)
    )  # fmt: skip
    Placement.objects.bulk_create(Placement(plan=plan, action=a, axis=axis, order=n) for n, a in enumerate(made))
    Commitment.objects.bulk_create(
        Commitment(
            action=a, directorate=partner, state="accepted", asked_on=date(2026, 1, 6), answer_due_on=date(2026, 1, 20)
        )
        for a in made
    )
    Milestone.objects.bulk_create(
        row
        for a in made
        for row in (
            Milestone(action=a, title="Études", order=1, planned_on=date(2026, 3, 31), precision="month", is_done=True),
            Milestone(action=a, title="Marché", order=2, planned_on=date(2026, 9, 1), forecast_on=date(2026, 10, 13)),
        )
    )
    indicators = ActionIndicator.objects.bulk_create(
        ActionIndicator(
            action=a, name="Heures d’ouverture", unit="heures par semaine", baseline=Decimal(0), baseline_on=date(2026, 1, 1),
            target=Decimal(40), target_on=date(2026, 12, 31), every_days=90, source="relevé de la mairie",
        )
        for a in made
    )  # fmt: skip
    IndicatorValue.objects.bulk_create(
        IndicatorValue(indicator=i, measured_on=date(2026, 6, 30), value=Decimal("16.5"), reported_at=AT)
        for i in indicators
    )
    MeansLine.objects.bulk_create(
        MeansLine(action=a, year=2026, amount_cents=1234567, fte=Decimal("0.50")) for a in made
    )


@pytest.fixture
def sign_in(client):
    """Sign someone in past her second factor: these tests ask what she may read, not how she came in."""

    def enter(someone):
        client.force_login(someone)
        session = client.session
        session["second_factor_seen"] = True
        session.save()
        return someone

    return enter


@pytest.fixture
def campaign(db):
    made = Campaign.objects.create(code="2026", title="Campagne 2026", year=2026, opens_on=date(2026, 1, 5))
    CampaignStage.objects.create(
        campaign=made, code="signed", label="Signature", target_state="signed", order=1, working_days=55,
        due_on=date(2026, 3, 31),
    )  # fmt: skip
    return made
