"""Find the header among the first rows, and which column is which. Knows spellings; no Django."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from parvis.kernel.contracts.text import plain

PREAMBLE_ROWS = 40


@lru_cache(maxsize=20_000)
def letters(text: str) -> str:
    """Letters and figures alone, in their plain form: « Date d’échéance* » → "date d echeance"."""
    return " ".join(re.findall(r"[^\W_]+", plain(repaired(text))))


def repaired(text: str) -> str:
    """UTF-8 once read as cp1252 (« Ã‰tudes »), read again as UTF-8; any other text as it is."""
    if "Ã" not in text and "â€" not in text and "Â" not in text:
        return text
    for guess in (text, text.replace("Ã ", "Ã\u00a0")):  # the second half of « à » is often flattened to a space
        for encoding in ("cp1252", "latin-1"):
            try:
                return guess.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
    return text


@dataclass(frozen=True)
class Header:
    """Where the header stands (row number as a spreadsheet shows it) and what each column is.

    `columns` gives a field's name for each position, or None; `unknown` and `repeated` are the titles that serve nothing.
    """

    number: int
    columns: tuple[str | None, ...]
    titles: tuple[str, ...]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def found(self) -> frozenset[str]:
        return frozenset(name for name in self.columns if name)


def find(rows: Sequence[tuple[int, Sequence[Any]]], fields: Sequence[Any]) -> Header | None:
    """The row that names the most columns of the contract; None when no row names at least two of them, or all."""
    spelled = {spelling: field.name for field in fields for spelling in field.spellings}
    candidates = [_read(number, cells, spelled) for number, cells in rows[:PREAMBLE_ROWS]]
    best = max(candidates, key=lambda header: len(header.found), default=None)
    return best if best and len(best.found) >= min(2, len(fields)) else None


def _read(number: int, cells: Sequence[Any], spelled: dict[str, str]) -> Header:
    titles = tuple(str(cell).strip() for cell in cells)
    columns: list[str | None] = []
    unknown: list[str] = []
    repeated: list[str] = []
    for title in titles:
        name = spelled.get(letters(title))
        if name is None and title:
            unknown.append(title)
        if name in columns and name is not None:
            repeated.append(title)
            name = None
        columns.append(name)
    return Header(number, tuple(columns), titles, tuple(unknown), tuple(repeated))
