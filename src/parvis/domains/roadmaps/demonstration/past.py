"""What has already happened in the invented city: answers, reviews, evaluations, carried-over actions, moves, signatures."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from parvis.domains.roadmaps.actions.versions import freeze
from parvis.domains.roadmaps.demonstration.measures import Scale
from parvis.domains.roadmaps.demonstration.plans import Opened, moment
from parvis.domains.roadmaps.demonstration.roadmaps import Drawn
from parvis.domains.roadmaps.models import (
    ActionRevision,
    Answer,
    Axis,
    Comment,
    Commitment,
    Evaluation,
    MilestoneReport,
    Placement,
    Plan,
    Review,
    Signature,
)
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Person

ANSWERS = {
    "accepted": "",
    "amended": "Possible, mais pas avant le second semestre : l’équipe est sur un autre chantier.",
    "declined": "Hors de notre compétence ; voir avec le gestionnaire du site.",
}
SENTENCES = {
    "delivered": "Livrée et utilisée ; les indicateurs le confirment.",
    "partly": "La première partie est livrée, la seconde attend le marché.",
    "dropped": "Abandonnée d’un commun accord.",
    "carried_over": "Commencée, elle se poursuit l’an prochain.",
}
COMMENTS = (
    "Réunion sur place tenue avec la mairie et les riverains.", "Le marché est notifié, le démarrage peut être annoncé.",
    "Point à faire sur le calendrier avant la revue.", "Les associations demandent une date d’ouverture ferme.",
)  # fmt: skip
CONFIDENCES = (("sunny", ""), ("fair", "Le calendrier est tendu mais tenable."), ("cloudy", "Une direction ne suit pas."),
               ("stormy", "Sans arbitrage, l’action ne sortira pas cette année."))  # fmt: skip


def write(campaigns: dict[int, Opened], drawn: list[Drawn], scale: Scale, today: date) -> None:
    chance = random.Random(11)  # noqa: S311 - an invented city, not a secret
    _evaluate(campaigns, drawn, scale, today)
    _answer()
    _meet(drawn, today, chance)
    _journal(campaigns, drawn, today)


def sign(campaigns: dict[int, Opened]) -> None:
    """Freeze version 1 of every signed plan, then its three signatures over that very content."""
    people = {p.email.split("@")[0]: p for p in Person.objects.all()}
    for plan in (p for opened in campaigns.values() for p in opened.plans if p.signed_on):
        at = moment(plan.signed_on, 11)
        version = freeze(plan, by=people["directrice"], at=at)
        signers = (
            ("administration", people[f"secteur{plan.sector.code}"]),
            ("district_mayor", people[f"mairie{plan.sector.code}"]),
            ("city_executive", people["directrice"]),
        )
        Signature.objects.bulk_create(
            Signature(
                plan=plan, version=version.number, party=party, signer=signer,
                signed_at=at - timedelta(hours=9 - 3 * n), content_sha256=version.sha256,
                document_reference=f"Acte {plan.year}-{plan.sector.code}" if party == "city_executive" else "",
            )
            for n, (party, signer) in enumerate(signers)
        )  # fmt: skip


def _evaluate(campaigns: dict[int, Opened], drawn: list[Drawn], scale: Scale, today: date) -> None:
    """Last year's outcomes; the first `carried` unfinished actions stand again in this year's plan, without a copy."""
    last, this = campaigns[today.year - 1], campaigns[today.year]
    placements = {p.action_id: p for p in Placement.objects.filter(plan__in=last.plans)}
    next_plan = {p.sector_id: p for p in this.plans}
    axes = {(a.plan_id, a.code): a for a in Axis.objects.filter(plan__in=this.plans)}
    axis_code = dict(Axis.objects.filter(plan__in=last.plans).values_list("pk", "code"))
    outcomes, again, counts = [], [], defaultdict(int)
    for d in sorted((d for d in drawn if d.plan.campaign_id == last.campaign.pk), key=lambda d: d.luck):
        placement, outcome = placements[d.action.pk], _outcome(d, counts, scale)
        outcomes.append(
            Evaluation(
                placement=placement, outcome=outcome, sentence=SENTENCES[outcome],
                evaluated_on=date(today.year - 1, 12, 12),
            )
        )  # fmt: skip
        if outcome == "carried_over":
            plan = next_plan[d.plan.sector_id]
            axis = axes[plan.pk, axis_code[placement.axis_id]]
            again.append(Placement(plan=plan, action=d.action, axis=axis, order=0, carried_from=placement))
    Evaluation.objects.bulk_create(outcomes, batch_size=1000)
    Placement.objects.bulk_create(again, batch_size=1000)


def _outcome(drawn: Drawn, counts: dict, scale: Scale) -> str:
    if drawn.action.state == "dropped":
        return "dropped"
    if counts[drawn.plan.pk] < scale.carried:
        counts[drawn.plan.pk] += 1
        return "carried_over"
    return "partly" if drawn.luck < 0.62 else "delivered"


def _answer() -> None:
    heads = {p.directorate_id: p for p in Person.objects.filter(assignments__role="directorate-head")}
    answered = Commitment.objects.exclude(state="asked").only("state", "answered_on", "directorate_id")
    Answer.objects.bulk_create(
        (
            Answer(
                commitment=c, state=c.state, at=moment(c.answered_on, 14), by=heads.get(c.directorate_id),
                reason=ANSWERS[c.state],
            )
            for c in answered
        ),
        batch_size=1000,
    )  # fmt: skip


def _meet(drawn: list[Drawn], today: date, chance: random.Random) -> None:
    followed = set(Placement.objects.filter(plan__year=today.year).values_list("action_id", flat=True))
    live = [d for d in drawn if d.action.pk in followed]
    _review(drawn, live, today, chance)
    _speak(live, today, chance)
    _judge(live, today, chance)


def _review(drawn: list[Drawn], live: list[Drawn], today: date, chance: random.Random) -> None:
    last = {
        d.action.pk: today - timedelta(days=chance.choice((9, 17, 26, 34, 41, 52, 58, 73, 96)))
        for d in live
        if d.action.review_every_days
    }
    Review.objects.bulk_create(
        (
            Review(
                action=d.action, held_on=day, by=d.action.project_lead,
                decisions="Calendrier confirmé ; chaque direction envoie son point avant la prochaine revue.",
            )
            for d in drawn
            if d.action.review_every_days and d.plan.year <= today.year
            for day in _review_days(d, last.get(d.action.pk, _last_of_year(d)), today)
        ),
        batch_size=2000,
    )  # fmt: skip


def _speak(live: list[Drawn], today: date, chance: random.Random) -> None:
    spoken = [d for d in live if chance.random() < 0.25 and d.action.owner]
    Comment.objects.bulk_create(
        Comment(
            action=d.action, author=d.action.owner, text=chance.choice(COMMENTS),
            at=moment(today - timedelta(days=chance.randrange(1, 90)), 17),
        )
        for d in spoken
    )  # fmt: skip


def _judge(live: list[Drawn], today: date, chance: random.Random) -> None:
    for d in live:
        rank = min(3, int((1 - d.luck) * 5) + (chance.random() < 0.1))
        d.action.confidence, d.action.confidence_note = CONFIDENCES[rank]
        d.action.confidence_at = moment(today - timedelta(days=chance.randrange(2, 60)), 9)
    fields = ["confidence", "confidence_note", "confidence_at"]
    type(live[0].action).objects.bulk_update((d.action for d in live), fields, batch_size=500)


UNSEEN = "DJS"  # the directorate that holds no more project reviews since the summer


def _last_of_year(drawn: Drawn) -> date:
    """The last review of an action whose year is over: some day of the autumn."""
    return date(drawn.plan.year, 12, 18) - timedelta(days=random.Random(f"revue {drawn.action.code}").randrange(75))  # noqa: S311


def _review_days(drawn: Drawn, last: date, today: date) -> list[date]:
    """The days of an action's reviews up to the last one: every two months or so, some of them skipped."""
    own = random.Random(drawn.action.code)  # noqa: S311
    days: list[date] = []
    end = date(today.year, 7, 1) if drawn.action.lead.code == UNSEEN and last >= date(today.year, 7, 1) else last
    day = drawn.action.starts_on + timedelta(days=own.randrange(20, 75))
    while day < end - timedelta(days=20):
        days.append(day)
        day += timedelta(days=own.choice((50, 56, 61, 68, 75, 110)))
    return [*days, end] if end == last else days


