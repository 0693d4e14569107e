"""All that the page of a dataset shows to one person: a constant number of queries, whatever its columns and its past.

The values of a column are shown to whoever reads every row of it; others read how much is filled, never what.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q, QuerySet

from parvis.domains.datahub import profile_drawing
from parvis.domains.datahub.freshness import Freshness
from parvis.domains.datahub.models import ProcessingVersion, Publication, Thread
from parvis.domains.datahub.quality import Quality
from parvis.domains.datahub.queries import lineage, register
from parvis.domains.datahub.queries.catalogue import Found
from parvis.domains.datahub.queries.dataset_rows import columns_for
from parvis.domains.datahub.queries.quality import contracts_of, fresh, scores
from parvis.domains.datahub.rules import visible_runs
from parvis.kernel import faces
from parvis.kernel.contracts.models import ImportRun
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Column, Dataset
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.lake.visibility import sees_all

PAST = 24
TYPES = {
    "string": "texte", "integer": "entier", "cents": "montant", "number": "nombre", "boolean": "oui ou non", "date": "date",
    "instant": "instant",
}  # fmt: skip
PLACES = {
    "sector": "secteur", "arrondissement": "arrondissement", "commune": "commune", "iris": "IRIS", "longitude": "longitude",
    "latitude": "latitude",
}  # fmt: skip


@dataclass(frozen=True)
class ColumnLine:
    """A column with its profile; `told` holds values for whoever may read them, `bars` their picture."""

    column: Column
    filled: int | None
    share: float | None
    told: Mapping[str, Any]
    bars: list[dict[str, Any]]
    readers: list[Indicator]
    threads: int

    @property
    def type_label(self) -> str:
        return TYPES[self.column.type]

    @property
    def place_label(self) -> str:
        return PLACES.get(self.column.place, "")


@dataclass(frozen=True)
class Taken:
    """A snapshot in the list: its difference in rows from the one before, and how many things cite it."""

    snapshot: Snapshot
    difference: int | None
    cited: int


@dataclass(frozen=True)
class Page:
    """What the template reads."""

    found: Found
    snapshot: Snapshot | None
    freshness: Freshness
    quality: Quality
    columns: list[ColumnLine]
    taken: list[Taken]
    sources: list[lineage.Node]
    uses: list[lineage.Node]
    picture: Mapping[str, Any]
    runs: list[ImportRun]
    threads: list[Thread]
    processings: list[ProcessingVersion]
    publication: Publication | None
    has_all_rows: bool
    has_values: bool
    readable: list[Column]

    @property
    def dataset(self) -> Dataset:
        return self.found.dataset


def page(found: Found, profile: Mapping[str, Any] | None, person, today: date) -> Page:
    """`profile` is that of the latest snapshot, None when there is none to read."""
    dataset = found.dataset
    held = snapshots.latest([dataset.code])
    snapshot, threads = held.get(dataset.code), list(discussions(dataset.code))
    sources, uses = lineage.upstream(dataset, person), lineage.downstream(dataset, person)
    has_all = sees_all(person, dataset)
    return Page(
        found=found, snapshot=snapshot, freshness=fresh(dataset, snapshot, today),
        quality=scores([dataset], held, today)[dataset.code],
        columns=_columns(dataset, profile, threads, has_all), taken=taken(dataset.code), sources=sources, uses=uses,
        picture=profile_drawing.lineage(dataset.title, sources, uses), runs=list(runs(dataset, person)), threads=threads,
        processings=register.of_dataset(dataset.code) if dataset.is_personal else [],
        publication=Publication.objects.filter(dataset=dataset.code).first(), has_all_rows=has_all,
        has_values=has_all and profile is not None, readable=columns_for(dataset, snapshot, person) if snapshot else [],
    )  # fmt: skip


def _columns(
    dataset: Dataset, profile: Mapping[str, Any] | None, threads: list[Thread], has_all: bool
) -> list[ColumnLine]:
    readers: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in lineage.indicators_on(dataset.code):
        for name in lineage.columns_of(indicator, dataset):
            readers[name].append(indicator)
    asked = defaultdict(int, {t.column: sum(1 for o in threads if o.column == t.column) for t in threads})
    rows = profile["rows"] if profile else 0
    told = profile["columns"] if profile else {}
    return [_column(c, told.get(c.name, {}), rows, readers[c.name], asked[c.name], has_all) for c in dataset.columns]


def _column(
    column: Column, told: Mapping[str, Any], rows: int, readers: list[Indicator], threads: int, has_all: bool
) -> ColumnLine:  # fmt: skip
    filled = told.get("filled")
    shown = dict(told) if has_all and not column.is_personal else {}
    return ColumnLine(
        column, filled, filled / rows if rows and filled is not None else None, shown, profile_drawing.bars(shown), readers,
        threads,
    )  # fmt: skip


def taken(code: str) -> list[Taken]:
    """Its last snapshots, the newest first, each beside the one before: one query."""
    rows = (
        Snapshot.objects.filter(dataset=code).annotate(cited=Count("citations")).order_by("-as_of", "-taken_at", "-pk")
    )
    held = list(rows[: PAST + 1])
    pairs = [(now, before) for now, before in pairwise([*held, None])]
    told = [Taken(s, s.row_count - b.row_count if b else None, s.cited) for s, b in pairs if s]  # type: ignore[attr-defined]
    return told[:PAST]


def runs(dataset: Dataset, person) -> QuerySet[ImportRun]:
    """The last readings of files that feed it, among those whose rows she may read."""
    rows = ImportRun.objects.filter(visible_runs(person), contract__in=contracts_of(dataset))
    waiting = Count("quarantine", filter=Q(quarantine__outcome=""))
    return rows.annotate(waiting=waiting).select_related("started_by").order_by("-started_at", "-pk")[:10]


def discussions(code: str) -> QuerySet[Thread]:
    """Its threads with their messages, open first: two queries."""
    rows = Thread.objects.filter(dataset=code).select_related("opened_by").prefetch_related("messages__by")
    return rows.annotate(is_closed=Count("pk", filter=Q(state="closed"))).order_by("is_closed", "-opened_at", "-pk")


def contract_titles() -> dict[str, str]:
    return {code: contract.title for code, contract in faces.house().contracts.items()}
