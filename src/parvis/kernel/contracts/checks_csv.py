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
TAIL = 2**16
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


def tables(path: Path, recognised: dict[str, Any], width: int) -> Iterator[tuple[np.ndarray, pa.RecordBatch, list]]:
    """Blocks of (record numbers, cells under c0 …, ragged records met). Raises NotPlain, perhaps after some blocks."""
    encoding = ENCODINGS.get(recognised["encoding"])
    if encoding is None or _ends_doubtfully(path):
        raise NotPlain
    ragged, following = Ragged(SIGNS[recognised["separator"]]), 1
    block = None
    try:
        for block in _blocks(path, encoding, width, ragged):
            _refuse_endless(block)
            if ragged.is_open:
                raise NotPlain
            met, ragged.met = ragged.met, []
            numbers, following, later = _numbers(following, block.num_rows, met)
            ragged.met = later
            yield numbers, block, [m for m in met if m not in later]
    except (pa.ArrowInvalid, UnicodeError, csv.Error) as fault:
        raise NotPlain from fault
    if ragged.is_open or (block is not None and _has_line_end(block.slice(block.num_rows - 1))):
        raise NotPlain
    if ragged.met:
        yield np.array([], np.int64), _empty(width), ragged.met


def _blocks(path: Path, encoding: str, width: int, ragged: Ragged) -> Iterator[pa.RecordBatch]:
    names = [f"c{n}" for n in range(width)]
    reading = arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names, encoding=encoding)
    parsing = arrow_csv.ParseOptions(
        delimiter=ragged.separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=ragged
    )
    converting = arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    with arrow_csv.open_csv(path, reading, parsing, converting) as reader:
        yield from reader


def _empty(width: int) -> pa.RecordBatch:
    names = [f"c{n}" for n in range(width)]
    return pa.RecordBatch.from_arrays([pa.nulls(0, pa.string())] * width, names=names)


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


def _has_line_end(last: pa.RecordBatch) -> bool:
    return any("\n" in cell or "\r" in cell for column in last.columns for cell in column.to_pylist())


def _ends_doubtfully(path: Path) -> bool:
    """A last line without an end, with a quote in it: it may have been cut."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        tail = file.read()
    return not tail.endswith((b"\n", b"\r")) and b'"' in tail.splitlines()[-1]
