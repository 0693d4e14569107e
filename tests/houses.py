"""A house of its own for a test that starts real commands: its folder, and its database on the test server."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from django.db import connection


class House:
    """Make it inside `django_db_blocker.unblock()` or a database test, and `drop()` it after."""

    def __init__(self, name: str, folder: Path):
        self.folder, self.database = folder, f"parvis_{name}_{os.getpid()}"
        self._sql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        self._sql(f"CREATE DATABASE {self.database}")
        parts = connection.get_connection_params()
        address = f"postgresql://{parts['user']}@/{self.database}?host={parts['host']}"
        self.environment = os.environ | {"PARVIS_HOME": str(folder), "DATABASE_URL": address}
        self.address = f"host='{parts['host']}' user='{parts['user']}' dbname='{self.database}'"

    def parvis(self, *arguments, **options) -> subprocess.CompletedProcess:
        """Run `parvis …` to its end."""
        command = [sys.executable, "-m", "parvis.cli", *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=180, **options)

    def start(self, *arguments) -> subprocess.Popen:
        """Start `parvis …` and leave it running."""
        command = [sys.executable, "-m", "parvis.cli", *map(str, arguments)]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def shell(self, script: str) -> None:
        done = self.parvis("manage", "shell", "-v", "0", "-c", script)
        assert done.returncode == 0, done.stderr

    def query(self, sql: str) -> list[tuple]:
        with psycopg.connect(self.address) as link:
            found = link.execute(sql)
            return found.fetchall() if found.description else []

    def drop(self) -> None:
        self._sql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")

    def _sql(self, sql: str) -> None:
        parts = connection.get_connection_params()
        with psycopg.connect(host=parts["host"], user=parts["user"], dbname="postgres", autocommit=True) as link:
            link.execute(sql)
