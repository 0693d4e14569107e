"""What changed between two instants, for one person: the journal, restricted to what she may see, one line a subject.

Knows which verbs of the journal are worth telling and how each is worded. Refuses to tell her what she did herself, and
what the journal does not hold: who wrote what stays on the page of the thing. A constant number of queries.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.domains.roadmaps import addresses, sentences
from parvis.domains.roadmaps.models import Action, Amendment, Commitment, Plan
from parvis.domains.roadmaps.status import Status
from parvis.domains.roadmaps.wording import directorate, short
from parvis.domains.roadmaps.workflow import PLAN
from parvis.kernel import access
from parvis.kernel.calendar import paris_day
from parvis.kernel.faces import Todo
from parvis.kernel.journal.models import Entry

MOST = 8  # lines of a kind; beyond, one line says how many others
FIELD_WORDS = {
    "title": "titre", "description": "description", "deliverable": "livrable", "policy": "politique publique",
    "lead": "direction pilote", "owner": "responsable", "project_lead": "chef de projet", "starts_on": "début",
    "due_on": "échéance", "address": "lieu", "milestones": "jalons", "indicators": "indicateurs", "means": "moyens",
    "risk": "risque", "confidence": "météo", "needs": "dépendances", "review_every_days": "rythme des revues",
}  # fmt: skip
ANSWER_WORDS = {
    "commitment.accept": "a accepté sa part dans",
    "commitment.amend": "propose autre chose pour",
    "commitment.decline": "décline sa part dans",
}
STATES = {state.code: state.label for state in PLAN.states}


@dataclass(frozen=True)
class Line:
    """A journal entry and what it speaks of: an action or a plan, by code; `directorate` when one answered."""

    entry: Entry
    thing: str
    code: str
    directorate: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of change: its name in the preferences, its verbs, its sentence, and the words for those not named."""

    code: str
    label: str
    verbs: tuple[str, ...]
    sentence: Callable[[str, Sequence[Line]], str]
    others: tuple[str, str]
    urgency: str = "normal"
    permission: str = "roadmaps.view_action"
    is_worth: Callable[[Entry], bool] = lambda entry: True


def changes(person, since: datetime, until: datetime) -> Iterator[Todo]:
    """The changes of [since, until[ on things that this person may see now, but for her own."""
    lines = list(_spoken_of(_entries(person, since, until)))
    titles = {code: _titles(person, code, lines) for code in {kind.permission for kind in KINDS}}
    for kind in KINDS:
        yield from _told(kind, lines, titles[kind.permission])


def _entries(person, since: datetime, until: datetime) -> list[Entry]:
    """The days narrow the search to the journal's index; the instants are exact."""
    verbs = [verb for kind in KINDS for verb in kind.verbs]
    rows = Entry.objects.filter(day__gte=paris_day(since), day__lte=paris_day(until), verb__in=verbs)
    return list(rows.filter(at__gte=since, at__lt=until).exclude(actor_id=person.pk).order_by("at", "pk"))


def _spoken_of(found: Sequence[Entry]) -> Iterator[Line]:
    """A commitment speaks of its action, an amendment of its plan: one query each."""
    asked = Commitment.objects.filter(pk__in=_numbers(found, "commitment"))
    parts = {str(pk): rest for pk, *rest in asked.values_list("pk", "action__code", "directorate__code")}
    opened = Amendment.objects.filter(pk__in=_numbers(found, "amendment"))
    amended = {str(pk): code for pk, code in opened.values_list("pk", "plan__code")}
    for entry in found:
        if entry.subject_kind == "commitment" and entry.subject_id in parts:
            yield Line(entry, "action", *parts[entry.subject_id])
        elif entry.subject_kind == "amendment" and entry.subject_id in amended:
            yield Line(entry, "plan", amended[entry.subject_id])
        elif entry.subject_kind in ("action", "plan"):
            yield Line(entry, entry.subject_kind, entry.subject_id)


def _nearest(person, permission: str) -> str:
    """What is published across the city is no news to whoever has actions of her own to follow."""
    inside = "roadmaps.view_discussion"
    return inside if permission == "roadmaps.view_action" and access.may_anywhere(person, inside) else permission


def _titles(person, permission: str, lines: Iterable[Line]) -> dict[tuple[str, str], str]:
    """The titles of the things that the person may see by this permission."""
    permission = _nearest(person, permission)
    model, thing = (Plan, "plan") if permission.endswith("_plan") else (Action, "action")
    codes = {line.code for line in lines if line.thing == thing}
    rows = access.visible(person, permission, model._default_manager.filter(code__in=codes))
    return {(thing, code): title for code, title in rows.values_list("code", "title")}


