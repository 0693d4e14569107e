"""What everyone may see of a dataset: its rows open to an unknown visitor, the columns that are not personal.

Knows datasets, snapshots and the rights of the public. Refuses to trust a list: the rows are asked of the dataset's own
predicate for nobody in particular, the columns of its own description, each time.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.contrib.auth.models import AnonymousUser

from parvis.domains.datahub import small_cells
from parvis.domains.datahub.schema_proposal import personal_cells
from parvis.kernel import Refusal, access
from parvis.kernel.lake import snapshots, visibility
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot

PREFIX = "ouvert."
GROUPING = ("string", "date", "boolean", "integer")


@dataclass(frozen=True)
class PublicView:
    """The rows as they may be published; `hidden_count` small numbers are kept back (null)."""

    table: pa.Table
    hidden_count: int = 0


def is_open(dataset: Dataset) -> bool:
    """Does an unknown visitor hold the permission that opens this dataset?"""
    return access.may_anywhere(AnonymousUser(), dataset.permission)


def open_columns(dataset: Dataset, names: Iterable[str]) -> tuple:
    """Among these names, the columns of the dataset that tell of no person, in its order."""
    wanted = set(names)
    return tuple(column for column in dataset.columns if column.name in wanted and not column.is_personal)


def published_as(dataset: Dataset, names: Iterable[str]) -> Dataset:
    """The dataset that the published rows make: another code, the open columns alone, no source of its own."""
    columns = open_columns(dataset, names)
    kept = {column.name for column in columns}
    return dataclasses.replace(
        dataset, code=f"{PREFIX}{dataset.code}", columns=columns, rows=None, schema=None, visible_keys=None,
        business_date=dataset.business_date if dataset.business_date in kept else "",
    )  # fmt: skip


def of(dataset: Dataset, snapshot: Snapshot, names: Sequence[str], count_column: str = "") -> PublicView:
    """The public rows of a snapshot. Raises Refusal when its file is missing, damaged or of older columns."""
    if not is_open(dataset):
        raise Refusal(f"« {dataset.title} » n’est pas ouvert à tous.", remedy="Changez d’abord qui le lit.")
    columns = open_columns(dataset, names)
    table = _rows(dataset, snapshot, {dataset.key, *(column.name for column in columns)})
    keys = table[dataset.key].cast(pa.string())
    seen = visibility.seen(dataset, AnonymousUser(), keys.to_pylist())
    table = table.filter(pc.is_in(keys, pa.array(sorted(seen), pa.string())))
    table = table.select([column.name for column in columns])
    return _without_small_numbers(table, columns, dataset.key, count_column)


def _rows(dataset: Dataset, snapshot: Snapshot, names: set[str]) -> pa.Table:
    path = snapshots.path_of(snapshot.sha256)
    lacking = sorted(names - {name for name, _ in snapshot.columns})
    if not path.exists():
        raise Refusal(f"Le fichier de la photographie de « {dataset.title} » manque.", remedy="Restaurez-le.")
    if lacking:
        raise Refusal(
            f"La dernière photographie de « {dataset.title} » ne porte pas encore « {lacking[0]} ».",
            remedy="Reprenez une photographie, puis recommencez.",
        )
    try:
        return pq.read_table(path, columns=[c.name for c in dataset.columns if c.name in names])
    except (pa.ArrowInvalid, OSError) as fault:
        raise Refusal(f"La photographie de « {dataset.title} » est abîmée.", remedy="Restaurez son fichier.") from fault


def _without_small_numbers(table: pa.Table, columns: Sequence, key: str, count_column: str) -> PublicView:
    """In a statistic of people, the numbers of a row that would tell of a few are null: the count and its amounts."""
    if not count_column or count_column not in table.column_names:
        return PublicView(table)
    keys = _groups(table, columns, key, count_column)
    gone = small_cells.hidden(keys, table[count_column].to_pylist())
    mask = pa.array([row in gone for row in range(table.num_rows)])
    for column in columns:
        if column.name == count_column or column.type in ("cents", "number"):
            place = table.column_names.index(column.name)
            kept = pc.if_else(mask, pa.scalar(None, table[column.name].type), table[column.name])
            table = table.set_column(place, column.name, kept)
    return PublicView(table, len(gone))


def _groups(table: pa.Table, columns: Sequence, key: str, count_column: str) -> list[tuple[str, ...]]:
    """The members that each row counts; the key is one of them when the others do not tell rows apart."""
    named = [c.name for c in columns if c.type in GROUPING and c.name != count_column]
    for names in ([name for name in named if name != key], named):
        keys = [tuple(map(str, row.values())) for row in table.select(names).to_pylist()]
        if len(set(keys)) == len(keys):
            return keys
    return keys


def personal_texts(table: pa.Table) -> dict[str, int]:
    """By column of text, how many values hold an address or a telephone number."""
    texts = [name for name in table.column_names if pa.types.is_string(table.schema.field(name).type)]
    found = {name: personal_cells(pc.unique(table[name]).to_pylist()) for name in texts}
    return {name: count for name, count in found.items() if count}


def key_faults(table: pa.Table, key: str) -> int:
    """How many rows have no key or that of another."""
    if key not in table.column_names:
        return 0
    return table.num_rows - pc.count_distinct(table[key], mode="only_valid").as_py()