def _journal(campaigns: dict[int, Opened], drawn: list[Drawn], today: date) -> None:
    """The lines that the real actions would have left, in the order of time."""
    lines = [
        entries.draft(
            "action.create",
            d.action.reference(),
            by=d.action.owner,
            at=d.action.created_at,
            codes={"plan": d.plan.code},
        )
        for d in drawn
    ]
    lines += [line for opened in campaigns.values() for plan in opened.plans for line in _moves(plan)]
    lines += [*_reported(), *_answered(), *_given_up(drawn, today), *_mapped(drawn, today)]
    entries.append(sorted((line for line in lines if line.day <= today), key=lambda line: line.at))
    ActionRevision.objects.bulk_create((r for d in drawn for r in _revisions(d, today)), batch_size=1000)
    moved = [d.action for d in drawn if d.action.revision > 1]
    type(drawn[0].action).objects.bulk_update(moved, ["revision"], batch_size=500)


def _revisions(drawn: Drawn, today: date) -> Iterator[ActionRevision]:
    """As it was first written, then as it stood once it was found on the map."""
    action, found_on = drawn.action, mapped_on(drawn, today)
    first = _content(drawn) | ({"precision": action.Precision.ARRONDISSEMENT} if found_on else {})
    yield ActionRevision(action=action, number=1, at=action.created_at, by=action.owner, content=first)
    if found_on:
        action.revision = 2
        yield ActionRevision(action=action, number=2, at=moment(found_on, 15), by=action.owner, content=_content(drawn))


