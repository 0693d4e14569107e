"""Reads over plans: the 17 roadmaps of a period at a glance, and what stands beside them.

Knows plans and how they keep to their campaign. Refuses to know how an action is judged: it reads the derived status.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from parvis.domains.roadmaps import sentences
from parvis.domains.roadmaps.models import Action, CampaignStage, Deployment, MeansLine, Placement, Plan
from parvis.domains.roadmaps.queries import tallies
from parvis.domains.roadmaps.queries.campaigns import reached_days
from parvis.domains.roadmaps.queries.tallies import Tally
from parvis.domains.roadmaps.queries.todos import next_stage, stages_of
from parvis.domains.roadmaps.status import Status
from parvis.domains.roadmaps.workflow import PUBLISHED_STATES
from parvis.kernel import access
from parvis.kernel.calendar import delay
from parvis.kernel.territories.models import Sector


@dataclass(frozen=True)
class Period:
    """The year of the roadmaps, in a mandate: 2026 has two."""

    year: int
    mandate: str

    def __str__(self) -> str:
        return f"{self.year}.{self.mandate}"

    @property
    def label(self) -> str:
        return f"{self.year} · mandat {self.mandate}" if self.mandate else str(self.year)


@dataclass(frozen=True)
class Pace:
    """How a plan keeps to its campaign: in words, with the tone of its mark; `days` early, or late when negative."""

    words: str
    tone: str
    days: int | None = None


@dataclass(frozen=True)
class Line:
    """A sector in the overview: its roadmap when the person may see one, how its actions stand, how it keeps pace."""

    sector: Sector
    plan: Plan | None
    tally: Tally
    pace: Pace

    @property
    def is_signed(self) -> bool:
        return self.plan is not None and self.plan.state in PUBLISHED_STATES


def seen(person) -> QuerySet[Plan, Any]:
    return access.visible(person, "roadmaps.view_plan", Plan.objects.all())


def found(person, code: str) -> Plan | None:
    """The plan of that code if this person may see it; a forged code gives nothing."""
    return seen(person).filter(code=code).select_related("sector", "mandate", "campaign", "previous").first()


def periods(person) -> list[Period]:
    """The periods of the roadmaps that the person may see, the newest first."""
    rows = seen(person).filter(kind=Plan.Kind.ROADMAP).order_by().values_list("year", "mandate__code").distinct()
    return [
        Period(year, code or "") for year, code in sorted(rows, key=lambda row: (row[0], row[1] or ""), reverse=True)
    ]


def chosen_period(offered: Sequence[Period], asked: str, today: date) -> Period:
    """The period of the address, else the present year's, else the newest that has begun."""
    by_name = {str(period): period for period in offered}
    begun = [period for period in offered if period.year <= today.year]
    return by_name.get(asked) or (begun or [*offered, Period(today.year, "")])[0]


def lines(person, period: Period, today: date) -> list[Line]:
    """The 17 sectors in their order, with or without a roadmap: seven queries."""
    plans = {
        plan.sector_id: plan
        for plan in seen(person)
        .filter(kind=Plan.Kind.ROADMAP, year=period.year, **_of_mandate(period))
        .select_related("campaign")
    }
    counted = tallies.by_plan(person, [plan.pk for plan in plans.values()], today)
    paces = _paces(list(plans.values()), today)
    return [_line(sector, plans.get(sector.pk), counted, paces) for sector in Sector.objects.order_by("order")]


def _of_mandate(period: Period) -> dict[str, object]:
    return {"mandate__code": period.mandate} if period.mandate else {"mandate__isnull": True}


def _line(sector: Sector, plan: Plan | None, counted: Mapping[int, Tally], paces: Mapping[int, Pace]) -> Line:
    if plan is None:
        return Line(sector, None, Tally(), Pace("pas encore publiée", "none"))
    return Line(sector, plan, counted[plan.pk], paces[plan.pk])


def _paces(plans: Sequence[Plan], today: date) -> dict[int, Pace]:
    stages, reached = stages_of({p.campaign_id for p in plans if p.campaign_id}), reached_days(plans, today)
    return {plan.pk: pace(plan, stages.get(plan.campaign_id or 0, ()), reached[plan.pk], today) for plan in plans}


def pace(plan: Plan, stages: Iterable[CampaignStage], reached: Mapping[str, date], today: date) -> Pace:
    """Once signed, when it was against the day fixed; before, the next stage and its delay."""
    ordered = list(stages)
    if plan.signed_on:
        return _signed_pace(plan.signed_on, next((s for s in ordered if s.target_state == "signed"), None))
    stage = next_stage(plan, ordered, reached)
    if stage is None:
        return Pace("sans échéance", "none")
    days = (stage.due_on - today).days
    if days < 0:
        return Pace(f"« {stage.label} » : {sentences.gap(days)}", "bad", days)
    return Pace(f"« {stage.label} » {delay(stage.due_on, today)}", "watch" if days <= 7 else "none", days)


def _signed_pace(signed_on: date, stage: CampaignStage | None) -> Pace:
    if stage is None:
        return Pace(f"signée le {signed_on:%d/%m/%Y}", "good")
    days = (stage.due_on - signed_on).days
    return Pace(f"signée, {sentences.gap(days)}", "good" if days >= 0 else "watch", days)


def overview_sentence(found: Sequence[Line], period: Period) -> str:
    """One sentence that answers « où en sont les 17 feuilles de route ? », and one on what is late."""
    signed = [line for line in found if line.is_signed]
    if not signed:
        prepared = sum(line.plan is not None for line in found)
        started = f" {sentences.counted(prepared, 'est en préparation', 'sont en préparation')}." if prepared else ""
        return f"Aucune feuille de route {period.year} n’est encore signée.{started}"
    return f"{_signed_sentence(found, len(signed))} {_late_sentence(tallies.together(x.tally for x in found))}".strip()


