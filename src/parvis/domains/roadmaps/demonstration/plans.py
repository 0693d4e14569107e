"""The invented campaigns and plans: last year's, this year's, next year's just opened, and four thematic plans."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from parvis.domains.roadmaps import campaign as calendar
from parvis.domains.roadmaps.demonstration.measures import Scale, rows
from parvis.domains.roadmaps.models import (
    Action,
    Axis,
    Campaign,
    CampaignStage,
    Deployment,
    Mandate,
    MeansLine,
    Milestone,
    Placement,
    Plan,
    PublicPolicy,
)
from parvis.domains.roadmaps.workflow import PUBLISHED_STATES
from parvis.kernel.calendar import PARIS
from parvis.kernel.contracts.text import plain
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.references.models import Link
from parvis.kernel.territories.models import Sector


@dataclass(frozen=True)
class Opened:
    """A campaign with its 17 roadmaps, in the order of the sectors."""

    campaign: Campaign
    plans: list[Plan]


def moment(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=PARIS)


def open_campaigns(year: int) -> dict[int, Opened]:
    """Last year evaluated, this year in execution but for the slow ones, next year being drafted."""
    opened = {y: _open(y, year) for y in (year - 1, year, year + 1)}
    for before, after in ((year - 1, year), (year, year + 1)):
        for previous, plan in zip(opened[before].plans, opened[after].plans, strict=True):
            plan.previous = previous
    Plan.objects.bulk_update((p for o in opened.values() for p in o.plans), ["previous"])
    return opened


def _open(year: int, this_year: int) -> Opened:
    opens_on = date(year - 1, 11, 3)
    mandate = Mandate.objects.filter(starts_on__lte=date(year, 6, 1), ends_on__gt=date(year, 6, 1)).first()
    campaign = Campaign.objects.create(
        code=f"campagne-{year}", title=f"Feuilles de route {year}", mandate=mandate, year=year, opens_on=opens_on
    )
    CampaignStage.objects.bulk_create(
        CampaignStage(
            campaign=campaign, code=due.code, label=due.label, target_state=due.target_state, order=due.order,
            working_days=due.working_days, due_on=due.due_on,
        )
        for due in calendar.planned(opens_on, year)
    )  # fmt: skip
    plans = [_roadmap(campaign, sector, n, year - this_year) for n, sector in enumerate(Sector.objects.all())]
    Plan.objects.bulk_create(plans)
    Axis.objects.bulk_create(_axes(plans))
    return Opened(campaign, plans)


def _roadmap(campaign: Campaign, sector: Sector, n: int, distance: int) -> Plan:
    state = {-1: "evaluated", 0: "in_execution", 1: "draft"}[distance]
    if distance == 0 and n in (4, 11, 14):
        state = {4: "finalised", 11: "arbitration", 14: "mid_year_review"}[n]
    if distance == 1 and n % 5 == 2:
        state = "consultation"
    where = "de Paris Centre" if sector.code == "centre" else f"du {sector.short_name}"
    signed = state in PUBLISHED_STATES
    late = 16 if n in {-1: (2, 7, 13), 0: (7,)}.get(distance, ()) else 0  # three past 31 March last year, one this year
    return Plan(
        code=f"fdr-{campaign.year}-{sector.code}", kind=Plan.Kind.ROADMAP, title=f"Feuille de route {where}, {campaign.year}",
        summary=f"Ce que la Ville et la mairie {where} s’engagent à faire ensemble en {campaign.year}.",
        mandate=campaign.mandate, year=campaign.year, sector=sector, campaign=campaign, state=state,
        version=0,
        finalised_on=date(campaign.year, 3, 4) + timedelta(days=n % 9 + late * 2) if signed or state == "finalised" else None,
        signed_on=date(campaign.year, 3, 19) + timedelta(days=n % 8 + late * 2) if signed else None,
        opinion_asked_on=date(campaign.year, 2, 10) if signed else None,
        opinion_given_on=date(campaign.year, 3, 2) + timedelta(days=n % 7) if signed and n not in (5, 12) else None,
        created_at=moment(campaign.opens_on),
    )  # fmt: skip


AXES = (
    (
        "1",
        "Un espace public plus propre, plus sûr, plus vert",
        {"proprete", "espace-public", "mobilites", "environnement", "securite"},
    ),
    ("2", "Mieux vivre dans son quartier", {"logement", "sante", "sport", "culture", "emploi"}),
    ("3", "Grandir, s’entraider, décider ensemble", {"solidarites", "education", "petite-enfance", "democratie"}),
)


def axis_code(policy: str) -> str:
    return next(code for code, _, policies in AXES if policy in policies)


def _axes(plans: list[Plan]) -> list[Axis]:
    return [Axis(plan=p, code=code, title=title, order=n) for p in plans for n, (code, title, _) in enumerate(AXES)]


THEMES = {"climat": "D2", "egalite": "E2", "quartiers-populaires": "E2", "territorialisation": "P3"}


def write_thematic(scale: Scale, today: date) -> None:
    """Four plans whose measures are deployed, sector by sector, over two years."""
    chance = random.Random(40)  # noqa: S311 - an invented city, not a secret
    start = date(today.year - 1, 1, 15)
    for name in dict.fromkeys(r["plan"] for r in rows("thematic.csv", "|")):
        lines = [r for r in rows("thematic.csv", "|") if r["plan"] == name][: scale.thematic]
        plan = Plan.objects.create(
            code=f"{name}-{start.year}", kind=Plan.Kind.THEMATIC, title=lines[0]["title"], summary=lines[0]["summary"],
            year=today.year, state="in_execution", version=0, signed_on=start, created_at=moment(start),
        )  # fmt: skip
        actions = Action.objects.bulk_create(_measures(name, lines, start, today))
        MeansLine.objects.bulk_create(_means(actions, chance, today))
        Link.objects.bulk_create(_serving(actions, THEMES[name]))
        placements = Placement.objects.bulk_create(
            Placement(plan=plan, action=a, order=n) for n, a in enumerate(actions)
        )
        Deployment.objects.bulk_create(_deployments(placements, chance, today))


def _measures(name: str, lines: list[dict], start: date, today: date) -> list[Action]:
    policies = {p.code: p for p in PublicPolicy.objects.all()}
    directorates = {d.code: d for d in Directorate.objects.all()}
    return [
        Action(
            code=f"{name}-{n + 1:02d}", title=r["measure"], deliverable="Mesure déployée dans les 17 secteurs",
            policy=policies[r["policy"]], lead=directorates[r["lead"]], starts_on=start,
            due_on=date(today.year + 1, 6, 30), precision="city", is_climate=r["climate"] == "1",
            in_priority_neighbourhood=name == "quartiers-populaires", is_gender_equality=name == "egalite",
            search_text=plain(f"{r['measure']} {name}-{n + 1:02d}"), created_at=moment(start), changed_at=moment(start),
        )
        for n, r in enumerate(lines)
    ]  # fmt: skip


def _serving(actions: list[Action], objective: str) -> list[Link]:
    return [
        Link(
            from_kind="action", from_id=a.code, relation="serves", to_kind="objective", to_id=f"2025-2026/{objective}",
            created_at=a.created_at,
        )
        for a in actions
    ]  # fmt: skip


def _means(actions: list[Action], chance: random.Random, today: date) -> list[MeansLine]:
    return [
        MeansLine(
            action=a, year=today.year, amount_cents=chance.randrange(40, 900) * 100_000, fte=chance.randrange(1, 9)
        )
        for a in actions
    ]


STEPS = (
    ("Cadre fixé avec les mairies", 90),
    ("Déployée dans huit secteurs", 400),
    ("Déployée dans les 17 secteurs", 860),
)


def _steps(action: Action, chance: random.Random, today: date) -> list[Milestone]:
    days = [action.starts_on + timedelta(days=after) for _, after in STEPS]
    done = [day + timedelta(days=chance.randrange(-20, 60)) for day in days]
    return [
        Milestone(
            action=action, title=title, order=n, planned_on=days[n], is_done=done[n] < today,
            actual_on=done[n] if done[n] < today else None,
        )
        for n, (title, _) in enumerate(STEPS)
    ]  # fmt: skip


LESSONS = (
    "Le relais d’un agent d’accueil fait la différence.", "Prévoir la formation avant l’ouverture.",
    "Les horaires du matin ne conviennent pas aux familles.", "La mairie d’arrondissement doit être associée dès le cahier des charges.",
)  # fmt: skip
SEQUELS = ("Étendre aux équipements voisins.", "Inscrire le poste au budget.", "Mesurer l’effet dans six mois.")


def _deployments(placements: list[Placement], chance: random.Random, today: date) -> list[Deployment]:
    found = []
    for sector in Sector.objects.all():
        for placement in placements:
            state = chance.choices(
                ("deployed", "under_way", "planned", "not_planned", "suspended"), (46, 22, 16, 13, 3)
            )[0]
            is_held = state in ("deployed", "under_way", "suspended")
            since = today - timedelta(days=chance.randrange(15, 420)) if is_held else None
            found.append(
                Deployment(
                    placement=placement, sector=sector, state=state, state_on=since,
                    due_on=today + timedelta(days=chance.randrange(20, 300)) if state in ("planned", "under_way") else None,
                    means_cents=chance.randrange(0, 90) * 100_000 if is_held else 0,
                    fte=chance.choice((0, 0, 0.5, 1, 2)) if is_held else 0,
                    lesson=chance.choice(LESSONS) if state == "deployed" and chance.random() < 0.3 else "",
                    sequel=chance.choice(SEQUELS) if state == "deployed" and chance.random() < 0.2 else "",
                    reason="Local indisponible jusqu’aux travaux." if state == "suspended" else "",
                )
            )  # fmt: skip
    return found
