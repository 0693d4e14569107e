"""The records of steering, one file per noun."""

from parvis.domains.steering.models.measurements import Evaluation, Measurement
from parvis.domains.steering.models.objectives import Objective

__all__ = ["Evaluation", "Measurement", "Objective"]
