"""Every dataset that a person may open, as one line each: constant number of queries whatever their number.

A dataset withdrawn while something cites it is still found by its code: it says that it is withdrawn.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from parvis.domains.datahub.freshness import Freshness
from parvis.domains.datahub.models import AddedDataset, ContractVersion, Publication
from parvis.domains.datahub.quality import Quality
from parvis.domains.datahub.queries import lineage
from parvis.domains.datahub.queries.added_datasets import as_dataset
from parvis.domains.datahub.queries.quality import fresh, scores
from parvis.kernel import access, faces
from parvis.kernel.contracts.headers import letters
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import TYPES, Column, Dataset
from parvis.kernel.lake.models import Snapshot

FRESH = {
    "fresh": "à jour", "late": "en retard", "never": "jamais photographié", "undated": "sans date métier", "blank": "aucune ligne",
}  # fmt: skip
SORTS = {
    "titre": lambda line: line.dataset.title.lower(),
    "lignes": lambda line: line.snapshot.row_count if line.snapshot else -1,
    "fraicheur": lambda line: (line.freshness.late_days, line.freshness.state),
    "qualite": lambda line: -1 if line.quality.score is None else line.quality.score,
    "indicateurs": lambda line: line.indicator_count,
    "direction": lambda line: line.dataset.owner,
}


@dataclass(frozen=True)
class Line:
    """A dataset in the list."""

    dataset: Dataset
    snapshot: Snapshot | None
    freshness: Freshness
    quality: Quality
    indicator_count: int
    is_published: bool


@dataclass(frozen=True)
class Found:
    """A dataset by its code; `withdrawn` says in one sentence why it no longer lives, when it does not."""

    dataset: Dataset
    withdrawn: str = ""


def listed(person, today: date, asked: Mapping[str, str]) -> tuple[list[Line], list[Line]]:
    """(the lines that the filters of the address leave, sorted; all her lines)."""
    every = lines(mine(person), today)
    kept = [line for line in every if _matches(line, asked)]
    sort = asked.get("tri", "titre")
    key = SORTS.get(sort.removeprefix("-"), SORTS["titre"])
    return sorted(kept, key=key, reverse=sort.startswith("-")), every


def mine(person) -> list[Dataset]:
    """The datasets whose permission she holds somewhere."""
    return [d for d in faces.house().datasets.values() if access.may_anywhere(person, d.permission)]


def lines(datasets: Iterable[Dataset], today: date) -> list[Line]:
    wanted = list(datasets)
    held = snapshots.latest([d.code for d in wanted])
    marked, counts = scores(wanted, held, today), lineage.counts()
    published = set(Publication.objects.filter(state="published").values_list("dataset", flat=True))
    return [
        Line(d, held.get(d.code), fresh(d, held.get(d.code), today), marked[d.code], counts.get(d.code, 0), d.code in published)
        for d in wanted
    ]  # fmt: skip


def _matches(line: Line, asked: Mapping[str, str]) -> bool:
    words = letters(asked.get("q", ""))
    told = letters(f"{line.dataset.code} {line.dataset.title} {line.dataset.sentence}")
    state = "late" if line.freshness.state == "empty" else line.freshness.state
    return all((
        not words or words in told,
        asked.get("direction", "") in ("", line.dataset.owner),
        asked.get("fraicheur", "") in ("", state),
        asked.get("qualite", "") in ("", line.quality.tone),
        asked.get("personnel", "") in ("", "oui" if line.dataset.is_personal else "non"),
        asked.get("publie", "") in ("", "oui" if line.is_published else "non"),
    ))  # fmt: skip


def find(code: str) -> Found | None:
    """A dataset of the house, one withdrawn, or one that only its snapshots remember; None when nothing does."""
    declared = faces.house().datasets.get(code)
    if declared is not None:
        return Found(declared)
    return _withdrawn(code) or _remembered(code)


def _withdrawn(code: str) -> Found | None:
    version = ContractVersion.objects.filter(dataset__code=code).select_related("dataset").order_by("-number").first()
    if version is None:
        return None
    return Found(as_dataset(version), _why(version.dataset))


def _why(added: AddedDataset) -> str:
    day = f" le {added.withdrawn_at:%d/%m/%Y}" if added.withdrawn_at else ""
    reason = f" : {added.withdrawn_reason}" if added.withdrawn_reason else ""
    return f"Ce jeu de données a été retiré{day}{reason.rstrip('.')}."


def _remembered(code: str) -> Found | None:
    """No face declares it any more: what its columns meant is unknown, so that all of them count as personal."""
    last = Snapshot.objects.filter(dataset=code).order_by("-as_of", "-pk").first()
    if last is None:
        return None
    columns = tuple(
        Column(name, kind if kind in TYPES else "string", "", is_personal=True) for name, kind in last.columns
    )
    dataset = Dataset(
        code=code, title=code, sentence="Ses photographies restent ; plus aucun service ne le déclare.", columns=columns,
        key=columns[0].name if columns else "", permission="datahub.read_kept", owner="",
    )  # fmt: skip
    return Found(dataset, "Plus aucun service ne déclare ce jeu de données.")
