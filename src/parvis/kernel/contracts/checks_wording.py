"""What a broken rule says in French. No Django."""

from typing import Any

from parvis.kernel.contracts.checks_rules import TYPE_NAMES, Rules

SHOWN = 60
CELL: dict[str, str] = {
    "required": "« {label} » est obligatoire et la cellule est vide.",
    "type": "« {value} » n’est pas {type}.",
    "unique": "« {value} » figure déjà plus haut dans cette colonne.",
    "minLength": "« {value} » compte moins de {limit} signes.",
    "maxLength": "« {label} » compte plus de {limit} signes.",
    "minimum": "« {value} » est en dessous de {limit}.",
    "maximum": "« {value} » dépasse {limit}.",
    "exclusiveMinimum": "« {value} » doit être au-dessus de {limit}.",
    "exclusiveMaximum": "« {value} » doit être en dessous de {limit}.",
    "pattern": "« {value} » n’a pas la forme attendue pour « {label} ».",
    "enum": "« {value} » n’est pas une valeur prévue : {limit}.",
    "tolerated": "« {value} » a été compris ; écrivez-le comme le contrat le demande.",
    "missing-cell": "La ligne s’arrête avant « {label} ».",
}
ROW: dict[str, str] = {
    "blank-row": "Ligne vide : elle n’est pas lue.",
    "extra-cell": "La ligne a une cellule en trop : « {value} ».",
    "primary-key": "La clé de cette ligne est vide, ou déjà prise plus haut : {value}.",
    "orphan-quote": "Guillemet ouvert et jamais refermé sur cette ligne.",
    "cut": "Dernière ligne coupée au milieu d’un texte entre guillemets.",
    "too-wide": "Une cellule de cette ligne est démesurée.",
    "missing-column": "La colonne obligatoire « {label} » manque.",
    "absent-column": "La colonne « {label} » manque ; elle n’est pas obligatoire.",
    "unknown-column": "La colonne « {value} » n’est pas prévue : elle n’a pas été lue.",
    "duplicate-column": "La colonne « {value} » est présente deux fois : seule la première a été lue.",
    "misordered-column": "La colonne « {label} » n’est pas à sa place dans l’ordre du contrat.",
}


def sentence(rules: Rules, column: str, rule: str, value: str) -> str:
    """One sentence for a fault; it names the column by its label and the value by its first signs."""
    field = rules.by_name.get(column)
    said: Any = field.said.get(rule, "") if field else ""
    limit = ", ".join(map(str, said)) if isinstance(said, list | tuple) else said
    return (CELL | ROW)[rule].format(
        value=_shown(value), label=field.label if field else column, limit=limit,
        type=TYPE_NAMES[field.type] if field else "",
    )  # fmt: skip


def _shown(value: str) -> str:
    return value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
