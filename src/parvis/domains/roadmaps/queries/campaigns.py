"""Where a campaign stands as of a day: 17 roadmaps × stages, who is late, and what stops each, by name.

Knows how to read the steps back from the journal. Refuses to compute what a stage means: `campaign` does. Blockers, missing
signatures and silent partners are those of today: as of a past day they are not told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet

from parvis.domains.roadmaps import campaign as calendar
from parvis.domains.roadmaps import signing
from parvis.domains.roadmaps.models import Campaign, CampaignStage, Plan, Reminder
from parvis.domains.roadmaps.queries import gates, signatures
from parvis.domains.roadmaps.sentences import counted, listed, sector
from parvis.domains.roadmaps.workflow import PLAN
from parvis.kernel import access
from parvis.kernel.journal.models import Entry

RANKS = {state.code: rank for rank, state in enumerate(PLAN.states)}
NEXT_MOVE = {"draft": "consult", "consultation": "arbitrate", "arbitration": "finalise", "finalised": "sign",
             "in_execution": "evaluate", "mid_year_review": "evaluate"}  # fmt: skip
BEFORE_SIGNATURE = ("draft", "consultation", "arbitration", "finalised")


@dataclass(frozen=True)
class Blocker:
    """What stops a roadmap: a family of sentences, or a gate passed with its reason."""

    title: str
    sentences: tuple[str, ...]
    passed_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """A roadmap of the campaign: its cells in the order of the stages, what stops it and what was reminded."""

    plan: Plan
    cells: tuple[calendar.Cell, ...]
    finalised_on: date | None
    blockers: tuple[Blocker, ...] = ()
    reminders: int = 0

    @property
    def is_stopped(self) -> bool:
        return any(not blocker.passed_by for blocker in self.blockers)

    @property
    def late(self) -> calendar.Cell | None:
        return next((cell for cell in self.cells if cell.tone == "bad"), None)

    @property
    def next(self) -> calendar.Cell | None:
        return next((cell for cell in self.cells if not cell.is_done), None)


def visible_campaigns(person) -> QuerySet[Campaign]:
    """All campaigns, for those who follow them; nobody else."""
    rows = Campaign.objects.order_by("-year")
    return rows if access.may_anywhere(person, "roadmaps.see_campaign") else rows.none()


def listed_campaigns(person) -> QuerySet[Campaign]:
    return visible_campaigns(person).annotate(roadmaps=Count("plans"))


def rows(campaign: Campaign, stages: Sequence[CampaignStage], as_of: date, today: date) -> list[Row]:
    """The grid: a constant number of queries whatever the number of roadmaps and of actions."""
    plans = list(campaign.plans.filter(kind="roadmap").select_related("sector").order_by("sector__order"))
    days = reached_days(plans, as_of)
    stops = {} if as_of < today else blockers(plans, today)
    sent = _reminders(plans, as_of)
    return [
        Row(
            plan,
            tuple(_cell(plan, stage, days[plan.pk], as_of, today) for stage in stages),
            days[plan.pk].get(calendar.COMPLIANCE_STATE),
            tuple(stops.get(plan.pk, ())),
            sent.get(plan.pk, 0),
        )
        for plan in plans
    ]


def reached_days(plans: Sequence[Plan], as_of: date) -> dict[int, dict[str, date]]:
    """For each plan, when each state was first reached by that day: from the journal, then from the plan's own dates."""
    by_code = {plan.code: plan.pk for plan in plans}
    steps: dict[int, list[tuple[date, str]]] = defaultdict(list)
    verbs = [f"plan.{move.code}" for move in PLAN.moves]
    lines = Entry.objects.filter(subject_kind="plan", subject_id__in=list(by_code), verb__in=verbs, day__lte=as_of)
    for code, day, codes in lines.order_by("at", "pk").values_list("subject_id", "day", "codes"):
        steps[by_code[code]].append((day, codes["to"]))
    return {plan.pk: _with_own_dates(plan, calendar.reached(steps[plan.pk]), as_of) for plan in plans}


def _with_own_dates(plan: Plan, days: dict[str, date], as_of: date) -> dict[str, date]:
    for state, day in (("finalised", plan.finalised_on), ("signed", plan.signed_on)):
        if day and day <= as_of:
            days.setdefault(state, day)
    return days


def _cell(plan: Plan, stage: CampaignStage, days: Mapping[str, date], as_of: date, today: date) -> calendar.Cell:
    """Past without a day kept: only what the plan's present state proves, hence only as of today."""
    is_past = as_of >= today and RANKS[plan.state] >= RANKS[stage.target_state]
    return calendar.cell(stage, days.get(stage.target_state), is_past, as_of)


