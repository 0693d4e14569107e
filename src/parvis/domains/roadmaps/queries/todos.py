"""What waits for a person in the roadmaps, in sentences: one of each kind, or a few, never a flood.

Each source is one or two queries whatever the number of things; beyond `MOST` it says how many others and leads to the
list. What is asked follows the right to act on it: no one is told of what she cannot do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from parvis.domains.roadmaps import addresses, sentences, wording
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    CampaignStage,
    Commitment,
    Milestone,
    Placement,
    Plan,
)
from parvis.domains.roadmaps.operationality import CRITERIA
from parvis.domains.roadmaps.queries import signatures
from parvis.domains.roadmaps.queries.campaigns import RANKS, reached_days
from parvis.domains.roadmaps.status import Status
from parvis.domains.roadmaps.thresholds import threshold
from parvis.kernel import access
from parvis.kernel.faces import Todo

MOST = 4
AHEAD = timedelta(days=14)
FOLLOWED_STATES = ("signed", "in_execution", "mid_year_review")
KINDS = {
    "answer": "réponses attendues de ma direction", "silence": "directions qui ne répondent pas",
    "signature": "signatures attendues de moi", "stage": "étapes de la campagne",
    "gaps": "actions à compléter avant signature", "milestone": "jalons de mes actions",
    "milestones": "jalons dépassés dans mon périmètre", "values": "valeurs d’indicateurs attendues",
    "review": "revues de projet à tenir",
}  # fmt: skip


def todos(person, today: date) -> Iterator[Todo]:
    """Everything of the roadmaps that waits for this person on that day."""
    for source in SOURCES:
        yield from source(person, today)


def answers_awaited(person, today: date) -> Iterator[Todo]:
    """Parts asked of the person's own directorate, which it has not answered."""
    asked = access.visible(person, "roadmaps.answer_commitment", Commitment.objects.filter(state="asked"))
    mine = asked.filter(_of_my_directorates(person), action__state="live").select_related("action", "directorate")

    def one(row: Commitment) -> Todo:
        return Todo(
            f"{wording.directorate(row.directorate.code)} doit répondre pour « {row.action.title} »", addresses.action(row.action.code),
            due_on=row.answer_due_on, since_on=row.asked_on, urgency=urgency(row.answer_due_on, today),
            key=f"answer:{row.pk}:{row.asked_on}", kind="answer",
        )  # fmt: skip

    yield from _few(list(mine.order_by("answer_due_on", "pk")), one, lambda rest: _many(
        f"{sentences.counted(len(rest), 'autre réponse attendue', 'autres réponses attendues')} de votre direction",
        addresses.page("multi_directorate", awaited="oui"), rest[0].answer_due_on, today, "answer", len(rest),
    ))  # fmt: skip


def silent_partners(person, today: date) -> Iterator[Todo]:
    """Directorates asked by those who steer, whose answer is past due: one sentence."""
    asked = Commitment.objects.filter(state="asked", action__state="live", answer_due_on__lt=today)
    late = access.visible(person, "roadmaps.ask_commitment", asked)
    rows = list(late.values_list("directorate__code", "answer_due_on"))
    if not rows:
        return
    counts = sorted(_tally(code for code, _ in rows).items(), key=lambda pair: (-pair[1], pair[0]))
    named = sentences.shortened([f"{code} {number}" if number > 1 else code for code, number in counts])
    yield _many(
        f"{sentences.counted(len(rows), 'part demandée reste', 'parts demandées restent')} sans réponse après l’échéance : {named}",
        addresses.page("multi_directorate", awaited="oui"), min(day for _, day in rows), today, "silence", len(rows),
    )  # fmt: skip


def signatures_awaited(person, today: date) -> Iterator[Todo]:
    """Finalised plans that miss the signature of a party for which the person holds the pen."""
    plans = access.visible(person, "roadmaps.sign_plan", Plan.objects.filter(state="finalised"))
    rows = list(plans.select_related("sector").order_by("finalised_on", "code"))
    missing = signatures.missing_parties(rows)
    mine = [plan for plan in rows if any(signatures.pen_of(person, party, plan) for party in missing[plan.pk])]

    def one(plan: Plan) -> Todo:
        return Todo(
            f"Signer « {plan.title} »", addresses.plan(plan.code), since_on=plan.finalised_on, urgency="watch",
            key=f"sign:{plan.code}:{plan.version + 1}", kind="signature",
        )  # fmt: skip

    yield from _few(mine, one, lambda rest: _many(
        f"{sentences.counted(len(rest), 'autre plan attend', 'autres plans attendent')} votre signature",
        addresses.page("overview"), today, today, "signature", len(rest),
    ))  # fmt: skip


