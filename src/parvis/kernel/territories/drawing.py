"""How the 17 sectors are drawn: from the newest loaded boundaries, else the schema, always saying which.

Knows shapes, label places and a flat projection. Refuses to locate: see `locating`.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from parvis.kernel.territories import reference, schematic
from parvis.kernel.territories.models import Kind, Zone, ZoneSet
from parvis.kernel.territories.schematic import LONGITUDE_SCALE

WIDTH = 560
DETAIL = 0.0004  # about 30 m: finer is lost on a screen
# Labels stand in the built-up part of the two sectors that hold a wood.
ROOM = 0.005  # degrees that a label needs around it
LABEL_PLACES = {"12": (2.3965, 48.8405), "16": (2.2680, 48.8570)}


@dataclass(frozen=True)
class SectorShape:
    """A sector ready to draw: an SVG path and where its label goes, in units of a drawing WIDTH wide and in degrees."""

    code: str
    short_name: str
    name: str
    path: str
    x: float
    y: float
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Drawing:
    """The 17 sectors on one sheet, in the order of the town halls. `vintage` is empty for the schema."""

    shapes: tuple[SectorShape, ...]
    height: float
    vintage: str
    source: str
    geometries: dict[str, BaseGeometry]

    @property
    def is_schematic(self) -> bool:
        return not self.vintage

    @property
    def origin(self) -> str:
        """What the reader must know of these boundaries, in a few words."""
        return (
            "Schéma : les limites sont dessinées, non relevées."
            if self.is_schematic
            else f"Limites de {self.vintage}. Source : {self.source}."
        )


def current() -> Drawing:
    """The drawing of the newest sector set; one query, then the sheet is kept for the life of the set."""
    newest = ZoneSet.objects.filter(kind=Kind.SECTOR).order_by("-valid_from", "-pk").first()
    return _loaded(newest.pk, newest.sha256) if newest else schema()


@cache
def schema() -> Drawing:
    return _sheet(schematic.sectors(), vintage="", source="")


@lru_cache(maxsize=4)
def _loaded(zone_set_id: int, sha256: str) -> Drawing:
    zone_set = ZoneSet.objects.get(pk=zone_set_id)
    zones = Zone.objects.filter(zone_set=zone_set).values_list("code", "geometry")
    shapes = {code: shapely.from_wkb(bytes(wkb)) for code, wkb in zones}
    return _sheet(shapes, vintage=zone_set.vintage, source=zone_set.source)


def _sheet(geometries: dict[str, BaseGeometry], *, vintage: str, source: str) -> Drawing:
    """Simplify the borders together, so that neighbours still touch, and project on a flat sheet."""
    codes = list(geometries)
    simple = dict(zip(codes, shapely.coverage_simplify([geometries[c] for c in codes], DETAIL), strict=True))
    west, south, east, north = shapely.total_bounds(list(simple.values()))
    scale = WIDTH / ((east - west) * LONGITUDE_SCALE)

    def place(longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - west) * LONGITUDE_SCALE * scale, (north - latitude) * scale

    shapes = tuple(
        SectorShape(
            row["code"], row["short_name"], row["name"], _path(simple[row["code"]], place),
            *place(*label), *label,
        )
        for row in reference.table("sectors.csv") if row["code"] in simple
        for label in [_label_place(row["code"], simple[row["code"]])]
    )  # fmt: skip
    return Drawing(shapes, (north - south) * scale, vintage, source, simple)


def _label_place(code: str, shape: BaseGeometry) -> tuple[float, float]:
    """The named place when it stands well inside, else the middle, or somewhere inside."""
    named = shapely.Point(LABEL_PLACES.get(code, (0, 0)))
    roomy = shape.contains(named) and shape.boundary.distance(named) > ROOM
    spot = named if roomy else shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
    return spot.x, spot.y


def _path(shape: BaseGeometry, place) -> str:
    return "".join(_ring(ring.coords, place) for part in _polygons(shape) for ring in (part.exterior, *part.interiors))


def _ring(coordinates, place) -> str:
    points = (place(*point[:2]) for point in coordinates)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _polygons(shape: BaseGeometry) -> list:
    return [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]
