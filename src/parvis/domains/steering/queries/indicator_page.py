"""Everything that the page of an indicator says, from the cells of one measurement: read once, then looked up.

What is hidden there stays hidden here. A place's history, its peers and the members of a dimension come from the same
cells, so that no two parts of the page can differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.urls import reverse

from parvis.domains.steering import comparison, sentences, wording
from parvis.domains.steering.models import Evaluation, Measurement
from parvis.domains.steering.queries.cells import SCHEMA, cells_of
from parvis.domains.steering.queries.figures import Figure, last_evaluation
from parvis.domains.steering.queries.tree import Shown
from parvis.kernel import faces
from parvis.kernel.indicators.cells import ALL
from parvis.kernel.indicators.indicator import AGGREGATIONS, RHYTHM_LABELS, Indicator
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.territories.models import Arrondissement, Sector

THOUSAND = 1000
LAST_RUNS = 12
TREND = 12
RECENT = 7
Cell = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A sector with its cell and how it stands beside its peers, in the unit of the comparison."""

    sector: Sector
    cell: Cell | None
    line: comparison.Line
    tone: str


@dataclass(frozen=True)
class Source:
    """A dataset that the figure rests on, as it was photographed."""

    dataset: Dataset | None
    code: str
    snapshot: Snapshot | None

    @property
    def title(self) -> str:
        return self.dataset.title if self.dataset else self.code

    @property
    def url(self) -> str:
        return reverse("datahub:dataset", args=[self.code])


