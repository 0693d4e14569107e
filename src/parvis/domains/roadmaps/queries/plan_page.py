"""One plan, whole: its chapters, how far along it is, what it misses, what waits for it.

A constant number of queries whether it holds 1 action or 1,000. Refuses to decide what may be done: `workflow` says.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q

from parvis.domains.roadmaps import addresses, operationality, progress, sentences, wording
from parvis.domains.roadmaps.coverage import Hole
from parvis.domains.roadmaps.models import Commitment, Placement, Plan, PublicPolicy
from parvis.domains.roadmaps.queries import coverage, gates, tallies
from parvis.domains.roadmaps.queries.campaigns import reached_days
from parvis.domains.roadmaps.queries.todos import AHEAD, next_stage, open_milestones, stages_of, urgency
from parvis.domains.roadmaps.status import Status
from parvis.kernel import access
from parvis.kernel.faces import Todo
from parvis.kernel.workflow import Move

NAMED = 3


@dataclass
class Chapter:
    """An axis of the plan and the placements that stand in it, in their order."""

    title: str
    code: str = ""
    placements: list[Placement] = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(placement.action.status == Status.LATE for placement in self.placements)


@dataclass(frozen=True)
class Missing:
    """A criterion of operationality and how many of the plan's live actions miss it."""

    code: str
    label: str
    number: int
    url: str


def policies_in_force(today: date) -> int:
    """How many public policies the reference list asks a roadmap to cover."""
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    return PublicPolicy.objects.filter(running, valid_from__lte=today).count()


def chapters(plan: Plan, person) -> list[Chapter]:
    """The axes with the actions that the person may see; those without an axis come last. Three queries."""
    made = {axis.pk: Chapter(axis.title, axis.code) for axis in plan.axes.order_by("order", "code")}
    loose = Chapter("Hors axe" if made else "Actions")
    for placement in _placements(plan, person):
        made.get(placement.axis_id or 0, loose).placements.append(placement)
    return [chapter for chapter in (*made.values(), loose) if chapter.placements]


def _placements(plan: Plan, person) -> Iterable[Placement]:
    partners = Commitment.objects.select_related("directorate").order_by("directorate__code")
    rows = plan.placements.filter(action__in=tallies.seen(person)).order_by("order", "action__code")
    return rows.select_related("action__lead", "action__policy", "evaluation").prefetch_related(
        Prefetch("action__commitments", partners)
    )


def live_actions(found: Sequence[Chapter]) -> list:
    placed = (placement.action for chapter in found for placement in chapter.placements)
    return [action for action in placed if action.state == "live"]


def progress_of(actions: Iterable) -> progress.Progress:
    """Weighted; nothing, with the silent actions named, unless every one of them reported."""
    return progress.roll_up(progress.Part(action.title, action.weight, action.progress) for action in actions)


def progress_gap(found: progress.Progress, total: int) -> str:
    """« 12 actions sur 62 ne disent pas encore où elles en sont : « A », « B », « C » et 9 autres. »"""
    if not found.missing:
        return ""
    number, verb = len(found.missing), "ne disent pas encore où elles en sont"
    verb = "ne dit pas encore où elle en est" if number == 1 else verb
    named = sentences.shortened([f"« {wording.short(title)} »" for title in found.missing], NAMED)
    return f"{sentences.counted(number, 'action')} sur {total} {verb} : {named}."


def missing_criteria(plan: Plan, actions: Iterable) -> list[Missing]:
    """What the plan's actions miss to be operational, the most frequent first."""
    counts = Counter(code for action in actions for code in action.grade_missing)
    return [
        Missing(code, operationality.BY_CODE[code].label, number, addresses.actions(plan=plan.code, missing=code))
        for code, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if code in operationality.BY_CODE
    ]


def holes(plan: Plan, person, today: date) -> tuple[Hole, ...]:
    """The policies that a sector's roadmap leaves out, those that most peers fill first."""
    if plan.kind != Plan.Kind.ROADMAP or plan.sector is None:
        return ()
    mandate = plan.mandate.code if plan.mandate else ""
    found = coverage.matrix(person, plan.year, today=today, mandate=mandate).holes
    return tuple(hole for hole in found if hole.row.plan_code == plan.code)


def sentence_of(plan: Plan, person, today: date) -> str:
    """The sentence that opens the plan's page, for a page that shows nothing else of it."""
    partial = is_partial(plan, person)
    tally = tallies.by_plan(person, [plan.pk], today)[plan.pk]
    left_out = () if partial else holes(plan, person, today)
    policies = policies_in_force(today)
    return standfirst(plan, tally.live, tally.policies, policies, left_out, is_partial=partial)