def _reminders(plans: Sequence[Plan], as_of: date) -> dict[int, int]:
    found = Reminder.objects.filter(plan__in=[p.pk for p in plans], sent_at__date__lte=as_of)
    return dict(found.values_list("plan").annotate(Count("pk")).order_by("plan"))


def blockers(plans: Sequence[Plan], today: date) -> dict[int, list[Blocker]]:
    """For each plan, what stops its next step, by name: gates, missing signatures. Constant queries."""
    found: dict[int, list[Blocker]] = defaultdict(list)
    for move in sorted({NEXT_MOVE[p.state] for p in plans if p.state in BEFORE_SIGNATURE}):
        for plan_id, obstacles in gates.obstacles(
            [p for p in plans if NEXT_MOVE.get(p.state) == move], move, today=today
        ).items():
            found[plan_id] += [_told(obstacle) for obstacle in obstacles]
    for plan_id, parties in signatures.missing_parties(plans).items():
        if parties:
            found[plan_id].append(Blocker("Signatures", (f"Il manque la signature {missing_words(parties)}.",)))
    return found


def _told(obstacle: gates.Obstacle) -> Blocker:
    leave = obstacle.passed
    who = (str(leave.by) if leave.by else "une personne partie depuis") if leave else ""
    return Blocker(obstacle.gate.label, obstacle.sentences, who, leave.reason if leave else "")


def missing_words(parties: Iterable[str]) -> str:
    """« du maire d’arrondissement et de l’administration »."""
    return listed([signing.OF[party] for party in parties])


@dataclass(frozen=True)
class Compliance:
    """Roadmaps finalised by 31 March, out of all; `names` of those that were not, in sectors."""

    kept: int
    total: int
    day: date
    missed: tuple[str, ...]
    is_closed: bool

    @property
    def after(self) -> date:
        return self.day + timedelta(days=1)


def compliance(campaign: Campaign, found: Sequence[Row], as_of: date) -> Compliance:
    """Q1 compliance = roadmaps finalised by 31 March / roadmaps of the campaign (objective P1)."""
    day = calendar.compliance_day(campaign.year)
    kept = [row for row in found if row.finalised_on and row.finalised_on <= day]
    missed = tuple(row.plan.sector.short_name for row in found if row not in kept and row.plan.sector)
    return Compliance(len(kept), len(found), day, missed, as_of > day)


def sentence(found: Sequence[Row], q1: Compliance, as_of: date) -> str:
    """The one sentence that answers « Où en est la campagne ? »."""
    if not found:
        return "Aucune feuille de route n’est encore rattachée à cette campagne."
    late = [sector(row.plan.sector.short_name) for row in found if row.late and row.plan.sector]
    finalised = sum(row.finalised_on is not None for row in found)
    opening = f"{counted(finalised, 'feuille de route', 'feuilles de route')} sur {len(found)} {'sont finalisées' if finalised > 1 else 'est finalisée'}"
    opening += f", dont {q1.kept} avant le {gates.french_day(q1.after)}" if q1.is_closed and q1.kept < finalised else ""
    if not late:
        return f"{opening}. Aucune étape n’est en retard."
    return f"{opening}. {_late_words(late)}"


def _late_words(late: Sequence[str]) -> str:
    if len(late) > 5:
        return f"{len(late)} ont une étape en retard."
    named = listed(late)
    return f"{named[0].upper()}{named[1:]} {'a une étape' if len(late) == 1 else 'ont une étape'} en retard."


@dataclass(frozen=True)
class Deadline:
    """A stage to come, and the sectors that have not reached it."""

    stage: CampaignStage
    waiting: tuple[str, ...]


def next_deadlines(stages: Sequence[CampaignStage], found: Sequence[Row], as_of: date) -> list[Deadline]:
    return [
        Deadline(
            stage, tuple(row.plan.sector.short_name for row in found if row.plan.sector and not row.cells[n].is_done)
        )
        for n, stage in enumerate(stages)
        if stage.due_on >= as_of and any(not row.cells[n].is_done for row in found)
    ]


def reminders_sent(campaign: Campaign, as_of: date, most: int = 12) -> tuple[list[Reminder], int]:
    """The last reminders of this campaign's roadmaps, and how many in all."""
    sent = Reminder.objects.filter(plan__campaign=campaign, sent_at__date__lte=as_of).order_by("-sent_at", "-pk")
    return list(sent.select_related("plan__sector", "sent_to")[:most]), sent.count()
