"""The thresholds that the roadmaps are judged by: versioned reference rows, each with its source. No Django.

Knows values and their dates. Refuses to know what is compared with them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WORKING_VALUE = "valeur de travail de la direction, à confirmer par elle"


@dataclass(frozen=True)
class Threshold:
    """A value in force from a day until the next row of the same code."""

    code: str
    label: str
    value: Decimal
    unit: str
    valid_from: date
    source: str


THRESHOLDS: tuple[Threshold, ...] = (
    Threshold("criteria-missing-at-most", "critères qui peuvent manquer à une action opérationnelle",
              Decimal(1), "critère", date(2014, 1, 1), WORKING_VALUE),
    Threshold("path-tolerance", "retard d’un indicateur sur sa trajectoire qui n’alerte pas encore",
              Decimal(10), "% du chemin entre départ et cible", date(2014, 1, 1), WORKING_VALUE),
    Threshold("review-every-days", "délai entre deux revues d’un projet multi-directions",
              Decimal(60), "jours", date(2014, 1, 1), WORKING_VALUE),
    Threshold("measure-grace-days", "retard d’une mesure attendue qui n’alerte pas encore",
              Decimal(15), "jours", date(2014, 1, 1), WORKING_VALUE),
)  # fmt: skip


def threshold(code: str, on: date) -> Decimal:
    """The value in force on a day; the first known one before any was written down."""
    rows = sorted((t for t in THRESHOLDS if t.code == code), key=lambda t: t.valid_from)
    in_force = [t for t in rows if t.valid_from <= on] or rows[:1]
    return in_force[-1].value
