"""What an indicator is: facts (one row per subject) and how to sum them up. No Django.

`facts(tables)` receives the unbound tables of its datasets by code and returns a table expression with

    subject   string   the key of the record counted (`record_kind` of the first dataset leads to it)
    at        date     when it counts; truncated to the rhythm it gives the period
    place     string   a sector's code, or null when it has none
    value     int64 or boolean; durations in days, money in cents, scaled numbers as integers (floats differ by engine)
    base      int64    for a ratio only: what the value is divided by
    event     boolean  for the survival aggregations only: has the case ended?
    left_out  string   null when counted, else why not, in French
    vintage   string   optional: the vintage of the zone in `place`; the total then counts the newest vintage alone
    and one string column per name in `dimensions`.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

Facts = Callable[[Mapping[str, ir.Table]], ir.Table]

ADDITIVE = ("sum", "count", "mean", "ratio", "share")  # a total is made of its cells' numerators and denominators
QUANTILES = {"median": 0.5, "p90": 0.9}
SURVIVAL = {"km_median": 0.5, "km_p90": 0.1}  # the share of cases still open at the answer
AGGREGATIONS: dict[str, str] = {
    "sum": "somme", "count": "nombre", "mean": "moyenne", "ratio": "rapport", "share": "part", "median": "médiane",
    "p90": "neuf sur dix en dessous", "km_median": "durée médiane, dossiers ouverts compris",
    "km_p90": "durée dépassée par un dossier sur dix, dossiers ouverts compris",
}  # fmt: skip
RHYTHMS: dict[str, str] = {"month": "M", "quarter": "Q", "year": "Y"}
RHYTHM_LABELS = {"month": "chaque mois", "quarter": "chaque trimestre", "year": "chaque année"}


@dataclass(frozen=True)
class Target:
    """A value promised for a day."""

    on: date
    value: float


@dataclass(frozen=True)
class Thresholds:
    """From where the value deserves attention, and from where an alert; in the indicator's unit, on its worse side."""

    watch: float | None = None
    alert: float | None = None


@dataclass(frozen=True)
class Indicator:
    """A figure of the house. `better` is "up", "down" or "none"; `scale` divides the value (100: cents to euros).

    `delay_days` is the time the facts take to arrive after the period's end. `is_stock` says that the facts are
    states at the end of each period, so that periods are never added up. `counts_people` hides cells under 5.
    `per_inhabitant` offers the comparison by population. `covers_from` is the first day the facts tell of.
    """

    code: str
    title: str
    question: str
    unit: str
    better: str
    objective: str
    owner: str
    datasets: tuple[str, ...]
    facts: Facts
    aggregation: str
    rhythm: str = "month"
    delay_days: int = 5
    dimensions: tuple[str, ...] = ()
    dimension_labels: Mapping[str, str] | None = None
    scale: int = 1
    baseline: float | None = None
    baseline_on: date | None = None
    targets: tuple[Target, ...] = ()
    thresholds: Thresholds = Thresholds()
    is_stock: bool = False
    counts_people: bool = False
    per_inhabitant: bool = False
    is_rare: bool = False  # events so rare that a control chart counts the days between them
    is_public: bool = False
    place_kind: str = "sector"
    covers_from: date | None = None
    note: str = ""

    def expression(self, tables: Mapping[str, ir.Table]) -> ir.Table:
        """The facts, with every column that the evaluation reads."""
        facts = self.facts(tables)
        missing = {"subject", "at", "place", "value", "left_out", *self.dimensions} - set(facts.columns)
        if missing:
            raise ValueError(f"{self.code}: the facts lack {', '.join(sorted(missing))}")
        return facts

    def fingerprint(self, tables: Mapping[str, ir.Table]) -> str:
        """What decides the figure, as one digest: the same definition gives the same digest, on any machine."""
        sql = ibis.to_sql(self.expression(tables), dialect="duckdb")
        decides = (
            self.code, self.aggregation, self.rhythm, self.scale, self.dimensions, self.is_stock, self.counts_people,
            str(sql),
        )  # fmt: skip
        return hashlib.sha256(repr(decides).encode()).hexdigest()


def faults(indicator: Indicator) -> list[str]:
    """What is wrong with a definition, in French; an empty list when it may be measured."""
    return [sentence for is_wrong, sentence in _checks(indicator) if is_wrong]


def _checks(i: Indicator) -> Iterable[tuple[Any, str]]:
    yield i.aggregation not in AGGREGATIONS, f"L’agrégation « {i.aggregation} » n’existe pas."
    yield i.rhythm not in RHYTHMS, f"Le rythme « {i.rhythm} » n’existe pas."
    yield i.better not in ("up", "down", "none"), "Dites si le mieux est « plus » ou « moins »."
    yield not i.question.endswith("?"), "La question doit finir par un point d’interrogation."
    yield not i.datasets, "Un indicateur repose au moins sur un jeu de données."
    equal = [t for t in i.targets if i.baseline is not None and t.value == i.baseline]
    yield equal, "La cible est égale à la valeur de départ : rien ne pourrait progresser."
    yield len({t.on for t in i.targets}) != len(i.targets), "Deux cibles portent la même date."
