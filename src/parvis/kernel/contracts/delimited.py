"""Text tables: encoding, separator, quotes, records that span lines, orphan quotes, a last line cut short. No Django.

A record's `number` is the line that a spreadsheet would show. A broken record is handed over with its fault; the
lines after it are read as if it had been well formed.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from parvis.kernel.contracts.refusals import UnusableFile

SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
LONGEST_RECORD = 400  # physical lines
WIDEST_CELL = 200_000
SHOWN = 500
CHUNK = 2**20
FAULTS = {
    "orphan-quote": ("orphan-quote", "Guillemet ouvert et jamais refermé sur cette ligne."),
    "cut": ("truncated-row", "Dernière ligne coupée : le fichier s’arrête au milieu d’un texte entre guillemets."),
    "too-wide": ("cell-too-long", f"Une cellule dépasse {WIDEST_CELL} caractères."),
}


class Record(NamedTuple):
    number: int
    cells: Sequence[Any]
    fault: str = ""
    is_text: bool = False
    is_last: bool = False


@dataclass
class Candidate:
    """One way to read the file: what it supposes, and the records it gives, to be read once."""

    reading: dict[str, Any]
    records: Iterator[Record]


@contextmanager
def opened(path: Path) -> Iterator[Iterator[Candidate]]:
    """The file read with each separator that its first lines contain."""
    encoding = encoding_of(path)
    files: list[TextIO] = []

    def candidates() -> Iterator[Candidate]:
        for separator, name in SEPARATORS.items():
            file = path.open(encoding=encoding, newline="", errors="replace")  # a last letter may be cut in two
            files.append(file)
            yield Candidate({"encoding": encoding, "separator": name}, records(file, separator))

    try:
        yield candidates()
    finally:
        for file in files:
            file.close()


def encoding_of(path: Path) -> str:
    """utf-8-sig or utf-16 by their mark, utf-8 when the whole file decodes, utf-16 without mark by its zeros, else cp1252."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(codecs.BOM_UTF8):
        _insist(path, "utf-8-sig")
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _insist(path, "utf-16")
        return "utf-16"
    if b"\0" in start:
        return _without_mark(path, start)
    if _decodes(path, "utf-8"):
        return "utf-8"
    if _has_zeros(path):
        raise _binary()
    return "cp1252"


def _without_mark(path: Path, start: bytes) -> str:
    odd, even = start[1::2].count(0), start[::2].count(0)
    guess = (
        "utf-16-le" if odd > len(start) // 5 and not even else "utf-16-be" if even > len(start) // 5 and not odd else ""
    )
    if not guess or not _decodes(path, guess):
        raise _binary()
    return guess


def _has_zeros(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b"\0" in piece for piece in iter(lambda: file.read(CHUNK), b""))


def _binary() -> UnusableFile:
    return UnusableFile(
        "Ce fichier est binaire : ce n’est ni un texte ni un classeur reconnu.",
        remedy="Ouvrez-le dans votre tableur et enregistrez-le au format .xlsx, .ods ou .csv.",
    )


def _insist(path: Path, encoding: str) -> None:
    if not _decodes(path, encoding):
        raise UnusableFile(
            f"Ce fichier s’annonce en {encoding.removesuffix('-sig')} et contient des octets qui n’en sont pas.",
            remedy="Enregistrez-le à nouveau en « CSV UTF-8 ».",
        )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                if "\0" in decoder.decode(piece):
                    return False
            # not finalised: a file cut in the middle of a letter stays readable, its last row is what breaks
    except UnicodeDecodeError:
        return False
    return True


class _TooLong(Exception):
    """A record that goes on and on: an orphan quote swallowed the lines below it."""


class _Lines:
    """Physical lines, with those of the present record kept so that they can be read again."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.kept: list[str] = []
        self.again: list[str] = []
        self.is_over = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.kept) >= LONGEST_RECORD:
            raise _TooLong
        line = self.again.pop() if self.again else self._read()
        self.kept.append(line)
        return line

    def _read(self) -> str:
        line = self.file.readline()
        if not line:
            self.is_over = True
            raise StopIteration
        return line

    def first_alone(self) -> str:
        """Give back every line of the present record but the first."""
        first, *rest = self.kept
        self.again.extend(reversed(rest))
        self.kept = []
        return first


def records(file: TextIO, separator: str) -> Iterator[Record]:
    """Every record of the text. The first record of the widest shape met so far tells how many cells are expected."""
    csv.field_size_limit(WIDEST_CELL)
    lines, number, width = _Lines(file), 0, 0
    while True:
        for cells, fault, kept in _run(lines, separator):
            number += 1
            if fault or (len(kept) > 1 and width and len(cells) != width):
                first = lines.first_alone()
                yield Record(number, _alone(first, separator), _named(fault, lines), True)
                break
            width = max(width, len(cells)) if number <= LONGEST_RECORD else width
            lines.kept = []
            yield Record(number, cells, "", True, _is_end(lines, kept))
        else:
            return


def _alone(line: str, separator: str) -> list[str]:
    """The cells of a broken record's first line; a line that is one endless cell is shown by its start."""
    try:
        return next(csv.reader([line], delimiter=separator, quoting=csv.QUOTE_NONE), [])
    except csv.Error:
        return [line[:SHOWN]]


def _named(fault: str, lines: _Lines) -> str:
    return "cut" if fault == "open" and not lines.again else "too-wide" if fault == "too-wide" else "orphan-quote"


def _run(lines: _Lines, separator: str) -> Iterator[tuple[list[str], str, list[str]]]:
    """csv's records, with what went wrong with the last one, if anything."""
    reader = csv.reader(lines, delimiter=separator, strict=False)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            yield [], "too-long", lines.kept
            return
        except csv.Error:
            yield [], "too-wide", lines.kept
            return
        if lines.is_over and _ends_open(lines.kept, separator):
            yield cells, "open", lines.kept
            return
        yield cells, "", lines.kept


def _ends_open(kept: list[str], separator: str) -> bool:
    """Does the text end inside a quoted cell? csv accepts it in silence unless asked to be strict."""
    try:
        list(csv.reader(list(kept), delimiter=separator, strict=True))
    except csv.Error as fault:
        return "unexpected end" in str(fault)
    return False


def _is_end(lines: _Lines, kept: list[str]) -> bool:
    return bool(kept) and not kept[-1].endswith(("\n", "\r"))