def _signed_sentence(found: Sequence[Line], signed: int) -> str:
    waiting = [sentences.sector(line.sector.short_name) for line in found if not line.is_signed]
    if not waiting:
        return f"Les {len(found)} feuilles de route sont signées."
    agreed = "est signée" if signed == 1 else "sont signées"
    missing = "ne l’est pas encore" if len(waiting) == 1 else "ne le sont pas encore"
    named = sentences.shortened(waiting)
    return f"{sentences.counted(signed, 'feuille de route', 'feuilles de route')} sur {len(found)} {agreed} ; {named} {missing}."


def _late_sentence(whole: Tally) -> str:
    if not whole.live:
        return ""
    if not whole.late:
        return f"Aucune de leurs {sentences.counted(whole.live, 'action')} n’est en retard."
    verb = "est en retard" if whole.late == 1 else "sont en retard"
    return f"{sentences.counted(whole.late, 'action')} sur {sentences.figures(whole.live)} {verb}."


def tally_of(plan: Plan, person, today: date) -> Tally:
    return tallies.by_plan(person, [plan.pk], today)[plan.pk]


DEPLOYMENT_BAR = (
    ("deployed", "good", "déployés"), ("under_way", "m3", "en cours"), ("planned", "m2", "prévus"),
    ("suspended", "watch", "suspendus"), ("not_planned", "none", "non prévus"),
)  # fmt: skip


@dataclass(frozen=True)
class PlanLine:
    """Another plan than a roadmap, with how its actions stand."""

    plan: Plan
    tally: Tally
    deployments: Mapping[str, int] = field(default_factory=dict)

    @property
    def deployment_bar(self) -> list[tuple[str, int, str]]:
        """(tone, number, words) of the measures × sectors, what is deployed first."""
        return [(tone, self.deployments.get(state, 0), words) for state, tone, words in DEPLOYMENT_BAR]

    @property
    def deployed(self) -> int:
        return self.deployments.get("deployed", 0)

    @property
    def deployments_count(self) -> int:
        return sum(self.deployments.values())


def thematic(person, today: date) -> list[PlanLine]:
    """The thematic plans that are not archived, with how far each is deployed in the sectors."""
    plans = list(seen(person).filter(kind=Plan.Kind.THEMATIC).exclude(state="archived"))
    counted = tallies.by_plan(person, [plan.pk for plan in plans], today)
    rows = access.visible(person, "roadmaps.view_deployment", Deployment.objects.filter(placement__plan__in=plans))
    deployed: dict[int, dict[str, int]] = {plan.pk: {} for plan in plans}
    for plan_id, state, number in rows.order_by().values_list("placement__plan", "state").annotate(Count("pk")):
        deployed[plan_id][state] = number
    return [PlanLine(plan, counted[plan.pk], deployed[plan.pk]) for plan in plans]


@dataclass
class Edition:
    """A year of the participatory budget: its projects, what they cost, and the plans of each sector."""

    year: int
    plans: list[Plan]
    projects: int = 0
    complete: int = 0
    cents: int = 0


def editions(person, sector_code: str = "") -> list[Edition]:
    """The winning projects grouped by edition, the newest first: three queries. One sector's when it is named."""
    plans = seen(person).filter(kind=Plan.Kind.WINNERS)
    plans = plans.filter(sector__code=sector_code) if sector_code else plans
    made: dict[int, Edition] = {}
    for plan in plans.select_related("sector").order_by("-year", "sector__order"):
        made.setdefault(plan.year, Edition(plan.year, [])).plans.append(plan)
    if made:
        _count_editions(made, Placement.objects.filter(plan__in=plans, action__in=tallies.seen(person)))
    return list(made.values())


def _count_editions(made: dict[int, Edition], placed: QuerySet[Placement, Any]) -> None:
    done = Q(action__status=Status.COMPLETE)
    counts = placed.order_by().values("plan__year").annotate(projects=Count("pk"), complete=Count("pk", filter=done))
    for row in counts:
        made[row["plan__year"]].projects, made[row["plan__year"]].complete = row["projects"], row["complete"]
    means = MeansLine.objects.filter(action__in=placed.order_by().values("action")).order_by()
    sums = means.filter(action__placements__plan__kind=Plan.Kind.WINNERS).values("action__placements__plan__year")
    for year, cents in sums.annotate(cents=Sum("amount_cents")).values_list("action__placements__plan__year", "cents"):
        if year in made:
            made[year].cents = cents


def recent_results(person, today: date, most: int = 6) -> list[Action]:
    """The actions most recently completed, as their last milestones tell: `finished_on`."""
    finished = access.visible(person, "roadmaps.view_action", Action.objects.filter(status=Status.COMPLETE))
    dated = finished.annotate(finished_on=Max("milestones__actual_on")).filter(finished_on__lte=today)
    return list(dated.select_related("lead", "policy").order_by("-finished_on", "code")[:most])


def glance(person, today: date) -> list[PlanLine]:
    """The plans that the person steers or edits this year, with how their actions stand; her own first."""
    reach = access.reach(person, "roadmaps.edit_action")
    mine = Q() if reach.everywhere else access.predicate(person, "roadmaps.add_action")
    current = seen(person).exclude(kind=Plan.Kind.WINNERS).exclude(state__in=("evaluated", "archived"))
    plans = list(current.filter(mine).select_related("sector").order_by("kind", "-year", "sector__order", "code")[:40])
    counted = tallies.by_plan(person, [plan.pk for plan in plans], today)
    return [PlanLine(plan, counted[plan.pk]) for plan in plans]
