"""Any table that a person drops, before a contract is known: csv, xlsx, ods, xls, json; its titles, then its rows.

Knows formats and sizes; the content decides, never the name alone. Refuses to know types (`schema_proposal`) and
rules (`table_schema`). Nothing of a file is executed: a formula of a workbook is read as the value it showed, one
typed in a csv stays the text it is.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any

from parvis.domains.datahub.schema_proposal import (
    DECIMAL,
    FRENCH,
    ISO,
    NUMBERED,
    SPACES,
    UNIT,
    Proposal,
    Values,
    is_day,
    propose,
    values_of,
)
from parvis.kernel.contracts import casting, reading
from parvis.kernel.contracts.headers import letters
from parvis.kernel.contracts.refusals import UnusableFile
from parvis.kernel.contracts.rows import written
from parvis.kernel.territories import spelling

MOST_COLUMNS = 300
MOST_JSON_BYTES = 40 * 2**20
PREAMBLE = 20
LINES_SEEN = 40
LONGEST_SHOWN = 200  # signs of a cell that a sample keeps
FORMATS = "csv, xlsx, ods, xls ou json"
SAVE_AS = "Ouvrez-le dans votre tableur et enregistrez-le au format .xlsx, .ods ou .csv."


@dataclass
class Dropped:
    """A table opened: its titles, how it was read, and its rows of text, to be read once."""

    titles: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]  # the line that a spreadsheet shows, and its cells
    header_line: int
    says: str
    sha256: str


@contextmanager
def opened(path: Path, file_name: str = "") -> Iterator[Dropped]:
    """The file as titles and rows of text. Raises UnusableFile, with what mends it, before anything is kept."""
    if path.is_file() and path.stat().st_size > MOST_JSON_BYTES and _begins_as_json(path):
        raise UnusableFile(
            f"Un fichier JSON est lu jusqu’à {MOST_JSON_BYTES // 2**20} Mo.", remedy="Enregistrez-le en .csv."
        )
    with reading.candidates(path) as (sha256, kind, found):
        if kind != "json" and file_name.lower().endswith((".json", ".geojson")):
            raise UnusableFile("Ce fichier n’est pas du JSON, malgré son nom.", remedy=SAVE_AS)
        yield _widest(found, kind, sha256)


def _begins_as_json(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"["))


@dataclass(frozen=True)
class Profile:
    """What was read of a dropped file: counts of values by column, the first rows, and the contract proposed."""

    values: tuple[Values, ...]
    sample: tuple[tuple[str, ...], ...]
    proposal: Proposal
    row_count: int
    says: str
    sha256: str


def profile(path: Path, file_name: str = "", sample: int = 5) -> Profile:
    """Read the whole file once and propose a contract."""
    with opened(path, file_name) as table:
        counts: list[Counter[str]] = [Counter() for _ in table.titles]
        first: list[tuple[str, ...]] = []
        row_count = 0
        for _, row in table.rows:
            row_count += 1
            if len(first) < sample:
                first.append(tuple(cell[:LONGEST_SHOWN] for cell in row[: len(counts)]))
            for counted, cell in zip(counts, row, strict=False):
                counted[cell] += 1
        if not row_count:
            raise UnusableFile(
                "Ce fichier a des titres et aucune ligne.",
                remedy="Vérifiez l’export qui l’a produit, puis recommencez.",
            )
        held = tuple(values_of(t, c.elements()) for t, c in zip(table.titles, counts, strict=True))
        return Profile(held, tuple(first), propose(held), row_count, table.says, table.sha256)


def rewritten(path: Path, schema: Mapping[str, Any], into: Path, file_name: str = "") -> int:
    """Write the file anew as csv under the names of a contract's columns; returns how many rows.

    Each row keeps its line, so that a fault is found where the file's author sees it. What people write (12 000,50 €,
    31/12/2026, oui, Paris 7e) takes the form that the contract reads; a cell that cannot be read stays as it is, and the
    contract refuses it. Raises UnusableFile when a column that the contract requires is not there.
    """
    fields = schema["fields"]
    with opened(path, file_name) as table, into.open("w", encoding="utf-8", newline="") as out:
        places = _placed(fields, table.titles)
        writer = csv.writer(out)
        writer.writerows([[]] * (table.header_line - 1))
        writer.writerow([field["name"] for field in fields])
        count, line, width = 0, max(table.header_line, 1), len(table.titles)
        for number, row in table.rows:
            count += 1
            writer.writerows([[]] * (number - line - 1))
            line = max(number, line + 1)
            cells = [_cell(field, row, place, count) for field, place in zip(fields, places, strict=True)]
            writer.writerow(cells + [cell for cell in row[width:] if cell])  # a row too long must be seen as such
        return count


def _placed(fields: Sequence[Mapping[str, Any]], titles: Sequence[str]) -> list[int | None]:
    """Where each column of the contract stands in the file, by its title or its name."""
    spelled: dict[str, int] = {}
    for place, title in enumerate(titles):
        spelled.setdefault(letters(title), place)
    places = [spelled.get(letters(f.get("title", f["name"])), spelled.get(letters(f["name"]))) for f in fields]
    absent = [
        f"« {field.get('title', field['name'])} »"
        for field, place in zip(fields, places, strict=True)
        if place is None and field["name"] != NUMBERED and field.get("constraints", {}).get("required")
    ]
    if absent:
        raise UnusableFile(
            f"Il manque {'une colonne obligatoire' if len(absent) == 1 else 'des colonnes obligatoires'} : {', '.join(absent)}.",
            blockers=(f"Titres lus : {' · '.join(titles)[:400]}",),
            remedy="Ajoutez-les au fichier, ou changez le contrat.",
        )
    return places


def _cell(field: Mapping[str, Any], row: Sequence[str], place: int | None, number: int) -> str:
    if place is None:
        return str(number) if field["name"] == NUMBERED else ""
    cell = row[place] if place < len(row) else ""
    if field.get("parvis:place") == "arrondissement" and cell:
        return spelling.arrondissement_of(cell).code or cell
    return PLAIN[field["type"]](cell) if cell and field["type"] in PLAIN else cell


def _plain_number(cell: str) -> str:
    text = SPACES.sub(" ", cell).strip()
    bare = UNIT.sub("", text)
    return bare.replace(" ", "").replace(",", ".") if DECIMAL.fullmatch(bare) else cell


def _plain_day(cell: str) -> str:
    text = SPACES.sub(" ", cell).strip()
    if not is_day(text):
        return cell
    found = FRENCH.fullmatch(text)
    year, month, day = reversed(found.groups()) if found else ISO.fullmatch(text).groups()  # type: ignore[union-attr]
    return f"{year}-{month:0>2}-{day:0>2}"


def _plain_truth(cell: str) -> str:
    said = letters(cell)
    return "true" if said in casting.TRUE else "false" if said in casting.FALSE else cell


PLAIN = {"number": _plain_number, "integer": _plain_number, "date": _plain_day, "boolean": _plain_truth}


# Text and workbooks: the reading that gives the most columns


def _widest(found: Iterable[Any], kind: str, sha256: str) -> Dropped:
    best: tuple[tuple[bool, int], Any, list[Any]] | None = None
    for candidate in islice(found, reading.MOST_SHEETS):
        start = list(islice(candidate.records, LINES_SEEN))
        width = _usual_width(start)
        _refuse_width(["x"] * max((len(record.cells) for record in start), default=0))
        score = _header_place(start, width) is not None, width
        if width and (best is None or score > best[0]):
            best = score, candidate, start
    if best is None:
        raise UnusableFile("Aucun tableau n’a été trouvé dans ce fichier.", remedy=f"Formats lus : {FORMATS}.")
    (_, width), candidate, start = best
    place = _header_place(start, width) or 0
    titles, line = _titles(start[place].cells), start[place].number
    rows = _texts(chain(start[place + 1 :], candidate.records), len(titles))
    return Dropped(titles, rows, line, _says(kind, candidate.reading, line), sha256)


def _usual_width(start: Sequence[Any]) -> int:
    widths = Counter(w for record in start if (w := sum(1 for cell in record.cells if _text(cell))))
    return max(widths, key=lambda w: (widths[w] > 1, w), default=0)


def _header_place(start: Sequence[Any], width: int) -> int | None:
    """The first line that is filled about as widely as the table and holds words alone."""
    filled = ([text for cell in record.cells if (text := _text(cell))] for record in start[:PREAMBLE])
    is_header = (len(texts) >= max(1, 0.6 * width) and not any(map(_is_figure, texts)) for texts in filled)
    return next((place for place, found in enumerate(is_header) if found), None)


def _is_figure(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)


def _titles(cells: Sequence[Any]) -> tuple[str, ...]:
    titles = [_text(cell)[:120] for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    twice = sorted({title for title in titles if title and titles.count(title) > 1})
    if twice:
        raise UnusableFile(
            f"Deux colonnes portent le même titre : « {twice[0]} ».", remedy="Renommez l’une d’elles, puis recommencez."
        )
    return tuple(title or f"colonne {place}" for place, title in enumerate(titles, start=1))


def _texts(records: Iterable[Any], width: int) -> Iterator[tuple[int, list[str]]]:
    for record in records:
        row = [_text(cell) for cell in record.cells]
        if any(row):
            yield record.number, row + [""] * (width - len(row))


def _text(cell: Any) -> str:
    """A cell as a person would type it."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else written(cell).strip()


def _says(kind: str, found: dict[str, Any], line: int) -> str:
    told = {"sheet": "feuille « {} »", "encoding": "encodage {}", "separator": "séparateur {}"}
    parts = [kind, *(told[key].format(value) for key, value in found.items() if key in told)]
    return ", ".join([*parts, f"titres en ligne {line}"] if line else parts)


def _refuse_width(titles: Sequence[str]) -> None:
    if len(titles) > MOST_COLUMNS:
        raise UnusableFile(
            f"Ce fichier a {len(titles)} colonnes ; un jeu de données en tient {MOST_COLUMNS} au plus.",
            remedy="Un tableau si large se lit mieux en longueur : une ligne par mesure. Transposez-le, puis recommencez.",
        )
