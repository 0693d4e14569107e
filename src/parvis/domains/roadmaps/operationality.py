"""Can this action be carried out as written? Eight named criteria, what is missing, and what to do about it. No Django.

Knows criteria and how to count them. Refuses to know what is late (`status`) and who may sign all the same: a gate is
passed by a person, with a written reason.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from parvis.domains.roadmaps.facts import ActionFacts
from parvis.domains.roadmaps.thresholds import threshold


@dataclass(frozen=True)
class Criterion:
    """What an action must have, in French (`label`), and the sentence that says what to do when it lacks it."""

    code: str
    label: str
    remedy: str
    is_kept: Callable[[ActionFacts, date], bool]


@dataclass(frozen=True)
class Grade:
    """How many of the eight criteria are kept, and the codes of those that are not."""

    kept: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Operationality:
    """Of a roadmap: operational actions among its live ones, and what is missing most: (criterion, count)."""

    operational: int
    total: int
    missing: tuple[tuple[Criterion, int], ...]

    @property
    def share(self) -> float | None:
        return self.operational / self.total if self.total else None


def grade(facts: ActionFacts, next_review_on: date) -> Grade:
    missing = tuple(c.code for c in CRITERIA if not c.is_kept(facts, next_review_on))
    return Grade(len(CRITERIA) - len(missing), missing)


def is_operational(found: Grade, on: date) -> bool:
    """All criteria but at most N, the threshold in force on that day."""
    return len(found.missing) <= threshold("criteria-missing-at-most", on)


def roll_up(grades: Iterable[Grade], on: date) -> Operationality:
    """Of the live actions of a plan; the caller leaves out those dropped."""
    found = list(grades)
    lacks = Counter(code for one in found for code in one.missing)
    ranked = sorted(((c, lacks[c.code]) for c in CRITERIA if lacks[c.code]), key=lambda pair: -pair[1])
    return Operationality(sum(is_operational(one, on) for one in found), len(found), tuple(ranked))


def next_review(facts: ActionFacts, on: date) -> date:
    """The action's own rhythm after its last review, else the pact's: mid-year, then the evaluation at year end."""
    if facts.review_every_days and facts.last_review_on:
        planned = facts.last_review_on + timedelta(days=facts.review_every_days)
        return max(planned, on)
    mid_year = date(on.year, 6, 30)
    return mid_year if on <= mid_year else date(on.year, 12, 31)


def _milestone_before_review(facts: ActionFacts, next_review_on: date) -> bool:
    """A step still to take is dated before the next review; nothing left to take is fine too."""
    if not facts.milestones:
        return False
    left = facts.left(next_review_on)
    return not left or any(m.terms and m.terms[0] <= next_review_on for m in left)


def _indicator_complete(facts: ActionFacts, _: date) -> bool:
    return any(i.baseline is not None and i.target is not None and i.source.strip() for i in facts.indicators)


def _partners_agree(facts: ActionFacts, _: date) -> bool:
    """Without partners there is nobody to ask."""
    return all(c.state == "accepted" for c in facts.commitments)


CRITERIA: tuple[Criterion, ...] = (
    Criterion("owner", "un responsable", "Nommez la personne qui porte l’action.", lambda f, _: f.has_owner),
    Criterion(
        "deliverable", "un livrable", "Écrivez en une phrase ce que les habitants verront à la fin.",
        lambda f, _: bool(f.deliverable.strip()),
    ),
    Criterion("due", "une échéance", "Donnez la date de fin prévue.", lambda f, _: f.due_on is not None),
    Criterion(
        "milestone", "un jalon avant la prochaine revue", "Datez une étape à tenir avant la prochaine revue.",
        _milestone_before_review,
    ),
    Criterion(
        "indicator", "un indicateur complet",
        "Choisissez un indicateur avec sa valeur de départ, sa cible et sa source.", _indicator_complete,
    ),
    Criterion("means", "des moyens", "Inscrivez les euros ou les ETP prévus.", lambda f, _: f.has_means),
    Criterion(
        "partners", "l’accord des partenaires", "Obtenez la réponse de chaque direction partenaire.", _partners_agree
    ),
    Criterion(
        "place", "un lieu", "Placez l’action : une adresse, une rue, un arrondissement, ou tout Paris.",
        lambda f, _: f.place != "unknown",
    ),
)  # fmt: skip
BY_CODE = {criterion.code: criterion for criterion in CRITERIA}


def lacking(codes: Iterable[str]) -> tuple[Criterion, ...]:
    """The criteria behind stored codes, in their own order; a code since retired is left out."""
    held = set(codes)
    return tuple(criterion for criterion in CRITERIA if criterion.code in held)
