"""The house's figures as last measured by a day: one query for the evaluation, one for all its measurements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from parvis.domains.steering.models import Evaluation, Measurement
from parvis.kernel import faces
from parvis.kernel.indicators.indicator import Indicator, Target

TREND_PERIODS = 24


@dataclass(frozen=True)
class Figure:
    """An indicator with its last measurement, or with none: then `outcome` says why in `note`."""

    indicator: Indicator
    measurement: Measurement | None

    @property
    def value(self) -> float | None:
        return self.measurement.value if self.measurement else None

    @property
    def is_measured(self) -> bool:
        return self.measurement is not None and self.measurement.outcome == Measurement.Outcome.MEASURED

    @property
    def history(self) -> list[tuple[date, float | None]]:
        """(first day of the period, value) of the total, up to the last complete period."""
        held = self.measurement
        if held is None or held.period is None:
            return []
        rows = [(date.fromisoformat(row[0]), row[1]) for row in held.history]
        return [row for row in rows if row[0] <= held.period][-TREND_PERIODS:]

    @property
    def previous(self) -> float | None:
        return self.history[-2][1] if len(self.history) > 1 else None

    @property
    def places(self) -> Mapping[str, list]:
        """By sector code: [value, numerator, denominator, counted] of the latest complete period."""
        return self.measurement.places if self.measurement else {}

    def target(self, on: date) -> Target | None:
        """The next target from a day on, else the last one."""
        dated = sorted(self.indicator.targets, key=lambda t: t.on)
        return next((t for t in dated if t.on >= on), dated[-1] if dated else None)


def last_evaluation(as_of: date | None = None) -> Evaluation | None:
    """The last finished evaluation that shows a day on or before `as_of`."""
    rows = Evaluation.objects.filter(finished_at__isnull=False)
    rows = rows.filter(as_of__lte=as_of) if as_of else rows
    return rows.order_by("-as_of", "-started_at", "-pk").first()


def figures(as_of: date | None = None) -> dict[str, Figure]:
    """Every indicator of the house by code, with its measurement of that evaluation."""
    return figures_of(last_evaluation(as_of))


def figures_of(run: Evaluation | None) -> dict[str, Figure]:
    """Every indicator of the house by code, with its measurement of this evaluation."""
    held = {m.indicator: m for m in run.measurements.all()} if run else {}
    return {code: Figure(i, held.get(code)) for code, i in faces.house().indicators.items()}
