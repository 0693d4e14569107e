"""A blank workbook drawn from a contract: its header, its drop-downs, its formats, and how to fill it in.

Importing the template as it is finds every column; nothing in it is typed by hand.
"""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from parvis.kernel.contracts.contract import Contract, Field

ROWS = 2000
LISTS_SHEET = "Listes"
HELP_SHEET = "Mode d’emploi"
TYPES = {
    "string": "texte", "number": "nombre", "integer": "nombre entier", "boolean": "oui ou non", "date": "date JJ/MM/AAAA",
    "yearmonth": "mois AAAA-MM", "year": "année", "list": "plusieurs valeurs, séparées par des points-virgules",
}  # fmt: skip
FORMATS = {"date": "dd/mm/yyyy", "yearmonth": "yyyy-mm", "integer": "0", "year": "0"}
OUI_NON = ("oui", "non")


def template_workbook(contract: Contract, *, lists: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """An .xlsx file. `lists` gives the drop-downs that come from the house (plans, directorates), by field name."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, help_sheet, lists_sheet = (book.add_worksheet(name) for name in ("À remplir", HELP_SHEET, LISTS_SHEET))
    choices = {f.name: c for f in contract.fields if (c := _choices(f, lists or {}))}
    _header(book, sheet, contract)
    _drop_downs(sheet, lists_sheet, contract, choices)
    _help(book, help_sheet, contract, choices)
    lists_sheet.hide()
    book.close()
    return out.getvalue()


def rule_of(field: Field, choices: Sequence[str] = ()) -> str:
    """What a cell of this column must hold, in one line."""
    parts = ["montant en euros" if field.is_money else TYPES[field.type]]
    if field.max_length:
        parts.append(f"{field.max_length} signes au plus")
    if field.minimum is not None and not field.is_money:
        parts.append(f"{field.minimum} au moins")
    if choices and field.type != "boolean":
        parts.append("au choix : " + ", ".join(choices[:20]) + (" …" if len(choices) > 20 else ""))
    return " ; ".join(parts)


def _choices(field: Field, lists: Mapping[str, Sequence[str]]) -> Sequence[str]:
    return lists.get(field.name) or field.choices or (OUI_NON if field.type == "boolean" else ())


def _header(book: xlsxwriter.Workbook, sheet, contract: Contract) -> None:
    strong = book.add_format(
        {"bold": True, "bg_color": "#10233F", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
    )
    free = book.add_format(
        {"bold": True, "bg_color": "#E6EDF8", "font_color": "#10233F", "text_wrap": True, "valign": "top"}
    )
    for column, field in enumerate(contract.fields):
        form = {
            "num_format": "#,##0.00"
            if field.is_money
            else FORMATS.get(field.type, "@" if field.type == "string" else "General")
        }
        sheet.set_column(column, column, max(14, min(40, len(field.label) + 2)), book.add_format(form))
        sheet.write_string(0, column, field.label, strong if field.column_required else free)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)


def _drop_downs(sheet, lists_sheet, contract: Contract, choices: Mapping[str, Sequence[str]]) -> None:
    for place, (name, values) in enumerate(choices.items()):
        for row, value in enumerate(values):
            lists_sheet.write_string(row, place, value)
        column = next(i for i, field in enumerate(contract.fields) if field.name == name)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        sheet.data_validation(
            1, column, ROWS, column,
            {"validate": "list", "source": f"={LISTS_SHEET}!${letter}$1:${letter}${len(values)}", "ignore_blank": True,
             "error_title": "Valeur imprévue", "error_message": "Choisissez dans la liste.", "error_type": "warning"},
        )  # fmt: skip


def _help(book: xlsxwriter.Workbook, sheet, contract: Contract, choices: Mapping[str, Sequence[str]]) -> None:
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    title = book.add_format({"bold": True, "font_size": 16})
    sheet.write_string(0, 0, contract.title, title)
    sheet.write_string(1, 0, contract.summary)
    sheet.write_string(
        2,
        0,
        "Une ligne par enregistrement. Les colonnes sur fond foncé sont obligatoires. L’ordre des colonnes est libre.",
    )
    for column, (words, width) in enumerate(
        (("Colonne", 34), ("Obligatoire", 12), ("Ce qu’on y met", 60), ("Règle", 70))
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(4, column, words, bold)
    for row, field in enumerate(contract.fields, start=5):
        cells = (
            field.label,
            "oui" if field.is_required else "",
            field.description,
            rule_of(field, choices.get(field.name, ())),
        )
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text, wrap)
