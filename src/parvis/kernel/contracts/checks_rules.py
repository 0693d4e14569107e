"""A Table Schema descriptor made ready for checking: fields, limits, keys. An impossible rule is refused here. No Django.

Knows what a descriptor may say. Refuses to know a cell: that is `checks_cells`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from parvis.kernel import Refusal
from parvis.kernel.contracts import checks_cells
from parvis.kernel.contracts.headers import letters

ORDERED = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
LIMITS: dict[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength", "pattern", "enum"), "any": ("enum",), "boolean": ("enum",), "list": (),
    **dict.fromkeys(("integer", "number", "date", "datetime", "year", "yearmonth"), (*ORDERED, "enum")),
}  # fmt: skip
TYPE_NAMES = {
    "string": "un texte", "list": "une liste", "any": "une valeur", "integer": "un nombre entier", "number": "un nombre",
    "boolean": "un oui ou un non", "date": "une date", "datetime": "une date et une heure", "year": "une année",
    "yearmonth": "un mois (AAAA-MM)",
}  # fmt: skip
TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")


class ImpossibleRule(Refusal):
    """A contract that no file could ever hold, or that says nothing that can be checked."""


@dataclass(frozen=True)
class Field:
    """A field as the checks read it. `limits` are its rules beside the type, in the order in which they are told."""

    name: str
    type: str
    label: str
    format: str
    missing: frozenset[str]
    is_required: bool
    is_unique: bool
    column_required: bool  # the file must have it
    limits: tuple[str, ...]
    said: Mapping[str, Any]  # the constraints as written
    spellings: frozenset[str]
    synonyms: tuple[str, ...] = ()
    is_bare: bool = True
    decimal_char: str = "."
    group_char: str = ""
    is_written_otherwise: bool = False
    true_values: tuple[str, ...] = TRUE
    false_values: tuple[str, ...] = FALSE
    is_money: bool = False
    tolerated: Mapping[str, str] = field(default_factory=dict)  # a spelling read as another, with a warning

    @cached_property
    def read(self) -> checks_cells.Read:
        return checks_cells.reader(self)

    @cached_property
    def bounds(self) -> dict[str, Any]:
        """The limits as values of the field's type."""
        return {name: _bound(self, name) for name in self.limits}


@dataclass(frozen=True)
class Rules:
    """A whole contract: fields in their order, the key, the name of the contract when it has one."""

    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    title: str = ""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def unique(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.is_unique)


def loaded(descriptor: Mapping[str, Any]) -> Rules:
    """Read a descriptor. Raises ImpossibleRule, which names every fault, when it cannot be checked."""
    faults = list(_faults(descriptor))
    if faults:
        raise ImpossibleRule(
            "Ce contrat ne peut pas être tenu.", blockers=tuple(faults), remedy="Corrigez ces règles dans le contrat."
        )
    fields = tuple(_field(f, descriptor) for f in descriptor["fields"])
    return Rules(fields, _key(descriptor), descriptor.get("title") or descriptor.get("name") or "ce contrat")


def _key(descriptor: Mapping[str, Any]) -> tuple[str, ...]:
    named = descriptor.get("primaryKey", ())
    return (named,) if isinstance(named, str) else tuple(named)


def _field(described: Mapping[str, Any], descriptor: Mapping[str, Any]) -> Field:
    limits = described.get("constraints") or {}
    type_, label = described.get("type", "string"), described.get("parvis:label") or described.get("title")
    words = (described["name"], label or "", *described.get("parvis:synonyms", ()))
    missing = described.get("missingValues", descriptor.get("missingValues", [""]))
    return Field(
        name=described["name"], type=type_, label=label or described["name"],
        format=described.get("format", "default") if type_ in ("date", "datetime") else "default",
        missing=frozenset(missing), is_required=bool(limits.get("required")), is_unique=bool(limits.get("unique")),
        column_required=described.get("parvis:columnRequired", bool(limits.get("required"))),
        limits=tuple(name for name in LIMITS[type_] if limits.get(name) is not None), said=limits,
        spellings=frozenset(filter(None, map(letters, words))), synonyms=tuple(described.get("parvis:synonyms", ())),
        is_bare=described.get("bareNumber", True), decimal_char=described.get("decimalChar", "."),
        group_char=described.get("groupChar", ""),
        is_written_otherwise=bool({"bareNumber", "decimalChar", "groupChar"} & set(described)),
        true_values=tuple(described.get("trueValues", TRUE)), false_values=tuple(described.get("falseValues", FALSE)),
        is_money=described.get("parvis:money", False), tolerated=described.get("parvis:tolerated", {}),
    )  # fmt: skip


def _bound(field: Field, name: str) -> Any:
    said = field.said[name]
    if name == "pattern":
        return re.compile(said)
    if name == "enum":
        return [_typed(field, value) for value in said]
    return said if name in ("minLength", "maxLength") else _typed(field, said)


def _typed(field: Field, value: Any) -> Any:
    if isinstance(value, bool):
        return value if field.type == "boolean" else None
    return field.read(value if isinstance(value, str) else str(value))


# What is wrong with a descriptor, in French.


