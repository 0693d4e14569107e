"""Ask a partner directorate for its part, and answer: accepted, declined, or a counter-proposal with its reason."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from parvis.domains.roadmaps.models import Action, Answer, Commitment
from parvis.kernel import Refusal, access
from parvis.kernel.calendar import add_working_days, paris_day
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.workflow import move

DAYS_TO_ANSWER = 10
ANSWERS = ("accept", "amend", "decline")


def ask(
    action: Action, directorate: Directorate, part: str, due: date | None = None, *, by, at: datetime
) -> Commitment:
    """Ask a directorate for its part in an action, with a day to answer (ten working days when none is said)."""
    access.require(by, "roadmaps.ask_commitment")
    access.require(by, "roadmaps.edit_action", action)
    today = paris_day(at)
    due = due or add_working_days(today, DAYS_TO_ANSWER)
    _refuse_unfounded(action, directorate, part, due, today)
    try:
        with transaction.atomic():
            made = Commitment.objects.create(
                action=action, directorate=directorate, part=part.strip(), asked_on=today, answer_due_on=due
            )
            _record("commitment.ask", made, by=by, at=at)
    except IntegrityError as taken:
        raise Refusal(
            f"La {directorate.code} a déjà été sollicitée sur cette action.", remedy="Redemandez depuis sa réponse."
        ) from taken
    return made


def _refuse_unfounded(action: Action, directorate: Directorate, part: str, due: date, today: date) -> None:
    if action.lead_id == directorate.pk:
        raise Refusal(f"La {directorate.code} pilote déjà cette action.", remedy="Choisissez une direction partenaire.")
    if not part.strip():
        raise Refusal("Dites ce qui est demandé à la direction.", remedy="Une phrase suffit.")
    if due <= today:
        raise Refusal("Le jour de réponse est déjà passé.", remedy="Donnez un jour à venir.")


def answer(commitment: Commitment, code: str, *, by, at: datetime, reason: str = "") -> Commitment:
    """Accept, amend (counter-propose) or decline, for one's directorate. The day and the reason are kept."""
    if code not in ANSWERS:
        raise Refusal("Cette réponse n’existe pas.", remedy="Rechargez la page.")
    with transaction.atomic():
        moved = move(commitment, code, by=by, at=at, reason=reason)
        moved.answered_on = commitment.answered_on = paris_day(at)
        moved.save(update_fields=["answered_on"])
        Answer.objects.create(commitment=moved, state=moved.state, at=at, by=by, reason=reason.strip())
    return moved


def accept(commitment: Commitment, *, by, at: datetime, reason: str = "") -> Commitment:
    return answer(commitment, "accept", by=by, at=at, reason=reason)


def amend(commitment: Commitment, reason: str, *, by, at: datetime) -> Commitment:
    return answer(commitment, "amend", by=by, at=at, reason=reason)


def decline(commitment: Commitment, reason: str, *, by, at: datetime) -> Commitment:
    return answer(commitment, "decline", by=by, at=at, reason=reason)


def accept_all(commitments: Iterable[Commitment], *, by, at: datetime) -> int:
    """Accept several at once, all or none."""
    with transaction.atomic():
        return len([accept(one, by=by, at=at) for one in commitments])


def ask_again(commitment: Commitment, *, by, at: datetime, part: str = "", due: date | None = None) -> Commitment:
    """Ask again after a refusal or a counter-proposal, with another part and another day to answer."""
    today = paris_day(at)
    due = due or add_working_days(today, DAYS_TO_ANSWER)
    if due <= today:
        raise Refusal("Le jour de réponse est déjà passé.", remedy="Donnez un jour à venir.")
    with transaction.atomic():
        moved = move(commitment, "ask_again", by=by, at=at)
        moved.part, moved.asked_on, moved.answer_due_on, moved.answered_on = (
            part.strip() or moved.part,
            today,
            due,
            None,
        )
        moved.save(update_fields=["part", "asked_on", "answer_due_on", "answered_on"])
    return moved


def _record(verb: str, commitment: Commitment, *, by, at: datetime) -> None:
    codes = {"action": commitment.action.code, "directorate": commitment.directorate.code}
    entries.record(verb, commitment.reference(), by=by, at=at, codes=codes)
