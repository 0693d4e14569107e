"""Load five layers as fine as the city's and locate ten thousand points in them, in a house put back as it was."""

import json
import time
from collections.abc import Callable
from typing import Any

import numpy
import shapely
from django.db import transaction

from bench.house import AT, TODAY
from bench.measuring import added_memory, count_queries
from parvis.kernel.territories import locating, schematic, zones

POINTS = 10_000
VERTEX_EVERY = 0.0002  # degrees, about 20 m: the detail of the public files
CODES: dict[str, tuple[int, Callable[[int], dict[str, Any]]]] = {
    "arrondissement": (20, lambda n: {"c_arinsee": 75101 + n, "l_ar": f"{n + 1}e"}),
    "quarter": (80, lambda n: {"c_quinsee": f"751{n // 4 + 1:02}{n:02}", "l_qu": f"Quartier {n}"}),
    "neighbourhood_council": (121, lambda n: {"no_consqrt": f"{n:03}", "nom_quart": f"Conseil {n}"}),
    "priority_neighbourhood": (21, lambda n: {"code": f"QN075{n:02}M", "label": f"Quartier prioritaire {n}"}),
    "iris": (992, lambda n: {"code": f"75101{n:04}", "label": f"IRIS {n}"}),
}


def run() -> list[dict[str, Any]]:
    """Loading is written and rolled back; locating is timed once warm, as the second import of a day is."""
    with transaction.atomic():
        start = time.perf_counter()
        for kind, (count, named) in CODES.items():
            zones.load(kind, _file(count, named), vintage="banc", valid_from=TODAY, source="banc", by=None, at=AT)
        loading = time.perf_counter() - start
        points = [tuple(p) for p in _random(7).uniform((2.23, 48.82), (2.45, 48.90), (POINTS, 2)).tolist()]

        def locate() -> None:
            locating.locate_many(points, list(CODES), on=TODAY)

        locate()
        start = time.perf_counter()
        locate()
        locating_seconds = time.perf_counter() - start
        queries, peak = count_queries(locate), added_memory(locate)
        transaction.set_rollback(True)
    count = sum(size for size, _ in CODES.values())
    return [
        {"operation": "Charger 5 couches de limites", "rows": count, "seconds": loading, "target": "30 s"},
        {
            "operation": "Situer 10 000 points dans 5 couches", "rows": POINTS, "seconds": locating_seconds,
            "queries": queries, "peak_mb": peak, "target": "1 s",
        },
    ]  # fmt: skip


def _random(seed: int) -> numpy.random.Generator:
    return numpy.random.default_rng(seed)


def _file(count: int, named: Callable[[int], dict[str, Any]]) -> bytes:
    """A layer of that many zones around the city, with as many vertices as real ones."""
    outline = shapely.Polygon(schematic.OUTLINE).envelope
    seeds = shapely.multipoints(_random(count).uniform((2.23, 48.82), (2.46, 48.90), (count, 2)))
    cells = shapely.voronoi_polygons(seeds, extend_to=outline)
    features = [
        {"type": "Feature", "properties": named(n), "geometry": shapely.segmentize(cell & outline, VERTEX_EVERY).__geo_interface__}
        for n, cell in enumerate(cells.geoms)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
