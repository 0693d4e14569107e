"""Who must be reminded of what on a day, by the ladder: owner, head, director. Asks and sends nothing.

A constant number of queries. A rung is reached when its working day comes; each (thing, rung, person) has one key for ever.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from parvis.domains.roadmaps import addresses, campaign
from parvis.domains.roadmaps.models import CampaignStage, Commitment, Plan, Reminder
from parvis.domains.roadmaps.queries.campaigns import RANKS, reached_days
from parvis.domains.roadmaps.sentences import of_sector
from parvis.domains.roadmaps.wording import directorate, on_day, short
from parvis.kernel.organisation.models import Assignment, Person

OVER = ("evaluated", "archived")


@dataclass(frozen=True)
class DueReminder:
    """One mail to one person: `key` is unique for ever, `path` leads to the very item."""

    key: str
    sentence: str
    path: str
    rung: int
    rung_label: str
    due_on: date
    person: Person
    plan_id: int | None


def due_reminders(today: date) -> list[DueReminder]:
    """What is to be sent on that day and was not yet."""
    directory = _directory(today)
    due = [*_stages(today, directory), *_commitments(today, directory)]
    sent = set(Reminder.objects.filter(key__in=[r.key for r in due]).values_list("key", flat=True))
    return [reminder for reminder in due if reminder.key not in sent]


Directory = dict[tuple[str, str, str], list[Person]]


def _directory(today: date) -> Directory:
    """Active people by (role, scope kind, scope)."""
    found: Directory = defaultdict(list)
    roles = {rung.role for rung in campaign.LADDER}
    live = Assignment.objects.live_on(today).filter(role__in=roles, person__is_active=True).select_related("person")
    for assignment in live.order_by("person_id"):
        found[assignment.role, assignment.scope_kind, assignment.scope_id].append(assignment.person)
    return found


def _stages(today: date, directory: Directory) -> Iterator[DueReminder]:
    """The first stage that each roadmap has not reached."""
    plans = list(
        Plan.objects.filter(kind="roadmap", campaign__isnull=False)
        .exclude(state__in=OVER)
        .select_related("sector", "campaign")
        .prefetch_related("campaign__stages")
    )
    days = reached_days(plans, today)
    for plan in plans:
        stage, place = _next_stage(plan, days[plan.pk]), plan.sector
        if stage is None or place is None:
            continue
        sentence = (
            f"Feuille de route {of_sector(place.short_name)} {plan.year} : l’étape « {stage.label} » "
            f"{_term(stage.due_on, today)}."
        )
        for rung in campaign.rungs_due("stage", stage.due_on, today):
            for person in directory[rung.role, rung.scope, place.code if rung.scope == "sector" else ""]:
                key = f"stage:{plan.code}:{stage.code}:{stage.due_on}:{rung.rung}:{person.pk}"
                path = addresses.plan(plan.code)
                yield DueReminder(key, sentence, path, rung.rung, rung.label, stage.due_on, person, plan.pk)


def _next_stage(plan: Plan, days: dict[str, date]) -> CampaignStage | None:
    stages = plan.campaign.stages.all() if plan.campaign else ()
    return next((s for s in stages if s.target_state not in days and RANKS[plan.state] < RANKS[s.target_state]), None)


def _commitments(today: date, directory: Directory) -> Iterator[DueReminder]:
    """Parts asked and not answered, of live actions in plans that are not over."""
    rows = (
        Commitment.objects.filter(state="asked", action__state="live")
        .select_related("action", "directorate")
        .prefetch_related("action__placements__plan")
    )
    for row in rows.order_by("pk"):
        plans = [p.plan for p in row.action.placements.all() if p.plan.state not in OVER]
        for rung in campaign.rungs_due("commitment", row.answer_due_on, today) if plans else ():
            sentence = (
                f"{directorate(row.directorate.code)} est sollicitée pour « {short(row.action.title)} » : "
                f"sa réponse {_term(row.answer_due_on, today)}."
            )
            for person in directory[rung.role, rung.scope, row.directorate.code if rung.scope == "directorate" else ""]:
                key = f"commitment:{row.pk}:{row.asked_on}:{row.answer_due_on}:{rung.rung}:{person.pk}"
                path = f"{addresses.page('commitments')}#part-{row.pk}"
                yield DueReminder(key, sentence, path, rung.rung, rung.label, row.answer_due_on, person, plans[0].pk)


def _term(due_on: date, today: date) -> str:
    return f"{'était attendue' if due_on < today else 'est attendue'} {on_day(due_on, today)}"
