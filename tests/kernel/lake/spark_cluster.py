"""A real standalone Spark: a master and two workers from the pyspark wheel, on this machine alone."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 90
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"
OPTIONS = {
    "spark.driver.host": HOST, "spark.driver.bindAddress": HOST, "spark.sql.shuffle.partitions": "2",
    "spark.executor.memory": "512m", "spark.driver.memory": "512m", "spark.cores.max": "2",
    # Hundreds of small questions on one small machine: start quickly rather than run fast.
    "spark.driver.extraJavaOptions": QUICK, "spark.executor.extraJavaOptions": QUICK,
    "spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false", "spark.default.parallelism": "2",
    "spark.sql.autoBroadcastJoinThreshold": "-1", "spark.eventLog.enabled": "false", "spark.ui.showConsoleProgress": "false",
}  # fmt: skip


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Start it, give its address once both workers have joined, stop it."""
    import pyspark

    port, log = _free_port(), (folder / "spark.log").open("wb")
    home = Path(pyspark.__file__).parent
    os.environ.update(SPARK_LOCAL_IP=HOST, PYSPARK_PYTHON=sys.executable, PYTHONWARNINGS="ignore")
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_DAEMON_JAVA_OPTS": QUICK,
    }
    started: list[subprocess.Popen] = []

    def start(role: str, *arguments: str) -> None:
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{role}", "--host", HOST, *arguments]
        started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder))

    try:
        start("master.Master", "--port", str(port), "--webui-port", "0")
        _wait(lambda: _listens(port), "the master listens")
        for _ in range(2):
            start("worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0", f"spark://{HOST}:{port}")
        _wait(
            lambda: (folder / "spark.log").read_bytes().count(b"Successfully registered with master") >= 2,
            "two workers",
        )
        yield f"spark://{HOST}:{port}"
    finally:
        _stop_session()
        for process in reversed(started):
            process.terminate()
            process.wait(timeout=30)
        log.close()


def _stop_session() -> None:
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()


def _wait(is_so, what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.2)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
