"""A contract as a person typed it: read from a form, kept as it is, turned into columns. No Django.

Knows the fields of the form. Refuses to correct: what was typed comes back on screen, with what is wrong beside it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from parvis.domains.datahub import table_schema
from parvis.domains.datahub.schema_proposal import Column, Proposal, names_of

WHOLE = ("title", "sentence", "owner", "audience", "key", "business_date", "rhythm_days")
TEXTS = ("title", "sentence", "type", "unit", "place", "choices", "minimum", "maximum", "pattern")
TRUTHS = ("is_required", "is_unique", "is_personal", "is_dropped")
MOST_CHOICES = 200
RHYTHMS = {
    "1": "chaque jour", "7": "chaque semaine", "31": "chaque mois", "92": "chaque trimestre", "366": "chaque année",
}  # fmt: skip
Typed = dict[str, Any]


def proposed(title: str, proposal: Proposal, owner: str) -> Typed:
    """The form as it opens after a file was read."""
    return {
        "title": title, "sentence": "", "owner": owner, "audience": "staff", "key": proposal.key,
        "business_date": proposal.business_date, "rhythm_days": "31",
        "columns": [_shown(column) for column in proposal.columns],
    }  # fmt: skip


def held(columns: Iterable[Column], **whole: Any) -> Typed:
    """The form as it opens on a contract in force."""
    return {**{name: str(whole.get(name, "")) for name in WHOLE}, "columns": [_shown(column) for column in columns]}


def _shown(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {name: getattr(column, name) for name in TEXTS if name != "choices"}
    truths = {name: getattr(column, name, False) for name in TRUTHS}
    return {"name": column.name, "notes": list(column.notes), "choices": "\n".join(column.choices), **said, **truths}


def read(post: Mapping[str, str], before: Typed) -> Typed:
    """What the form sent, over the columns that it showed; a title typed under « add » makes one column more."""
    typed: Typed = {name: post.get(name, before.get(name, ""))[:2000].strip() for name in WHOLE}
    typed["columns"] = [_read_column(post, f"c{place}-", column) for place, column in enumerate(before["columns"])]
    if added := post.get("add", "").strip()[:120]:
        taken = [column["name"] for column in typed["columns"]]
        name = names_of([*taken, added])[-1]
        typed["columns"].append(_shown(Column(name, added, added)))
    return typed


def _read_column(post: Mapping[str, str], prefix: str, before: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: post.get(prefix + name, "")[:4000].strip() for name in TEXTS}
    truths = {name: prefix + name in post for name in TRUTHS}
    return {"name": before["name"], "notes": before.get("notes", []), **texts, **truths}


def columns_of(typed: Typed) -> tuple[Column, ...]:
    """The columns that are kept."""
    return tuple(_column(shown) for shown in typed["columns"] if not shown.get("is_dropped"))


def _column(shown: Mapping[str, Any]) -> Column:
    choices = tuple(dict.fromkeys(line.strip() for line in shown["choices"].splitlines() if line.strip()))
    return Column(
        name=shown["name"], title=shown["title"], sentence=shown["sentence"] or shown["title"], type=shown["type"],
        unit=shown["unit"], place=shown["place"], is_personal=shown["is_personal"], is_required=shown["is_required"],
        is_unique=shown["is_unique"], choices=choices[:MOST_CHOICES], minimum=shown["minimum"],
        maximum=shown["maximum"], pattern=shown["pattern"],
    )  # fmt: skip


def faults(typed: Typed, *, owners: Iterable[str], audiences: Iterable[str]) -> dict[str, list[str]]:
    """What is impossible in the columns and in the words around them, by column name ("" for the whole)."""
    found = table_schema.faults(columns_of(typed), typed["key"], typed["business_date"])
    checks = (
        (not typed["title"], "Le titre est vide : écrivez de quoi ces données parlent."),
        (len(typed["title"]) > 120, "Le titre dépasse 120 signes."),
        (not typed["sentence"], "Dites en une phrase ce qu’est une ligne."),
        (typed["owner"] not in set(owners), "Choisissez la direction qui répond de ces données."),
        (typed["audience"] not in set(audiences), "Choisissez qui lit ces données."),
        (typed["rhythm_days"] not in RHYTHMS, "Choisissez un rythme dans la liste."),
        (typed["audience"] == "public" and any(column.is_personal for column in columns_of(typed)),
         "Des données personnelles ne s’ouvrent pas à tous : réservez le jeu, ou retirez ces colonnes."),
    )  # fmt: skip
    whole = [*(said for is_wrong, said in checks if is_wrong), *found.pop("", [])]
    return {**({"": whole} if whole else {}), **found}


def schema_of(typed: Typed) -> dict[str, Any]:
    return {"title": typed["title"], **table_schema.descriptor(columns_of(typed), typed["key"])}


def changes(before: Typed, after: Typed) -> list[str]:
    """What one contract changes to another, in sentences."""
    old, new = ({c.name: c for c in columns_of(typed)} for typed in (before, after))
    said = [f"« {WORDS[name]} » change." for name in WHOLE if before[name] != after[name]]
    said += [f"Colonne « {old[name].title} » retirée." for name in old if name not in new]
    said += [f"Colonne « {new[name].title} » ajoutée." for name in new if name not in old]
    for name in [name for name in new if name in old]:
        parts = [word for field, word in PARTS.items() if getattr(old[name], field) != getattr(new[name], field)]
        if parts:
            said.append(f"Colonne « {new[name].title} » : {', '.join(parts)}.")
    return said


WORDS = {
    "title": "titre", "sentence": "description", "owner": "direction", "audience": "lecteurs", "key": "clé",
    "business_date": "date métier", "rhythm_days": "rythme",
}  # fmt: skip
PARTS = {
    "title": "libellé", "sentence": "description", "type": "type", "unit": "unité", "place": "rôle géographique",
    "is_personal": "donnée personnelle", "is_required": "obligatoire", "is_unique": "unique",
    "choices": "liste de valeurs", "minimum": "minimum", "maximum": "maximum", "pattern": "forme",
}  # fmt: skip
