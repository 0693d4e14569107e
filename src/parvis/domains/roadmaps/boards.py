"""Actions as cards in columns: by computed status, or by where their partners' answers stand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from parvis.domains.roadmaps.models import Action
from parvis.domains.roadmaps.queries import statuses
from parvis.domains.roadmaps.workflow import ACTION, COMMITMENT
from parvis.kernel import access

ANSWER_TONES = {"asked": "watch", "accepted": "good", "amended": "watch", "declined": "bad", "alone": "none"}
# one partner that declines weighs more than one that is silent, and so on
WEIGHT = ("declined", "amended", "asked", "accepted")


@dataclass
class Column:
    code: str
    label: str
    tone: str
    cards: list = field(default_factory=list)
    total: int = 0


@dataclass(frozen=True)
class Card:
    """An action, and the moves that this person may take from here."""

    action: Action
    moves: tuple


def columns(person, rows: Iterable[Action], by: str, counts: Mapping[str, int]) -> list[Column]:
    """The columns in order of urgency, each with its cards and how many it stands for; an empty one of status is left out."""
    made = _answer_columns() if by == "reponses" else _status_columns()
    where: Callable[[Action], str] = _answer if by == "reponses" else _status
    actions = list(rows)
    editable = _editable(person, actions)
    known = {column.code: column for column in made}
    for action in actions:
        moves = ACTION.moves_from(action.state) if action.pk in editable else ()
        known[where(action)].cards.append(Card(action, moves))
    for column in made:
        column.total = len(column.cards) if by == "reponses" else counts.get(column.code, len(column.cards))
    return [column for column in made if column.cards or by == "reponses"]


def _status(action: Action) -> str:
    return action.status if action.status in statuses.SHOWN else ""


def _answer(action: Action) -> str:
    states = {commitment.state for commitment in action.commitments.all()}
    return next((state for state in WEIGHT if state in states), "alone")


def _status_columns() -> list[Column]:
    coded = [*statuses.SHOWN, ""]
    return [Column(code, statuses.label(code), statuses.tone(code)) for code in coded]


def _answer_columns() -> list[Column]:
    asked = [Column(code, COMMITMENT.state(code).label, ANSWER_TONES[code]) for code in WEIGHT]
    return [*asked, Column("alone", "sans partenaire", "none")]


def _editable(person, actions: list[Action]) -> set[int]:
    """Which of these she may move: one query, the predicate of the move itself."""
    rows = Action.objects.filter(pk__in=[action.pk for action in actions])
    return set(access.visible(person, "roadmaps.edit_action", rows).values_list("pk", flat=True))
