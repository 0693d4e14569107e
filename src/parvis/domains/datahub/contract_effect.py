"""What a contract does to rows before it is made: how many it would accept, how many it would refuse, and why.

Knows files and snapshots. Refuses to write: the same check as a deposit, and nothing kept.
"""

import csv
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from parvis.domains.datahub import dropped_files
from parvis.domains.datahub.schema_proposal import NUMBERED
from parvis.kernel import Refusal
from parvis.kernel.contracts import checking
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Snapshot

EXAMPLES = 12


@dataclass(frozen=True)
class Told:
    """One rule broken in one column: how often, and its first example."""

    label: str
    rule: str
    count: int
    line: int
    message: str


@dataclass(frozen=True)
class Effect:
    """Rows read, accepted, refused; `told` from the most frequent fault."""

    row_count: int
    accepted_count: int
    told: tuple[Told, ...]

    @property
    def refused_count(self) -> int:
        return self.row_count - self.accepted_count

    @property
    def is_key_broken(self) -> bool:
        return any(told.rule == "primary-key" for told in self.told)


def on_file(path: Path, schema: Mapping[str, Any], file_name: str = "") -> Effect:
    """The effect on a dropped file. Raises UnusableFile, ImpossibleRule."""
    with laid_out(path, schema, file_name) as aside:
        return _effect(aside, schema)


@contextmanager
def laid_out(path: Path, schema: Mapping[str, Any], file_name: str = "") -> Iterator[Path]:
    """The file rewritten under the names of the contract, for as long as it serves."""
    with tempfile.TemporaryDirectory(prefix="parvis-contract-") as folder:
        aside = Path(folder) / "rows.csv"
        dropped_files.rewritten(path, schema, aside, file_name)
        yield aside


def on_snapshot(snapshot: Snapshot, schema: Mapping[str, Any]) -> Effect:
    """The effect on the rows of a snapshot, column by column of the contract; one that the snapshot lacks is empty."""
    path = snapshots.path_of(snapshot.sha256)
    if not path.exists():
        raise Refusal(
            f"Le fichier du dernier dépôt de « {snapshot.dataset} » manque dans le lac.",
            remedy="Restaurez-le depuis la sauvegarde, puis recommencez.",
        )
    with tempfile.TemporaryDirectory(prefix="parvis-contract-") as folder:
        aside = Path(folder) / "rows.csv"
        _written(path, dict(snapshot.columns), schema, aside)
        return _effect(aside, schema)


def _written(path: Path, types: Mapping[str, str], schema: Mapping[str, Any], aside: Path) -> None:
    names = [field["name"] for field in schema["fields"]]
    with aside.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(names)
        row_count = 0
        for batch in pq.ParquetFile(path).iter_batches():
            for row in batch.to_pylist():
                row_count += 1
                row.setdefault(NUMBERED, row_count)
                writer.writerow([_text(row.get(name), types.get(name, "")) for name in names])


def _text(value: Any, kind: str) -> str:
    """A value of the lake as a file of the contract would write it."""
    if value is None:
        return ""
    if kind == "cents":
        return f"{value // 100}.{value % 100:02d}" if value >= 0 else f"-{-value // 100}.{-value % 100:02d}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _effect(aside: Path, schema: Mapping[str, Any]) -> Effect:
    with checking.check(aside, schema) as checked:
        first: dict[tuple[str, str], Any] = {}
        for fault in checked.faults():
            first.setdefault((fault.column, fault.rule), fault)
        counts = checked.counts()
        labels = {f["name"]: f.get("title", f["name"]) for f in schema["fields"]}
        told = [
            Told(labels.get(column, column), rule, counts.get((column, rule), 1), fault.row, fault.message)
            for (column, rule), fault in first.items()
            if fault.severity == checking.ERROR
        ]
        told.sort(key=lambda one: (-one.count, one.label, one.rule))
        return Effect(checked.row_count, checked.accepted_count, tuple(told[:EXAMPLES]))
