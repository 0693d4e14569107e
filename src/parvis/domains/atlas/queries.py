"""What the map shows: the layers open to a person, and how a layer's rows fall among the 17 sectors.

Knows places and counts. Refuses to put at a point what has none: it is counted in its sector, and said so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from parvis.kernel import access, faces
from parvis.kernel.faces import Layer
from parvis.kernel.territories import drawing, reference


@dataclass
class SectorTally:
    """One sector's share of a layer: at an address, or at the sector only."""

    code: str
    name: str
    short_name: str
    pointed: int = 0
    unpointed: int = 0

    @property
    def total(self) -> int:
        return self.pointed + self.unpointed


@dataclass
class Overview:
    """How the rows of a layer are placed. `adrift` have neither a point nor a sector."""

    sectors: dict[str, SectorTally] = field(default_factory=dict)
    pointed: int = 0
    unpointed: int = 0
    adrift: int = 0

    @property
    def total(self) -> int:
        return self.pointed + self.unpointed + self.adrift

    @property
    def totals(self) -> dict[str, int]:
        """By sector; empty when nothing is placed, so that the map is bare rather than seventeen zeros."""
        return {code: tally.total for code, tally in self.sectors.items()} if self.pointed + self.unpointed else {}

    @property
    def spread(self) -> dict[str, dict[str, int]]:
        """The same for the map's script."""
        return {code: {"total": t.total, "unpointed": t.unpointed} for code, t in self.sectors.items()}


def layers_for(person) -> list[Layer]:
    """The layers that this person may open, in the order of the house."""
    return [layer for layer in faces.house().layers.values() if access.may_anywhere(person, layer.permission)]


def overview(rows: Iterable[Mapping]) -> Overview:
    """Count rows by sector; a row says `sector` and `is_located`."""
    view = Overview(
        {s["code"]: SectorTally(s["code"], s["name"], s["short_name"]) for s in reference.table("sectors.csv")}
    )
    for row in rows:
        _count(view, row)
    return view


def _count(view: Overview, row: Mapping) -> None:
    tally = view.sectors.get(row["sector"])
    if row["is_located"]:
        view.pointed += 1
    elif tally:
        view.unpointed += 1
    else:
        view.adrift += 1
    if tally:
        tally.pointed += bool(row["is_located"])
        tally.unpointed += not row["is_located"]


def sector_features() -> dict:
    """The 17 sectors as GeoJSON, as they are drawn everywhere, with the place of each label."""
    sheet = drawing.current()
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": sheet.geometries[shape.code].__geo_interface__,
                "properties": {
                    "code": shape.code, "name": shape.name, "short_name": shape.short_name,
                    "longitude": shape.longitude, "latitude": shape.latitude,
                },
            }
            for shape in sheet.shapes
        ],
    }  # fmt: skip