WORKSHOP = "20"  # the sector whose actions were put on the map together, in September


def mapped_on(drawn: Drawn, today: date) -> date | None:
    """The day an action was put on the map, when that came after it was written: one in six, more in one sector."""
    own, plan = random.Random(f"carte {drawn.action.code}"), drawn.plan  # noqa: S311
    is_there = plan.sector.code == WORKSHOP and plan.year == today.year
    if drawn.action.precision != "point" or plan.year > today.year or own.random() > (0.4 if is_there else 0.16):
        return None
    day = date(plan.year, 9, 16) if is_there else date(plan.year, 1, 20) + timedelta(days=own.randrange(0, 300))
    return day if day < today else None


def _mapped(drawn: list[Drawn], today: date) -> list:
    return [
        entries.draft(
            "action.edit", d.action.reference(), by=d.action.owner, at=moment(day, 15),
            codes={"fields": ["precision"], "revision": 2},
        )
        for d in drawn
        if (day := mapped_on(d, today))
    ]  # fmt: skip


def _given_up(drawn: list[Drawn], today: date) -> list:
    """A line for each action abandoned, some months after its start."""
    lines = []
    for d in (d for d in drawn if d.action.state == "dropped"):
        own = random.Random(f"abandon {d.action.code}")  # noqa: S311
        day = min(d.action.starts_on + timedelta(days=own.randrange(40, 270)), today - timedelta(days=6))
        codes = {"from": "live", "to": "dropped"}
        lines.append(
            entries.draft("action.drop", d.action.reference(), by=d.action.owner, at=moment(day, 16), codes=codes)
        )
    return lines


def _reported() -> list:
    """A line for each milestone said to be reached."""
    return [
        entries.draft(
            "milestone.report", report.milestone.action.reference(), by=report.by, at=report.reported_at,
            codes={"milestone": report.milestone_id, "is_done": True, "actual": report.actual_on.isoformat()},
        )
        for report in MilestoneReport.objects.select_related("milestone__action", "by")
    ]  # fmt: skip


MOVE_TO = {"accepted": "accept", "amended": "amend", "declined": "decline"}


def _answered() -> list:
    """A line for each answer of a partner directorate."""
    return [
        entries.draft(
            f"commitment.{MOVE_TO[answer.state]}", answer.commitment.reference(), by=answer.by, at=answer.at,
            codes={"from": "asked", "to": answer.state},
        )
        for answer in Answer.objects.select_related("commitment", "by")
    ]  # fmt: skip


def _content(drawn: Drawn) -> dict:
    action = drawn.action
    return {
        "title": action.title, "state": action.state, "deliverable": action.deliverable,
        "precision": action.precision, "starts_on": action.starts_on.isoformat(), "due_on": action.due_on.isoformat() if action.due_on else None,
    }  # fmt: skip


def _moves(plan: Plan) -> list:
    """One line for each move that brought the plan where it stands."""
    steps = _path(plan)
    return [
        entries.draft(f"plan.{code}", plan.reference(), by=None, at=moment(day), codes={"from": before, "to": target})
        for (_, before, _), (code, target, day) in zip([("", "draft", None), *steps], steps, strict=False)
    ]


def _path(plan: Plan) -> list[tuple[str, str, date]]:
    """(move, state reached, day), up to the plan's state; a roadmap in execution held its mid-year review in June."""
    start = (plan.signed_on or date(plan.year, 3, 31)) + timedelta(days=6)
    review = (
        date(plan.year, 6, 12) + timedelta(days=plan.sector.order)
        if plan.state != "mid_year_review"
        else date(plan.year, 9, 21)
    )
    steps = [
        ("consult", "consultation", date(plan.year - 1, 11, 16)), ("arbitrate", "arbitration", date(plan.year, 1, 20)),
        ("finalise", "finalised", plan.finalised_on), ("sign", "signed", plan.signed_on), ("start", "in_execution", start),
        ("review", "mid_year_review", review), ("resume", "in_execution", review + timedelta(days=16)),
        ("evaluate", "evaluated", date(plan.year, 12, 14)),
    ]  # fmt: skip
    reached = [n for n, (_, state, _) in enumerate(steps, start=1) if state == plan.state]
    return steps[: reached[-1]] if reached else []
