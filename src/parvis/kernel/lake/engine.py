"""The engine that runs the house's expressions over the lake: DuckDB here, Spark when one machine is outgrown.

An expression is written on unbound tables (`dataset.unbound`); an engine is given the snapshots under the same names.
Knows engines and their bounds. Refuses to know what an expression means.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import ibis
import pyarrow as pa
from django.conf import settings

from parvis.kernel import Refusal
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import table_name
from parvis.kernel.lake.models import Snapshot

SPARK = {
    "spark.sql.session.timeZone": "UTC", "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "8",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}  # fmt: skip


@contextmanager
def opened(held: Mapping[str, Snapshot], *, engine: str | None = None) -> Iterator["Engine"]:
    """An engine that knows these snapshots under their datasets' names.

    Raises Refusal when a file is missing or cannot be read, naming its dataset and day.
    """
    with connected(engine) as backend:
        for code, snapshot in held.items():
            _hold(backend, code, snapshot)
        yield Engine(backend)


@contextmanager
def connected(name: str | None = None) -> Iterator[Any]:
    """A backend that holds nothing yet, for files of passage (the checks of a contract)."""
    backend, close = _connect(name or settings.ENGINE)
    try:
        yield backend
    finally:
        close()


class Engine:
    """Runs expressions; the backend stays inside."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    def run(self, expression: ibis.Expr) -> pa.Table:
        """The answer as an Arrow table. Raises Refusal when it needs more memory than the engine may take."""
        try:
            return self.backend.to_pyarrow(expression)
        except duckdb.OutOfMemoryException as fault:
            raise Refusal(
                "Ce calcul demande plus de mémoire que le moteur n’en a.",
                remedy="Réduisez la période, ou donnez-lui davantage (PARVIS_ENGINE_MEMORY).",
            ) from fault


def _hold(backend: Any, code: str, snapshot: Snapshot) -> None:
    try:
        backend.read_parquet(str(_standing(snapshot)), table_name=table_name(code))
    except (duckdb.Error, OSError) as fault:
        raise Refusal(
            f"La photographie de « {code} » du {snapshot.as_of:%d/%m/%Y} est abîmée.",
            remedy="Restaurez le fichier depuis la sauvegarde ; `parvis verify` le nomme.",
        ) from fault


def _connect(name: str) -> tuple[Any, Callable[[], None]]:
    """A backend and how to let it go."""
    if name == "duckdb":
        return _duckdb()
    if name.startswith("spark://"):
        return _spark(name)
    raise Refusal(f"Moteur inconnu : « {name} ».", remedy="PARVIS_ENGINE vaut « duckdb » ou « spark://… ».")


def _duckdb() -> tuple[Any, Callable[[], None]]:
    """Bounded in memory and on disk; it fetches no extension and speaks to no other machine."""
    aside = settings.LAKE / "aside"
    backend = ibis.duckdb.connect(
        memory_limit=settings.ENGINE_MEMORY, temp_directory=str(aside), max_temp_directory_size="4GB",
        autoinstall_known_extensions=False, autoload_known_extensions=False, preserve_insertion_order=False,
    )  # fmt: skip
    backend.con.execute("SET enable_progress_bar = false")  # it would write on the output of a verb
    return backend, backend.disconnect


def _spark(address: str) -> tuple[Any, Callable[[], None]]:
    """The session of this process on that cluster, shared by its evaluations: starting one takes seconds."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as absent:
        raise Refusal(
            "Spark n’est pas installé.", remedy="Installez pyspark et Java 17, ou revenez à « duckdb »."
        ) from absent
    builder = SparkSession.builder.master(address).appName("parvis")
    for option, value in (SPARK | settings.SPARK_OPTIONS).items():
        builder = builder.config(option, value)
    return ibis.pyspark.connect(builder.getOrCreate()), lambda: None


def _standing(snapshot: Snapshot):
    path = snapshots.path_of(snapshot.sha256)
    if not path.exists():
        raise Refusal(
            f"La photographie de « {snapshot.dataset} » du {snapshot.as_of:%d/%m/%Y} manque dans le lac.",
            remedy="Restaurez le fichier depuis la sauvegarde ; `parvis verify` le nomme.",
        )
    return path
