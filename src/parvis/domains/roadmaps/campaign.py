"""The campaign of a year: its stages with their due days, when each was reached, and the ladder of reminders. No Django.

Knows the tables below, versioned with their source, and how to count in working days. Refuses to know who is written to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from parvis.kernel.calendar import add_working_days, is_working_day, working_days_between

WORKING_VALUE = "règle de travail de la direction, à confirmer par elle"
NEVER_LATE = (12, 31)


@dataclass(frozen=True)
class StageRule:
    """A stage is due so many working days after the opening, and never after a day (month, day) of the year."""

    code: str
    label: str
    target_state: str
    working_days: int
    no_later_than: tuple[int, int]
    valid_from: date
    source: str


STAGES: tuple[StageRule, ...] = (
    StageRule("consultation", "Concertation ouverte", "consultation", 15, (1, 31), date(2014, 1, 1), WORKING_VALUE),
    StageRule("arbitration", "Arbitrages ouverts", "arbitration", 55, (2, 28), date(2014, 1, 1), WORKING_VALUE),
    StageRule("finalised", "Finalisée", "finalised", 92, (3, 31), date(2014, 1, 1), "objectif P1 : premier trimestre"),
    StageRule("signed", "Signée", "signed", 102, (3, 31), date(2014, 1, 1), "objectif P1 : signées au 31 mars"),
    StageRule("mid_year", "Revue de mi-année", "mid_year_review", 165, (6, 30), date(2014, 1, 1), WORKING_VALUE),
    StageRule("evaluated", "Évaluée", "evaluated", 285, NEVER_LATE, date(2014, 1, 1), "objectif P1 : fin d’année"),
)  # fmt: skip
COMPLIANCE_STATE = "finalised"  # Q1 compliance = roadmaps finalised by 31 March / 17


@dataclass(frozen=True)
class Rung:
    """Who is reminded when: `working_days` after the due day (before it when negative), by role and scope."""

    subject: str
    rung: int
    working_days: int
    role: str
    scope: str  # sector | directorate | house
    label: str
    valid_from: date
    source: str


LADDER: tuple[Rung, ...] = (
    Rung("stage", 0, -5, "sector-chief", "sector", "pilote", date(2014, 1, 1), WORKING_VALUE),
    Rung("stage", 1, 3, "roadmap-pilot", "house", "chef de service", date(2014, 1, 1), WORKING_VALUE),
    Rung("stage", 2, 10, "directorate-head", "house", "direction", date(2014, 1, 1), WORKING_VALUE),
    Rung("commitment", 0, -2, "contributor", "directorate", "correspondant", date(2014, 1, 1), WORKING_VALUE),
    Rung("commitment", 1, 3, "directorate-head", "directorate", "direction partenaire", date(2014, 1, 1), WORKING_VALUE),
    Rung("commitment", 2, 10, "directorate-head", "house", "direction", date(2014, 1, 1), WORKING_VALUE),
)  # fmt: skip


@dataclass(frozen=True)
class Due:
    """A stage of one campaign with its day."""

    code: str
    label: str
    target_state: str
    order: int
    working_days: int
    due_on: date


def in_force(table: Sequence, on: date, key) -> list:
    """The rows of a versioned table valid on a day: for each key, the latest."""
    live: dict = {}
    for row in sorted(table, key=lambda r: r.valid_from):
        if row.valid_from <= on:
            live[key(row)] = row
    return list(live.values())


def planned(opens_on: date, year: int) -> list[Due]:
    """The stages of a campaign that opens on a day, for the roadmaps of a year."""
    rules = in_force(STAGES, opens_on, lambda rule: rule.code)
    return [
        Due(rule.code, rule.label, rule.target_state, order, rule.working_days, _due(rule, opens_on, year))
        for order, rule in enumerate(rules, 1)
    ]


def _due(rule: StageRule, opens_on: date, year: int) -> date:
    """Counted in working days, brought back to the last working day before the limit."""
    limit = date(year, *rule.no_later_than)
    while not is_working_day(limit):
        limit -= timedelta(days=1)
    return min(add_working_days(opens_on, rule.working_days), limit)


def compliance_day(year: int) -> date:
    """The last day on which a roadmap finalised counts as on time."""
    return date(year, *next(r for r in STAGES if r.target_state == COMPLIANCE_STATE).no_later_than)


def reached(steps: Iterable[tuple[date, str]]) -> dict[str, date]:
    """When each state was first reached, from the plan's steps in order (day, state); reopening forgets what followed."""
    days: dict[str, date] = {}
    for day, state in steps:
        if state == "draft":
            days.clear()
        else:
            days.setdefault(state, day)
    return days


@dataclass(frozen=True)
class Cell:
    """A stage of a roadmap as of a day: `tone` is a shape of the house, `words` says it, `delay` in working days."""

    stage: str
    label: str
    tone: str  # good | watch | bad | none
    words: str
    due_on: date
    done_on: date | None = None
    delay: int = 0

    @property
    def is_done(self) -> bool:
        return self.done_on is not None or self.tone == "good"


SOON_DAYS = 10


def cell(stage, done_on: date | None, is_past: bool, as_of: date) -> Cell:
    """How a stage stands. `is_past` says that the plan is beyond it though no day was kept."""
    if done_on:
        late = working_days_between(stage.due_on, done_on)
        return Cell(
            stage.code, stage.label, "watch" if late > 0 else "good", _done_words(late), stage.due_on, done_on, late
        )
    if is_past:
        return Cell(stage.code, stage.label, "good", "faite, jour non gardé", stage.due_on)
    late = working_days_between(stage.due_on, as_of)
    if late > 0:
        return Cell(stage.code, stage.label, "bad", f"{late} j de retard", stage.due_on, None, late)
    near = -late <= SOON_DAYS
    return Cell(stage.code, stage.label, "watch" if near else "none", _left_words(-late), stage.due_on, None, late)


def _done_words(late: int) -> str:
    if not late:
        return "au jour dit"
    return f"{abs(late)} j {'de retard' if late > 0 else 'd’avance'}"


def _left_words(days: int) -> str:
    return "aujourd’hui" if not days else f"dans {days} j"


def rungs_due(subject: str, due_on: date, today: date) -> list[Rung]:
    """The rungs of the ladder whose day has come for something due on a day and still not done."""
    live = in_force([r for r in LADDER if r.subject == subject], today, lambda r: r.rung)
    return [rung for rung in live if add_working_days(due_on, rung.working_days) <= today]
