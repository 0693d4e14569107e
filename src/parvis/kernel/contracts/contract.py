"""The declaration of an importable file: its columns (Table Schema), its key, its amounts, its rules, its writer.

A contract is data in its domain's folder plus four functions. It knows columns and rules; `importing` knows how a
file goes through it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib import resources
from typing import Any

from parvis.kernel import access, faces
from parvis.kernel.contracts.headers import letters
from parvis.kernel.contracts.rows import Row

Prepare = Callable[[Any, datetime], Any]  # (person, at) -> the look-ups of a run
Preload = Callable[[Sequence[Row], Any], None]  # (rows, look-ups): one read a batch
Rule = Callable[[Row, Any], None]  # (row, look-ups): notes issues on the row
Apply = Callable[..., None]  # (rows, lookups, *, run, by, at): writes a batch
Finish = Callable[..., None]  # (lookups, *, run, by, at): once, after the last batch, in the same transaction
PlaceOf = Callable[[Row], tuple[str, str] | None]  # (row) -> the address and arrondissement to locate, or nothing
Lists = Callable[[Any], Mapping[str, Sequence[str]]]  # (person) -> what the template's drop-downs offer


@dataclass(frozen=True)
class Field:
    """A column: its Table Schema type and constraints, its French label, and the spellings met in files."""

    name: str
    type: str
    label: str
    format: str = "default"
    description: str = ""
    is_required: bool = False
    is_money: bool = False
    is_identifier: bool = False
    synonyms: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    choice_synonyms: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    minimum: Any = None
    maximum: Any = None
    max_length: int | None = None
    column_required: bool = False
    proposal: str = ""

    @cached_property
    def spellings(self) -> frozenset[str]:
        return frozenset(letters(word) for word in (self.name, self.label, *self.synonyms))

    @cached_property
    def choice_of(self) -> dict[str, str]:
        """Every accepted spelling of a choice, brought to letters."""
        named = {letters(choice): choice for choice in self.choices}
        return named | {letters(spelling): choice for spelling, choice in self.choice_synonyms.items()}


@dataclass(frozen=True)
class Contract:
    """A file that the house accepts. Frozen, declared in its domain's FACE.contracts.

    `permission` opens the contract; with `is_citywide` it must be held everywhere, for the rows have no owner yet.
    `version` rises when the meaning of a row changes: rows already known are then written again.
    """

    code: str
    title: str
    summary: str
    schema: Mapping[str, Any]
    permission: str
    apply: Apply
    rules: tuple[Rule, ...] = ()
    prepare: Prepare = lambda by, at: None
    preload: Preload | None = None
    finish: Finish | None = None
    lists: Lists | None = None
    place_of: PlaceOf | None = None
    is_citywide: bool = False
    version: int = 1

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(_field(described) for described in self.schema["fields"])

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def key(self) -> tuple[str, ...]:
        named = self.schema["primaryKey"]
        return (named,) if isinstance(named, str) else tuple(named)

    @cached_property
    def amounts(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.is_money)

    def label(self, name: str) -> str:
        """The French name of a column; a column of the file that the contract does not know keeps its own."""
        return self.by_name[name].label if name in self.by_name else name


def descriptor(package: str, name: str) -> dict[str, Any]:
    """A Table Schema kept as a JSON file beside its contract."""
    return json.loads((resources.files(package) / name).read_text(encoding="utf-8"))


def importable_by(person) -> tuple[Contract, ...]:
    """The contracts that this person may use."""
    return tuple(c for c in faces.house().contracts.values() if may_import(person, c))


def may_import(person, contract: Contract) -> bool:
    """`by=None` is the house itself (the command line)."""
    if person is None:
        return True
    held = access.reach(person, contract.permission)
    return held.everywhere if contract.is_citywide else bool(held.roles)


def _field(described: Mapping[str, Any]) -> Field:
    limits = described.get("constraints", {})
    return Field(
        name=described["name"], type=described.get("type", "string"), format=described.get("format", "default"),
        label=described.get("parvis:label", described["name"]), description=described.get("description", ""),
        is_required=limits.get("required", False), is_money=described.get("parvis:money", False),
        is_identifier=described.get("parvis:identifier", False),
        synonyms=tuple(described.get("parvis:synonyms", ())), choices=tuple(limits.get("enum", ())),
        choice_synonyms=described.get("parvis:choiceSynonyms", {}), pattern=limits.get("pattern", ""),
        minimum=limits.get("minimum"), maximum=limits.get("maximum"), max_length=limits.get("maxLength"),
        column_required=described.get("parvis:columnRequired", limits.get("required", False)),
        proposal=described.get("parvis:proposal", ""),
    )  # fmt: skip