def stages_due(person, today: date) -> Iterator[Todo]:
    """The next stage of the campaign that the person's plans have not reached: one sentence a stage."""
    steered = access.visible(person, "roadmaps.steer_plan", Plan.objects.filter(campaign__isnull=False))
    plans = list(
        steered.exclude(state__in=("evaluated", "archived")).select_related("sector").order_by("sector__order")
    )
    stages, reached = stages_of({p.campaign_id for p in plans if p.campaign_id}), reached_days(plans, today)
    behind: dict[CampaignStage, list[Plan]] = defaultdict(list)
    for plan in plans:
        stage = next_stage(plan, stages.get(plan.campaign_id or 0, ()), reached[plan.pk])
        if stage and stage.due_on <= today + AHEAD:
            behind[stage].append(plan)
    for stage, waiting in behind.items():
        yield _stage_todo(stage, waiting, today)


def _stage_todo(stage: CampaignStage, waiting: Sequence[Plan], today: date) -> Todo:
    names = [sentences.sector(plan.sector.short_name) if plan.sector else plan.title for plan in waiting]
    return Todo(
        f"Étape « {stage.label} » à atteindre : {sentences.shortened(names)}",
        addresses.plan(waiting[0].code) if len(waiting) == 1 else addresses.page("overview"),
        due_on=stage.due_on, urgency=urgency(stage.due_on, today), key=f"stage:{stage.pk}:{len(waiting)}", kind="stage",
    )  # fmt: skip


def next_stage(plan: Plan, stages: Iterable[CampaignStage], reached: Mapping[str, date]) -> CampaignStage | None:
    """The first stage of the campaign that the plan has not gone through; `reached` are the states it once reached."""
    here = RANKS[plan.state]
    ahead = (s for s in stages if s.target_state not in reached and RANKS.get(s.target_state, 0) > here)
    return next(ahead, None)


def stages_of(campaigns: set[int]) -> dict[int, list[CampaignStage]]:
    by_campaign: dict[int, list[CampaignStage]] = defaultdict(list)
    for stage in CampaignStage.objects.filter(campaign__in=campaigns).order_by("campaign", "order"):
        by_campaign[stage.campaign_id].append(stage)
    return by_campaign


def gaps_before_signature(person, today: date) -> Iterator[Todo]:
    """Plans on their way to signature whose actions miss criteria of operationality."""
    ready = Plan.objects.filter(state__in=("arbitration", "finalised"))
    live = Q(placements__action__state="live")
    least = len(CRITERIA) - int(threshold("criteria-missing-at-most", today))
    short = live & (Q(placements__action__grade__lt=least) | Q(placements__action__grade__isnull=True))
    steered = access.visible(person, "roadmaps.steer_plan", ready).annotate(
        live=Count("placements", filter=live, distinct=True), gaps=Count("placements", filter=short, distinct=True)
    )

    def one(plan) -> Todo:
        verb = "n’est pas encore opérationnelle" if plan.gaps == 1 else "ne sont pas encore opérationnelles"
        return Todo(
            f"« {plan.title} » : {sentences.counted(plan.gaps, 'action')} sur {plan.live} {verb}",
            addresses.actions(plan=plan.code, operational="non"), urgency="watch",
            key=f"gaps:{plan.code}:{plan.gaps}", kind="gaps",
        )  # fmt: skip

    yield from _few(list(steered.filter(gaps__gt=0).order_by("-gaps", "code")), one, lambda rest: _many(
        f"{sentences.counted(len(rest), 'autre plan porte', 'autres plans portent')} des actions à compléter avant signature",
        addresses.page("overview"), today, today, "gaps", len(rest),
    ))  # fmt: skip


def my_milestones(person, today: date) -> Iterator[Todo]:
    """Milestones of the actions that the person owns or leads, past or within two weeks: each named."""
    mine = Q(action__owner=person) | Q(action__project_lead=person)
    rows = open_milestones().filter(mine, day__lte=today + AHEAD).select_related("action").order_by("day", "pk")

    def one(row) -> Todo:
        return Todo(
            f"Jalon « {row.title} » de « {row.action.title} »", addresses.action(row.action.code), due_on=row.day,
            urgency=urgency(row.day, today), key=f"milestone:{row.pk}:{row.day}", kind="milestone",
        )  # fmt: skip

    yield from _few(list(rows), one, lambda rest: _many(
        f"{sentences.counted(len(rest), 'autre jalon', 'autres jalons')} sur vos actions",
        addresses.actions(owner="moi"), rest[0].day, today, "milestone", len(rest),
    ))  # fmt: skip


def open_milestones() -> QuerySet[Any]:
    """Milestones not done of live actions in plans under way; `day` is the last word on when.

    Winning projects are left out: their month-wide steps are read on their own pages, by the hundred.
    """
    rows = Milestone.objects.filter(is_done=False, action__state="live", action__pk__among=_followed())
    return rows.annotate(day=Coalesce("forecast_on", "planned_on")).filter(day__isnull=False)


def overdue_milestones(person, today: date) -> Iterator[Todo]:
    """Milestones past due in the person's sectors or directorates: « 12 jalons dépassés dans le 19e »."""
    mine = Q(action__pk__among=Action.objects.filter(_mine_to_edit(person)).values("pk"))
    rows = (
        open_milestones().filter(mine, day__lt=today).exclude(Q(action__owner=person) | Q(action__project_lead=person))
    )
    found = list(rows.values_list("action__sector_code", "day"))
    yield from _counted(found, ("jalon dépassé", "jalons dépassés"), "milestones", today)


