"""The invented actions of the 17 roadmaps, with their milestones, indicators, means and partners."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from parvis.domains.roadmaps.demonstration.measures import Measure, Place, Scale, draw
from parvis.domains.roadmaps.demonstration.plans import Opened, axis_code, moment
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Axis,
    Commitment,
    IndicatorValue,
    MeansLine,
    Milestone,
    MilestoneReport,
    Placement,
    Plan,
    PublicPolicy,
)
from parvis.kernel.calendar import add_working_days
from parvis.kernel.contracts.text import plain
from parvis.kernel.organisation.models import Directorate, Person
from parvis.kernel.references.models import Link

OBJECTIVES = {
    "quality": "2025-2026/Q1",
    "participation": "2025-2026/P4",
    "neighbourhood": "2025-2026/E2",
    "climate": "2025-2026/D2",
    "all": "2025-2026/P2",
}
STEPS = (
    ("Étude et concertation", 0.2),
    ("Marché et commandes", 0.45),
    ("Mise en œuvre", 0.75),
    ("Ouverture au public", 1.0),
)


@dataclass
class Drawn:
    """An invented action with what drew it: `luck` from 0 (all goes wrong) to 1 (all goes well)."""

    action: Action
    measure: Measure
    plan: Plan
    luck: float


class Known:
    """Look-ups read once for the whole city."""

    def __init__(self) -> None:
        self.policies = {p.code: p for p in PublicPolicy.objects.all()}
        self.directorates = {d.code: d for d in Directorate.objects.all()}
        self.axes = {(a.plan_id, a.code): a for a in Axis.objects.all()}
        self.owners: dict[str, list[Person]] = defaultdict(list)
        for person in Person.objects.filter(directorate__isnull=False, assignments__role="contributor").order_by("pk"):
            self.owners[person.directorate.code].append(person)


def write(campaigns: dict[int, Opened], scale: Scale, today: date) -> list[Drawn]:
    """Actions of each year and sector; some of last year's stand again in this year's plan, without a copy."""
    chance, known = random.Random(19), Known()  # noqa: S311 - an invented city, not a secret
    drawn: list[Drawn] = []
    for year, opened in campaigns.items():
        count = scale.actions if year <= today.year else max(4, scale.actions // 5)
        count -= scale.carried if year == today.year else 0
        for plan in opened.plans:
            pairs = draw(plan.sector.code, count, random.Random(f"{year}{plan.sector.code}"))  # noqa: S311
            drawn += [_action(plan, n, m, p, known, chance) for n, (m, p) in enumerate(pairs, start=1)]
    Action.objects.bulk_create((d.action for d in drawn), batch_size=500)
    _place(drawn, known)
    _follow(drawn, known, today, chance)
    return drawn


def _action(plan: Plan, n: int, measure: Measure, place: Place, known: Known, chance: random.Random) -> Drawn:
    starts, is_vague = date(plan.year, 1, 15) + timedelta(days=chance.randrange(0, 75)), chance.random() < 0.08
    due = starts + timedelta(days=chance.randrange(170, 345) + (measure.cost_k > 350) * chance.randrange(60, 320))
    title, code = measure.title.format(place=place.name), f"{plan.sector.code}-{plan.year}-{n:03d}"
    owners = known.owners.get(measure.lead, [])
    is_multi = len(measure.partners) > 0
    created = moment(date(plan.year - 1, 11, 20) + timedelta(days=n % 40))
    action = Action(
        code=code, title=title, deliverable="" if chance.random() < 0.1 else measure.deliverable,
        policy=known.policies[measure.policy], lead=known.directorates[measure.lead],
        owner=chance.choice(owners) if owners and chance.random() < 0.88 else None,
        starts_on=starts, due_on=None if is_vague else due, address=place.name,
        arrondissement_code=f"751{place.arrondissement:02d}", sector_code=plan.sector.code,
        in_priority_neighbourhood=plan.sector.code in {"13", "14", "17", "18", "19", "20"} and chance.random() < 0.35,
        is_climate=measure.is_climate, is_gender_equality=measure.is_gender,
        risk=chance.choices(("", "low", "medium", "high"), (30, 40, 22, 8))[0],
        project_lead=chance.choice(owners) if is_multi and owners and chance.random() < 0.8 else None,
        review_every_days=60 if is_multi else None, weight=1 + (measure.cost_k > 400) + (measure.cost_k > 1500),
        search_text=plain(f"{title} {code}"), created_at=created, changed_at=created,
    )  # fmt: skip
    _locate(action, place, chance)
    luck = chance.betavariate(2.6, 1.0)
    if luck < 0.24 and plan.state in ("in_execution", "evaluated"):
        action.state, action.closing_reason = (
            "dropped",
            "Le terrain n’est plus disponible ; la mairie et la direction en ont convenu.",
        )
    return Drawn(action, measure, plan, luck)


def _locate(action: Action, place: Place, chance: random.Random) -> None:
    """Nine in ten are known to the address (within 60 m of the place), the rest to the arrondissement only."""
    if chance.random() < 0.9:
        action.longitude = round(place.longitude + chance.uniform(-0.0007, 0.0007), 5)
        action.latitude = round(place.latitude + chance.uniform(-0.0005, 0.0005), 5)
        action.precision, action.location_method = Action.Precision.POINT, "saisie"
    else:
        action.precision, action.location_method = Action.Precision.ARRONDISSEMENT, "arrondissement"


def _place(drawn: list[Drawn], known: Known) -> None:
    Placement.objects.bulk_create(
        (
            Placement(plan=d.plan, action=d.action, axis=known.axes[d.plan.pk, axis_code(d.measure.policy)], order=n)
            for n, d in enumerate(drawn)
        ),
        batch_size=1000,
    )
    MeansLine.objects.bulk_create(
        (
            MeansLine(
                action=d.action, year=d.plan.year, amount_cents=d.measure.cost_k * 100_000,
                fte=Decimal(1 + d.measure.cost_k % 5) / 2,
            )
            for d in drawn
            if d.luck > 0.35
        ),
        batch_size=1000,
    )  # fmt: skip
    Link.objects.bulk_create(
        (
            Link(
                from_kind="action", from_id=d.action.code, relation="serves", to_kind="objective", to_id=objective,
                created_at=d.action.created_at,
            )
            for d in drawn
            for objective in _objectives(d)
        ),
        batch_size=1000,
    )  # fmt: skip


def _objectives(drawn: Drawn) -> list[str]:
    served = [OBJECTIVES["all"]]
    served += [OBJECTIVES["climate"]] if drawn.measure.is_climate else []
    served += [OBJECTIVES["neighbourhood"]] if drawn.action.in_priority_neighbourhood else []
    is_civic = drawn.measure.policy == "democratie"
    return served + ([OBJECTIVES["quality"], OBJECTIVES["participation"]] if is_civic else [])


def _follow(drawn: list[Drawn], known: Known, today: date, chance: random.Random) -> None:
    milestones = [m for d in drawn for m in _milestones(d, today, chance)]
    Milestone.objects.bulk_create(milestones, batch_size=1000)
    MilestoneReport.objects.bulk_create(
        (
            MilestoneReport(
                milestone=m, reported_at=moment(m.actual_on + timedelta(days=min(3, (today - m.actual_on).days)), 15),
                actual_on=m.actual_on, is_done=True, by=m.action.owner,
            )
            for m in milestones
            if m.actual_on
        ),
        batch_size=1000,
    )  # fmt: skip
    indicators = [_indicator(d) for d in drawn if d.luck > 0.25]
    ActionIndicator.objects.bulk_create((i for i, _ in indicators), batch_size=1000)
    IndicatorValue.objects.bulk_create(
        (v for i, d in indicators for v in _values(i, d, today, chance)), batch_size=2000
    )
    Commitment.objects.bulk_create((c for d in drawn for c in _commitments(d, known, today, chance)), batch_size=1000)


def _milestones(drawn: Drawn, today: date, chance: random.Random) -> list[Milestone]:
    action = drawn.action
    span = ((action.due_on or action.starts_on + timedelta(days=240)) - action.starts_on).days
    slip = max(0, round((0.72 - drawn.luck) * 420))
    made = []
    for n, (title, share) in enumerate(STEPS):
        planned = action.starts_on + timedelta(days=round(span * share))
        happens = planned + timedelta(
            days=round(slip * share) + chance.randrange(-12, 6) + shift(drawn, planned, today)
        )
        is_done = happens < today and drawn.luck > 0.12 and action.state == "live"
        made.append(
            Milestone(
                action=action, title=title, order=n, planned_on=planned, is_done=is_done,
                forecast_on=happens if not is_done and slip > 20 and happens >= today else None,
                actual_on=happens if is_done else None,
            )
        )  # fmt: skip
    return made


# What changed this year: a directorate that slips since the summer, a sector in difficulty, another that recovered.
SHIFTS = ((("lead", "DVD"), (6, 20), 34), (("sector", "18"), (5, 15), 28), (("sector", "11"), (4, 1), -14))


def shift(drawn: Drawn, planned: date, today: date) -> int:
    """The days that this year's changes add to a step planned on a day."""
    held = {("lead", drawn.action.lead.code), ("sector", drawn.plan.sector.code)}
    return sum(days for who, since, days in SHIFTS if who in held and planned >= date(today.year, *since))


