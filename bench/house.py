"""A house of its own for the measures: a temporary folder, its embedded PostgreSQL, the shapes loaded and judged."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class House:
    """What operations are run on: the 17 roadmaps of 60 actions, the plan of 1,000, and who asks."""

    roadmaps: list[Any]
    large: Any
    pilot: Any
    contributor: Any
    reader: Any

    @property
    def small(self) -> Any:
        return self.roadmaps[0]


@contextmanager
def opened() -> Iterator[House]:
    """Migrated, filled, with planner statistics as autovacuum would have left them."""
    with tempfile.TemporaryDirectory(prefix="parvis-bench-", ignore_cleanup_errors=True) as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"PARVIS_HOME": folder, "PARVIS_PLAIN_STATIC": "1"}
        from parvis.cli import boot

        boot.prepare()
        from django.db import connection

        from bench import shapes

        house = shapes.fill()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        try:
            yield house
        finally:
            connection.close()
