"""The engine that runs the house's expressions over the lake: DuckDB here, Spark when one machine is outgrown.

An expression is written on unbound tables (`dataset.unbound`); an engine is given the snapshots under the same names.
Knows engines and their bounds. Refuses to know what an expression means.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings

from parvis.kernel import Refusal
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import table_name
from parvis.kernel.lake.models import Snapshot

SPILLED = "4GB"  # on the lake's disk, for one engine
SPARK = {
    "spark.sql.session.timeZone": "UTC", "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "8",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.constraintPropagation.enabled": "false",  # on the many rules of a contract, Spark infers them by the minute
}  # fmt: skip


@contextmanager
def opened(held: Mapping[str, Snapshot], *, engine: str | None = None) -> Iterator["Engine"]:
    """An engine that knows these snapshots under their datasets' names.

    Raises Refusal when a file is missing or cannot be read, naming its dataset and day.
    """
    with connected(engine) as backend:
        for code, snapshot in held.items():
            _hold(backend, code, snapshot)
        _shut(backend, held)
        yield Engine(backend, held)


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

    def __init__(self, backend: Any, held: Mapping[str, Snapshot] | None = None) -> None:
        self.backend, self.held = backend, held or {}

    def run(self, expression: ibis.Expr) -> pa.Table:
        """The answer as an Arrow table. Raises Refusal when it needs more memory or disk than the engine may take, or
        when a snapshot turns out to be damaged: then it is named."""
        try:
            return self.backend.to_pyarrow(expression)
        except duckdb.OutOfMemoryException as fault:
            raise Refusal(
                "Ce calcul demande plus de mémoire que le moteur n’en a.",
                remedy="Réduisez la période, ou donnez-lui davantage (PARVIS_ENGINE_MEMORY).",
            ) from fault
        except Exception as fault:  # each engine has faults of its own; a damaged file is told, the others go on
            for snapshot in self.held.values():
                if snapshots.fingerprint(_standing(snapshot)) != snapshot.sha256:
                    raise _damaged(snapshot) from fault
            raise


def passage(name: str | None = None) -> tempfile.TemporaryDirectory:
    """A folder for files of passage that the engine will read: on this machine alone, or where a cluster sees it."""
    if not (name or settings.ENGINE).startswith("spark://"):
        return tempfile.TemporaryDirectory(prefix="parvis-passage-")
    folder = tempfile.TemporaryDirectory(prefix="passage-", dir=_room())
    Path(folder.name).chmod(0o750)
    return folder


def read(backend: Any, path: Path, table: str) -> ir.Table:
    """Give a Parquet file to an engine under a table's name, at the address where the engine sees it."""
    return backend.read_parquet(_address(backend, path), table_name=table)


def _hold(backend: Any, code: str, snapshot: Snapshot) -> None:
    path = _standing(snapshot)
    if path.stat().st_size != snapshot.byte_count:
        raise _damaged(snapshot)
    try:
        read(backend, path, table_name(code))
    except Exception as fault:  # each engine has faults of its own: none can read this file
        raise _damaged(snapshot) from fault


def _damaged(snapshot: Snapshot) -> Refusal:
    return Refusal(
        f"La photographie de « {snapshot.dataset} » du {snapshot.as_of:%d/%m/%Y} est abîmée.",
        remedy="Restaurez le fichier depuis la sauvegarde ; `parvis verify` le nomme.",
    )


def _address(backend: Any, path: Path) -> str:
    """Where an engine finds a file of the lake: an object store shows it to a cluster under another address."""
    if backend.name == "pyspark" and settings.SPARK_LAKE and path.is_relative_to(settings.LAKE):
        return f"{settings.SPARK_LAKE.rstrip('/')}/{path.relative_to(settings.LAKE).as_posix()}"
    return str(path)


def _shut(backend: Any, held: Mapping[str, Snapshot]) -> None:
    """From here DuckDB reads these files and nothing else: no other file, no network, no other setting."""
    if backend.name == "duckdb":
        paths = [str(snapshots.path_of(snapshot.sha256)) for snapshot in held.values()]
        backend.con.execute("SET allowed_paths = $paths", {"paths": paths})
        for line in ("SET enable_external_access = false", "SET lock_configuration = true"):
            backend.con.execute(line)


def _connect(name: str) -> tuple[Any, Callable[[], None]]:
    """A backend and how to let it go."""
    if name == "duckdb":
        return _duckdb()
    if name.startswith("spark://"):
        return _spark(name)
    raise Refusal(f"Moteur inconnu : « {name} ».", remedy="PARVIS_ENGINE vaut « duckdb » ou « spark://… ».")


def _duckdb() -> tuple[Any, Callable[[], None]]:
    """Bounded in memory and on disk; it fetches no extension and speaks to no other machine.

    Each engine spills into a folder of its own: two that share one overwrite each other's blocks.
    """
    spilled = _spilled()
    backend = ibis.duckdb.connect(
        memory_limit=settings.ENGINE_MEMORY, temp_directory=spilled.name if spilled else "", max_temp_directory_size=SPILLED,
        autoinstall_known_extensions=False, autoload_known_extensions=False, preserve_insertion_order=False,
    )  # fmt: skip
    backend.con.execute("SET enable_progress_bar = false")  # it would write on the output of a verb

    def close() -> None:
        backend.disconnect()
        if spilled:
            spilled.cleanup()

    return backend, close


def _spilled() -> tempfile.TemporaryDirectory | None:
    """Where an engine may spill; nowhere when the disk is full, so that what fits in memory is still answered."""
    try:
        return tempfile.TemporaryDirectory(prefix="spilled-", dir=_room(), ignore_cleanup_errors=True)
    except OSError:
        return None


def _room() -> Path:
    """The folder of passage of the lake: on the lake's own disk, seen by whoever sees the lake."""
    room = settings.LAKE / "aside"
    room.mkdir(parents=True, exist_ok=True)
    return room


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
    try:
        session = builder.getOrCreate()
    except Exception as fault:  # no Java, no master, no room: Spark says each in its own way
        raise Refusal(
            f"Le calculateur « {address} » ne répond pas.",
            remedy="Vérifiez Java et le maître Spark, ou revenez à « duckdb » (PARVIS_ENGINE).",
        ) from fault
    return ibis.pyspark.connect(session), lambda: None


def _standing(snapshot: Snapshot):
    path = snapshots.path_of(snapshot.sha256)
    if not path.exists():
        raise Refusal(
            f"La photographie de « {snapshot.dataset} » du {snapshot.as_of:%d/%m/%Y} manque dans le lac.",
            remedy="Restaurez le fichier depuis la sauvegarde ; `parvis verify` le nomme.",
        )
    return path
