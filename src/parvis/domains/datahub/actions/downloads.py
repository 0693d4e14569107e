"""A dataset's rows as a file: those of the reader, written aside batch by batch, and a line in the journal.

Knows files. Refuses to choose rows: `queries.dataset_rows` gives them.
"""

import tempfile
from datetime import datetime
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from parvis.domains.datahub.queries.dataset_rows import batches, columns_for
from parvis.kernel import Refusal
from parvis.kernel.journal import entries
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.references import Reference

FORMULA = r"^([=+\-@\t\r])"
NUMBER = r"^[+-]?[0-9]([0-9 ]*)([.,][0-9]+)?$"


def download(dataset: Dataset, snapshot: Snapshot, kind: str, *, by, at: datetime) -> IO[bytes]:
    """An open file, deleted once closed. Raises Refusal for an unknown kind or when no column is hers."""
    columns = columns_for(dataset, snapshot, by)
    if kind not in WRITTEN or not columns:
        raise Refusal("Ce fichier n’existe pas.", remedy="Choisissez CSV ou Parquet.")
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    rows = WRITTEN[kind](file, pa.schema([c.arrow for c in columns]), batches(dataset, snapshot, by))
    codes = {
        "dataset": dataset.code, "as_of": str(snapshot.as_of), "format": kind, "rows": rows,
        "personal": any(c.is_personal for c in columns),
    }  # fmt: skip
    entries.record("dataset.download", Reference("dataset", dataset.code), by=by, at=at, codes=codes)
    file.seek(0)
    return file


def _parquet(file: IO[bytes], schema: pa.Schema, rows) -> int:
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(batch.cast(schema))
            count += batch.num_rows
    return count


def _delimited(file: IO[bytes], schema: pa.Schema, rows) -> int:
    """UTF-8 with its mark and semicolons, as spreadsheets here open it."""
    count = 0
    file.write("\ufeff".encode())
    with csv.CSVWriter(pa.PythonFile(file, mode="w"), schema, write_options=csv.WriteOptions(delimiter=";")) as writer:
        for batch in rows:
            writer.write_batch(_harmless(batch.cast(schema)))
            count += batch.num_rows
    return count


def _harmless(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Texts that begin like a formula get an apostrophe, as `contracts.exports.neutralise` does cell by cell."""
    columns = [
        pc.if_else(pc.fill_null(pc.match_substring_regex(c, NUMBER), False), c, pc.replace_substring_regex(c, FORMULA, r"'\1"))
        if pa.types.is_string(c.type) else c
        for c in batch.columns
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


WRITTEN = {"csv": _delimited, "parquet": _parquet}
