"""Open any spreadsheet under a contract: what kind of file it is, where its header is, then its rows one by one.

Knows encodings, separators, workbooks and headers. Refuses to know what a cell means (`casting`). The type comes from
the content, never from the name. A file that cannot be read raises UnusableFile, whose message says what to do.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.conf import settings

from parvis.kernel.contracts import delimited, headers, objects, workbooks
from parvis.kernel.contracts.checks_rules import Rules
from parvis.kernel.contracts.contract import Contract
from parvis.kernel.contracts.refusals import UnusableFile
from parvis.kernel.contracts.rows import ERROR, WARNING, Issue, Row, written

CHUNK = 2**20
MOST_COLUMNS = 16_384
MOST_SHEETS = 12
FOREIGN = (
    (b"%PDF", "un PDF"), (b"\x89PNG", "une image"), (b"\xff\xd8\xff", "une image"), (b"GIF8", "une image"),
    (b"{\\rtf", "un document texte (RTF)"), (b"\x1f\x8b", "une archive compressée"), (b"7z\xbc\xaf", "une archive"),
    (b"Rar!", "une archive"), (b"PAR1", "un fichier Parquet"), (b"SQLite format 3", "une base de données"),
)  # fmt: skip
OPENERS = {"csv": delimited.opened, "json": objects.opened}
MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")


@dataclass
class Table:
    """A file opened under a contract: its header, what was recognised, and its rows, to be read once."""

    sha256: str
    header: headers.Header
    reading: dict[str, Any]
    rows: Iterator[Row]
    issues: list[Issue] = field(default_factory=list)


@contextmanager
def opened(contract: Contract, path: Path) -> Iterator[Table]:
    """The file as rows of the contract. Raises UnusableFile before anything is written."""
    try:
        with candidates(path) as (sha256, kind, found):
            header, reading, records = best_of(contract, found)
            _check_columns(contract, header)
            yield Table(
                sha256, header, reading | {"kind": kind, **_described(contract, header)},
                _rows(contract, header, records), _column_issues(header),
            )  # fmt: skip
    except OSError as fault:
        raise UnusableFile(f"Ce fichier ne peut pas être lu : {fault.strerror or 'erreur de lecture'}.") from fault


@contextmanager
def candidates(path: Path, *, most: float | None = None) -> Iterator[tuple[str, str, Iterator[delimited.Candidate]]]:
    """The fingerprint of any file, its kind by its content, and every way to read it (a sheet, a separator).

    `most` bytes instead of what an import may weigh.
    """
    sha256, start = fingerprint(path, settings.MAX_IMPORT_BYTES if most is None else most)
    kind = kind_of(path, start)
    with OPENERS[kind](path) if kind in OPENERS else workbooks.opened(path, kind) as found:
        yield sha256, kind, found


def fingerprint(path: Path, most: float) -> tuple[str, bytes]:
    """SHA-256 and the first bytes; a file past the limit is refused on its size alone, before it is read."""
    if path.is_dir():
        raise UnusableFile(f"« {path.name} » est un dossier, pas un fichier.", remedy="Donnez le chemin du fichier.")
    if not path.is_file():
        raise UnusableFile(f"Aucun fichier à cette adresse : {path.name}.", remedy="Vérifiez le chemin.")
    size = path.stat().st_size
    if size > most:
        raise UnusableFile(
            f"Ce fichier pèse {size // 2**20} Mo ; la limite est de {int(most) // 2**20} Mo.",
            remedy="Découpez-le, ou retirez les feuilles et les images qui ne servent pas.",
        )
    if not size:
        raise UnusableFile("Ce fichier est vide.", remedy="Vérifiez l’export qui l’a produit.")
    summed = hashlib.sha256()
    with path.open("rb") as file:
        start = file.read(4096)
        summed.update(start)
        while piece := file.read(CHUNK):
            summed.update(piece)
    return summed.hexdigest(), start


def kind_of(path: Path, start: bytes) -> str:
    for magic, name in FOREIGN:
        if start.startswith(magic):
            raise UnusableFile(f"Ce fichier est {name}, pas un tableau.", remedy=SAVE_AS)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return workbooks.kind_of_zip(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(MARKUP):
        raise UnusableFile("Ce fichier est une page web ou du XML, malgré son nom.", remedy=SAVE_AS)
    return "json" if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"[", b"{")) else "csv"


SAVE_AS = "Ouvrez-le dans votre tableur et enregistrez-le au format .xlsx, .ods ou .csv."


def best_of(contract: Contract | Rules, candidates: Iterator[delimited.Candidate]):
    """Among the readings of the file (a sheet, a separator), the one whose header names the most columns."""
    best = None
    seen: list[str] = []
    for candidate in islice(candidates, MOST_SHEETS):
        start = list(islice(candidate.records, headers.PREAMBLE_ROWS))
        _refuse_wide(start)
        header = headers.find([(r.number, r.cells) for r in start if not r.fault], contract.fields)
        seen.extend(str(cell) for r in start[:1] for cell in r.cells[:12] if str(cell).strip())
        if header and (best is None or len(header.found) > len(best[0].found)):
            best = header, candidate, start
    if best is None:
        raise UnusableFile(
            f"Aucune ligne d’en-tête de « {contract.title} » dans les {headers.PREAMBLE_ROWS} premières lignes.",
            blockers=(f"Lu au début du fichier : {' · '.join(seen[:12])[:300]}",) if seen else (),
            remedy=f"Téléchargez le modèle, ou vérifiez les titres attendus : {_some_labels(contract)}.",
        )
    header, candidate, start = best
    return header, candidate.reading, chain(start, candidate.records)


def _refuse_wide(start: list[delimited.Record]) -> None:
    """No spreadsheet goes past MOST_COLUMNS: a row that does is no table, and every cell of it would cost."""
    widest = max((len(record.cells) for record in start), default=0)
    if widest > MOST_COLUMNS:
        raise UnusableFile(
            f"Une ligne de ce fichier a {widest} colonnes ; un tableur en tient {MOST_COLUMNS}.", remedy=SAVE_AS
        )


def _some_labels(contract: Contract | Rules) -> str:
    return ", ".join(f"« {f.label} »" for f in contract.fields if f.column_required)


def _check_columns(contract: Contract, header: headers.Header) -> None:
    missing = [f.label for f in contract.fields if f.column_required and f.name not in header.found]
    if missing:
        named = ", ".join(f"« {label} »" for label in missing)
        raise UnusableFile(
            f"Il manque {'une colonne obligatoire' if len(missing) == 1 else 'des colonnes obligatoires'} : {named}.",
            blockers=(f"En-tête lu ligne {header.number} : {' · '.join(t for t in header.titles if t)[:400]}",),
            remedy="Ajoutez-les, ou renommez la colonne qui en tient lieu.",
        )


def _described(contract: Contract, header: headers.Header) -> dict[str, Any]:
    return {
        "header_row": header.number,
        "row_numbers": "numéro de la ligne dans la feuille, en-tête et préambule compris",
        "columns": {t: n for t, n in zip(header.titles, header.columns, strict=True) if n},
        "unknown_columns": list(header.unknown),
        "repeated_columns": list(header.repeated),
        "absent_columns": [f.label for f in contract.fields if f.name not in header.found],
    }


def _column_issues(header: headers.Header) -> list[Issue]:
    """What the header itself deserves to be told: columns that serve nothing, columns named twice."""
    unknown = (
        Issue(header.number, title[:160], "unknown-column", WARNING, title,
              f"La colonne « {title} » n’est pas prévue : elle n’a pas été lue.")
        for title in header.unknown
    )  # fmt: skip
    repeated = (
        Issue(header.number, title[:160], "duplicate-column", WARNING, title,
              f"La colonne « {title} » est présente deux fois : seule la première a été lue.")
        for title in header.repeated
    )  # fmt: skip
    return [*unknown, *repeated]


def _rows(contract: Contract, header: headers.Header, records: Iterator[delimited.Record]) -> Iterator[Row]:
    """Every row under the header that is not blank; a row that the format itself broke carries its error."""
    places = [(i, name) for i, name in enumerate(header.columns) if name]
    width = max((i + 1 for i, title in enumerate(header.titles) if title), default=0)
    needed = {i for i, name in places if contract.by_name[name].column_required or contract.by_name[name].is_money}
    for record in records:
        if record.number <= header.number or is_blank(record.cells):
            continue
        cells = record.cells
        row = Row(record.number, {name: cells[i] if i < len(cells) else "" for i, name in places})
        if record.is_text and (record.fault or len(cells) != width):
            _note_fault(row, record, width, needed)
        yield row


def is_blank(cells: Sequence[Any]) -> bool:
    return not any(cell is not None and cell != "" and str(cell).strip() for cell in cells)


def _note_fault(row: Row, record: delimited.Record, width: int, needed: set[int]) -> None:
    """Excel leaves out the last empty cells of a line: only a flag, unless the line is the last or lacks what counts."""
    count = len(record.cells)
    if record.fault:
        _note(row, record, ERROR, *delimited.FAULTS[record.fault])
    elif count < width:
        grave = record.is_last or any(place >= count for place in needed)
        said = f"Ligne {'coupée' if record.is_last else 'incomplète'} : {count} cellules sur {width}."
        _note(row, record, ERROR if grave else WARNING, "truncated-row" if record.is_last else "short-row", said)
    elif not is_blank(record.cells[width:]):
        _note(row, record, ERROR, "long-row", f"Ligne trop longue : {count} cellules pour {width} colonnes.")


def _note(row: Row, record: delimited.Record, severity: str, rule: str, message: str) -> None:
    value = " | ".join(written(cell) for cell in record.cells)[:500]
    remedy = (
        "Complétez les cellules d’après l’original." if severity == ERROR else "Les cellules absentes sont lues vides."
    )
    row.issues.append(Issue(row.number, "", rule, severity, value, f"{message} {remedy}"))