def _indicator(drawn: Drawn) -> tuple[ActionIndicator, Drawn]:
    measure, action = drawn.measure, drawn.action
    return (
        ActionIndicator(
            action=action, name=measure.indicator, unit=measure.unit, direction=measure.direction,
            definition=f"{measure.indicator}, relevé chaque trimestre par la {measure.lead}.",
            baseline=None if drawn.luck < 0.4 else Decimal(str(measure.baseline)), baseline_on=action.starts_on,
            target=Decimal(str(measure.target)), target_on=action.due_on or action.starts_on + timedelta(days=300),
            every_days=90, source=f"{measure.lead}, tableau de suivi",
        ),
        drawn,
    )  # fmt: skip


def _values(indicator: ActionIndicator, drawn: Drawn, today: date, chance: random.Random) -> list[IndicatorValue]:
    first, last = Decimal(str(drawn.measure.baseline)), Decimal(str(drawn.measure.target))
    span = max(1, (indicator.target_on - indicator.baseline_on).days)
    found, day = [], indicator.baseline_on + timedelta(days=30)
    while day < min(today, indicator.target_on + timedelta(days=60)) and len(found) < 5:
        pace = min(1.1, (day - indicator.baseline_on).days / span) * min(1.15, drawn.luck * 1.35)
        value = first + (last - first) * Decimal(str(round(pace + chance.uniform(-0.04, 0.06), 3)))
        found.append(
            IndicatorValue(indicator=indicator, measured_on=day, value=round(value, 1), reported_at=moment(day, 16))
        )
        day += timedelta(days=90)
    return found


