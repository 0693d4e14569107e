"""A small contract of books, and files of every kind to try it with."""

import io
from datetime import UTC, datetime

import pytest
import xlsxwriter

from parvis.kernel.contracts.contract import Contract

SCHEMA = {
    "primaryKey": "code",
    "fields": [
        {"name": "code", "type": "string", "parvis:label": "Numéro d’ordre", "parvis:synonyms": ["N°", "Code"],
         "parvis:identifier": True, "constraints": {"required": True}},
        {"name": "title", "type": "string", "parvis:label": "Titre", "parvis:synonyms": ["Intitulé"],
         "constraints": {"required": True, "maxLength": 80}},
        {"name": "price", "type": "number", "parvis:money": True, "parvis:label": "Prix", "parvis:synonyms": ["Montant (€)"],
         "constraints": {"minimum": 0}},
        {"name": "bought_on", "type": "date", "parvis:label": "Date d’achat"},
        {"name": "lent", "type": "boolean", "parvis:label": "Prêté"},
    ],
}  # fmt: skip


@pytest.fixture
def shelf():
    """What the contract's `apply` wrote, in memory: the order and content of the batches."""
    return []


@pytest.fixture
def books(shelf):
    def apply(rows, lookups, *, run, by, at):
        shelf.extend((row.values["code"], row.values["title"], row.values["price"]) for row in rows)

    return Contract(
        code="tests.books",
        title="Livres",
        summary="Des livres.",
        schema=SCHEMA,
        permission="roadmaps.import",
        apply=apply,
    )


@pytest.fixture
def file(tmp_path):
    """file("nom.csv", text or bytes, encoding) → its path."""

    def write(content, name="livres.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def workbook():
    """The bytes of a workbook whose first sheet holds these rows, from a given row down."""

    def make(rows, start=0, sheets=("Feuille",)):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name in sheets:
            sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(start + i, j, cell, day)
                else:
                    sheet.write(start + i, j, cell)
        book.close()
        return out.getvalue()

    return make


@pytest.fixture
def at():
    return datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
