"""The list as CSV, the French way: semicolons, decimal commas, days as JJ/MM/AAAA, a mark so that a spreadsheet reads UTF-8.

Every cell is made harmless first: a text that begins like a formula would be run by the software that opens the file.
"""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from parvis.domains.roadmaps.exports.columns import Column, Standing
from parvis.kernel.contracts.exports import neutralised


def actions(rows: Sequence[Standing], columns: Sequence[Column]) -> bytes:
    """UTF-8 with its mark (BOM)."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(neutralised([column.label for column in columns]))
    for row in rows:
        writer.writerow(neutralised([cell(column.kind, column.value(row)) for column in columns]))
    return text.getvalue().encode("utf-8-sig")


def cell(kind: str, value: Any) -> str:
    """A value as a French reader types it; money comes in cents, a percentage as a ratio."""
    if value is None:
        return ""
    if kind == "money":
        return f"{Decimal(value) / 100:.2f}".replace(".", ",")
    if kind == "percent":
        return f"{value * 100:.0f} %"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return str(value)