@dataclass
class Page:
    """An indicator as known on a day, at a period and a place."""

    figure: Figure
    cells: pa.Table
    on: date
    is_past: bool
    evaluation: Evaluation | None
    asked_period: date | None
    sector: Sector | None
    sectors: Sequence[Sector]
    populations: Mapping[str, int]

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @cached_property
    def shown(self) -> Shown:
        return Shown(self.figure, self.on)

    @property
    def place(self) -> str:
        return self.sector.code if self.sector else ALL

    @cached_property
    def period(self) -> date | None:
        """The period asked when it is known, else the latest complete one."""
        held = self.figure.measurement
        if self.asked_period in self.periods:
            return self.asked_period
        return held.period if held else None

    @cached_property
    def periods(self) -> list[date]:
        """Every period that has a total, the latest first."""
        return [row["period"] for row in reversed(self._select(place=ALL, dimension=ALL))]

    @property
    def is_unfinished(self) -> bool:
        """The period shown is not complete yet."""
        held = self.figure.measurement
        return bool(held and held.period and self.period and self.period > held.period)

    @cached_property
    def history(self) -> list[Cell]:
        """The cells of the place, period after period, up to the one shown."""
        rows = newest(self._select(place=self.place, dimension=ALL), "period")
        return [row for row in rows if self.period and row["period"] <= self.period]

    @property
    def recent(self) -> list[tuple[Cell, float | None]]:
        """The last periods with their change since the one before, the latest first."""
        pairs = zip(self.history, [None, *self.history], strict=False)
        told = [(row, _change(before, row)) for row, before in pairs]
        return told[-RECENT:][::-1]

    @cached_property
    def cell(self) -> Cell | None:
        last = self.history[-1] if self.history else None
        return last if last and last["period"] == self.period else None

    @property
    def value(self) -> float | None:
        return self.cell["value"] if self.cell else None

    @cached_property
    def previous(self) -> Cell | None:
        """The cell of the period just before; a period without facts leaves none."""
        return self.at(sentences.previous_period(self.period, self.indicator.rhythm)) if self.period else None

    @cached_property
    def year_before(self) -> Cell | None:
        return self.at(self.period.replace(year=self.period.year - 1)) if self.period else None

    def at(self, period: date) -> Cell | None:
        return next((row for row in self.history if row["period"] == period), None)

    @cached_property
    def sentence(self) -> str:
        target, cell, held = self.shown.target, self.cell, self.figure.measurement
        return sentences.of_indicator(sentences.Facts(
            unit=self.indicator.unit, rhythm=self.indicator.rhythm, better=self.indicator.better,
            period=self.period, value=self.value, previous=self.previous["value"] if self.previous else None,
            numerator=cell["numerator"] if cell else None, denominator=cell["denominator"] if cell else None,
            target=target.value if target else None, target_on=target.on if target else None,
            is_hidden=bool(cell and cell["hidden"]), note=held.note if held else "",
            where=_where(self.sector) if self.sector else "",
        ))  # fmt: skip

    @property
    def as_of_query(self) -> str:
        """What an address adds to stay on the day looked at."""
        return f"&le={self.on}" if self.is_past else ""

    @property
    def place_query(self) -> str:
        """The beginning of the query that opens a sector on this page, at this period and on this day."""
        return f"?periode={self.period}{self.as_of_query}&lieu="

    @property
    def target_gap(self) -> float | None:
        target = self.shown.target
        return None if target is None or self.value is None else self.value - target.value

    @property
    def year_gap(self) -> float | None:
        before = self.year_before["value"] if self.year_before else None
        return None if before is None or self.value is None else self.value - before

    # Peers

    @property
    def is_per_inhabitant(self) -> bool:
        return self.indicator.per_inhabitant and self.indicator.aggregation in ("count", "sum")

    @property
    def compared_unit(self) -> str:
        """What the comparison counts in."""
        return (
            f"{self.indicator.unit} pour 1{sentences.NARROW}000 habitants"
            if self.is_per_inhabitant
            else self.indicator.unit
        )

    @property
    def gap_unit(self) -> str:
        """A gap per inhabitant is in the unit alone: the column says the rest."""
        return self.indicator.unit

    @property
    def short_unit(self) -> str:
        return self.indicator.unit if len(self.indicator.unit) < 3 else ""

    @property
    def comparison_sentence(self) -> str:
        apart = [row.sector.name for row in self.rows if row.line in self.compared.apart]
        return sentences.of_comparison(len(self.sectors), apart, has_funnel=self.compared.has_funnel)

    @property
    def trend_labels(self) -> list[str]:
        return [wording.period(period, self.indicator.rhythm) for period in self.trend_periods]

    @cached_property
    def by_sector(self) -> dict[str, Cell]:
        rows = [row for row in self._select(dimension=ALL) if row["period"] == self.period and row["place"]]
        return {row["place"]: row for row in newest(rows, "place")}

    @cached_property
    def compared(self) -> comparison.Comparison:
        places = [self._place(sector.code, self.by_sector.get(sector.code)) for sector in self.sectors]
        return comparison.compare(places, self._law, scale=self._scale)

    @cached_property
    def rows(self) -> list[Row]:
        return [
            Row(sector, self.by_sector.get(sector.code), line, comparison.tone(line, self.indicator.better))
            for sector, line in zip(self.sectors, self.compared.lines, strict=True)
        ]

    @property
    def has_sectors(self) -> bool:
        return any(row.cell for row in self.rows)

    @property
    def map_values(self) -> dict[str, float | None]:
        return {row.sector.code: row.line.place.value for row in self.rows}

    @cached_property
    def trends(self) -> dict[str, list[float | None]]:
        """By sector, the last periods up to the one shown, on the same periods for all."""
        columns = self.trend_periods
        found: dict[str, dict[date, float | None]] = {sector.code: {} for sector in self.sectors}
        for row in self._select(dimension=ALL):
            if row["place"] in found:
                found[row["place"]][row["period"]] = row["value"]
        return {code: [values.get(period) for period in columns] for code, values in found.items() if values}

    @cached_property
    def trend_periods(self) -> list[date]:
        known = sorted(period for period in self.periods if self.period and period <= self.period)
        return known[-TREND:]

    @property
    def _law(self) -> str:
        if self.is_per_inhabitant:
            return "poisson" if self.indicator.aggregation == "count" else "normal"
        return comparison.KINDS.get(self.indicator.aggregation, "")

    @property
    def _scale(self) -> float:
        if self.is_per_inhabitant:
            return THOUSAND
        return 100 if self.indicator.aggregation == "share" else 1

    def _place(self, code: str, cell: Cell | None) -> comparison.Place:
        if cell is None or cell["value"] is None:
            return comparison.Place(code, None)
        if not self.is_per_inhabitant:
            return comparison.Place(code, cell["value"], cell["denominator"] if self._law else None)
        people = self.populations.get(code)
        return comparison.Place(code, cell["value"] * THOUSAND / people if people else None, people)

    # Dimensions

    @cached_property
    def dimensions(self) -> list[tuple[str, str, list[Cell]]]:
        """(code, label, cells of its members at the period and place shown, the largest first, each said in `words`)."""
        labels = self.indicator.dimension_labels or {}
        said = {name: member_words(self.indicator, name) for name in self.indicator.dimensions}
        rows = [
            row | {"words": said.get(row["dimension"], {}).get(row["member"], row["member"])}
            for row in self._select(place=self.place) if row["period"] == self.period
        ]  # fmt: skip
        return [
            (name, labels.get(name, name), sorted((r for r in rows if r["dimension"] == name), key=lambda r: -(r["counted"] or 0)))
            for name in self.indicator.dimensions
        ]  # fmt: skip

    def _select(self, **wanted: str) -> list[dict[str, Any]]:
        found = self.cells
        for name, value in wanted.items():
            found = found.filter(pc.equal(found[name], value))
        return found.to_pylist()

    # Where it comes from

    @property
    def definition(self) -> tuple[str, str]:
        return AGGREGATIONS[self.indicator.aggregation], RHYTHM_LABELS[self.indicator.rhythm]

    @cached_property
    def sources(self) -> list[Source]:
        held = self.figure.measurement
        cited = {code: pk for code, (pk, _) in held.snapshots.items()} if held else {}
        rows, datasets = Snapshot.objects.in_bulk(cited.values()), faces.house().datasets
        return [Source(datasets.get(c), c, rows.get(cited.get(c))) for c in self.indicator.datasets]


