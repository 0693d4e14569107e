"""A contract as a person sees it ↔ a Table Schema, and the rules that no value could keep. No Django.

Knows columns and constraints. Refuses to know any file: what a contract does to rows is `contract_effect`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from parvis.domains.datahub.schema_proposal import NUMBERED, PLACES, TYPES, Column
from parvis.kernel.lake import dataset

ORDERED = ("integer", "cents", "number", "date")
IN_SCHEMA = {"cents": "number"}  # our word -> Table Schema's, where they differ
LONGEST_PATTERN = 200
NESTED = re.compile(r"\([^()]*[+*][^()]*\)\s*[+*{]")  # (a+)+ : a text of forty letters would never end


def descriptor(columns: Sequence[Column], key: str) -> dict[str, Any]:
    """The Table Schema (Frictionless, v1) of these columns; what it has no word for stands under `parvis:`."""
    described = [_field(column) for column in columns]
    if key == NUMBERED:
        described.insert(0, _numbered())
    return {"fields": described, "primaryKey": key, "missingValues": [""]}


def _numbered() -> dict[str, Any]:
    return {
        "name": NUMBERED, "type": "integer", "title": "Numéro de ligne", "parvis:label": "Numéro de ligne",
        "description": "Rang de la ligne dans le fichier", "constraints": {"required": True, "unique": True},
    }  # fmt: skip


def _field(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name, "type": IN_SCHEMA.get(column.type, column.type), "title": column.title,
        "parvis:label": column.title, "description": column.sentence, "parvis:money": column.type == "cents",
        "parvis:identifier": column.type == "string" and column.is_unique, "parvis:personal": column.is_personal,
        "parvis:place": column.place, "parvis:unit": column.unit, "constraints": _constraints(column),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value not in ("", False, {})}


def _constraints(column: Column) -> dict[str, Any]:
    limits = {
        "required": column.is_required, "unique": column.is_unique, "enum": [_limit(column, choice) for choice in column.choices],
        "minimum": _limit(column, column.minimum), "maximum": _limit(column, column.maximum),
        "pattern": column.pattern,
    }  # fmt: skip
    return {name: value for name, value in limits.items() if value or (value == 0 and value is not False)}


def columns_of(schema: Mapping[str, Any]) -> tuple[Column, ...]:
    """The same columns read back from the schema."""
    return tuple(_column(field) for field in schema["fields"] if field["name"] != NUMBERED)


def _column(field: Mapping[str, Any]) -> Column:
    limits = field.get("constraints", {})
    return Column(
        name=field["name"], title=field.get("title", field["name"]), sentence=field.get("description", ""),
        type="cents" if field.get("parvis:money") else field["type"], unit=field.get("parvis:unit", ""),
        place=field.get("parvis:place", ""), is_personal=field.get("parvis:personal", False),
        is_required=limits.get("required", False), is_unique=limits.get("unique", False),
        choices=tuple(map(_said, limits.get("enum", ()))), minimum=_said(limits.get("minimum")),
        maximum=_said(limits.get("maximum")), pattern=limits.get("pattern", ""),
    )  # fmt: skip


def described_columns(schema: Mapping[str, Any]) -> tuple[dataset.Column, ...]:
    """The columns as the lake describes them."""
    return tuple(
        dataset.Column(
            field["name"], "cents" if field.get("parvis:money") else field["type"],
            field.get("description") or field.get("title", field["name"]), unit=field.get("parvis:unit", ""),
            is_personal=field.get("parvis:personal", False), place=field.get("parvis:place", ""),
        )
        for field in schema["fields"]
    )  # fmt: skip


def as_published(columns: Sequence[dataset.Column], key: str) -> dict[str, Any]:
    """The Table Schema of a published table: amounts in euros, no word of ours."""
    words = {"cents": "number", "instant": "datetime"}
    fields = [
        {"name": column.name, "type": words.get(column.type, column.type), "description": column.sentence}
        | ({"unit": "€" if column.type == "cents" else column.unit} if column.unit or column.type == "cents" else {})
        for column in columns
    ]
    keyed = {"primaryKey": key} if any(column.name == key for column in columns) else {}
    return {"fields": fields, **keyed, "missingValues": [""]}


def _said(limit: Any) -> str:
    if isinstance(limit, bool):
        return "oui" if limit else "non"
    return "" if limit is None else str(limit)


# Rules that cannot be kept


def faults(columns: Sequence[Column], key: str, business_date: str) -> dict[str, list[str]]:
    """What is impossible, under the name of each column ("" for the whole); empty when the contract can hold."""
    found = {column.name: [said for rule in RULES for said in rule(column)] for column in columns}
    found[""] = _whole(columns, key, business_date)
    return {name: said for name, said in found.items() if said}


def _whole(columns: Sequence[Column], key: str, business_date: str) -> list[str]:
    by_name = {column.name: column for column in columns}
    said = [] if columns else ["Un contrat décrit au moins une colonne."]
    if key != NUMBERED and key not in by_name:
        said.append("La clé n’est aucune des colonnes : choisissez-en une, ou laissez Parvis numéroter les lignes.")
    elif key != NUMBERED and by_name[key].is_personal:
        said.append("La clé ne peut pas être une donnée personnelle : elle sert de lien partout.")
    if business_date and getattr(by_name.get(business_date), "type", "") != "date":
        said.append("La date métier doit être une colonne de dates.")
    return said


def _known_words(column: Column) -> list[str]:
    said = [] if column.title.strip() else ["Le libellé est vide : écrivez le nom de la colonne."]
    if column.type not in TYPES:
        said.append("Ce type n’existe pas : choisissez-en un dans la liste.")
    if column.place not in PLACES:
        said.append("Ce rôle géographique n’existe pas : choisissez-en un dans la liste.")
    return said


def _limits(column: Column) -> list[str]:
    typed = [(word, text) for word, text in (("minimum", column.minimum), ("maximum", column.maximum)) if text]
    if typed and column.type not in ORDERED:
        return [f"Une colonne « {TYPES.get(column.type, column.type)} » n’a ni minimum ni maximum : effacez-les."]
    wrong = [f"Le {word} « {text} » n’est pas {_expected(column)}." for word, text in typed if not _reads(column, text)]
    if wrong or len(typed) < 2 or _limit(column, column.minimum) <= _limit(column, column.maximum):
        return wrong
    return [f"Le minimum ({column.minimum}) dépasse le maximum ({column.maximum}) : aucune valeur ne conviendrait."]


def _choices(column: Column) -> list[str]:
    wrong = [choice for choice in column.choices if not _reads(column, choice)]
    said = [
        f"La valeur « {choice[:40]} » de la liste n’est pas {_expected(column)} : retirez-la, ou changez le type."
        for choice in wrong[:3]
    ]
    low, high = (_limit(column, text) if _reads(column, text) else None for text in (column.minimum, column.maximum))
    if column.choices and not wrong and column.type in ORDERED:
        values = [_limit(column, choice) for choice in column.choices]
        if not any((low is None or v >= low) and (high is None or v <= high) for v in values):
            said.append("Aucune valeur de la liste n’est entre le minimum et le maximum.")
    return said


def _form(column: Column) -> list[str]:
    if not column.pattern:
        return []
    if column.type != "string":
        return ["Une forme (expression régulière) ne vaut que pour du texte : effacez-la, ou changez le type."]
    if len(column.pattern) > LONGEST_PATTERN or NESTED.search(column.pattern):
        return ["Cette forme est trop compliquée pour être vérifiée sur un grand fichier : simplifiez-la."]
    try:
        form = re.compile(column.pattern)
    except re.error as fault:
        return [f"La forme « {column.pattern[:60]} » ne se lit pas : {_in_french(fault)}."]
    misfits = [choice for choice in column.choices if not form.fullmatch(choice)]
    return [f"La valeur « {misfits[0][:40]} » de la liste n’a pas la forme demandée."] if misfits else []


RULES: tuple[Callable[[Column], list[str]], ...] = (_known_words, _limits, _choices, _form)
REGEX_FAULTS = {
    "unterminated character set": "un crochet « [ » n’est pas refermé", "missing )": "une parenthèse n’est pas refermée",
    "unbalanced parenthesis": "une parenthèse est refermée sans avoir été ouverte",
    "nothing to repeat": "un signe « * », « + » ou « ? » ne répète rien",
    "bad escape": "la barre « \\ » est suivie d’un signe inconnu",
}  # fmt: skip


def _in_french(fault: re.error) -> str:
    said = next((french for english, french in REGEX_FAULTS.items() if english in fault.msg), "elle est mal écrite")
    return f"{said} (signe {fault.pos + 1})" if fault.pos is not None else said


def _expected(column: Column) -> str:
    return {"integer": "un nombre entier", "cents": "un montant", "number": "un nombre",
            "date": "une date (AAAA-MM-JJ)", "boolean": "« oui » ou « non »"}.get(column.type, "du texte")  # fmt: skip


def _reads(column: Column, text: str) -> bool:
    return text == "" or _limit(column, text) is not None


def _limit(column: Column, text: str) -> Any:
    """A limit or a choice in the column's own type; None when it cannot be read so."""
    if not text:
        return None
    try:
        return READ.get(column.type, str)(text)
    except ValueError:
        return None


def _number(text: str) -> float | int:
    value = float(text.replace(",", ".").replace(" ", ""))
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return int(value) if value.is_integer() else value


def _truth(text: str) -> bool:
    if text.lower() not in ("oui", "non", "true", "false"):
        raise ValueError(text)
    return text.lower() in ("oui", "true")


READ: dict[str, Callable[[str], Any]] = {
    "integer": lambda text: int(text.replace(" ", "")), "cents": _number, "number": _number,
    "date": lambda text: date.fromisoformat(text).isoformat(), "boolean": _truth,
}  # fmt: skip
