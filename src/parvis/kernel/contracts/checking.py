"""Check a whole file under a Table Schema, in columns: every bad cell named by row, column, rule, value and sentence.

`check(path, schema)` reads any table (csv, workbook, JSON), lays it out as text, asks the rules of an engine, and
keeps what it found as Arrow columns. What the rules are, cell by cell: `checks_cells`. Nothing is written but a file
of passage that goes with the answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.kernel import faces
from parvis.kernel.contracts import checks_rules, checks_staging
from parvis.kernel.contracts.checks_judging import judged
from parvis.kernel.contracts.checks_rules import Rules
from parvis.kernel.contracts.checks_staging import Staged
from parvis.kernel.contracts.checks_wording import sentence
from parvis.kernel.contracts.rows import ERROR, WARNING
from parvis.kernel.lake.engine import passage

WARNINGS = frozenset({"blank-row", "unknown-column", "absent-column", "misordered-column", "tolerated"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, a row (no column) or a column (the header's row)."""

    row: int
    column: str
    rule: str
    value: str
    message: str

    @property
    def severity(self) -> str:
        return WARNING if self.rule in WARNINGS else ERROR

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("row", "column", "rule", "severity", "value", "message")}


@dataclass
class Checked:
    """What a file is worth under its rules. `row_count` leaves blank lines out; `found` has FOUND's columns, by row."""

    rules: Rules
    staged: Staged
    row_count: int
    column_faults: tuple[Fault, ...]
    found: pa.Table
    blank_rows: pa.Array
    refused_rows: pa.Array  # numbers of the rows with an error, in order
    _folder: Any = field(repr=False, default=None)  # the file of passage lives as long as this answer

    def __enter__(self) -> "Checked":
        return self

    def __exit__(self, *fault: Any) -> None:
        self._folder.cleanup()

    @property
    def sha256(self) -> str:
        return self.staged.sha256

    @property
    def reading(self) -> dict[str, Any]:
        return self.staged.recognised

    @property
    def refused_count(self) -> int:
        return len(self.refused_rows)

    @property
    def accepted_count(self) -> int:
        return self.row_count - self.refused_count

    @property
    def is_valid(self) -> bool:
        return not self.refused_count and not any(f.severity == ERROR for f in self.column_faults)

    def faults(self) -> Iterator[Fault]:
        """Every fault with its sentence: the header's first, then cell by cell."""
        yield from self.column_faults
        for batch in self.found.to_batches():
            for row, column, rule, value in zip(*(c.to_pylist() for c in batch.columns), strict=True):
                yield Fault(row, column, rule, value, sentence(self.rules, column, rule, value))

    def counts(self) -> dict[tuple[str, str], int]:
        """How many faults of each rule in each column."""
        grouped = self.found.group_by(["column", "rule"]).aggregate([("row", "count")])
        return {(g["column"], g["rule"]): g["row_count"] for g in grouped.to_pylist()}

    def rows(self, *, is_refused: bool) -> Iterator[pa.RecordBatch]:
        """The cells as text under the fields' names, with `row`: those of the accepted rows or of the refused."""
        names = ["row", *(f.name for f in self.staged.fields)]
        for batch in pq.ParquetFile(self.staged.path).iter_batches(columns=self._columns()):
            refused = pc.is_in(batch["row"], self.refused_rows)
            keep = refused if is_refused else pc.invert(pc.or_(refused, pc.is_in(batch["row"], self.blank_rows)))
            yield pa.RecordBatch.from_arrays(batch.filter(keep).columns, names)

    def _columns(self) -> list[str]:
        return ["row", *(f"c{number}" for number in range(len(self.staged.fields)))]


def check(path: Path, schema: Mapping[str, Any], *, engine: str | None = None) -> Checked:
    """Check a file. Raises ImpossibleRule for the contract, UnusableFile for the file; a bad cell is no exception."""
    rules = checks_rules.loaded(schema)
    folder = passage(engine)
    held = checks_staging.staged(Path(path), rules, Path(folder.name))
    found, blank = judged(rules, held, engine)
    grave = pc.invert(pc.is_in(found["rule"].cast(pa.string()), pa.array(sorted(WARNINGS))))
    refused = pc.unique(found["row"].filter(grave))
    return Checked(rules, held, held.row_count - len(blank), _of_columns(rules, held), found, blank, refused, folder)


def schemas_of_the_house() -> dict[str, Mapping[str, Any]]:
    """Every Table Schema that the house holds, by the code of its import or of its dataset."""
    house = faces.house()
    deposited = {d.code: d.schema for d in house.datasets.values() if d.schema is not None}
    return {c.code: c.schema for c in house.contracts.values()} | deposited


def _of_columns(rules: Rules, held: Staged) -> tuple[Fault, ...]:
    """What the header deserves to be told."""
    header, row = held.header, held.header.number
    absent = [f for f in rules.fields if f.name not in header.found]
    told = [(f.name, "missing-column" if f.column_required else "absent-column", "") for f in absent]
    told += [(title, "unknown-column", title) for title in header.unknown]
    told += [(title, "duplicate-column", title) for title in header.repeated]
    order = [name for name in header.columns if name]
    expected = [f.name for f in held.fields]
    told += [(name, "misordered-column", name) for name, due in zip(order, expected, strict=True) if name != due]
    return tuple(Fault(row, column, rule, value, sentence(rules, column, rule, value)) for column, rule, value in told)
