"""What the console may read for a person: whole datasets alone, without the columns that are not hers; her last questions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from parvis.domains.datahub.models import LakeQuery
from parvis.domains.datahub.queries.dataset_rows import columns_for
from parvis.kernel import faces
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Column, Dataset
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.lake.visibility import sees_all

RECENT = 10


@dataclass(frozen=True)
class Table:
    """A dataset as the console offers it: its snapshot and the columns she may read."""

    dataset: Dataset
    snapshot: Snapshot
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        return self.dataset.table_name

    def given(self) -> dict[str, Any]:
        """As the sandbox receives it."""
        return {"path": str(snapshots.path_of(self.snapshot.sha256)), "columns": [c.name for c in self.columns]}


def tables(person) -> list[Table]:
    """The datasets of which she sees every row, photographed, with at least one column of hers: one query."""
    wanted = [d for d in faces.house().datasets.values() if sees_all(person, d)]
    held = snapshots.latest([d.code for d in wanted])
    found = [Table(d, held[d.code], tuple(columns_for(d, held[d.code], person))) for d in wanted if d.code in held]
    return sorted(
        (t for t in found if t.columns and snapshots.path_of(t.snapshot.sha256).exists()), key=lambda t: t.name
    )


def recent(person) -> QuerySet[LakeQuery]:
    """Her own last questions: nobody reads those of another here."""
    return LakeQuery.objects.filter(asked_by=person).order_by("-asked_at", "-pk")[:RECENT]


def examples(offered: list[Table]) -> list[tuple[str, str]]:
    """(words, question) on the tables that she has: the columns of one, its first rows, how many rows by sector."""
    placed = ((t, c.name) for t in offered for c in t.columns if c.place == "sector")
    made = [("Les colonnes d’une table", f"DESCRIBE {t.name}") for t in offered[:1]]
    made += [("Ses premières lignes", f"FROM {t.name} LIMIT 20") for t in offered[:1]]
    for table, sector in placed:
        counted = f"FROM {table.name}\nSELECT {sector}, count(*) AS lignes\nGROUP BY {sector}\nORDER BY lignes DESC"
        return [*made, (f"{table.dataset.title}, par secteur", counted)]
    return made
