"""The rows behind a cell: those counted, those left out and why, as far as a reader may see them.

Read from the snapshots that the measurement cites, never from today's records. Every dataset of the indicator must be
hers to open; the rows are those of its first dataset, and she is shown the ones that its predicate gives her. What
lies outside her rights is counted, not shown; of a cell that is hidden, not even counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from parvis.domains.steering.models import Measurement
from parvis.domains.steering.queries import cells as kept
from parvis.domains.steering.queries.replays import cited, datasets_of
from parvis.kernel import Forbidden, Refusal, access, faces
from parvis.kernel.indicators import cells
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.lake import engine, visibility
from parvis.kernel.lake.dataset import Column, Dataset, unbound
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.references import Card, Reference, links

PAGE = 50
LONGEST_EXPORT = 100_000
FACTS = ("subject", "at", "place", "value", "base", "event", "left_out")


@dataclass(frozen=True)
class Place:
    """Which cell: a margin has "" for what it sums over."""

    period: date
    place: str = ""
    dimension: str = ""
    member: str = ""
    vintage: str = ""


@dataclass(frozen=True)
class Rows:
    """A page of the rows behind a cell. `outside_count` is None where telling it would give a hidden cell away.

    Each row is a mapping of the facts' names and the dataset's columns; `cards` leads from a subject to its record.
    """

    indicator: Indicator
    dataset: Dataset
    cell: Mapping[str, Any]
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]
    cards: Mapping[str, Card]
    counts: Mapping[str, int]  # rows that she sees: counted, left_out
    outside_count: int | None
    page: int
    pages: int
    snapshots: list[Snapshot]


def rows_of(
    measurement: Measurement, person, asked: Place, *, is_left_out: bool = False, page: int = 1, longest: int = PAGE
) -> Rows:
    """The rows counted (or left out) in a cell, by subject, fifty at a time.

    Raises Forbidden when a dataset is not hers; Refusal when the cell, the definition or a snapshot is no more.
    """
    indicator = faces.house().indicators.get(measurement.indicator)
    if indicator is None:
        raise Refusal(
            "La définition de cet indicateur n’existe plus.", remedy="Son chiffre reste dans ses évaluations."
        )
    datasets = datasets_of(indicator)
    require_datasets(datasets, person)
    if indicator.fingerprint(unbound(datasets)) != measurement.fingerprint:
        raise Refusal(
            "La définition de cet indicateur a changé depuis cette mesure : ses lignes ne se retrouvent plus.",
            remedy="Ouvrez les lignes de la dernière évaluation.",
        )
    return _read(_Asked(measurement, indicator, datasets, asked, is_left_out, page, longest), person)


def require_datasets(datasets: Iterable[Dataset], person) -> None:
    """Raise Forbidden unless each of these datasets is hers to open."""
    for dataset in datasets:
        if not access.may_anywhere(person, dataset.permission):
            raise Forbidden(
                f"Les lignes de « {dataset.title} » ne vous sont pas ouvertes.",
                remedy="Demandez-les à votre direction.",
            )


def columns_of(dataset: Dataset, snapshot: Snapshot) -> list[Column]:
    """The columns that rows may show: those the snapshot has; what identifies a person stays in the lake."""
    there = {name for name, _ in snapshot.columns} - {dataset.key}
    return [column for column in dataset.columns if column.name in there and not column.is_personal]


@dataclass(frozen=True)
class _Asked:
    measurement: Measurement
    indicator: Indicator
    datasets: list[Dataset]
    place: Place
    is_left_out: bool
    page: int
    longest: int

    @property
    def slice(self) -> slice:
        return slice((self.page - 1) * self.longest, self.page * self.longest)


def _read(asked: _Asked, person) -> Rows:
    cell, held, dataset = _cell(asked), cited(asked.measurement), asked.datasets[0]
    with engine.opened(held) as opened:
        facts = _facts(asked, cell)
        of_tab = facts.filter(facts.left_out.notnull() if asked.is_left_out else facts.left_out.isnull())
        counts, outside, mine = _tallied(opened, dataset, person, facts, cell)
        if mine is not None:
            of_tab = _among(of_tab, of_tab.subject, mine[asked.is_left_out][asked.slice])
        rows = _paged(opened, asked, of_tab, is_cut=mine is not None)
        columns = columns_of(dataset, held[dataset.code])
        own = _own(opened, dataset, columns, [row["subject"] for row in rows])
    here = counts["left_out" if asked.is_left_out else "counted"]
    return Rows(
        indicator=asked.indicator, dataset=dataset, cell=cell, columns=tuple(columns),
        rows=[row | own.get(row["subject"], own[""]) for row in rows], counts=counts,
        cards=_cards(dataset, [row["subject"] for row in rows[:PAGE]], person),
        outside_count=None if cell["hidden"] else outside, page=asked.page, pages=max(1, -(-here // asked.longest)),
        snapshots=list(held.values()),
    )  # fmt: skip


def _tallied(
    opened: engine.Engine, dataset: Dataset, person, facts: ir.Table, cell: Mapping[str, Any]
) -> tuple[dict[str, int], int, dict[bool, list[str]] | None]:
    """(rows that she sees of each tab, rows outside her rights, the subjects that are hers by tab, or None for all)."""
    if visibility.sees_all(person, dataset) and not cell["hidden"]:
        return {"counted": cell["counted"], "left_out": cell["left_out"]}, 0, None
    told = opened.run(facts.select("subject", "left_out"))
    visible = visible_among(dataset, person, told)
    mine = {
        is_out: sorted(visible.filter((pc.is_valid if is_out else pc.is_null)(visible["left_out"]))["subject"].to_pylist())
        for is_out in (False, True)
    }  # fmt: skip
    counts = {"counted": len(mine[False]), "left_out": len(mine[True])}
    return counts, told.num_rows - visible.num_rows, mine


def _paged(opened: engine.Engine, asked: _Asked, of_tab: ir.Table, *, is_cut: bool) -> list[dict[str, Any]]:
    """The facts of a page, by subject. `is_cut` when they are only those of the page already."""
    names = [n for n in (*FACTS, *asked.indicator.dimensions) if n in of_tab.columns]
    found = of_tab.select(names).order_by("subject", "at")
    return opened.run(found if is_cut else found.limit(asked.longest, offset=asked.slice.start)).to_pylist()


def _cell(asked: _Asked) -> dict[str, Any]:
    at = asked.place
    found = kept.cell_of(
        asked.measurement, period=at.period, place=at.place, dimension=at.dimension, member=at.member,
        vintage=at.vintage or None,
    )  # fmt: skip
    if found is None:
        raise Refusal(
            "Cette case n’existe pas dans cette évaluation.",
            remedy="Revenez à l’indicateur et ouvrez une de ses cases.",
        )
    return found


def _facts(asked: _Asked, cell: Mapping[str, Any]) -> ir.Table:
    vintage = cell["vintage"] if asked.place.place else kept.newest_vintage(asked.measurement)
    return cells.facts_of(
        asked.indicator, unbound(asked.datasets), asked.place.period, place=asked.place.place, vintage=vintage,
        dimension=asked.place.dimension, member=asked.place.member,
    )  # fmt: skip


def visible_among(dataset: Dataset, person, told: pa.Table) -> pa.Table:
    """The rows, by their `subject`, that her rights on the dataset give her."""
    if visibility.sees_all(person, dataset):
        return told
    hers = visibility.seen(dataset, person, pc.unique(told["subject"]).to_pylist())
    return told.filter(pc.is_in(told["subject"], pa.array(sorted(hers), pa.string())))


def _among(rows: ir.Table, key: ir.Value, wanted: list[str]) -> ir.Table:
    """The rows whose key is wanted. Between the least and the greatest: snapshots lie by key, so most is skipped."""
    if not wanted:
        return rows.filter(ibis.literal(False))
    asked = ibis.memtable(pa.table({"wanted": pa.array(sorted(set(wanted)), pa.string())}))
    kind = key.type()
    bounds = [int(one) for one in wanted] if kind.is_integer() else wanted
    near = rows.filter(key >= min(bounds), key <= max(bounds))
    return near.join(asked, near[key.get_name()].cast("string") == asked.wanted, how="semi")


def _own(
    opened: engine.Engine, dataset: Dataset, columns: list[Column], subjects: list[str]
) -> dict[str, dict[str, Any]]:
    """The dataset's own columns of each subject; under "" what a row has when its subject is not in the dataset."""
    kept = dataset.unbound.select(dataset.key, *(c.name for c in columns))
    rows = _among(kept, kept[dataset.key], subjects)
    told = rows.select(own_key=rows[dataset.key].cast("string"), **{f"own_{c.name}": rows[c.name] for c in columns})
    found = {row["own_key"]: row for row in opened.run(told).to_pylist()} if subjects else {}
    return found | {"": {"own_key": None, **{f"own_{c.name}": None for c in columns}}}


def _cards(dataset: Dataset, subjects: Iterable[str], person) -> dict[str, Card]:
    if not dataset.record_kind:
        return {}
    record = {subject: dataset.owner_key(subject) if dataset.owner_key else subject for subject in subjects}
    found = links.cards({Reference(dataset.record_kind, each) for each in record.values()}, person)
    by_id = {reference.id: card for reference, card in found.items()}
    return {subject: by_id[each] for subject, each in record.items() if each in by_id}
