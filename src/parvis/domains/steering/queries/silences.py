"""Which subjects are silenced on a day, and the silences and rebases that people decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from parvis.domains.steering.models import Rebase, Silence, Subject
from parvis.kernel.indicators.indicator import Indicator


@dataclass(frozen=True)
class Hush:
    """The subjects silenced on a day: those named, and the indicators of an objective named."""

    subjects: frozenset[tuple[str, str]]
    indicators: Mapping[str, Indicator]

    def covers(self, kind: str, subject: str) -> bool:
        indicator = self.indicators.get(subject) if kind == Subject.INDICATOR else None
        of_objective = indicator is not None and (Subject.OBJECTIVE.value, indicator.objective) in self.subjects
        return (str(kind), subject) in self.subjects or of_objective


def hush_on(day: date, indicators: Mapping[str, Indicator]) -> Hush:
    """One query."""
    rows = in_force(day).values_list("subject_kind", "subject")
    return Hush(frozenset((kind, subject) for kind, subject in rows), indicators)


def in_force(day: date) -> QuerySet[Silence]:
    return Silence.objects.filter(starts_on__lte=day, ends_on__gte=day)


def silences() -> QuerySet[Silence]:
    """The last to end first."""
    return Silence.objects.select_related("by")


def rebases(indicator: str = "") -> QuerySet[Rebase]:
    rows = Rebase.objects.select_related("by").order_by("-on", "indicator")
    return rows.filter(indicator=indicator) if indicator else rows
