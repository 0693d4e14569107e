"""What was promised in public and where it stands: the dated targets of public indicators, and what serves each objective."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.domains.steering import standing, wording
from parvis.domains.steering.models import Objective
from parvis.domains.steering.queries import figures, objectives
from parvis.domains.steering.queries.figures import Figure
from parvis.kernel import faces
from parvis.kernel.faces import Serving
from parvis.kernel.indicators.indicator import Target
from parvis.kernel.references import Reference


@dataclass(frozen=True)
class Promise:
    """A public target, with where the figure stands."""

    figure: Figure
    target: Target
    today: date

    @property
    def is_met(self) -> bool | None:
        return standing.is_met(self.figure.indicator, self.figure.value, self.target)

    @property
    def verdict(self) -> tuple[str, str]:
        """(tone, words): kept, missed, or still to come."""
        if self.is_met is None:
            return "none", "pas encore mesuré"
        if self.is_met:
            return "good", "tenu" if self.target.on <= self.today else "déjà atteint"
        return ("bad", "non tenu") if self.target.on < self.today else ("watch", "en cours")

    @property
    def known(self) -> str:
        held = self.figure.measurement
        if held is None or held.period is None:
            return "pas encore mesuré"
        return wording.period(held.period, self.figure.indicator.rhythm)


@dataclass(frozen=True)
class Chapter:
    """An objective with its public promises and what serves it."""

    objective: Objective
    promises: tuple[Promise, ...]
    servings: tuple[Serving, ...]

    @property
    def is_empty(self) -> bool:
        return not self.promises and not any(serving.count for serving in self.servings)


def chapters(person, today: date) -> list[Chapter]:
    """Every objective of the year: a constant number of queries. Only what the person may see of what serves it."""
    rows = objectives.tree()
    public = [f for f in figures.figures(today).values() if f.indicator.is_public and f.indicator.targets]
    serving = served([row.reference() for row in rows], person, today)
    return [
        Chapter(
            row, tuple(_promise(f, today) for f in public if f.indicator.objective == row.code),
            tuple(serving.get(row.reference(), ())),
        )
        for row in rows
    ]  # fmt: skip


def served(references: list[Reference], person, as_of: date) -> Mapping[Reference, list[Serving]]:
    """What every domain says serves each objective, as of a day."""
    found: dict[Reference, list[Any]] = {reference: [] for reference in references}
    for face in faces.house().faces:
        if face.serving:
            for reference, serving in face.serving(references, person, as_of).items():
                found[reference].append(serving)
    return found


def _promise(figure: Figure, today: date) -> Promise:
    target = standing.next_target(figure.indicator, today)
    assert target is not None  # only indicators with targets come here
    return Promise(figure, target, today)
