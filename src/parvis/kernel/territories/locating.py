"""Where a point lies: for each layer, the zone that held it on a day, with method, precision and vintage.

Knows loaded boundaries alone. Refuses the schema, and refuses to guess: a point outside every zone is outside, a
layer that was never loaded says so. A point on a border belongs to the zone with the lowest code, always.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy
import shapely

from parvis.kernel.territories import zones
from parvis.kernel.territories.models import Kind, ZoneSet

Point = tuple[float | None, float | None]  # longitude, latitude in degrees
KINDS: tuple[str, ...] = tuple(Kind.values)
CONTAINED, OUTSIDE, NOT_LOADED, NO_POINT = "contained", "outside", "not-loaded", "no-point"
SAYS = {
    CONTAINED: "point dans la zone", OUTSIDE: "hors de toute zone", NOT_LOADED: "couche non chargée",
    NO_POINT: "sans coordonnées",
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One answer: the zone (empty when there is none), how it was found, how precisely, by which boundaries."""

    code: str
    name: str
    method: str
    precision: str
    vintage: str

    @property
    def is_outside(self) -> bool:
        return not self.code

    @property
    def says(self) -> str:
        return SAYS[self.method]


@dataclass(frozen=True)
class Layer:
    """A zone set ready to answer: prepared shapes in the order of their codes."""

    shapes: numpy.ndarray
    names: tuple[tuple[str, str], ...]
    vintage: str


def locate_many(
    points: Sequence[Point], kinds: Iterable[str] = KINDS, *, on: date, precision: str = "point"
) -> list[dict[str, Found]]:  # fmt: skip
    """For each (longitude, latitude), the zone of each kind as the boundaries stood on a day.

    `precision` is that of the points themselves (point, street): it goes through to the answer.
    """
    wanted = tuple(kinds)
    sets = zones.in_force(wanted, on)
    spots, is_placed = _spots(points)
    tree = shapely.STRtree(spots)
    columns = [_column(tree, is_placed, sets.get(kind), precision) for kind in wanted]
    return (
        [dict(zip(wanted, row, strict=True)) for row in zip(*columns, strict=True)] if wanted else [{} for _ in points]
    )


def locate(longitude: float, latitude: float, kinds: Iterable[str] = KINDS, *, on: date) -> dict[str, Found]:
    """The same for one point."""
    return locate_many([(longitude, latitude)], kinds, on=on)[0]


def _spots(points: Sequence[Point]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Shapely points, and which of them are real: a missing or absurd coordinate is no point."""
    numbers = numpy.array([(x, y) for x, y in points], dtype=float).reshape(-1, 2)
    is_placed = numpy.isfinite(numbers).all(axis=1)
    numbers[~is_placed] = (999.0, 999.0)  # nowhere on Earth
    return shapely.points(numbers), is_placed


def _column(tree: shapely.STRtree, is_placed: numpy.ndarray, zone_set: ZoneSet | None, precision: str) -> list[Found]:
    """The answers of one layer, in the order of the points; answers are shared, not copied."""
    nowhere = Found("", "", NO_POINT, "", zone_set.vintage if zone_set else "")
    if zone_set is None:
        missing = Found("", "", NOT_LOADED, "", "")
        return [missing if placed else nowhere for placed in is_placed]
    layer = _layer(zone_set.pk, zone_set.sha256)
    answers = [Found(code, name, CONTAINED, precision, layer.vintage) for code, name in layer.names]
    answers += [Found("", "", OUTSIDE, "", layer.vintage), nowhere]
    first = numpy.where(is_placed, len(layer.names), len(layer.names) + 1)
    zone, point = tree.query(layer.shapes, predicate="intersects")
    numpy.minimum.at(first, point, zone)
    return [answers[index] for index in first]


@lru_cache(maxsize=24)
def _layer(zone_set_id: int, sha256: str) -> Layer:
    """A set never changes once loaded, so it is read and prepared once."""
    zone_set = ZoneSet.objects.get(pk=zone_set_id)
    rows = list(zone_set.zones.order_by("code"))
    shapes = zones.shapes_of(rows)
    shapely.prepare(shapes)
    return Layer(shapes, tuple((row.code, row.name) for row in rows), zone_set.vintage)
