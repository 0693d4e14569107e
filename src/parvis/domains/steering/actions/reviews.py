"""Prepare, freeze, hold and close a review; decide, and follow what was decided."""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from parvis.domains.steering.models import AgendaItem, Decision, Review, ReviewComment, ReviewFreeze
from parvis.domains.steering.queries import figures, review_lines
from parvis.domains.steering.queries import reviews as queries
from parvis.kernel import Refusal, access
from parvis.kernel.calendar import paris_day
from parvis.kernel.indicators.cells import period_of
from parvis.kernel.journal import entries
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.organisation.models import Directorate, Person
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow.moves import move

RHYTHMS = {"monthly": "month", "quarterly": "quarter", "yearly": "year"}
STANDING_AGENDA = ("Décisions de la revue précédente", "Chiffres de la période", "Alertes et points durs", "Décisions")
OPEN_STATES = ("prepared", "frozen", "held")


@transaction.atomic
def prepare(
    kind: str, period: date, *, planned_on: date, by, at: datetime, sector: Sector | None = None,
    directorate: Directorate | None = None,
) -> Review:  # fmt: skip
    """A new review of a scope and a period, with its standing agenda. One review per kind, scope and period."""
    start = period_of(period, RHYTHMS[kind])
    review = Review(
        code=_code(kind, start, sector, directorate), kind=kind, sector=sector, directorate=directorate, period=start,
        planned_on=planned_on, created_at=at, created_by=by,
    )  # fmt: skip
    _refuse_scope(review)
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as twice:
        raise Refusal("Cette revue existe déjà.", remedy="Ouvrez-la depuis la liste des revues.") from twice
    if by is not None:
        access.require(by, "steering.hold_review", review)
    AgendaItem.objects.bulk_create(
        AgendaItem(review=review, order=place, title=title) for place, title in enumerate(STANDING_AGENDA, start=1)
    )
    entries.record("review.prepare", review.reference(), by=by, at=at, codes={"period": str(start)})
    return review


def _code(kind: str, start: date, sector: Sector | None, directorate: Directorate | None) -> str:
    scope = sector.code if sector else directorate.code.lower() if directorate else "ddct"
    rank = {"monthly": f"{start:%Y-%m}", "quarterly": f"{start.year}-t{(start.month + 2) // 3}"}.get(
        kind, f"{start:%Y}"
    )
    word = {"monthly": "mensuelle", "quarterly": "trimestrielle", "yearly": "annuelle"}[kind]
    return f"{word}-{scope}-{rank}"


def _refuse_scope(review: Review) -> None:
    needs = {"monthly": (review.sector, "un secteur"), "quarterly": (review.directorate, "une direction")}
    scope, word = needs.get(review.kind, (True, ""))
    if not scope:
        raise Refusal(f"Cette revue demande {word}.", remedy="Choisissez-en dans la liste.")


@transaction.atomic
def freeze(review: Review, *, by, at: datetime) -> ReviewFreeze:
    """Fix the figures of a review, cite their snapshots so that they are kept, and journal it."""
    today = paris_day(at)
    evaluation = figures.last_evaluation(today)
    if evaluation is None:
        raise Refusal(
            "Aucune évaluation n’a encore eu lieu.", remedy="Lancez `parvis measure`, puis figez les chiffres."
        )
    locked = move(review, "freeze", by=by, at=at)
    content = {
        "lines": review_lines.lines(locked, evaluation),
        "decisions": _followed(locked),
        "scope": locked.scope_name,
    }
    made = ReviewFreeze.objects.create(
        review=locked, number=locked.freezes.count() + 1, evaluation=evaluation, as_of=evaluation.as_of,
        content=content, sha256=digest(content), frozen_at=at, frozen_by=by,
    )  # fmt: skip
    _cite(made, at=at)
    return made


