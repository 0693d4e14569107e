"""A file laid out for the engines: every cell as text, each row with its number, in one Parquet file of passage.

The number is given here, before any engine: it is the one that a spreadsheet shows beside the line. A cell that the
line ended before is null; an empty one is "". Columns are named c0, c1 … in the order of the contract.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from math import inf
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.kernel.contracts import checks_csv, headers, reading
from parvis.kernel.contracts.checks_rules import Field, Rules
from parvis.kernel.contracts.delimited import Record
from parvis.kernel.contracts.refusals import UnusableFile
from parvis.kernel.contracts.rows import written

BLOCK = GROUP = 8_000
PASSING: dict[str, Any] = {"compression": "lz4", "use_dictionary": False, "write_statistics": False}
ROW, EXTRA, FAULT = "row", "extra", "fault"


@dataclass
class Staged:
    """What was recognised in the file, and where its cells lie. `places` gives the column of each field in the file."""

    path: Path
    sha256: str
    header: headers.Header
    recognised: dict[str, Any]
    fields: tuple[Field, ...]  # those that the file has, in the order of the contract
    row_count: int  # blank lines included


def staged(path: Path, rules: Rules, folder: Path) -> Staged:
    """Read the file and lay it out in `folder`. Raises UnusableFile."""
    with told_in_words(), reading.candidates(path, most=inf) as (sha256, kind, found):
        header, recognised, records = reading.best_of(rules, found)
        fields = tuple(field for field in rules.fields if field.name in header.found)
        aside = folder / "cells.parquet"
        rows = _lay(path, aside, header, fields, recognised, records)
        return Staged(aside, sha256, header, {**recognised, "kind": kind, "header_row": header.number}, fields, rows)


@contextmanager
def told_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise UnusableFile(f"Ce fichier ne peut pas être lu : {fault.strerror or 'erreur de lecture'}.") from fault


def schema_of(fields: Sequence[Field]) -> pa.Schema:
    cells = [pa.field(f"c{number}", pa.string()) for number in range(len(fields))]
    return pa.schema([pa.field(ROW, pa.int64()), *cells, pa.field(EXTRA, pa.string()), pa.field(FAULT, pa.string())])


def _lay(path: Path, aside: Path, header: headers.Header, fields: Sequence[Field], recognised, records) -> int:
    """Write the cells; gives the number of rows. A plain text table goes through Arrow, any other record by record."""
    try:
        return _write(aside, fields, _plain(path, header, fields, recognised))
    except checks_csv.NotPlain:
        return _write(aside, fields, _careful(header, fields, records))


def _write(aside: Path, fields: Sequence[Field], batches: Iterable[pa.RecordBatch]) -> int:
    """Groups of some GROUP rows, each written at once: `write_batch` would hold a million rows in memory."""
    held: list[pa.RecordBatch] = []
    rows = waiting = 0
    with pq.ParquetWriter(aside, schema_of(fields), **PASSING) as writer:
        for batch in batches:
            held.append(batch)
            waiting += batch.num_rows
            if waiting >= GROUP:
                writer.write_table(pa.Table.from_batches(held))
                rows, waiting, held = rows + waiting, 0, []
        writer.write_table(pa.Table.from_batches(held, schema_of(fields)))
    pa.default_memory_pool().release_unused()
    return rows + waiting


def _careful(header: headers.Header, fields: Sequence[Field], records: Iterable[Record]) -> Iterator[pa.RecordBatch]:
    rows = (r for r in records if r.number > header.number)
    while block := list(islice(rows, BLOCK)):
        yield _batch(schema_of(fields), header, fields, block)


def _plain(path: Path, header: headers.Header, fields: Sequence[Field], recognised) -> Iterator[pa.RecordBatch]:
    if "separator" not in recognised:
        raise checks_csv.NotPlain
    schema, places = schema_of(fields), [header.columns.index(field.name) for field in fields]
    for numbers, block, ragged in checks_csv.tables(path, recognised, len(header.titles)):
        nothing = pa.nulls(block.num_rows, pa.string())
        columns = [pa.array(numbers), *(block.column(place) for place in places), nothing, nothing]
        batch = pa.RecordBatch.from_arrays(columns, schema=schema)
        if len(numbers) and numbers[0] <= header.number:
            batch = batch.filter(pc.greater(batch[ROW], header.number))
        yield _with_ragged(batch, header, fields, ragged) if ragged else batch


def _with_ragged(batch: pa.RecordBatch, header: headers.Header, fields: Sequence[Field], ragged) -> pa.RecordBatch:
    """The block with its ragged records back in their place."""
    records = [Record(number, cells) for number, cells in ragged if number > header.number]
    mended = _batch(batch.schema, header, fields, records)
    return pa.Table.from_batches([batch, mended]).sort_by(ROW).combine_chunks().to_batches()[0]


def _batch(schema: pa.Schema, header: headers.Header, fields: Sequence[Field], block: list[Record]) -> pa.RecordBatch:
    width = len(header.titles)
    columns: list[Any] = [[record.number for record in block]]
    for field in fields:
        place = header.columns.index(field.name)
        columns.append([_cell(field, r.cells[place]) if place < len(r.cells) else None for r in block])
    columns.append([_beyond(r.cells[width:]) for r in block])
    columns.append([r.fault or None for r in block])
    return pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _cell(field: Field, cell: Any) -> str:
    """A cell as the text that its field expects: a workbook's day comes in the format of the contract."""
    if type(cell) is str:
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return _day(field, cell) if isinstance(cell, date) else written(cell)


def _day(field: Field, cell: date) -> str:
    if field.type == "date":
        return cell.strftime("%Y-%m-%d" if field.format in ("default", "any") else field.format)
    if isinstance(cell, datetime) and (cell.hour or cell.minute or cell.second or field.type == "datetime"):
        return cell.isoformat()
    return f"{cell:%Y-%m-%d}"


def _beyond(cells: Sequence[Any]) -> str | None:
    """The cells past the last title of the header, as JSON; empty ones that end a line are nothing."""
    texts = [written(cell) for cell in cells]
    return json.dumps(texts, ensure_ascii=False) if any(texts) else None
