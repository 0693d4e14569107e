"""The series behind a figure, for all or for a place, and their control charts.

A period without any fact counts zero when the indicator counts events; otherwise it has no value. A value kept back
because it counts few people is missing, never zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.domains.steering import standing
from parvis.domains.steering.control_charts import Chart, Rebase, chart
from parvis.domains.steering.models import Measurement
from parvis.domains.steering.models import Rebase as Decided
from parvis.domains.steering.queries.figures import Figure
from parvis.domains.steering.rare_events import g_chart, t_chart
from parvis.domains.steering.signals import Reading, Source
from parvis.kernel import faces
from parvis.kernel.indicators.cells import ALL, next_period
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot

COLUMNS = ("period", "place", "vintage", "dimension", "value", "numerator", "denominator", "counted")
POSITIVE = ("count", "median", "p90", "km_median", "km_p90")
SMALL = "Moins de cinq personnes : le chiffre n’est pas montré."  # as `actions.measuring` writes it
ENTERED = {"steering.manual-values"}  # what people enter period by period
SLOW = "C’est un état de fin de période, qui ressemble au précédent : ses limites sont étroites, un signal isolé y dit peu."
LONGEST = 60  # periods: five years of months


@dataclass(frozen=True)
class Step:
    """One period of a series, with what its value is made of."""

    on: date
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    counted: int | None = None


def chart_of(figure: Figure, place: str = ALL) -> Chart:
    """The control chart of a figure: of the total, or of a sector. Two queries at most, and one file for a sector."""
    decided = Decided.objects.filter(indicator=figure.indicator.code, place__in={ALL, place})
    rebases = [Rebase(row.on, row.reason) for row in decided]
    return charted(figure.indicator, series_of(figure).get(place, []), rebases)


def charted(indicator: Indicator, steps: Sequence[Step], rebases: Iterable[Rebase] = ()) -> Chart:
    """The chart that suits the indicator: of its values, or of what lies between events when they are rare."""
    shown: dict[str, Any] = {"title": indicator.title}
    if indicator.is_rare and indicator.aggregation in ("share", "ratio"):
        shares = [(s.on, s.numerator, s.denominator) for s in steps]
        return g_chart(shares, better=indicator.better, rhythm=indicator.rhythm, **shown)
    if indicator.is_rare:
        counts = [(s.on, s.value) for s in steps]
        return t_chart(counts, indicator.rhythm, better=indicator.better, rebases=rebases, **shown)
    target = standing.next_target(indicator, steps[-1].on) if steps else None
    note = SLOW if indicator.is_stock else ""
    return chart(
        [(s.on, s.value) for s in steps], rebases=rebases, better=indicator.better,
        target=target.value if target else None, bounds=bounds_of(indicator), unit=indicator.unit, rhythm=indicator.rhythm,
        note=note, **shown,
    )  # fmt: skip


def bounds_of(indicator: Indicator) -> tuple[float | None, float | None]:
    """Between which values a figure can be: a share from 0 to 100, a number of things or of days from 0."""
    if indicator.aggregation == "share":
        return 0.0, 100.0
    return (0.0, None) if indicator.aggregation in POSITIVE else (None, None)


def series_of(figure: Figure) -> dict[str, list[Step]]:
    """By place ("" for all), every complete period from the first known to the last one, oldest first."""
    held = figure.measurement
    if held is None or not figure.is_measured or held.period is None:
        return {}
    found = {ALL: [Step(date.fromisoformat(row[0]), *row[1:5]) for row in held.history]}
    found |= _placed(held) if held.places else {}
    return {place: filled(figure.indicator, steps, held.period) for place, steps in found.items()}


def filled(indicator: Indicator, steps: Iterable[Step], until: date) -> list[Step]:
    """Every period from the first known one, those without facts included."""
    told = {step.on: step for step in steps if _is_covered(indicator, step.on) and step.on <= until}
    gap = 0.0 if indicator.aggregation == "count" and not indicator.is_stock else None
    made, on = [], min(told, default=None)
    while on is not None and on <= until:
        made.append(told.get(on) or Step(on, gap, gap, None, 0))
        on = next_period(on, indicator.rhythm)
    return made[-LONGEST:]


def rebases_by_series(codes: Iterable[str]) -> Mapping[str, list[Decided]]:
    """The rebases of each indicator: one query."""
    found: dict[str, list[Decided]] = defaultdict(list)
    for row in Decided.objects.filter(indicator__in=list(codes)):
        found[row.indicator].append(row)
    return found


def readings(figures: Iterable[Figure]) -> list[Reading]:
    """What the evaluation knows of each indicator, its series cut where their limits were calculated anew: one query."""
    told = list(figures)
    decided = rebases_by_series(figure.indicator.code for figure in told)
    known = faces.house().datasets
    entered = {code for code, dataset in known.items() if dataset.rows is None} | ENTERED
    measured = [figure for figure in told if figure.measurement]  # one declared since waits for its first evaluation
    return [_reading(figure, decided.get(figure.indicator.code, []), entered) for figure in measured]


def sources(readings: Iterable[Reading], on: date) -> dict[str, Source]:
    """The datasets that these indicators rest on: one query, and one of the datasets that people added."""
    wanted = {code for reading in readings for code in reading.indicator.datasets}
    known, held = faces.house().datasets, snapshots.latest(wanted, as_of=on)
    return {code: _source(known[code], held.get(code)) for code in sorted(wanted & set(known))}


def _reading(figure: Figure, rebases: Sequence[Decided], entered: set[str]) -> Reading:
    indicator, held, series = figure.indicator, figure.measurement, {}
    for place, steps in series_of(figure).items():
        since = max((r.on for r in rebases if r.place in (ALL, place)), default=date.min)
        kept = [s for s in steps if s.on >= since] or steps[-1:]
        series[place] = [(s.value, s.numerator, s.denominator) for s in kept]
    return Reading(
        indicator, held.period if held and figure.is_measured else None, series,
        note=held.note if held else "l’indicateur n’a pas encore été mesuré.",
        is_kept_back=bool(held and figure.is_measured and held.value is None and held.note == SMALL),
        is_awaited=bool(entered & set(indicator.datasets)) or (indicator.is_stock and figure.is_measured),
        is_failed=held is not None and held.outcome == Measurement.Outcome.FAILED,
    )  # fmt: skip


def _source(dataset: Dataset, held: Snapshot | None) -> Source:
    """A deposited dataset knows until its last business date; one of the house until its photograph's day."""
    is_deposited = dataset.rows is None and bool(dataset.business_date)
    until = None if held is None else (held.business_on or held.as_of) if is_deposited else held.as_of
    return Source(dataset.code, dataset.title, until, dataset.rhythm_days, held is not None, dataset.rows is None)


def _is_covered(indicator: Indicator, on: date) -> bool:
    return indicator.covers_from is None or on >= indicator.covers_from


def _placed(held: Measurement) -> dict[str, list[Step]]:
    """The series of the places, from the file of the lake, where small cells lie hidden already."""
    try:
        found = pq.read_table(snapshots.path_of(held.cells_sha256), columns=list(COLUMNS))
    except (OSError, pa.ArrowInvalid):
        return {}  # the total stands without its file
    rows = found.filter(pc.and_(pc.equal(found["dimension"], ALL), pc.not_equal(found["place"], ALL)))
    series: dict[str, list[Step]] = defaultdict(list)
    newest = max(rows["vintage"].to_pylist(), default=ALL)
    for row in rows.to_pylist():
        if row["place"] in held.places and row["vintage"] in (newest, ALL):
            series[row["place"]].append(Step(*(row[name] for name in ("period", "value", *COLUMNS[5:]))))
    return {place: sorted(steps, key=lambda step: step.on) for place, steps in series.items()}
