"""The quality of datasets: gathers the facts that `quality.judged` marks. A constant number of queries for any number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from parvis.domains.datahub import quality
from parvis.domains.datahub.freshness import Freshness, freshness
from parvis.domains.datahub.queries import profiles
from parvis.kernel.contracts.models import ImportRun
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot

LOOKED_BACK = timedelta(days=92)
USUAL = 6  # snapshots before, whose median is the usual volume


def scores(datasets: Iterable[Dataset], held: Mapping[str, Snapshot], today: date) -> dict[str, quality.Quality]:
    """The quality of each dataset by code, from its latest snapshot: three queries."""
    wanted = list(datasets)
    profiled, read = profiles.kept(wanted, held), readings(wanted)
    before = volumes_before(wanted, held)
    return {
        d.code: quality.judged(_facts(d, held.get(d.code), profiled.get(d.code), read, before[d.code], today))
        for d in wanted
    }


def fresh(dataset: Dataset, snapshot: Snapshot | None, today: date) -> Freshness:
    """How fresh a dataset is, from the business date of its snapshot."""
    return freshness(
        snapshot.business_on if snapshot else None, dataset.rhythm_days, today, is_dated=bool(dataset.business_date),
        row_count=snapshot.row_count if snapshot else None,
    )  # fmt: skip


def contracts_of(dataset: Dataset) -> tuple[str, ...]:
    """The contracts under which its rows enter: those it names, and its own when it lives from files."""
    return (*dataset.sources, *((dataset.code,) if dataset.schema is not None else ()))


def readings(datasets: Iterable[Dataset]) -> dict[str, ImportRun]:
    """The latest reading under each contract that feeds these datasets: one query."""
    codes = {code for dataset in datasets for code in contracts_of(dataset)}
    rows = ImportRun.objects.filter(contract__in=codes).order_by("contract", "-started_at", "-pk").distinct("contract")
    return {run.contract: run for run in rows}


def volumes_before(datasets: Iterable[Dataset], held: Mapping[str, Snapshot]) -> dict[str, list[int]]:
    """The rows of each dataset on the days before its latest snapshot, the nearest first: one query."""
    counts: dict[str, list[int]] = defaultdict(list)
    rows = Snapshot.objects.filter(dataset__in=[d.code for d in datasets if d.code in held])
    if held:
        rows = rows.filter(as_of__gte=min(s.as_of for s in held.values()) - LOOKED_BACK)
    for code, as_of, count in rows.order_by("-as_of", "-taken_at").values_list("dataset", "as_of", "row_count"):
        if as_of < held[code].as_of and len(counts[code]) < USUAL:
            counts[code].append(count)
    return counts


def _facts(
    dataset: Dataset, snapshot: Snapshot | None, profile: Mapping[str, Any] | None, read: Mapping[str, ImportRun],
    before: list[int], today: date,
) -> quality.Facts:  # fmt: skip
    runs = [read[code] for code in contracts_of(dataset) if code in read]
    described, silent = documented(dataset)
    return quality.Facts(
        row_count=snapshot.row_count if snapshot else 0, is_profiled=profile is not None,
        filled=_filled(dataset, profile) if profile else (),
        duplicate_count=profile["duplicates"] if profile else None,
        sector_count=profile["sectors"] if profile else None, unplaced_count=profile["unplaced"] if profile else 0,
        read_count=sum(run.row_count for run in runs), refused_count=sum(run.quarantined_count for run in runs),
        has_contract=bool(contracts_of(dataset)), freshness=fresh(dataset, snapshot, today),
        documented_count=described, undocumented=tuple(silent), counts_before=tuple(before),
    )  # fmt: skip


def _filled(dataset: Dataset, profile: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    rows = profile["rows"] or 1
    told = [(name, each["filled"]) for name, each in profile["columns"].items() if name in dataset.by_name]
    return tuple(
        (f"« {dataset.by_name[name].sentence or name} »", filled / rows) for name, filled in told if filled is not None
    )


def documented(dataset: Dataset) -> tuple[int, list[str]]:
    """How many parts of its description are written, and the names of those that are not."""
    parts = [("phrase du jeu", dataset.sentence), ("direction qui en répond", dataset.owner)]
    parts += [(f"colonne « {column.name} »", column.sentence) for column in dataset.columns]
    silent = [name for name, words in parts if len(words.strip()) < 3]
    return len(parts) - len(silent), silent
