"""Spreadsheets out (xlsx): typed cells, one sheet a noun, and a sheet that says what the file is.

Knows how a cell is written: a text is written as text, so nothing a person typed is ever a formula. Refuses to know what a
column says and who may see it: the caller asks `access` first. Written row by row: a thousand rows take little memory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

WIDTHS = {"text": 18, "long": 44, "day": 12, "money": 15, "number": 12, "whole": 10, "percent": 11}
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
