"""The shapes measured: 17 roadmaps × 60 actions and one plan of 1,000; 4 milestones, 2 directorates, 1 indicator each."""

from datetime import date, timedelta

from bench.house import AT, TODAY, House
from parvis.domains.roadmaps.actions.recompute import recompute
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Axis,
    Commitment,
    IndicatorValue,
    Mandate,
    MeansLine,
    Milestone,
    Placement,
    Plan,
    PublicPolicy,
)
from parvis.kernel.contracts.text import plain
from parvis.kernel.organisation.models import Assignment, Directorate, Person
from parvis.kernel.territories.models import Arrondissement, Sector

STEPS = (
    ("studies", "études", 40),
    ("procedures", "marché", 130),
    ("works", "travaux", 260),
    ("opening", "ouverture", 350),
)
START = date(2026, 1, 5)


def fill() -> House:
    """Two thousand and twenty actions, judged; a pilot, a contributor who edits, an auditor who reads all without a second factor."""
    plans = _plans()
    actions = [action for plan, size in plans for action in _actions(plan, size)]
    Action.objects.bulk_create(actions, batch_size=1000)
    _place(plans, actions)
    _follow(actions)
    recompute(on=TODAY, at=AT)
    roadmaps = [plan for plan, _ in plans[:-1]]
    contributor, reader = _person("contributor", "directorate", "DVD"), _person("auditor", "house", "")
    return House(roadmaps, plans[-1][0], _person("roadmap-pilot", "house", ""), contributor, reader)


def _plans() -> list[tuple[Plan, int]]:
    mandate = Mandate.objects.get(code="2026-2032")
    made = [
        Plan(
            code=f"banc-{sector.code}", kind="roadmap", title=f"Feuille de route, {sector.name}", year=2026,
            sector=sector, mandate=mandate, state="in_execution", version=1, signed_on=date(2026, 3, 27), created_at=AT,
        )
        for sector in Sector.objects.all()
    ]  # fmt: skip
    large = Plan(
        code="banc-1000", kind="thematic", title="Plan de mille mesures", year=2026, mandate=mandate,
        state="in_execution", version=1, signed_on=date(2026, 3, 27), created_at=AT,
    )  # fmt: skip
    Plan.objects.bulk_create([*made, large])
    axes = (Axis(plan=plan, code=str(n), title=f"Axe {n}", order=n) for plan in [*made, large] for n in range(1, 6))
    Axis.objects.bulk_create(axes)
    return [*((plan, 60) for plan in made), (large, 1000)]


def _actions(plan: Plan, size: int) -> list[Action]:
    policies, leads = list(PublicPolicy.objects.all()), list(Directorate.objects.filter(is_external=False))
    places = list(Arrondissement.objects.select_related("sector").all())
    made = []
    for n in range(size):
        place, title = places[n % 20], f"Réaménager la place n° {n} et végétaliser ses abords"
        made.append(
            Action(
                code=f"{plan.code}-{n:04}", title=title, description="Concertation, travaux, ouverture. " * 6,
                deliverable="Une place ouverte et ombragée", policy=policies[n % len(policies)],
                lead=leads[n % len(leads)], starts_on=START, due_on=START + timedelta(days=200 + n % 400),
                address=f"{n} rue de la Mairie", arrondissement_code=place.code, sector_code=place.sector.code,
                longitude=2.28 + (n % 97) / 1000, latitude=48.83 + (n % 53) / 1000, precision="point",
                search_text=plain(f"{title} {plan.code}-{n:04}"), created_at=AT, changed_at=AT,
            )
        )  # fmt: skip
    return made


def _place(plans: list[tuple[Plan, int]], actions: list[Action]) -> None:
    axes = {plan.pk: list(plan.axes.all()) for plan, _ in plans}
    standing = [plan for plan, size in plans for _ in range(size)]
    Placement.objects.bulk_create(
        (
            Placement(plan=plan, action=action, axis=axes[plan.pk][n % 5], order=n)
            for n, (plan, action) in enumerate(zip(standing, actions, strict=True))
        ),
        batch_size=1000,
    )


def _follow(actions: list[Action]) -> None:
    """Four milestones of which some are done, one indicator measured three times, a partner, two years of means."""
    Milestone.objects.bulk_create(
        (
            Milestone(
                action=action, kind=kind, title=title, order=order, planned_on=START + timedelta(days=days + n % 60),
                is_done=order < n % 5, actual_on=START + timedelta(days=days) if order < n % 5 and order < 3 else None,
            )
            for n, action in enumerate(actions)
            for order, (kind, title, days) in enumerate(STEPS)
        ),
        batch_size=2000,
    )  # fmt: skip
    _measure(actions)
    partners = list(Directorate.objects.filter(code__in=("DEVE", "DPE", "DJS")))
    Commitment.objects.bulk_create(
        (
            Commitment(
                action=action, directorate=next(p for p in partners[n % 3 :] + partners if p.pk != action.lead_id),
                state=("accepted", "asked")[n % 2], part="Entretien", asked_on=START, answer_due_on=date(2026, 12, 1),
            )
            for n, action in enumerate(actions)
        ),
        batch_size=1000,
    )  # fmt: skip
    years = (
        MeansLine(action=action, year=year, amount_cents=12_500_000) for action in actions for year in (2026, 2027)
    )
    MeansLine.objects.bulk_create(years, batch_size=2000)


def _measure(actions: list[Action]) -> None:
    indicators = ActionIndicator.objects.bulk_create(
        (
            ActionIndicator(
                action=action, name="Arbres plantés", unit="arbres", baseline=0, baseline_on=START, target=120,
                target_on=date(2027, 6, 30), every_days=120, source="DEVE",
            )
            for action in actions
        ),
        batch_size=1000,
    )  # fmt: skip
    IndicatorValue.objects.bulk_create(
        (
            IndicatorValue(
                indicator=indicator, measured_on=date(2026, month, 28), value=month * (4 + n % 5), reported_at=AT
            )
            for n, indicator in enumerate(indicators)
            for month in (3, 6, 10)
        ),
        batch_size=2000,
    )


def _person(role: str, scope_kind: str, scope_id: str) -> Person:
    someone = Person.objects.create_user(f"{role}@example.org", "a long passphrase", first_name="Camille")
    Assignment.objects.create(
        person=someone, role=role, scope_kind=scope_kind, scope_id=scope_id, starts_on=date(2020, 1, 1)
    )
    return someone
