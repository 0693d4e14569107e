"""The tree of objectives at a glance: each with its figures, what serves it, its alerts and its confidence.

Every part is read for all objectives at once: a constant number of queries. A part that is missing stays missing and is
said; nothing is averaged over what nobody knows. A past day is shown as it was known by its end.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.domains.steering import sentences, standing
from parvis.domains.steering.models import Evaluation, Objective, ObjectiveConfidence
from parvis.domains.steering.queries import alerts, confidence
from parvis.domains.steering.queries import objectives as found
from parvis.domains.steering.queries.figures import Figure, figures_of, last_evaluation
from parvis.kernel import access, faces
from parvis.kernel.faces import Serving
from parvis.kernel.indicators.indicator import Target
from parvis.kernel.references import Reference

GLANCE = 3  # figures of an objective shown in the tree
URGENCY = {"bad": 0, "watch": 1, "good": 2, "none": 3}
SKIES = {"sunny": "good", "fair": "good", "cloudy": "watch", "stormy": "bad"}  # confidence to tone


@dataclass(frozen=True)
class Shown:
    """A figure with how it stands on the day it is looked at."""

    figure: Figure
    on: date

    @property
    def indicator(self):
        return self.figure.indicator

    @property
    def period(self) -> date | None:
        return self.figure.measurement.period if self.figure.measurement else None

    @property
    def tone(self) -> str:
        return standing.tone(self.indicator, self.figure.value)

    @property
    def words(self) -> str:
        return standing.words(self.indicator, self.figure.value)

    @property
    def target(self) -> Target | None:
        return self.figure.target(self.on)

    @property
    def target_value(self) -> float | None:
        return self.target.value if self.target else None

    @property
    def gap(self) -> float | None:
        """How far from the target, in the indicator's unit."""
        target, value = self.target, self.figure.value
        return None if target is None or value is None else value - target.value

    @property
    def is_late(self) -> bool:
        return standing.is_late(self.indicator, self.period, self.on)

    @property
    def trend(self) -> list[float | None]:
        return [value for _, value in self.figure.history[-12:]]


@dataclass(frozen=True)
class Branch:
    """An objective and all that hangs from it, as far as the reader may see."""

    objective: Objective
    figures: tuple[Shown, ...]
    servings: tuple[Serving, ...]
    alert_count: int | None
    confidence: ObjectiveConfidence | None

    @property
    def measured(self) -> tuple[Shown, ...]:
        return tuple(each for each in self.figures if each.figure.is_measured)

    @property
    def more_count(self) -> int:
        """The figures beyond those that the tree shows at a glance."""
        return max(0, len(self.figures) - GLANCE)

    @property
    def more(self) -> list[tuple[str, int, str]]:
        """How those beyond stand: (tone, number, « 3 à surveiller »)."""
        counts = Counter(each.tone if each.figure.is_measured else "absent" for each in self.figures[GLANCE:])
        return [
            (tone if tone != "absent" else "none", counts[tone], sentences.counted(counts[tone], one, many))
            for tone, one, many in sentences.STANDING
            if counts[tone]
        ]

    @property
    def tone(self) -> str:
        """The worst tone of its figures; none when none is judged."""
        return min((each.tone for each in self.measured), key=URGENCY.__getitem__, default="none")

    @property
    def sky(self) -> str:
        return SKIES[self.confidence.level] if self.confidence else "none"


@dataclass(frozen=True)
class Tree:
    """The objectives of a year as known on a day, and the evaluation that the figures come from."""

    year: str
    on: date
    is_past: bool
    branches: tuple[Branch, ...]
    evaluation: Evaluation | None

    @property
    def axes(self) -> dict[str, list[Branch]]:
        grouped: dict[str, list[Branch]] = defaultdict(list)
        for branch in self.branches:
            grouped[branch.objective.axis_title].append(branch)
        return dict(grouped)

    @property
    def figures(self) -> list[Shown]:
        return [each for branch in self.branches for each in branch.figures]

    @property
    def measured_count(self) -> int:
        return sum(1 for branch in self.branches if branch.measured)

    @property
    def judged_count(self) -> int:
        return sum(1 for each in self.figures if each.tone != "none")

    @property
    def good_count(self) -> int:
        return sum(1 for each in self.figures if each.tone == "good")

    @property
    def late_count(self) -> int:
        return sum(1 for each in self.figures if each.is_late)

    @property
    def alert_count(self) -> int | None:
        """None when the reader sees no alerts, or looks at a past day: alerts are today's."""
        counts = [branch.alert_count for branch in self.branches if branch.alert_count is not None]
        return sum(counts) if counts else None

    @property
    def tones(self) -> Counter[str]:
        """How many objectives by the worst tone of their figures; `unmeasured` for those without a single one."""
        return Counter(branch.tone if branch.measured else "unmeasured" for branch in self.branches)


def tree(person, today: date, *, year: str | None = None, as_of: date | None = None) -> Tree:
    """The whole tree. `as_of` shows a past day; today or later is today."""
    past = as_of if as_of and as_of < today else None
    objectives = found.tree(year)
    evaluation = last_evaluation(past)
    return Tree(
        year=objectives[0].year if objectives else "", on=past or today, is_past=past is not None,
        branches=branches(objectives, person, past or today, past, evaluation), evaluation=evaluation,
    )  # fmt: skip


def branches(
    objectives: Sequence[Objective], person, on: date, past: date | None, evaluation: Evaluation | None
) -> tuple[Branch, ...]:
    """All parts of these objectives, each read once for all of them."""
    shown = by_objective(figures_of(evaluation), person, on)
    served = servings([objective.reference() for objective in objectives], person, past)
    said = confidence.latest(objectives, past) if _is_inside(person) else {}
    opened = None if past else open_alert_counts(person)
    return tuple(
        Branch(
            objective, tuple(shown.get(objective.code, ())), served.get(objective.reference(), ()),
            None if opened is None else opened[objective.code], said.get(objective.pk),
        )
        for objective in objectives
    )  # fmt: skip


def by_objective(figures: Mapping[str, Figure], person, on: date) -> dict[str, list[Shown]]:
    """The figures that the person may read, by objective, those that ask for attention first."""
    is_inside = _is_inside(person)
    grouped: dict[str, list[Shown]] = defaultdict(list)
    for figure in figures.values():
        if is_inside or figure.indicator.is_public:
            grouped[figure.indicator.objective].append(Shown(figure, on))
    return {code: sorted(rows, key=_attention) for code, rows in grouped.items()}


def servings(references: Iterable[Reference], person, past: date | None) -> dict[Reference, tuple[Serving, ...]]:
    """What every domain shows of what serves these objectives."""
    asked = list(references)
    told = [face.serving(asked, person, past) for face in faces.house().faces if face.serving]
    return {reference: tuple(each[reference] for each in told if reference in each) for reference in asked}


def open_alert_counts(person) -> Counter[str] | None:
    """How many alerts live on each objective; None for whoever reads no alerts."""
    if not access.may_anywhere(person, "steering.view_alerts"):
        return None
    return Counter(alert.objective for alert in alerts.open_alerts(person))


def _is_inside(person) -> bool:
    return access.may_anywhere(person, "steering.view_figures")


def _attention(shown: Shown) -> tuple[int, int, str]:
    return (0 if shown.figure.is_measured else 1, URGENCY[shown.tone], shown.indicator.title)
