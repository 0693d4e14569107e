"""What is asked of directorates, what they answered, and who stays silent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from parvis.domains.roadmaps.models import Answer, Commitment, Placement
from parvis.domains.roadmaps.queries.actions import seen_placements
from parvis.domains.roadmaps.sentences import counted, listed
from parvis.kernel import access
from parvis.kernel.calendar import working_days_between
from parvis.kernel.organisation.models import Directorate

SHOWN_AT_MOST = 200


def silent(today: date) -> QuerySet[Commitment]:
    """Parts asked of a directorate whose answer is past due: each is an alert."""
    late = Commitment.objects.filter(state="asked", answer_due_on__lt=today, action__state="live")
    return late.select_related("action", "directorate").order_by("answer_due_on", "pk")


def answerable(person) -> QuerySet[Commitment]:
    """The commitments that this person may answer, live actions only."""
    return access.visible(person, "roadmaps.answer_commitment", Commitment.objects.filter(action__state="live"))


def directorates_of(person) -> list[Directorate]:
    """The directorates for which this person answers: all of them for a head of the whole house, her own first."""
    reach = access.reach(person, "roadmaps.answer_commitment")
    rows = Directorate.objects.all() if reach.everywhere else Directorate.objects.filter(code__in=reach.directorates)
    return sorted(rows, key=lambda d: (d.pk != getattr(person, "directorate_id", None), d.code))


def chosen(person, offered: Sequence[Directorate], asked: str) -> Directorate | None:
    """The directorate asked among those offered, else the first one where something waits, else the first."""
    named = next((d for d in offered if d.code == asked), None)
    if named or not offered or offered[0].pk == getattr(person, "directorate_id", None):
        return named or next(iter(offered), None)
    waiting = set(answerable(person).filter(state="asked").values_list("directorate_id", flat=True))
    return next((d for d in offered if d.pk in waiting), offered[0])


@dataclass(frozen=True)
class Asked:
    """A part asked, with how late its answer is in working days (0 when not late), and its last answer."""

    commitment: Commitment
    placements: list[Placement]
    late: int
    last: Answer | None


def asked_of(person, directorate: Directorate, today: date) -> list[Asked]:
    """All that is asked of a directorate: unanswered first, the most overdue at the top. Four queries."""
    rows = (
        answerable(person)
        .filter(directorate=directorate)
        .select_related("action__lead", "action__policy", "directorate")
        .prefetch_related(
            Prefetch("answers", Answer.objects.select_related("by").order_by("-at", "-pk")),
            Prefetch("action__placements", seen_placements(person), to_attr="seen_placements"),
        )
        .order_by("answer_due_on", "pk")[:SHOWN_AT_MOST]
    )
    return [_asked(row, today) for row in rows]


def _asked(row: Commitment, today: date) -> Asked:
    late = working_days_between(row.answer_due_on, today) if row.state == "asked" else 0
    return Asked(row, row.action.seen_placements, max(late, 0), next(iter(row.answers.all()), None))  # type: ignore[attr-defined]


def answered(found: Iterable[Asked]) -> list[Asked]:
    """Those that have an answer, the latest answer first."""
    rows = [row for row in found if row.commitment.state != "asked"]
    return sorted(rows, key=lambda row: row.commitment.answered_on or date.min, reverse=True)


def sentence(found: Iterable[Asked]) -> str:
    """The one sentence that answers « Que demande-t-on à la DEVE ? »."""
    rows = list(found)
    waiting = [row for row in rows if row.commitment.state == "asked"]
    late = [row for row in waiting if row.late]
    if not rows:
        return "Rien ne lui est demandé aujourd’hui."
    if not waiting:
        return f"Les {counted(len(rows), 'demande')} ont une réponse." if len(rows) > 1 else "La demande a sa réponse."
    opening = f"{counted(len(waiting), 'demande attend', 'demandes attendent')} sa réponse"
    if not late:
        return f"{opening}, aucune n’est en retard."
    names = listed([f"«\u00a0{row.commitment.action.title}\u00a0»" for row in late[:2]])
    return f"{opening}, dont {len(late)} après l’échéance : {names}{' …' if len(late) > 2 else '.'}"
