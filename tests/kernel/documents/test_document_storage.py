"""A file is kept whole or not at all, told by its content, and named so that it can hurt nobody."""

import errno
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.kernel import Refusal
from parvis.kernel.documents import storage
from parvis.kernel.documents.models import Document
from parvis.kernel.references import Reference

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
OWNER = Reference("thing", "1")


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def office(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


def files(home) -> list:
    return [path for path in (home / "documents").rglob("*") if path.is_file()]


def keep(name: str, content: bytes, now, owner=OWNER) -> Document:
    return storage.store(owner, SimpleUploadedFile(name, content), by=None, at=now)


def test_a_document_is_named_by_its_fingerprint_and_read_back(home, now):
    kept = keep("Marché.PDF", PDF, now)
    assert (kept.name, kept.media_type, kept.size) == ("Marché.pdf", "application/pdf", len(PDF))
    assert [path.name for path in files(home)] == [kept.sha256]
    with storage.opened(kept) as file:
        assert file.read() == PDF


def test_the_same_content_is_stored_once_and_goes_with_its_last_owner(home, now):
    first, again = keep("a.pdf", PDF, now), keep("b.pdf", PDF, now)
    other = keep("a.pdf", PDF, now, Reference("thing", "2"))
    assert first.pk == again.pk and len(files(home)) == 1
    storage.remove(first, by=None, at=now)
    assert len(files(home)) == 1
    storage.remove(other, by=None, at=now)
    assert files(home) == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("page.pdf", b"<html><script>alert(1)</script></html>", "contenu"),
        ("image.png", PDF, "contenu"),
        ("note.txt", PDF, "contenu"),
        ("note.csv", b"a;b\0c", "contenu"),
        ("plan.docx", b"PK not a zip", "contenu"),
        ("plan.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "contenu"),
        ("plan.xlsx", office("[Content_Types].xml", "word/document.xml"), "contenu"),
        ("page.html", b"<html></html>", "acceptés"),
        ("dessin.svg", b"<svg/>", "acceptés"),
        ("virus.exe", b"MZ", "acceptés"),
        ("sans-extension", b"abc", "acceptés"),
        ("vide.pdf", b"", "vide"),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_leaves_nothing(home, now, name, content, why):
    with pytest.raises(Refusal, match=why):
        keep(name, content, now)
    assert files(home) == []
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.docx", office("[Content_Types].xml", "word/document.xml")),
        ("tableau.xlsx", office("[Content_Types].xml", "xl/workbook.xml")),
        ("mesures.csv", "a;b\né;1".encode("latin-1")),
        ("note.txt", b"Bonjour"),
    ],
)
def test_office_files_and_text_are_accepted(now, name, content):
    assert keep(name, content, now).name == name


def test_thirty_megabytes_are_refused_and_nothing_is_left(home, now):
    with pytest.raises(Refusal, match="25"):
        keep("gros.pdf", PDF + b"0" * 30 * 2**20, now)
    assert files(home) == []


def test_a_full_disk_is_said_plainly_and_leaves_nothing_half_written(home, now, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(Refusal, match="plein"):
        keep("a.pdf", PDF, now)
    assert files(home) == []
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\a.pdf", "a.pdf"),
        ('un"nom\r\nX: y.pdf', "un-nom X- y.pdf"),
        ("...", "document"),
        ("é" * 300 + ".pdf", "é" * 116 + ".pdf"),
        ("a\u202efdp.pdf", "a fdp.pdf"),
    ],
)
def test_a_name_is_made_harmless(given, kept):
    assert storage.clean_name(given) == kept


def test_a_lost_file_is_said_in_words(home, now):
    kept = keep("a.pdf", PDF, now)
    files(home)[0].unlink()
    with pytest.raises(Refusal, match="disque"):
        storage.opened(kept)


def test_an_office_file_whose_parts_no_longer_unpack_is_refused(home, now):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text" * 1000)
    broken = bytearray(packed.getvalue())
    broken[38:58] = b"\xff" * 20
    with pytest.raises(Refusal, match="contenu"):
        keep("note.odt", bytes(broken), now)
    assert files(home) == []