def standfirst(plan: Plan, live: int, covered: int, policies: int, holes: Sequence[Hole], *, is_partial: bool) -> str:
    """« 62 actions, 11 politiques publiques sur 14. Le logement n’a aucune action ici ; 15 autres secteurs en ont une. »"""
    if is_partial:
        return f"{sentences.counted(live, 'action')} de votre direction dans ce plan, encore en préparation."
    opening = f"{sentences.counted(live, 'action')}, {sentences.counted(covered, 'politique publique', 'politiques publiques')}"
    if plan.kind != Plan.Kind.ROADMAP:
        return f"{opening}."
    first = holes[0] if holes else None
    named = f" {sentences.hole(first.column.code, first.column.name, first.told_peers)}" if first else ""
    others = (
        f" {sentences.counted(len(holes) - 1, 'autre politique manque', 'autres politiques manquent')}."
        if len(holes) > 1
        else ""
    )
    return f"{opening} sur {policies}.{named}{others}"


def waiting(plan: Plan, person, today: date) -> list[Todo]:
    """What this plan waits for, for those who follow campaigns, of the actions that she sees; the public is told nothing."""
    if not access.may_anywhere(person, "roadmaps.see_campaign"):
        return []
    found = [*_stage(plan, today), *_silence(plan, person, today), *_milestones(plan, person, today)]
    return sorted(found, key=lambda todo: todo.due_on)


def _stage(plan: Plan, today: date) -> list[Todo]:
    stages = stages_of({plan.campaign_id}).get(plan.campaign_id, []) if plan.campaign_id else []
    stage = next_stage(plan, stages, reached_days([plan], today)[plan.pk])
    if stage is None:
        return []
    return [Todo(f"Étape « {stage.label} ».", "", due_on=stage.due_on, urgency=urgency(stage.due_on, today))]


def _silence(plan: Plan, person, today: date) -> list[Todo]:
    rows = Commitment.objects.filter(
        action__placements__plan=plan, action__state="live", state="asked", action__in=tallies.seen(person)
    )
    found = list(rows.select_related("action", "directorate").order_by("answer_due_on", "pk"))
    named = [
        Todo(
            f"{wording.directorate(row.directorate.code)} n’a pas répondu pour « {row.action.title} ».",
            addresses.action(row.action.code), due_on=row.answer_due_on, urgency=urgency(row.answer_due_on, today),
        )
        for row in found[:NAMED]
    ]  # fmt: skip
    if len(found) <= NAMED:
        return named
    rest = found[NAMED]
    words = sentences.counted(len(found) - NAMED, "autre réponse attendue", "autres réponses attendues")
    url = addresses.page("multi_directorate", plan=plan.code, awaited="oui")
    return [
        *named,
        Todo(f"{words} de directions.", url, due_on=rest.answer_due_on, urgency=urgency(rest.answer_due_on, today)),
    ]


def _milestones(plan: Plan, person, today: date) -> list[Todo]:
    """Past ones counted, the next ones to come named."""
    rows = open_milestones().filter(
        action__placements__plan=plan, action__in=tallies.seen(person), day__lte=today + AHEAD
    )
    found = sorted(set(rows.select_related("action")), key=lambda row: (row.day, row.pk))
    past = [row for row in found if row.day < today]
    ahead = [
        Todo(f"Jalon « {row.title} » de « {row.action.title} ».", addresses.action(row.action.code), due_on=row.day,
             urgency=urgency(row.day, today))
        for row in found[len(past) :][:NAMED]
    ]  # fmt: skip
    if not past:
        return ahead
    words = f"{sentences.counted(len(past), 'jalon dépassé', 'jalons dépassés')}."
    return [Todo(words, addresses.actions(plan=plan.code, status="late"), due_on=past[0].day, urgency="late"), *ahead]


@dataclass(frozen=True)
class Step:
    """A move that the person may take, with the gates that still stop it; those that she passed stop no more."""

    move: Move
    obstacles: tuple[gates.Obstacle, ...]

    @property
    def sentences_count(self) -> int:
        return sum(len(obstacle.sentences) for obstacle in self.obstacles)


def steps(plan: Plan, moves: Iterable[Move], today: date) -> list[Step]:
    """Signing is not here: it has its own page, where what is signed is read."""
    return [Step(move, _stopping(plan, move.code, today)) for move in moves if move.code != "sign"]


def _stopping(plan: Plan, move: str, today: date) -> tuple[gates.Obstacle, ...]:
    found = gates.obstacles([plan], move, today=today)[plan.pk]
    return tuple(obstacle for obstacle in found if not obstacle.passed)


def is_partial(plan: Plan, person) -> bool:
    """Some of the plan's actions are not hers to see: no figure of the whole may be drawn from the rest."""
    return plan.placements.exclude(action__in=tallies.seen(person)).exists()
