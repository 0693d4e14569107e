"""The rows of a snapshot that a person may read, in batches: those that the dataset's predicate gives her, of the columns
that are hers. A personal column is hers with `datahub.read_personal` alone."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.kernel import Refusal, access
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Column, Dataset
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.lake.visibility import seen, sees_all

SHOWN = 50
BATCH = 20_000
LOOKED_AT = 5  # batches read to fill a preview; a reader of few rows among millions is told so


def columns_for(dataset: Dataset, snapshot: Snapshot, person) -> list[Column]:
    """The columns that she may read, among those that the snapshot holds under the same type."""
    written = dict(map(tuple, snapshot.columns))
    may_personal = access.may_anywhere(person, "datahub.read_personal")
    return [c for c in dataset.columns if written.get(c.name) == c.type and (may_personal or not c.is_personal)]


def batches(dataset: Dataset, snapshot: Snapshot, person) -> Iterator[pa.RecordBatch]:
    """Her rows, in the order of the file. Raises Refusal when the file is gone."""
    path = snapshots.path_of(snapshot.sha256)
    if not path.exists():
        raise Refusal(
            f"La photographie du {snapshot.as_of:%d/%m/%Y} n’a plus de fichier dans le lac.",
            remedy="Prenez une photographie plus récente, ou demandez sa restauration.",
        )
    names = [column.name for column in columns_for(dataset, snapshot, person)]
    has_all = sees_all(person, dataset)
    read = names if has_all or dataset.key in names else [*names, dataset.key]
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=BATCH, columns=read):
            yield (batch if has_all else _hers(dataset, person, batch)).select(names)


def _hers(dataset: Dataset, person, batch: pa.RecordBatch) -> pa.RecordBatch:
    keys = pc.cast(batch[dataset.key], pa.string())
    hers = seen(dataset, person, pc.unique(pc.drop_null(keys)).to_pylist())
    return batch.filter(pc.is_in(keys, pa.array(sorted(hers), pa.string())))


def preview(dataset: Dataset, snapshot: Snapshot, person) -> list[dict]:
    """Her first rows, found within the first batches of the file."""
    rows: list[dict] = []
    for number, batch in enumerate(batches(dataset, snapshot, person), start=1):
        rows += batch.slice(0, SHOWN - len(rows)).to_pylist()
        if len(rows) >= SHOWN or number == LOOKED_AT:
            break
    return rows
