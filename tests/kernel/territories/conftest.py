"""Boundaries for tests: small squares of our own, and the public files when they are there."""

from collections.abc import Callable
from datetime import date

import pytest
from drawn_zones import FILES

from parvis.kernel.territories import zones


@pytest.fixture
def load(db, now) -> Callable[..., zones.Loaded]:
    def load(kind: str, content: bytes, vintage: str, valid_from: date | None = None) -> zones.Loaded:
        return zones.load(kind, content, vintage=vintage, valid_from=valid_from, source="essai", by=None, at=now)

    return load


@pytest.fixture
def real_layers(load, real_files) -> dict[str, zones.Loaded]:
    """The five public files, loaded."""
    return {
        kind: load(kind, (real_files / "territories" / name).read_bytes(), vintage)
        for kind, (name, vintage) in FILES.items()
    }
