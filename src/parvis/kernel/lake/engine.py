"""The engine that runs the house's expressions over the lake: DuckDB here, Spark when one machine is outgrown.

An expression is written on unbound tables (`dataset.unbound`); an engine is given the snapshots under the same names.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ibis
import pyarrow as pa
from django.conf import settings

from parvis.kernel import Refusal
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import table_name
from parvis.kernel.lake.models import Snapshot


@contextmanager
def opened(held: Mapping[str, Snapshot], *, engine: str | None = None) -> Iterator["Engine"]:
    """An engine that knows these snapshots under their datasets' names. Raises Refusal when a file is missing."""
    backend = _connect(engine or settings.ENGINE)
    try:
        for code, snapshot in held.items():
            backend.read_parquet(str(_standing(snapshot)), table_name=table_name(code))
        yield Engine(backend)
    finally:
        backend.disconnect()


@contextmanager
def connected(name: str | None = None) -> Iterator[Any]:
    """A backend that holds nothing yet, for files of passage (the checks of a contract)."""
    backend = _connect(name or settings.ENGINE)
    try:
        yield backend
    finally:
        backend.disconnect()


class Engine:
    """Runs expressions; the backend stays inside."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    def run(self, expression: ibis.Expr) -> pa.Table:
        """The answer as an Arrow table."""
        return self.backend.to_pyarrow(expression)


def _connect(name: str) -> Any:
    if name == "duckdb":
        return ibis.duckdb.connect(memory_limit=settings.ENGINE_MEMORY)
    raise Refusal(f"Moteur inconnu : « {name} ».", remedy="PARVIS_ENGINE vaut « duckdb » ou « spark://… ».")


def _standing(snapshot: Snapshot):
    path = snapshots.path_of(snapshot.sha256)
    if not path.exists():
        raise Refusal(
            f"La photographie de « {snapshot.dataset} » du {snapshot.as_of:%d/%m/%Y} manque dans le lac.",
            remedy="Restaurez le fichier depuis la sauvegarde ; `parvis verify` le nomme.",
        )
    return path