def _told(kind: Kind, lines: Iterable[Line], titles: dict[tuple[str, str], str]) -> Iterator[Todo]:
    """One line a subject, the latest first; those beyond `MOST` are counted."""
    grouped: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if line.entry.verb in kind.verbs and (line.thing, line.code) in titles and kind.is_worth(line.entry):
            grouped.setdefault((line.thing, line.code), []).append(line)
    ordered = sorted(grouped.items(), key=lambda pair: -pair[1][-1].entry.pk)
    shown = len(ordered) if len(ordered) <= MOST + 1 else MOST
    for (thing, code), about in ordered[:shown]:
        yield _one(kind, thing, code, titles[thing, code], about)
    if rest := ordered[shown:]:
        yield _others(kind, rest[0][1][-1].entry, rest[0][0][0], len(rest))


def _one(kind: Kind, thing: str, code: str, title: str, about: Sequence[Line]) -> Todo:
    last = about[-1].entry
    return Todo(
        kind.sentence(f"« {short(title, 90)} »", about),
        addresses.plan(code) if thing == "plan" else addresses.action(code),
        since_on=last.day, urgency=kind.urgency, key=f"{kind.code}:{code}:{last.pk}", kind=kind.code,
    )  # fmt: skip


def _others(kind: Kind, last: Entry, thing: str, number: int) -> Todo:
    return Todo(
        sentences.counted(number, *kind.others),
        addresses.page("overview") if thing == "plan" else addresses.actions(sort="-changed"),
        since_on=last.day, urgency=kind.urgency, key=f"{kind.code}:others:{last.pk}", kind=kind.code,
    )  # fmt: skip


def _numbers(found: Iterable[Entry], kind: str) -> list[int]:
    return [int(e.subject_id) for e in found if e.subject_kind == kind and e.subject_id.isdecimal()]


def _edited(title: str, about: Sequence[Line]) -> str:
    fields = {name for line in about for name in line.entry.codes.get("fields", ())}
    words = [word for name, word in FIELD_WORDS.items() if name in fields]
    return f"{title} a été modifiée{f' : {sentences.shortened(words)}' if words else ''}"


def _reported(title: str, about: Sequence[Line]) -> str:
    return f"{title} : {sentences.counted(len(about), 'point de suivi', 'points de suivi')}"


def _answered(title: str, about: Sequence[Line]) -> str:
    """The last word of each directorate."""
    last = {line.directorate: ANSWER_WORDS[line.entry.verb] for line in about}
    words = [f"{directorate(code)} {said}" for code, said in last.items()]
    return f"{sentences.listed(words)} {title}"


def _moved(title: str, about: Sequence[Line]) -> str:
    state = about[-1].entry.codes.get("to", "")
    return f"{title} est maintenant {STATES.get(state, state)}"


def _signed(title: str, about: Sequence[Line]) -> str:
    return f"{title} : la version {about[-1].entry.codes.get('version', '')} est signée"


def _commented(title: str, about: Sequence[Line]) -> str:
    return f"{title} : {sentences.counted(len(about), 'remarque')}"


def _late(title: str, about: Sequence[Line]) -> str:
    return f"{title} est passée en retard"


KINDS: tuple[Kind, ...] = (
    Kind(
        "change.late", "Actions passées en retard", ("action.status",), _late,
        ("autre action passée en retard", "autres actions passées en retard"), urgency="watch",
        is_worth=lambda entry: entry.codes.get("to") == Status.LATE,
    ),
    Kind(
        "change.answer", "Réponses des directions partenaires", tuple(ANSWER_WORDS), _answered,
        ("autre action a reçu une réponse", "autres actions ont reçu une réponse"),
    ),
    Kind(
        "change.version", "Versions signées", ("plan.freeze",), _signed,
        ("autre plan signé", "autres plans signés"), permission="roadmaps.view_plan",
    ),
    Kind(
        "change.plan", "Étapes franchies par les plans", tuple(f"plan.{move.code}" for move in PLAN.moves), _moved,
        ("autre plan a changé d’état", "autres plans ont changé d’état"), permission="roadmaps.view_plan",
    ),
    Kind(
        "change.report", "Jalons et mesures renseignés", ("milestone.report", "indicator.report"), _reported,
        ("autre action suivie", "autres actions suivies"),
    ),
    Kind(
        "change.comment", "Remarques", ("action.comment",), _commented,
        ("autre action commentée", "autres actions commentées"), permission="roadmaps.comment_action",
    ),
    Kind(
        "change.action", "Actions modifiées", ("action.edit",), _edited,
        ("autre action modifiée", "autres actions modifiées"),
    ),
)  # fmt: skip
LABELS = {kind.code: kind.label for kind in KINDS}
