"""The rows behind a cell as a table, a CSV file and a workbook: the same columns, the same words.

Every text is made harmless to a spreadsheet. Refuses to know who may read: `queries.rows` has asked already.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from parvis.domains.steering import arithmetic, wording
from parvis.domains.steering.queries.rows import Rows
from parvis.kernel.contracts.exports import neutralise, neutralised
from parvis.kernel.documents.spreadsheets import About, Book, Cell

PARIS = ZoneInfo("Europe/Paris")
KINDS = {"cents": "money", "integer": "whole", "number": "number", "date": "day", "instant": "day"}
RIGHT = ("money", "whole", "number")
FACTS = (
    ("subject", "Dossier", "text"), ("at", "Date", "day"), ("place", "Lieu", "text"), ("value", "Valeur", "number"),
    ("base", "Rapportée à", "number"), ("event", "Terminé", "text"), ("left_out", "Écartée parce que", "long"),
)  # fmt: skip
ON_SCREEN = 5  # columns of the dataset that a page shows; a file has them all


@dataclass(frozen=True)
class Heading:
    """A column of the table: the key in a row, its French name, its kind, its unit, how a screen says its codes."""

    key: str
    label: str
    kind: str
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_number(self) -> bool:
        return self.kind in RIGHT


def headings(found: Rows, *, is_whole: bool = True) -> list[Heading]:
    """The facts' columns that these rows have, then the dataset's own."""
    indicator, there = found.indicator, set(found.rows[0]) if found.rows else {"subject"}
    labels = indicator.dimension_labels or {}
    facts = [Heading(key, label, kind) for key, label, kind in FACTS if key in there and _says(found, key)]
    cuts = [
        Heading(name, labels.get(name, name).capitalize(), "text") for name in indicator.dimensions if name in there
    ]
    own = [Heading(f"own_{c.name}", c.sentence, KINDS.get(c.type, "text"), c.unit, c.words) for c in found.columns]
    own = [h for h in own if h.key in there]
    told = [heading.key for heading in (*facts, *cuts)]
    shown = own if is_whole else [h for h in own if not _is_place(found, h.key) and not _repeats(found, h.key, told)]
    shown = shown if is_whole else shown[:ON_SCREEN]
    return [*facts, *cuts, *shown]


def _says(found: Rows, key: str) -> bool:
    """A column of facts that says nothing in any row is left out."""
    return key == "subject" or any(row[key] is not None for row in found.rows)


def _is_place(found: Rows, key: str) -> bool:
    return any(c.place for c in found.columns if key == f"own_{c.name}")


def _repeats(found: Rows, key: str, told: list[str]) -> bool:
    """A column that says in every row what another says already, or nothing at all."""
    if all(row[key] is None for row in found.rows):
        return True
    return any(all(row[key] == row[other] for row in found.rows) for other in told)


def lines(found: Rows, columns: list[Heading]) -> Iterator[list[Any]]:
    """The values of each row: money in cents, a fact's value in the indicator's unit, days as Paris days."""
    for row in found.rows:
        yield [_value(found, column.key, row[column.key]) for column in columns]


def _value(found: Rows, key: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value.astimezone(PARIS).date()
    if key == "value" and value is not None:
        return value / found.indicator.scale
    return value


def said(kind: str, value: Any) -> str:
    """A value as a French reader writes it."""
    if value is None:
        return "—"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if kind == "money":
        return f"{wording.number(value / 100, 2)} €"
    return wording.number(value) if isinstance(value, int | float) and kind == "number" else str(value)


def delimited(found: Rows) -> bytes:
    """UTF-8 with its mark, semicolons and decimal commas, as a French spreadsheet expects."""
    columns, text = headings(found), StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(neutralised([column.label for column in columns]))
    for line in lines(found, columns):
        writer.writerow([_plain(column.kind, value) for column, value in zip(columns, line, strict=True)])
    return text.getvalue().encode("utf-8-sig")


def _plain(kind: str, value: Any) -> object:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if kind == "money" and value is not None:
        return f"{value / 100:.2f}".replace(".", ",")
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return "" if value is None else neutralise(value)


def workbook(found: Rows, where: str) -> bytes:
    """The rows, and a sheet that says which cell of which measurement they make."""
    columns = headings(found)
    with Book() as book:
        book.sheet("Lignes", [(c.label, c.kind) for c in columns], _cells(found, columns))
        book.about(_about(found, where))
    return book.content


def _cells(found: Rows, columns: list[Heading]) -> Iterator[list[Cell]]:
    for line in lines(found, columns):
        yield [(column.kind, neutralise(value)) for column, value in zip(columns, line, strict=True)]


def _about(found: Rows, where: str) -> About:
    photographed = [
        (f"Photographie de {s.dataset}", f"{s.as_of:%d/%m/%Y} · {s.row_count} lignes · {s.sha256}")
        for s in found.snapshots
    ]
    return About(found.indicator.title, (
        ("Case", where), ("Calcul", arithmetic.told(found.indicator, found.cell)),
        ("Lignes hors de vos droits", "—" if found.outside_count is None else str(found.outside_count)), *photographed,
    ))  # fmt: skip