def _commitments(drawn: Drawn, known: Known, today: date, chance: random.Random) -> list[Commitment]:
    asked = drawn.action.created_at.date() + timedelta(days=30)
    asked = min(asked, today - timedelta(days=2))
    made = []
    for code in drawn.measure.partners:
        is_open = drawn.plan.state in ("draft", "consultation", "arbitration") or chance.random() < 0.05
        state = "asked" if is_open else chance.choices(("accepted", "amended", "declined"), (90, 6, 4))[0]
        if state == "asked":
            asked = today - timedelta(days=chance.randrange(2, 40))
        day, answered = _exchange(asked, state, chance.randrange(3, 24), f"{drawn.action.code}{code}", code, today)
        made.append(
            Commitment(
                action=drawn.action, directorate=known.directorates[code], state=state if answered else "asked",
                part=f"Contribuer à : {drawn.measure.deliverable.lower()}", asked_on=day,
                answer_due_on=add_working_days(day, 15), answered_on=answered,
            )
        )  # fmt: skip
    return made


SLOW = "DPE"  # the directorate whose answers take longer since the summer


def _exchange(asked: date, state: str, days: int, seed: str, code: str, today: date) -> tuple[date, date | None]:
    """When a part was asked and answered: three in ten in the course of the year, one in fourteen after a long wait."""
    own = random.Random(seed)  # noqa: S311
    if state == "asked":
        return asked, None
    day = asked + timedelta(days=own.randrange(20, 250) if own.random() < 0.3 else 0)
    day = min(day, today - timedelta(days=3))
    days += own.randrange(25, 60) if own.random() < 0.07 else 0
    days += own.randrange(12, 30) if code == SLOW and day >= date(today.year, 6, 20) else 0
    return day, day + timedelta(days=days) if day + timedelta(days=days) < today else None
