"""What the lake may snapshot: a dataset as described columns. No Django.

A domain declares its datasets in `datasets.py` and shows them through its face. The schema of the house's expressions
comes from here, so an indicator is written against the description and runs on any engine.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

# Our word -> the Arrow type in the file and the Ibis type in an expression. Money is cents; instants are UTC.
TYPES: dict[str, tuple[pa.DataType, str]] = {
    "string": (pa.string(), "string"),
    "integer": (pa.int64(), "int64"),
    "cents": (pa.int64(), "int64"),
    "number": (pa.float64(), "float64"),
    "boolean": (pa.bool_(), "boolean"),
    "date": (pa.date32(), "date"),
    "instant": (pa.timestamp("us", tz="UTC"), "timestamp('UTC', 6)"),
}
KEPT_AS = {  # a Table Schema type -> ours; `parvis:keptAs` says otherwise
    "string": "string", "any": "string", "integer": "integer", "number": "number", "boolean": "boolean", "date": "date",
    "datetime": "instant", "year": "integer", "yearmonth": "date",
}  # fmt: skip
PLACES = ("", "sector", "arrondissement", "commune", "iris", "longitude", "latitude")


@dataclass(frozen=True)
class Column:
    """A column in the words of its readers. `is_personal` keeps it from every publication.

    `place` is its geographic role (one of PLACES); `unit` is what a number counts (€, jours, %). `words` says each of
    its codes as a screen writes it; a file keeps the codes.
    """

    name: str
    type: str
    sentence: str
    unit: str = ""
    is_personal: bool = False
    place: str = ""
    words: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def arrow(self) -> pa.Field:
        return pa.field(self.name, TYPES[self.type][0])


@dataclass(frozen=True)
class Dataset:
    """A table of the house as the lake keeps it.

    `rows(as_of)` gives a queryset of `.values(...)` under the columns' names, or Arrow record batches; None for a
    dataset that lives from deposited files alone, which enter under `schema` (a Table Schema). `is_replayable` says that a past day can be asked.
    `permission` opens the dataset; `visible_keys(person)` (a queryset of one column) limits the rows to those whose
    `key` (or `owner_key(key)`, when rows belong to a record) is in it. `record_kind` is the Reference kind behind `key`: it leads from a row to its record.
    `business_date` names the column that says when things happened; `rhythm_days` how often it should move.
    `sources` names the contracts through which its records enter; `owner` the directorate that answers for it.
    `deposit_permission` opens the deposit of a file, to those who hold it everywhere; `replaces_by` names the column
    whose values a file replaces, the rows of other values staying; "" when a file replaces the whole.
    """

    code: str
    title: str
    sentence: str
    columns: tuple[Column, ...]
    key: str
    permission: str
    owner: str
    rows: Callable[[Any], Any] | None = None
    schema: Mapping[str, Any] | None = None
    visible_keys: Callable[[Any], Any] | None = None
    owner_key: Callable[[str], str] | None = None
    record_kind: str = ""
    business_date: str = ""
    rhythm_days: int = 1
    sources: tuple[str, ...] = ()
    licence: str = ""
    is_replayable: bool = False
    deposit_permission: str = ""
    replaces_by: str = ""

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def arrow(self) -> pa.Schema:
        return pa.schema([column.arrow for column in self.columns])

    @property
    def table_name(self) -> str:
        return table_name(self.code)

    @cached_property
    def unbound(self) -> ir.Table:
        """The dataset as an Ibis table that no engine holds yet."""
        return ibis.table({c.name: TYPES[c.type][1] for c in self.columns}, name=self.table_name)

    @property
    def is_personal(self) -> bool:
        return any(column.is_personal for column in self.columns)


def columns_of(schema: Mapping[str, Any]) -> tuple[Column, ...]:
    """The columns that a deposited file brings, from its Table Schema: money is kept in cents."""
    return tuple(_column(described) for described in schema["fields"])


def _column(described: Mapping[str, Any]) -> Column:
    type_, is_money = described.get("type", "string"), described.get("parvis:money", False)
    return Column(
        described["name"], "cents" if is_money else described.get("parvis:keptAs", KEPT_AS[type_]),
        described.get("description", described.get("parvis:label", described["name"])),
        unit="€" if is_money else described.get("parvis:unit", ""), is_personal=described.get("parvis:personal", False),
        place=described.get("parvis:place", ""),
    )  # fmt: skip


def table_name(code: str) -> str:
    """The name of a dataset in SQL: `roadmaps.actions` -> `roadmaps_actions`."""
    return code.replace(".", "_").replace("-", "_")


def unbound(datasets: Iterable[Dataset]) -> dict[str, ir.Table]:
    """Each dataset's unbound table under its code, as an indicator's `facts` receives them."""
    return {dataset.code: dataset.unbound for dataset in datasets}
