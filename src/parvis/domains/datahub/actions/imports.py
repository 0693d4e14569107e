"""Keep an uploaded file between its trial and its confirmation, then let it go. The import itself is the kernel's."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage

from parvis.kernel import Refusal

FOLDER, SALT = "imports", "datahub.upload"
KEPT = timedelta(days=1)


def keep(upload, contract_code: str, *, by, at: datetime) -> tuple[str, Path]:
    """Store the file; returns a sealed token, good for its owner alone and for a day, and the path."""
    _sweep(at)
    name = stored(upload, f"{FOLDER}/{uuid.uuid4().hex}")
    token = signing.dumps([name, upload.name[:200], contract_code, by.pk], salt=SALT)
    return token, Path(default_storage.path(name))


def stored(upload, name: str) -> str:
    """Keep the file under a name, or the nearest free one. One too large is refused; a copy cut short is taken away."""
    if upload.size > settings.MAX_IMPORT_BYTES:
        raise Refusal(
            f"Ce fichier pèse {upload.size // 2**20} Mo ; la limite est de {settings.MAX_IMPORT_BYTES // 2**20} Mo.",
            remedy="Découpez-le, puis recommencez.",
        )
    try:
        return default_storage.save(name, upload)
    except OSError as fault:
        default_storage.delete(name)
        raise Refusal(
            "Le fichier n’a pas pu être copié : le disque est plein ou ne répond plus.",
            remedy="Prévenez l’administrateur, puis déposez-le à nouveau.",
        ) from fault


def kept(token: str, contract_code: str, *, by) -> tuple[Path, str]:
    """The path and the file's own name. A forged, foreign or old token is refused."""
    try:
        name, file_name, contract, owner = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature as fault:
        raise Refusal("Ce fichier n’est plus en attente.", remedy="Déposez-le à nouveau.") from fault
    if (contract, owner) != (contract_code, by.pk) or not default_storage.exists(name):
        raise Refusal("Ce fichier n’est plus en attente.", remedy="Déposez-le à nouveau.")
    return Path(default_storage.path(name)), file_name


def let_go(path: Path) -> None:
    path.unlink(missing_ok=True)


def _sweep(at: datetime) -> None:
    """Files deposited and never confirmed."""
    folder = Path(default_storage.path(FOLDER))
    for file in folder.glob("*") if folder.exists() else ():
        if file.stat().st_mtime < (at - KEPT).timestamp():
            file.unlink(missing_ok=True)