def member_words(indicator: Indicator, dimension: str) -> dict[str, str]:
    """How a screen says the members of a dimension: as the column it comes from says its codes, a dataset by its title."""
    datasets = faces.house().datasets
    columns = [column for code in indicator.datasets if code in datasets for column in datasets[code].columns]
    named = [column for column in columns if column.name in (dimension, f"{dimension}_code")]
    titles = {code: dataset.title for code, dataset in datasets.items()}
    return titles | {code: words for column in named for code, words in column.words.items()}


def page(
    indicator: Indicator, today: date, *, as_of: date | None = None, period: date | None = None, place: str = ""
) -> Page:
    """The page as known on a day. An unknown place is the whole city."""
    past = as_of if as_of and as_of < today else None
    evaluation = last_evaluation(past)
    held = _measurement(indicator, evaluation)
    sectors = list(Sector.objects.all())
    return Page(
        Figure(indicator, held), cells_of(held) if held else SCHEMA.empty_table(), past or today, past is not None, evaluation,
        period, next((sector for sector in sectors if sector.code == place), None), sectors, populations(),
    )  # fmt: skip


def _where(sector: Sector) -> str:
    """« à Paris Centre », « dans le 19e arrondissement »."""
    return f"à {sector.name}" if sector.name.startswith("Paris") else f"dans le {sector.name}"


def _change(before: Cell | None, row: Cell) -> float | None:
    if before is None or before["value"] is None or row["value"] is None:
        return None
    return row["value"] - before["value"]


def _measurement(indicator: Indicator, evaluation: Evaluation | None) -> Measurement | None:
    rows = evaluation.measurements.select_related("evaluation") if evaluation else Measurement.objects.none()
    return rows.filter(indicator=indicator.code).first()


def populations() -> dict[str, int]:
    """The inhabitants of each sector; a sector with an arrondissement uncounted has none."""
    found: dict[str, list[int | None]] = {}
    for code, people in Arrondissement.objects.values_list("sector__code", "population"):
        found.setdefault(code, []).append(people)
    return {code: sum(p for p in counts if p) for code, counts in found.items() if None not in counts}


def newest(rows: Sequence[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """One row a key, under the newest vintage of its zone; in the order of the keys."""
    kept = {row[key]: row for row in sorted(rows, key=lambda row: (str(row[key]), row["vintage"]))}
    return list(kept.values())


def earlier(code: str, before: Evaluation | None) -> list[Measurement]:
    """What the indicator was worth at earlier evaluations, one a day, the latest first."""
    rows = Measurement.objects.filter(indicator=code, evaluation__finished_at__isnull=False).select_related(
        "evaluation"
    )
    rows = rows.defer("history", "places", "snapshots")
    rows = rows.order_by("-evaluation__as_of", "-evaluation__started_at").distinct("evaluation__as_of")
    return [row for row in rows[: LAST_RUNS + 1] if before is None or row.evaluation_id != before.pk][:LAST_RUNS]
