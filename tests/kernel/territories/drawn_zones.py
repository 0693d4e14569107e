"""Small squares of our own, as files of boundaries; and the names of the public files."""

import json

FILES = {
    "arrondissement": ("arrondissements.geojson", "2024"),
    "quarter": ("quartiers-administratifs.geojson", "2024"),
    "neighbourhood_council": ("conseils-de-quartier-2014.geojson", "2014"),
    "priority_neighbourhood": ("qpv-2024.geojson", "2024"),
    "iris": ("iris-paris.geojson", "2023"),
}


def square(west: float, south: float, size: float = 0.01) -> dict:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def quarters(*corners: tuple[float, float], shift: int = 0) -> bytes:
    """A file of quarters: one square per corner, coded 7510101, 7510102 …"""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"c_quinsee": f"75101{n + shift:02d}", "l_qu": f"Quartier {n}"},
                    "geometry": square(*corner),
                }
                for n, corner in enumerate(corners, start=1)
            ],
        }
    ).encode()
