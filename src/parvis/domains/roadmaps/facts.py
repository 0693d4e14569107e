"""What is known of an action on a day: the facts that its status, its grade and its progress are drawn from. No Django.

Knows shapes alone. Refuses to know where they were stored (`queries.facts`) and what they mean (`status`,
`operationality`, `progress`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.kernel.calendar import month_end


@dataclass(frozen=True)
class MilestoneFacts:
    """A step. With month precision a planned or forecast date holds until the month's last day."""

    title: str
    planned_on: date | None = None
    forecast_on: date | None = None
    actual_on: date | None = None
    is_done: bool = False
    precision: str = "day"

    def is_done_by(self, on: date) -> bool:
        """Done, as far as this day can know: a date still to come proves nothing."""
        return self.is_done and (self.actual_on is None or self.actual_on <= on)

    @property
    def terms(self) -> tuple[date, ...]:
        """The last days to which the plan and the forecast hold, earliest first."""
        days = (d for d in (self.planned_on, self.forecast_on) if d)
        return tuple(sorted(month_end(d) if self.precision == "month" else d for d in days))

    @property
    def has_date(self) -> bool:
        return bool(self.planned_on or self.forecast_on or self.actual_on)


@dataclass(frozen=True)
class Measure:
    """A value and the day it stands for."""

    on: date
    value: Decimal


@dataclass(frozen=True)
class IndicatorFacts:
    """What is measured; `values` in order of day. `direction` is up or down."""

    name: str
    direction: str = "up"
    unit: str = ""
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    target_on: date | None = None
    every_days: int | None = None
    source: str = ""
    weight: int = 1
    values: tuple[Measure, ...] = ()

    def latest(self, on: date) -> Measure | None:
        return max((m for m in self.values if m.on <= on), key=lambda m: m.on, default=None)

    def start(self, on: date) -> Decimal | None:
        """Where the path begins: the stated baseline, else the first measure."""
        if self.baseline is not None:
            return self.baseline
        first = min((m for m in self.values if m.on <= on), key=lambda m: m.on, default=None)
        return first.value if first else None


@dataclass(frozen=True)
class CommitmentFacts:
    """What a partner directorate was asked; state is asked, accepted, amended or declined."""

    directorate: str
    state: str
    answer_due_on: date
    asked_on: date | None = None


@dataclass(frozen=True)
class NeedFacts:
    """Another action that must end first."""

    title: str
    due_on: date | None
    is_finished: bool


@dataclass(frozen=True)
class ActionFacts:
    """An action as it stood on a day. `place` is the precision with which its place is known."""

    starts_on: date | None = None
    due_on: date | None = None
    is_dropped: bool = False
    milestones: tuple[MilestoneFacts, ...] = ()
    indicators: tuple[IndicatorFacts, ...] = ()
    commitments: tuple[CommitmentFacts, ...] = ()
    needs: tuple[NeedFacts, ...] = ()
    has_owner: bool = False
    deliverable: str = ""
    has_means: bool = False
    place: str = "unknown"
    lead: str = ""
    has_project_lead: bool = False
    review_every_days: int | None = None
    last_review_on: date | None = None
    title: str = ""
    weight: int = 1
    created_on: date | None = None

    def done(self, on: date) -> tuple[MilestoneFacts, ...]:
        return tuple(m for m in self.milestones if m.is_done_by(on))

    def left(self, on: date) -> tuple[MilestoneFacts, ...]:
        return tuple(m for m in self.milestones if not m.is_done_by(on))

    def measured(self, on: date) -> tuple[IndicatorFacts, ...]:
        return tuple(i for i in self.indicators if i.latest(on))
