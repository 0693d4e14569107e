"""Spreadsheets out (xlsx): typed cells, one sheet a noun, and a sheet that says what the file is.

Knows how a cell is written: a text is written as text, so nothing a person typed is ever a formula. Refuses to know what a
column says (`columns`) and who may see it (`dossier`). Written row by row: a thousand actions take little memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from parvis.domains.roadmaps.coverage import Matrix
from parvis.domains.roadmaps.exports.columns import WIDTHS, Column, Standing
from parvis.domains.roadmaps.models import ActionIndicator, IndicatorValue

LONGEST_CELL = 32_767  # what a spreadsheet holds
FORMATS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "font_color": "#10233f"},
    "text": {"valign": "top"},
    "long": {"valign": "top", "text_wrap": True},
    "day": {"valign": "top", "num_format": "dd/mm/yyyy", "align": "left"},
    "money": {"valign": "top", "num_format": '#,##0.00 "€"'},
    "number": {"valign": "top", "num_format": "#,##0.##"},
    "whole": {"valign": "top", "num_format": "#,##0"},
    "percent": {"valign": "top", "num_format": "0 %"},
    "title": {"bold": True, "font_size": 14, "font_color": "#10233f"},
}
Cell = tuple[str, Any]


@dataclass(frozen=True)
class About:
    """What the reader must know: what this is, what was selected, as of when, by whom, and under which rules."""

    title: str
    lines: tuple[tuple[str, str], ...]


def actions(rows: Sequence[Standing], columns: Sequence[Column], about: About) -> bytes:
    """The actions, their milestones, indicators, measures and means, and what the file is."""
    with Book() as book:
        book.sheet("Actions", [(c.label, c.kind) for c in columns], _action_cells(rows, columns), frozen_columns=3)
        book.sheet("Jalons", MILESTONES, _milestone_cells(rows))
        book.sheet("Indicateurs", INDICATORS, _indicator_cells(rows))
        book.sheet("Mesures", MEASURES, _measure_cells(rows))
        book.sheet("Moyens", MEANS, _means_cells(rows))
        book.about(about)
    return book.content


def coverage(matrix: Matrix, about: About) -> bytes:
    """Sector × public policy, and the holes in sentences."""
    headings = [("Secteur", "text"), *((c.name, "whole") for c in matrix.columns), ("Sans politique", "whole")]
    with Book() as book:
        book.sheet("Couverture", [*headings, ("Actions", "whole"), ("Couverture", "percent")], _coverage_cells(matrix))
        book.sheet("Trous", HOLES, _hole_cells(matrix))
        book.about(about)
    return book.content


class Book:
    """A workbook being written; `content` is there once it is closed."""

    def __init__(self) -> None:
        self.file = BytesIO()
        self.content = b""
        self.book = xlsxwriter.Workbook(
            self.file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.formats = {name: self.book.add_format(look) for name, look in FORMATS.items()}

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, failed, *_) -> None:
        if not failed:
            self.book.close()
            self.content = self.file.getvalue()

    def sheet(
        self, name: str, headings: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]], *, frozen_columns: int = 1
    ) -> None:
        """A header that stays, a filter on every column, and the rows in their order."""
        sheet = self.book.add_worksheet(name)
        for place, (label, kind) in enumerate(headings):
            sheet.set_column(place, place, max(WIDTHS[kind], min(len(label), 24)))
        sheet.freeze_panes(1, min(frozen_columns, len(headings) - 1))
        for place, (label, _) in enumerate(headings):
            sheet.write_string(0, place, label, self.formats["head"])
        last = 0
        for last, cells in enumerate(rows, start=1):
            for place, (kind, value) in enumerate(cells):
                write(sheet, last, place, kind, value, self.formats[kind])
        sheet.autofilter(0, 0, last, len(headings) - 1)

    def about(self, about: About) -> None:
        sheet = self.book.add_worksheet("À propos")
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, about.title, self.formats["title"])
        for place, (label, words) in enumerate(about.lines, start=2):
            sheet.write_string(place, 0, label, self.formats["head"])
            sheet.write_string(place, 1, words[:LONGEST_CELL], self.formats["long"])


def write(sheet: Worksheet, row: int, column: int, kind: str, value: Any, look: Format) -> None:
    """One cell by the type of its value; an empty one is left empty; money comes in cents."""
    if value is None or value == "":
        return
    if kind == "money":
        sheet.write_number(row, column, value / 100, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, look)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, float(value), look)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST_CELL], look)


def _action_cells(rows: Sequence[Standing], columns: Sequence[Column]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [(column.kind, column.value(row)) for column in columns]


OF_ACTION = (("Code de l’action", "text"), ("Titre", "long"))
MILESTONES = (
    *OF_ACTION, ("Jalon", "text"), ("Programmé", "day"), ("Prévu", "day"), ("Tenu le", "day"), ("Tenu", "text"),
    ("Précision", "text"),
)  # fmt: skip
INDICATORS = (
    *OF_ACTION, ("Indicateur", "text"), ("Définition", "long"), ("Unité", "text"), ("Sens", "text"),
    ("Valeur de départ", "number"), ("Départ au", "day"), ("Cible", "number"), ("Cible au", "day"),
    ("Dernière valeur", "number"), ("Mesurée le", "day"), ("Rythme (jours)", "whole"), ("Source", "text"),
)  # fmt: skip
MEASURES = (*OF_ACTION, ("Indicateur", "text"), ("Mesurée le", "day"), ("Valeur", "number"), ("Unité", "text"))
MEANS = (*OF_ACTION, ("Année", "text"), ("Montant", "money"), ("ETP", "number"))
HOLES = (
    ("Secteur", "text"),
    ("Politique publique", "text"),
    ("Secteurs qui en ont une", "whole"),
    ("En clair", "long"),
)


def _named(row: Standing) -> list[Cell]:
    return [("text", row.action.code), ("long", row.action.title)]


def _milestone_cells(rows: Sequence[Standing]) -> Iterator[list[Cell]]:
    for row in rows:
        for m in row.action.milestones.all():
            yield [
                *_named(row), ("text", m.title), ("day", m.planned_on), ("day", m.forecast_on), ("day", m.actual_on),
                ("text", "Oui" if m.is_done else "Non"), ("text", f"au {m.get_precision_display()}"),
            ]  # fmt: skip


def _indicator_cells(rows: Sequence[Standing]) -> Iterator[list[Cell]]:
    for row in rows:
        for i in row.action.indicators.all():
            last = last_value(i)
            yield [
                *_named(row), ("text", i.name), ("long", i.definition), ("text", i.unit),
                ("text", i.get_direction_display()), ("number", i.baseline), ("day", i.baseline_on),
                ("number", i.target), ("day", i.target_on), ("number", last.value if last else None),
                ("day", last.measured_on if last else None), ("whole", i.every_days), ("text", i.source),
            ]  # fmt: skip


def _measure_cells(rows: Sequence[Standing]) -> Iterator[list[Cell]]:
    for row in rows:
        for i in row.action.indicators.all():
            for value in i.values.all():
                yield [
                    *_named(row), ("text", i.name), ("day", value.measured_on), ("number", value.value), ("text", i.unit)
                ]  # fmt: skip


def _means_cells(rows: Sequence[Standing]) -> Iterator[list[Cell]]:
    for row in rows:
        for line in row.action.means.all():
            yield [*_named(row), ("text", str(line.year)), ("money", line.amount_cents), ("number", line.fte)]


def last_value(indicator: ActionIndicator) -> IndicatorValue | None:
    """The measure of the latest day, as it was last said."""
    return next(reversed(list(indicator.values.all())), None)


def _coverage_cells(matrix: Matrix) -> Iterator[list[Cell]]:
    """A sector whose roadmap is not shown has no figure at all, which is not zero."""
    for line in matrix.lines:
        counts: list[Cell] = [("whole", cell.count) for cell in line.cells]
        known = line.row.is_known
        yield [
            ("text", line.row.name), *counts, ("whole", line.unsorted if known else None),
            ("whole", line.total if known else None), ("percent", line.ratio),
        ]  # fmt: skip


def _hole_cells(matrix: Matrix) -> Iterator[list[Cell]]:
    for hole in matrix.holes:
        yield [("text", hole.row.name), ("text", hole.column.name), ("whole", hole.peers), ("long", hole.sentence)]