def digest(content: dict[str, Any]) -> str:
    """The fingerprint of frozen figures, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _cite(made: ReviewFreeze, *, at: datetime) -> None:
    held = {pair[0] for line in made.content["lines"] for pair in line["snapshots"].values()}
    snapshots.cite(Snapshot.objects.filter(pk__in=held), made.review.reference(), at=at)


def _followed(review: Review) -> list[dict[str, Any]]:
    return [
        {"id": d.pk, "title": d.title, "due_on": str(d.due_on), "state": d.get_state_display(), "owner": _name(d.owner)}
        for d in queries.carried(review)
    ]


def _name(person) -> str:
    return person.get_full_name() if person else "sans responsable"


@transaction.atomic
def thaw(review: Review, *, reason: str, by, at: datetime) -> Review:
    """Back to preparation: the frozen figures are kept, and the next freeze makes another set."""
    return move(review, "thaw", by=by, at=at, reason=reason)


@transaction.atomic
def hold(review: Review, *, by, at: datetime) -> Review:
    locked = move(review, "hold", by=by, at=at)
    locked.held_on = review.held_on = paris_day(at)
    locked.save(update_fields=["held_on"])
    return locked


def close(review: Review, *, by, at: datetime) -> Review:
    """Validate the minutes: they must say something, and every decision must have someone."""
    return move(review, "close", by=by, at=at, check=_blockers)


def _blockers(review: Any) -> list[str]:
    orphans = review.decisions.filter(owner__isnull=True, state="open").count()
    found = [] if review.minutes.strip() else ["Le relevé est vide : écrivez ce qui a été dit."]
    return found + ([f"{orphans} décision{'s' if orphans > 1 else ''} sans responsable."] if orphans else [])


@transaction.atomic
def write_minutes(review: Review, text: str, *, by, at: datetime) -> None:
    _require_open(review, by)
    review.minutes = text.strip()
    review.save(update_fields=["minutes"])
    entries.record("review.minutes", review.reference(), by=by, at=at)


@transaction.atomic
def add_point(review: Review, title: str, *, by, at: datetime, indicator: str = "") -> AgendaItem:
    _require_open(review, by)
    if not title.strip():
        raise Refusal("Un point de l’ordre du jour demande un intitulé.", remedy="Écrivez-le en quelques mots.")
    made = AgendaItem.objects.create(
        review=review, order=review.agenda.count() + 1, title=title.strip()[:200], indicator=indicator
    )
    entries.record("review.add_point", review.reference(), by=by, at=at, codes={"point": made.pk})
    return made


@transaction.atomic
def remove_point(item: AgendaItem, *, by, at: datetime) -> None:
    _require_open(item.review, by)
    entries.record("review.remove_point", item.review.reference(), by=by, at=at, codes={"point": item.pk})
    item.delete()


@transaction.atomic
def comment(review: Review, text: str, *, by, at: datetime, indicator: str = "") -> ReviewComment:
    """Whoever takes part may write on it until its minutes are validated; auditors and elected readers read."""
    access.require(by, "steering.comment_review", review)
    _refuse_closed(review)
    if not text.strip():
        raise Refusal("Ce commentaire est vide.", remedy="Écrivez-le, puis enregistrez.")
    made = ReviewComment.objects.create(review=review, indicator=indicator, author=by, at=at, text=text.strip())
    entries.record("review.comment", review.reference(), by=by, at=at, codes={"comment": made.pk})
    return made


@transaction.atomic
def decide(
    review: Review, title: str, *, owner: Person | None, due_on: date | None, by, at: datetime, indicator: str = "",
    objective: str = "",
) -> Decision:  # fmt: skip
    """Write down who does what by when."""
    _require_open(review, by)
    if not title.strip() or due_on is None:
        raise Refusal("Une décision dit quoi et pour quand.", remedy="Écrivez la décision et choisissez sa date.")
    if due_on < paris_day(at):
        raise Refusal("La date d’une décision ne peut pas être passée.", remedy="Choisissez un jour à venir.")
    made = Decision.objects.create(
        review=review, title=title.strip()[:300], owner=owner, due_on=due_on, indicator=indicator, objective=objective,
        created_at=at,
    )  # fmt: skip
    codes = {"review": review.code, "due_on": str(due_on), "owner": owner.pk if owner else 0}
    entries.record("decision.take", made.reference(), by=by, at=at, codes=codes)
    return made


@transaction.atomic
def settle(decision: Decision, code: str, *, by, at: datetime, reason: str = "") -> Decision:
    """Mark it done, dropped or open again."""
    locked = move(decision, code, by=by, at=at, reason=reason)
    locked.reason = reason.strip()[:300]
    locked.settled_on = None if locked.state == "open" else paris_day(at)
    locked.save(update_fields=["reason", "settled_on"])
    return locked


def _require_open(review: Review, by) -> None:
    access.require(by, "steering.hold_review", review)
    _refuse_closed(review)


def _refuse_closed(review: Review) -> None:
    """As it stands now, held until the end of the stroke: it may have been closed since it was read."""
    if Review.objects.select_for_update(of=("self",)).get(pk=review.pk).state not in OPEN_STATES:
        raise Refusal("Le relevé de cette revue est validé : il ne change plus.", remedy="Écrivez dans la suivante.")


def holds(freeze: ReviewFreeze) -> bool:
    """Do the frozen figures still have the fingerprint that they were given?"""
    return digest(freeze.content) == freeze.sha256


def due_reviews(today: date) -> list[tuple[str, date]]:
    """The kinds of reviews whose period has just ended, with that period: what a preparer is offered."""
    starts = {kind: period_of(today, rhythm) for kind, rhythm in RHYTHMS.items()}
    return [(kind, period_of(start - timedelta(days=1), RHYTHMS[kind])) for kind, start in starts.items()]
