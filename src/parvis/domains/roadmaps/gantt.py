"""Actions along the months: where each bar, milestone and tick falls. Knows geometry; the template draws it.

Lengths are in units of a view box WIDTH wide; a day outside the window is drawn at its edge.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from parvis.domains.roadmaps.models import Action, Milestone
from parvis.domains.roadmaps.queries import statuses

WIDTH, ROW, MIDDLE = 800, 24, 12
LONGEST_DAYS = 4 * 366
MARGIN_DAYS = 15
QUARTERS = ("1er trim.", "2e trim.", "3e trim.", "4e trim.")


@dataclass(frozen=True)
class Mark:
    """A milestone: done (disc), late (square) or to come (lozenge)."""

    x: str
    shape: str
    title: str
    day: date
    word: str


@dataclass(frozen=True)
class Row:
    """An action's line: its bar when both ends are known, else what is known."""

    action: Action
    x: str
    width: str
    tone: str
    status_label: str
    marks: tuple[Mark, ...]
    is_dated: bool


@dataclass
class Group:
    title: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Tick:
    x: str
    label: str
    is_year: bool


@dataclass(frozen=True)
class Chart:
    groups: list[Group]
    ticks: list[Tick]
    today_x: str
    first: date
    last: date
    undated: int


@dataclass(frozen=True)
class Window:
    """The days drawn, from `first` to `last` included."""

    first: date
    last: date

    def x(self, day: date) -> float:
        inside = min(max(day, self.first), self.last)
        return WIDTH * (inside - self.first).days / max((self.last - self.first).days, 1)


def draw(actions: Iterable[Action], *, today: date, with_today: bool = True) -> Chart:
    """The chart of these actions, grouped by axis where they have one, else by public policy."""
    rows = list(actions)
    window = _window(rows, today, with_today)
    groups: dict[str, Group] = {}
    for action in rows:
        title = _heading(action)
        groups.setdefault(title, Group(title)).rows.append(_row(action, window, today))
    undated = sum(1 for group in groups.values() for row in group.rows if not row.is_dated)
    today_x = f"{window.x(today):.1f}" if window.first <= today <= window.last else ""
    return Chart(list(groups.values()), _ticks(window), today_x, window.first, window.last, undated)


def days_of(action: Action) -> list[date]:
    """Every dated thing of an action."""
    dated = [action.starts_on, action.due_on, *(day_of(m) for m in action.milestones.all())]
    return [day for day in dated if day]


def day_of(milestone: Milestone) -> date | None:
    return milestone.actual_on or milestone.forecast_on or milestone.planned_on


def _window(rows: list[Action], today: date, with_today: bool) -> Window:
    """From the first to the last dated thing, four years at most around today, which is drawn when asked."""
    days = [day for action in rows for day in days_of(action)]
    days += [today] if with_today or not days else []
    half = timedelta(days=LONGEST_DAYS // 2)
    first = (max(min(days), today - half) if with_today else min(days)) - timedelta(days=MARGIN_DAYS)
    last = (min(max(days), today + half) if with_today else max(days)) + timedelta(days=MARGIN_DAYS)
    return Window(first, last)


def _heading(action: Action) -> str:
    axes = [p.axis for p in action.seen_placements if p.axis] if hasattr(action, "seen_placements") else []
    if axes:
        return axes[0].title
    return action.policy.name if action.policy else "Sans politique publique"


def _row(action: Action, window: Window, today: date) -> Row:
    days = days_of(action)
    start, end = action.starts_on or min(days, default=None), action.due_on or max(days, default=None)
    x = window.x(start) if start else 0.0
    width = max(window.x(end) - x, 3.0) if start and end else 0.0
    marks = tuple(_mark(m, window, today) for m in action.milestones.all() if day_of(m))
    tone, label = statuses.tone(action.status), statuses.label(action.status)
    return Row(action, f"{x:.1f}", f"{width:.1f}", tone, label, marks, bool(days))


def _mark(milestone: Milestone, window: Window, today: date) -> Mark:
    day = day_of(milestone) or today
    shape = "done" if milestone.is_done else "late" if day < today else "ahead"
    word = {"done": "tenu", "late": "non tenu", "ahead": "à venir"}[shape]
    return Mark(f"{window.x(day):.1f}", shape, milestone.title, day, word)


def _ticks(window: Window) -> list[Tick]:
    """The first day of each quarter; of each year alone when the window is long."""
    long = (window.last - window.first).days > 800
    days = [date(y, m, 1) for y in range(window.first.year, window.last.year + 1) for m in (1, 4, 7, 10)]
    kept = [day for day in days if window.first <= day <= window.last and (day.month == 1 or not long)]
    return [
        Tick(f"{window.x(d):.1f}", str(d.year) if d.month == 1 else QUARTERS[d.month // 3], d.month == 1) for d in kept
    ]
