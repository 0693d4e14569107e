"""What people said of their confidence in the objectives."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from parvis.domains.steering.models import Objective, ObjectiveConfidence
from parvis.kernel.calendar import PARIS


def latest(objectives: Iterable[Objective], as_of: date | None = None) -> dict[int, ObjectiveConfidence]:
    """By objective, what was said last by the end of a day in Paris: one query."""
    rows = _known(ObjectiveConfidence.objects.filter(objective__in=list(objectives)), as_of)
    return {row.objective_id: row for row in rows.order_by("objective_id", "-at", "-pk").distinct("objective_id")}


def history(objective: Objective, as_of: date | None = None) -> list[ObjectiveConfidence]:
    """All that was said of an objective, the latest first."""
    return list(
        _known(ObjectiveConfidence.objects.filter(objective=objective).select_related("by"), as_of).order_by(
            "-at", "-pk"
        )
    )


def _known(rows: QuerySet[ObjectiveConfidence], as_of: date | None) -> QuerySet[ObjectiveConfidence]:
    end = datetime.combine(as_of + timedelta(days=1), time(), tzinfo=PARIS) if as_of else None
    return rows.filter(at__lt=end) if end else rows
