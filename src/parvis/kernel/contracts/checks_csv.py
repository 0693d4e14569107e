"""Well-formed text tables read by Arrow, many times faster than line by line; the same records, the same numbers. No Django.

Refuses (`NotPlain`) whatever the careful reader of `delimited` would mend or point out: quotes left open, endless
cells, bytes that are no letters. The caller then reads that file with the careful one.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from parvis.kernel.contracts.delimited import LONGEST_RECORD, SEPARATORS, WIDEST_CELL

BLOCK = 2**18
MARK = "\x03"  # the end of text, which no table holds
ENCODINGS = {"utf-8": "utf8", "utf-8-sig": "utf8", "cp1252": "cp1252"}
SIGNS = {name: sign for sign, name in SEPARATORS.items()}


class NotPlain(Exception):
    """This file wants the careful reader."""


class Ragged:
    """The records whose number of cells is not the header's, as Arrow hands them over."""

    def __init__(self, separator: str) -> None:
        self.separator, self.is_open = separator, False
        self.met: list[tuple[int, list[str]]] = []

    def __call__(self, record: Any) -> str:
        if record.number is None or "\n" in record.text or "\r" in record.text:
            self.is_open = True  # a quote may have swallowed the lines below
        self.met.append((record.number, next(csv.reader([record.text], delimiter=self.separator), [])))
        return "skip"


class Ended:
    """The bytes of a file, then one last record of marks: when it comes out last, no quote was left open."""

    closed = False

    def __init__(self, path: Path, separator: str, width: int) -> None:
        self.file = path.open("rb")
        self.tail = (separator.join([MARK] * width) + "\n").encode()
        self.last = b"\n"

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        if piece:
            self.last = piece[-1:]
            return piece
        piece, self.tail = self.tail, b""
        return piece if self.last in b"\r\n" or not piece else b"\n" + piece

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True
        self.file.close()


def tables(path: Path, recognised: dict[str, Any], width: int) -> Iterator[tuple[np.ndarray, pa.RecordBatch, list]]:
    """Blocks of (record numbers, cells under c0 …, ragged records met). Raises NotPlain, perhaps after some blocks."""
    encoding = ENCODINGS.get(recognised["encoding"])
    if encoding is None:
        raise NotPlain
    ragged, following, held = Ragged(SIGNS[recognised["separator"]]), 1, None
    try:
        for block in _blocks(path, encoding, width, ragged):
            if held is not None:
                following, told = _numbered(following, held, ragged)
                yield told
            held = block
    except (pa.ArrowInvalid, UnicodeError, csv.Error) as fault:
        raise NotPlain from fault
    if held is None or not _is_mark(held.slice(held.num_rows - 1)):
        raise NotPlain
    following, told = _numbered(following, held.slice(0, held.num_rows - 1), ragged)
    yield told
    yield np.array([], np.int64), held.slice(0, 0), ragged.met


def _numbered(following: int, block: pa.RecordBatch, ragged: Ragged) -> tuple[int, tuple]:
    _refuse_endless(block)
    if ragged.is_open:
        raise NotPlain
    numbers, following, later = _numbers(following, block.num_rows, ragged.met)
    met, ragged.met = [m for m in ragged.met if m not in later], later
    return following, (numbers, block, met)


def _is_mark(last: pa.RecordBatch) -> bool:
    return last.num_rows == 1 and all(column[0].as_py() == MARK for column in last.columns)


def _blocks(path: Path, encoding: str, width: int, ragged: Ragged) -> Iterator[pa.RecordBatch]:
    names = [f"c{n}" for n in range(width)]
    reading = arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names, encoding=encoding)
    parsing = arrow_csv.ParseOptions(
        delimiter=ragged.separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=ragged
    )
    converting = arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    with arrow_csv.open_csv(
        pa.PythonFile(Ended(path, ragged.separator, width), mode="r"), reading, parsing, converting
    ) as reader:
        yield from reader


def _numbers(following: int, count: int, met: list) -> tuple[np.ndarray, int, list]:
    """The numbers of `count` records from `following` on, those of ragged ones left out; and the ragged still ahead."""
    taken = np.array([number for number, _ in met], np.int64)
    free = np.setdiff1d(np.arange(following, following + count + len(taken)), taken, assume_unique=True)[:count]
    last = int(free[-1]) if count else following - 1
    later = [m for m in met if m[0] > last] if count else []
    following = max([last, *(number for number, _ in met if number <= last)]) + 1 if count else following
    return free, following, later


def _refuse_endless(block: pa.RecordBatch) -> None:
    for column in block.columns:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > WIDEST_CELL or (
            longest > LONGEST_RECORD and (pc.max(pc.count_substring(column, "\n")).as_py() or 0) >= LONGEST_RECORD - 1
        ):
            raise NotPlain
