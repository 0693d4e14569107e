"""Cells that leave the house: one function makes them harmless to a spreadsheet.

A cell that begins like a formula is executed by the software that opens it (OWASP, « CSV injection »). Knows text.
Refuses to know what is exported.
"""

import re

STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d[\d\u00a0\u202f ]*([.,]\d+)?\s*[€%]?")


def neutralise(cell: object) -> object:
    """The cell as it may be written in a CSV or a workbook: text that begins like a formula gets an apostrophe.

    Numbers (`-12,5`, `+3`, and real int, float, Decimal) and everything that is not text stay as they are.
    """
    if not isinstance(cell, str) or not cell.startswith(STARTS) or NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def neutralised(row: list | tuple) -> list:
    """A whole row, cell by cell."""
    return [neutralise(cell) for cell in row]
