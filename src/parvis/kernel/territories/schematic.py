"""A schematic Paris, drawn when no boundary file is loaded: recognisable, and marked "schéma" wherever it is shown.

Knows the project's own table of centroids and a hand-made outline; each sector is what lies nearest to its
centroids. Refuses to locate anything: a cell is a drawing, not a boundary, and no code may ask it for a zone.
"""

from functools import cache

from shapely import MultiPoint, Point, Polygon, affinity, coverage_union_all, voronoi_polygons
from shapely.geometry.base import BaseGeometry

from parvis.kernel.territories import reference
from parvis.kernel.territories.spelling import sector_of

LONGITUDE_SCALE = 0.658  # cos 48.86°: a degree of longitude against one of latitude

# The gates of the city by hand, clockwise from porte Maillot, and the two woods roughly.
OUTLINE = (
    (2.280, 48.879), (2.291, 48.887), (2.306, 48.893), (2.320, 48.899), (2.330, 48.901), (2.358, 48.902),
    (2.386, 48.901), (2.396, 48.897), (2.399, 48.889), (2.404, 48.882), (2.411, 48.877), (2.414, 48.864),
    (2.415, 48.847), (2.418, 48.841), (2.427, 48.842), (2.437, 48.845), (2.452, 48.843), (2.464, 48.840),
    (2.469, 48.834), (2.465, 48.826), (2.462, 48.819), (2.447, 48.818), (2.436, 48.820), (2.421, 48.824),
    (2.409, 48.826), (2.392, 48.827), (2.378, 48.821), (2.364, 48.816), (2.352, 48.816), (2.332, 48.818),
    (2.314, 48.823), (2.301, 48.826), (2.289, 48.829), (2.273, 48.833), (2.265, 48.835), (2.253, 48.836),
    (2.251, 48.844), (2.239, 48.849), (2.225, 48.853), (2.226, 48.861), (2.233, 48.870), (2.246, 48.876),
    (2.256, 48.874), (2.271, 48.879),
)  # fmt: skip


@cache
def sectors() -> dict[str, BaseGeometry]:
    """The 17 sectors in longitude and latitude, for drawing alone."""
    parts: dict[str, list[BaseGeometry]] = {}
    for code, cell in _cells().items():
        parts.setdefault(sector_of(code), []).append(cell)
    return {code: coverage_union_all(cells) for code, cells in parts.items()}


def _cells() -> dict[str, BaseGeometry]:
    """Each arrondissement's nearest ground inside the outline, measured where both axes weigh the same."""
    rows = reference.table("arrondissements.csv")
    seeds = [Point(float(r["longitude"]) * LONGITUDE_SCALE, float(r["latitude"])) for r in rows]
    outline = Polygon([(x * LONGITUDE_SCALE, y) for x, y in OUTLINE])
    cells = voronoi_polygons(MultiPoint(seeds), extend_to=outline, ordered=True)
    return {
        row["code"]: affinity.scale(cell & outline, 1 / LONGITUDE_SCALE, 1, origin=(0, 0))
        for row, cell in zip(rows, cells.geoms, strict=True)
    }
