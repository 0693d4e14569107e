"""The records of steering, one file per noun."""

from parvis.domains.steering.models.alerts import Alert, AlertStep, Rebase, Silence, Subject
from parvis.domains.steering.models.confidence import ObjectiveConfidence
from parvis.domains.steering.models.definitions import Definition, ManualSeries, ManualValue
from parvis.domains.steering.models.measurements import Evaluation, Measurement
from parvis.domains.steering.models.objectives import Objective
from parvis.domains.steering.models.reviews import AgendaItem, Decision, Review, ReviewComment, ReviewFreeze

__all__ = [
    "Alert",
    "AlertStep",
    "Rebase",
    "Silence",
    "Subject",
    "AgendaItem",
    "Decision",
    "Definition",
    "ManualSeries",
    "ManualValue",
    "Review",
    "ReviewComment",
    "ReviewFreeze",  # fmt: skip
    "Evaluation",
    "Measurement",
    "Objective",
    "ObjectiveConfidence",
]
