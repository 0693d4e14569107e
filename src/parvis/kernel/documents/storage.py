"""Keep a file: type told by its content, size bounded, named by its fingerprint, written whole or not at all.

Knows bytes and disks. Refuses to know who may add or read: the caller asks `access` about the owner first.
"""

import errno
import hashlib
import os
import re
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from parvis.kernel import Refusal
from parvis.kernel.documents.models import Document
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
OLD_OFFICE = "application/x-ole-storage"
# extension → media type, as the content itself must say
ALLOWED: dict[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "odt": f"{OPEN_DOCUMENT}.text", "ods": f"{OPEN_DOCUMENT}.spreadsheet", "odp": f"{OPEN_DOCUMENT}.presentation",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "csv": "text/csv", "txt": "text/plain",
}  # fmt: skip
OPEN_XML_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
SAID = "PDF, image (png, jpg, gif, webp), document bureautique (docx, xlsx, pptx, odt, ods, odp, doc, xls, ppt), csv ou txt"
LONGEST_NAME = 120
FULL = {errno.ENOSPC, errno.EDQUOT}


def store(owner: Reference, uploaded: UploadedFile, *, by, at: datetime) -> Document:
    """Keep the file for its owner and journal it. The same content for the same owner is kept once.

    Raises Refusal (too big, empty, of a kind not allowed, not what its name says, disk full); nothing is then kept.
    """
    name = clean_name(uploaded.name or "")
    written, sha256, size = _write(uploaded.chunks())
    try:
        media_type = _checked_type(name, written)
        with transaction.atomic():
            document = _row(owner, name, media_type, size, sha256, by=by, at=at)
            _settle(written, path_of(sha256))
        return document
    finally:
        written.unlink(missing_ok=True)


def remove(document: Document, *, by, at: datetime) -> None:
    """Take a document away from its owner; the content goes with its last row."""
    entries.record("document.remove", document.owner, by=by, at=at, codes={"document": document.pk})
    document.delete()
    if not Document.objects.filter(sha256=document.sha256).exists():
        path_of(document.sha256).unlink(missing_ok=True)


def of(owner: Reference) -> Iterable[Document]:
    """The owner's documents, the newest first."""
    return Document.objects.filter(owner_kind=owner.kind, owner_id=owner.id).select_related("added_by").order_by("-pk")


def opened(document: Document) -> BinaryIO:
    """The content, to read. Raises Refusal when the disk has lost it."""
    try:
        return path_of(document.sha256).open("rb")
    except FileNotFoundError as lost:
        raise Refusal(
            f"Le fichier « {document.name} » n’est plus sur le disque.", remedy="Demandez à restaurer la sauvegarde."
        ) from lost


def folder() -> Path:
    return Path(settings.HOME) / "documents"


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


def clean_name(name: str) -> str:
    """The last part of a path, without control or reserved characters; never empty, never a hidden or parent name."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in last)
    kept = re.sub(r'[<>:"|?*;%]+', "-", re.sub(r"\s+", " ", printable)).strip(" .-")
    stem, dot, extension = kept.rpartition(".")
    if not dot:
        return kept[:LONGEST_NAME] or "document"
    return f"{stem[: LONGEST_NAME - len(extension) - 1].strip(' .')}.{extension.lower()}"


def _write(chunks: Iterator[bytes]) -> tuple[Path, str, int]:
    """A temporary file beside the others, its fingerprint and its size; nothing is left of what fails."""
    digest, size, path = hashlib.sha256(), 0, None
    try:
        folder().mkdir(parents=True, exist_ok=True)
        descriptor, made = tempfile.mkstemp(prefix=".arriving-", dir=folder())
        path = Path(made)
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                _refuse_size(size)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        _refuse_empty(size)
    except BaseException as failure:
        if path:
            path.unlink(missing_ok=True)
        if isinstance(failure, OSError):
            raise _disk_refusal(failure) from failure
        raise
    return path, digest.hexdigest(), size


def _settle(written: Path, final: Path) -> None:
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        written.replace(final)
    except OSError as failure:
        raise _disk_refusal(failure) from failure


def _disk_refusal(failure: OSError) -> Refusal:
    if failure.errno in FULL:
        return Refusal(
            "Le disque du serveur est plein : le document n’a pas été gardé.",
            remedy="Prévenez la personne qui administre Parvis, puis réessayez. Rien d’autre n’a changé.",
        )
    return Refusal(
        "Le serveur n’a pas pu écrire le document.", remedy="Réessayez ; si cela dure, prévenez l’administrateur."
    )


def _refuse_size(size: int) -> None:
    if size > settings.MAX_DOCUMENT_BYTES:
        raise Refusal(
            f"Ce document dépasse {settings.MAX_DOCUMENT_BYTES // 2**20} Mo.",
            remedy="Réduisez-le, ou partagez-le ailleurs et mettez son adresse en commentaire.",
        )


def _refuse_empty(size: int) -> None:
    if not size:
        raise Refusal("Ce document est vide.", remedy="Vérifiez le fichier et choisissez-le à nouveau.")


def _checked_type(name: str, path: Path) -> str:
    """The media type of the extension, once the content agrees with it."""
    extension = name.rpartition(".")[2]
    expected = ALLOWED.get(extension)
    if expected is None:
        raise Refusal(f"Les fichiers « .{extension} » ne sont pas acceptés.", remedy=f"Formats acceptés : {SAID}.")
    if not _agrees(extension, expected, path):
        raise Refusal(
            f"Le contenu de « {name} » n’est pas celui d’un fichier .{extension}.",
            remedy="Ouvrez-le dans son logiciel et enregistrez-le à nouveau au bon format.",
        )
    return expected


def _agrees(extension: str, expected: str, path: Path) -> bool:
    if expected.startswith("text/"):
        return _is_text(path)
    if extension in OPEN_XML_PARTS or extension in ("odt", "ods", "odp"):
        return _is_office(extension, expected, path)
    guess = filetype.guess(str(path))
    if extension in ("doc", "xls", "ppt"):
        return path.open("rb").read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return bool(guess) and guess.mime == expected


def _is_text(path: Path) -> bool:
    """Bytes that no binary format claims, without NUL."""
    if filetype.guess(str(path)):
        return False
    with path.open("rb") as file:
        return all(b"\0" not in chunk for chunk in iter(lambda: file.read(2**16), b""))


def _is_office(extension: str, expected: str, path: Path) -> bool:
    """A zip whose parts are those of its kind, and which carries no macro."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return False
            if extension in OPEN_XML_PARTS:
                return "[Content_Types].xml" in names and any(n.startswith(OPEN_XML_PARTS[extension]) for n in names)
            return "mimetype" in names and archive.open("mimetype").read(100).decode("ascii", "replace") == expected
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
        return False


def _row(owner: Reference, name: str, media_type: str, size: int, sha256: str, *, by, at: datetime) -> Document:
    same = Document.objects.filter(owner_kind=owner.kind, owner_id=owner.id, sha256=sha256).first()
    if same:
        return same
    document = Document.objects.create(
        owner_kind=owner.kind, owner_id=owner.id, name=name, media_type=media_type, size=size, sha256=sha256,
        added_at=at, added_by=by,
    )  # fmt: skip
    entries.record("document.add", owner, by=by, at=at, codes={"document": document.pk, "sha256": sha256[:16]})
    return document