def values_expected(person, today: date) -> Iterator[Todo]:
    """Indicators whose next measure is past due: last measure (or baseline, or start) plus the rhythm."""
    mine = Q(action__pk__among=Action.objects.filter(_mine_to_edit(person)).values("pk"))
    running = Q(action__pk__among=Action.objects.filter(_under_way()).values("pk"))
    rows = ActionIndicator.objects.filter(mine, running, every_days__isnull=False, action__pk__among=_followed())
    last = Coalesce(Max("values__measured_on"), "baseline_on", "action__starts_on")
    found = rows.annotate(last=last).values_list("action__sector_code", "last", "every_days")
    due = [(sector, day + timedelta(days=rhythm)) for sector, day, rhythm in found if day and rhythm]
    late = [(sector, day) for sector, day in due if day < today]
    yield from _counted(late, ("valeur d’indicateur attendue", "valeurs d’indicateurs attendues"), "values", today)


def reviews_due(person, today: date) -> Iterator[Todo]:
    """Projects of several directorates whose rhythm of review is not kept."""
    mine = Q(project_lead=person) | Q(pk__among=Action.objects.filter(_mine_to_edit(person)).values("pk"))
    rows = Action.objects.filter(mine, _under_way(), review_every_days__isnull=False, pk__among=_followed())
    last = Coalesce(Max("reviews__held_on"), "starts_on")
    found = rows.annotate(last=last).values_list("code", "title", "last", "review_every_days")
    late = sorted((day + timedelta(days=n), code, title, n) for code, title, day, n in found if day and n)
    late = [row for row in late if row[0] < today]
    if len(late) == 1:
        day, code, title, rhythm = late[0]
        yield Todo(
            f"Tenir la revue de « {title} », prévue tous les {rhythm} jours", addresses.action(code), due_on=day,
            urgency="late", key=f"review:{code}:{day}", kind="review",
        )  # fmt: skip
    elif late:
        yield _many(
            f"{len(late)} projets multi-directions sans revue à la date prévue",
            addresses.page("multi_directorate", review="retard"), late[0][0], today, "review", len(late),
        )  # fmt: skip


SOURCES: tuple[Callable[..., Iterator[Todo]], ...] = (
    answers_awaited, silent_partners, signatures_awaited, stages_due, gaps_before_signature, my_milestones,
    overdue_milestones, values_expected, reviews_due,
)  # fmt: skip


def urgency(due_on: date, today: date) -> str:
    if due_on < today:
        return "late"
    return "watch" if due_on <= today + timedelta(days=7) else "normal"


def _under_way() -> Q:
    """Of an action that is not over."""
    return Q(state="live") & ~Q(status=Status.COMPLETE)


def _followed():
    placed = Placement.objects.filter(plan__state__in=FOLLOWED_STATES).exclude(plan__kind=Plan.Kind.WINNERS)
    return placed.values("action")


def _mine_to_edit(person) -> Q:
    return access.predicate(person, "roadmaps.edit_action")


def _of_my_directorates(person) -> Q:
    """Whoever answers for the whole house answers for her own directorate alone."""
    reach = access.reach(person, "roadmaps.answer_commitment")
    return Q(directorate=person.directorate_id) if reach.everywhere else Q(directorate__code__in=reach.directorates)


def _few(rows: list, one: Callable[[Any], Todo], others: Callable[[list], Todo]) -> Iterator[Todo]:
    """The first rows each in its sentence; those beyond `MOST` in one (a single one beyond is simply shown)."""
    shown = len(rows) if len(rows) <= MOST + 1 else MOST
    yield from map(one, rows[:shown])
    if rows[shown:]:
        yield others(rows[shown:])


def _many(sentence: str, url: str, first: date, today: date, kind: str, number: int) -> Todo:
    """One sentence for many things, due when the first of them is; said again only when their number changes."""
    return Todo(sentence, url, due_on=first, urgency=urgency(first, today), key=f"{kind}:{number}", kind=kind)


def _counted(found: list[tuple[str, date]], words: tuple[str, str], kind: str, today: date) -> Iterator[Todo]:
    """How many, and where: one sector is named, several are counted."""
    if found:
        places = {sector for sector, _ in found if sector}
        where = f" {_where(places)}" if places else ""
        address = addresses.actions(sector=next(iter(places))) if len(places) == 1 else addresses.actions(status="late")
        number, first = len(found), min(day for _, day in found)
        yield _many(f"{sentences.counted(number, *words)}{where}", address, first, today, kind, number)


def _where(places: set[str]) -> str:
    if len(places) > 1:
        return f"dans {len(places)} secteurs"
    code = next(iter(places))
    return sentences.in_sector("Centre" if code == "centre" else f"{code}e")


def _tally(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for word in words:
        counts[word] += 1
    return counts