def _faults(descriptor: Mapping[str, Any]) -> Iterable[str]:
    fields = descriptor.get("fields")
    if not isinstance(fields, list) or not fields:
        yield "Il ne décrit aucune colonne."
        return
    names = [str(f.get("name") or "") if isinstance(f, Mapping) else "" for f in fields]
    if not all(name.strip() for name in names):
        yield "Une colonne n’a pas de nom."
        return
    yield from (
        f"La colonne « {name} » y est décrite deux fois." for name in sorted({n for n in names if names.count(n) > 1})
    )
    yield from (
        f"La clé nomme « {name} », qui n’est pas une colonne." for name in _key(descriptor) if name not in names
    )
    for described in fields:
        yield from (f"« {described['name']} » : {fault}" for fault in _field_faults(described, descriptor))


def _field_faults(described: Mapping[str, Any], descriptor: Mapping[str, Any]) -> Iterable[str]:
    type_, limits = described.get("type", "string"), described.get("constraints") or {}
    if type_ not in LIMITS:
        yield f"le type « {type_} » n’existe pas ici. Types possibles : {', '.join(LIMITS)}."
        return
    known = {*LIMITS[type_], "required", "unique"}
    foreign = sorted(set(limits) - known)
    if foreign:
        yield f"la règle « {', '.join(foreign)} » ne s’applique pas à {TYPE_NAMES[type_]}."
        return
    yield from (sentence for is_wrong, sentence in _shape_faults(described, limits) if is_wrong)
    pattern = limits.get("pattern")
    if pattern is not None and not _compiles(pattern):
        yield f"le motif « {pattern} » n’est pas une expression régulière."
        return
    yield from _limit_faults(_field(described, descriptor), limits)


def _shape_faults(described: Mapping[str, Any], limits: Mapping[str, Any]) -> Iterable[tuple[bool, str]]:
    yield (
        any(not isinstance(limits.get(n, True), bool) for n in ("required", "unique")),
        "« required » et « unique » valent vrai ou faux.",
    )
    lengths = [limits.get(n, 0) for n in ("minLength", "maxLength")]
    yield any(type(n) is not int or n < 0 for n in lengths), "une longueur est un nombre entier, zéro au moins."
    yield "enum" in limits and not limits["enum"], "la liste des valeurs permises est vide."
    overlap = set(described.get("trueValues", TRUE)) & set(described.get("falseValues", FALSE))
    yield bool(overlap), f"« {', '.join(sorted(overlap))} » y vaut à la fois oui et non."
    yield (
        described.get("decimalChar", ".") == described.get("groupChar", ""),
        "le même signe y sépare milliers et décimales.",
    )
    yield _is_poor_format(described), f"le format « {described.get('format')} » ne se lit pas."


def _is_poor_format(described: Mapping[str, Any]) -> bool:
    format_ = described.get("format", "default")
    if described.get("type") not in ("date", "datetime") or format_ in ("default", "any"):
        return False
    try:
        sample = datetime(2024, 2, 29, 13, 45, 59).strftime(format_)  # noqa: DTZ001 - a format has no zone
        datetime.strptime(sample, format_)  # noqa: DTZ007
    except (ValueError, TypeError):
        return True
    return "%" not in format_


def _compiles(pattern: Any) -> bool:
    try:
        re.compile(pattern)
    except (re.error, TypeError, OverflowError):
        return False
    return True


def _limit_faults(field: Field, limits: Mapping[str, Any]) -> Iterable[str]:
    for name in field.limits:
        value = limits[name]
        poor = [
            v for v in (value if name == "enum" else [value]) if field.bounds[name] is None or _is_poor(field, name, v)
        ]
        if poor:
            yield f"« {name} » vaut « {poor[0]} », qui n’est pas {TYPE_NAMES[field.type]}."
            return
    yield from (sentence for is_wrong, sentence in _crossings(field) if is_wrong)


def _is_poor(field: Field, name: str, value: Any) -> bool:
    if name in ("pattern", "minLength", "maxLength"):
        return False
    return _typed(field, value) is None or (field.type in ("string", "any") and not isinstance(value, str))


def _crossings(field: Field) -> Iterable[tuple[bool, str]]:
    bounds = field.bounds
    for least, most, may_equal in (
        ("minimum", "maximum", True), ("exclusiveMinimum", "maximum", False), ("minimum", "exclusiveMaximum", False),
        ("exclusiveMinimum", "exclusiveMaximum", False), ("minLength", "maxLength", True),
    ):  # fmt: skip
        if least in bounds and most in bounds:
            crossed = _exceeds(bounds[least], bounds[most]) or (not may_equal and bounds[least] == bounds[most])
            yield crossed, f"« {least} » ({field.said[least]}) dépasse « {most} » ({field.said[most]})."
    if "enum" in bounds:
        allowed = [v for v in bounds["enum"] if _is_allowed(field, v)]
        yield not allowed, "aucune valeur de la liste ne tient les autres règles."


def _exceeds(least: Any, most: Any) -> bool:
    try:
        return bool(least > most)
    except TypeError:  # an instant with a zone and one without
        return True


def _is_allowed(field: Field, value: Any) -> bool:
    others: Callable[[str], bool] = lambda name: checks_cells.HOLDS[name](field.bounds[name], value)  # noqa: E731
    return all(others(name) for name in field.limits if name != "enum")
