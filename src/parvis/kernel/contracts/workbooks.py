"""Workbooks (xlsx, xlsm, xlsb, xls, ods) read by calamine, after the checks that keep a hostile one from filling memory."""

import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import python_calamine
from python_calamine import CalamineError, PasswordError, SheetVisibleEnum

from parvis.kernel.contracts.delimited import Candidate, Record
from parvis.kernel.contracts.refusals import UnusableFile

MOST_UNPACKED = 600 * 2**20
MOST_CELLS = 12_000_000
MOST_MEMBERS = 5_000
CHUNK = 2**20
SEAM = 5_000
CELL = re.compile(rb'\sr="([A-Z]{0,3})(\d{1,7})"')
REPEATED_CELL = re.compile(rb'<table:table-cell\b(?=[^>]*value-type=)[^>]*number-columns-repeated="(\d+)"')
REPEATED_ROW = re.compile(
    rb'<table:table-row\b[^>]*number-rows-repeated="(\d+)"[^>]*>(.{0,4000}?)</table:table-row>', re.DOTALL
)
RESAVE = "Ouvrez-le dans votre tableur et enregistrez-le à nouveau au format .xlsx, .ods ou .csv."


@contextmanager
def opened(path: Path, kind: str) -> Iterator[Iterator[Candidate]]:
    """Each visible sheet as a candidate."""
    if kind == "xls":
        _refuse_encrypted(path)
    try:
        book = python_calamine.load_workbook(path)
    except PasswordError as fault:
        raise _locked() from fault
    except (CalamineError, OSError, ValueError, struct.error) as fault:
        raise UnusableFile("Ce classeur est abîmé ou incomplet : il ne s’ouvre pas.", remedy=RESAVE) from fault
    try:
        yield _sheets(book)
    finally:
        book.close()


def kind_of_zip(path: Path) -> str:
    """xlsx, xlsb or ods by what the archive holds; refuses bombs, corrupt archives and anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            kind = _kind(set(archive.namelist()))
            _check_sizes(archive)
            _check_cells(archive, kind)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, struct.error, zipfile.zlib.error) as fault:  # type: ignore[attr-defined]
        raise UnusableFile("Ce classeur est abîmé ou incomplet : il ne s’ouvre pas.", remedy=RESAVE) from fault
    except RuntimeError as fault:  # what zipfile raises on an encrypted member
        raise _locked() from fault
    return kind


def _kind(names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    raise UnusableFile(
        "Ce fichier est une archive, pas un tableau.", remedy="Décompressez-la et importez le tableau qu’elle contient."
    )


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """The declared sizes first; zipfile never unpacks more than a member declares, and its sum tells a lie."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        raise UnusableFile(
            f"Ce classeur se déplie en {unpacked // 2**20} Mo : il n’a pas été ouvert (limite {MOST_UNPACKED // 2**20} Mo).",
            remedy="Enregistrez la seule feuille utile au format .csv.",
        )


def _check_cells(archive: zipfile.ZipFile, kind: str) -> None:
    """A lone cell at the far corner makes a sheet of billions of cells: measure before opening.

    Every member is read to its end, so that one which unpacks to more than it declares is found out by its sum.
    """
    for name in archive.namelist():
        with archive.open(name) as member:
            if kind == "xlsx" and name.startswith("xl/worksheets/") and name.endswith(".xml"):
                _refuse_vast(_corner(member))
            elif kind == "ods" and name == "content.xml":
                _refuse_vast(_most_repeated(member))
            else:
                _read_through(member)


def _read_through(member: IO[bytes]) -> None:
    while member.read(CHUNK):
        continue


def _corner(sheet: IO[bytes]) -> int:
    """Rows × columns of the box that holds every cell."""
    rows = columns = 1
    for piece in _pieces(sheet):
        for letters, row in CELL.findall(piece):
            rows = max(rows, int(row))
            columns = max(columns, _column(letters))
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return max(number, 1)


def _most_repeated(sheet: IO[bytes]) -> int:
    """The largest repetition of a cell that holds something, times that of a row that does."""
    columns = rows = 1
    for piece in _pieces(sheet):
        columns = max([columns, *(int(count) for count in REPEATED_CELL.findall(piece))])
        rows = max([rows, *(int(count) for count, inside in REPEATED_ROW.findall(piece) if b"value-type=" in inside)])
    return columns * rows * (100 if max(columns, rows) > 10_000 else 1)


def _pieces(sheet: IO[bytes]) -> Iterator[bytes]:
    """Chunks that overlap a little, so that nothing hides on a seam."""
    tail = b""
    while piece := sheet.read(CHUNK):
        yield tail + piece
        tail = piece[-SEAM:]


def _refuse_vast(cells: int) -> None:
    if cells > MOST_CELLS:
        raise UnusableFile(
            "Une feuille de ce classeur s’étend sur des millions de cellules vides.",
            remedy="Supprimez les lignes et colonnes vides, ou enregistrez la feuille au format .csv.",
        )


def _refuse_encrypted(path: Path) -> None:
    """A password-protected xlsx is an OLE file that holds an « EncryptedPackage »."""
    mark = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as file:
        if any(mark in piece for piece in _pieces(file)):
            raise _locked()


def _locked() -> UnusableFile:
    return UnusableFile(
        "Ce classeur est protégé par un mot de passe.", remedy="Retirez la protection à l’ouverture, puis recommencez."
    )


def _sheets(book: python_calamine.CalamineWorkbook) -> Iterator[Candidate]:
    for meta in book.sheets_metadata:
        if meta.visible != SheetVisibleEnum.Visible:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
        except (CalamineError, OSError, ValueError):
            continue
        yield Candidate({"sheet": meta.name}, _records(sheet))


def _records(sheet: python_calamine.CalamineSheet) -> Iterator[Record]:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield Record(number, [_clean(cell) for cell in cells])


def _clean(cell):
    return cell.replace("\x00", "") if type(cell) is str else cell
