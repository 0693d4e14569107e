"""OGC API – Features, part 1 (17-069r4): what may be asked, the links of an answer, a row as a feature. No Django.

Knows the standard and plain rows. Refuses to know who asks or where the rows lie. A parameter that the standard or
the collection does not know is refused (requirements 8 and 9), in words that say what is wrong.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "oas30", "html", "geojson")
)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEOJSON, JSON, HTML = "application/geo+json", "application/json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
USUAL_LIMIT, MOST = 100, 10_000
KNOWN = ("bbox", "limit", "offset", "datetime", "f")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class BadQuery(ValueError):
    """What was asked cannot be answered: 400, with the sentence that says why."""


@dataclass(frozen=True)
class Asked:
    """A request for features, read: box as (west, south, east, north), days both included, equal properties."""

    limit: int = USUAL_LIMIT
    offset: int = 0
    bbox: tuple[float, float, float, float] | None = None
    since: date | None = None
    until: date | None = None
    equals: Mapping[str, str] = field(default_factory=dict)


def asked(params: Mapping[str, str], properties: Collection[str]) -> Asked:
    """Read the parameters of `/items`. Raises BadQuery."""
    unknown = sorted(set(params) - {*KNOWN, *properties})
    if unknown:
        raise BadQuery(f"Paramètre inconnu : « {unknown[0]} ». Connus : {', '.join((*KNOWN, *sorted(properties)))}.")
    since, until = _interval(params.get("datetime", ""))
    return Asked(
        limit=min(_whole(params, "limit", USUAL_LIMIT, least=1), MOST), offset=_whole(params, "offset", 0, least=0),
        bbox=_bbox(params["bbox"]) if "bbox" in params else None, since=since, until=until,
        equals={name: value for name, value in params.items() if name in properties and name not in KNOWN},
    )  # fmt: skip


def only(params: Mapping[str, str], known: Collection[str] = ("f",)) -> None:
    """Refuse a parameter that an address does not have."""
    unknown = sorted(set(params) - set(known))
    if unknown:
        raise BadQuery(f"Paramètre inconnu : « {unknown[0]} ».")


def _whole(params: Mapping[str, str], name: str, usual: int, *, least: int) -> int:
    text = params.get(name, str(usual))
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < least:
        raise BadQuery(f"« {name} » est un nombre entier, {least} au moins.")
    return int(text)


def _bbox(text: str) -> tuple[float, float, float, float]:
    """Four numbers, or six with heights that a flat map leaves out; west may pass east, across the antimeridian."""
    parts = text.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError as fault:
        raise BadQuery("« bbox » est faite de nombres séparés par des virgules.") from fault
    if len(numbers) not in (4, 6) or not all(abs(number) < 1e9 for number in numbers):
        raise BadQuery("« bbox » compte quatre nombres (ouest, sud, est, nord), ou six avec les hauteurs.")
    west, south, east, north = (numbers[i] for i in ((0, 1, 2, 3) if len(numbers) == 4 else (0, 1, 3, 4)))
    if south > north:
        raise BadQuery("« bbox » : le sud dépasse le nord. L’ordre est ouest, sud, est, nord.")
    if not (-180 <= west <= 180 and -180 <= east <= 180 and south >= -90 and north <= 90):
        raise BadQuery("« bbox » : les longitudes vont de -180 à 180, les latitudes de -90 à 90.")
    return west, south, east, north


def _interval(text: str) -> tuple[date | None, date | None]:
    """RFC 3339: a day, an instant, or `start/end` where either may be open (`..` or nothing)."""
    if not text:
        return None, None
    ends = text.split("/")
    if len(ends) > 2 or all(end in ("", "..") for end in ends):
        raise BadQuery("« datetime » est un jour, un instant, ou un intervalle « début/fin ».")
    since, until = (_day(end) for end in (ends[0], ends[-1]))
    if since and until and since > until:
        raise BadQuery("« datetime » : la fin précède le début.")
    return since, until


def _day(text: str) -> date | None:
    if text in ("", ".."):
        return None
    try:
        return (
            date.fromisoformat(text)
            if DAY.fullmatch(text)
            else datetime.fromisoformat(text.replace("Z", "+00:00")).date()
        )
    except ValueError as fault:
        raise BadQuery(f"« datetime » : « {text[:40]} » n’est ni un jour (AAAA-MM-JJ) ni un instant.") from fault


# Answers


def link(href: str, rel: str, kind: str, title: str = "") -> dict[str, str]:
    said = {"href": href, "rel": rel, "type": kind}
    return said | ({"title": title} if title else {})


def page_links(base: str, params: Mapping[str, str], one: Asked, matched: int) -> list[dict[str, str]]:
    """self, alternate, and the pages before and after when there are any; every other parameter is kept."""
    kept = {name: value for name, value in params.items() if name not in ("f", "offset", "limit")}

    def page(offset: int, form: str) -> str:
        return f"{base}?{urlencode(kept | {'limit': one.limit, 'offset': offset, 'f': form})}"

    links = [
        link(page(one.offset, "json"), "self", GEOJSON, "Ce document"),
        link(page(one.offset, "html"), "alternate", HTML, "En page web"),
        link(base.removesuffix("/items"), "collection", JSON, "La collection"),
    ]
    if one.offset + one.limit < matched:
        links.append(link(page(one.offset + one.limit, "json"), "next", GEOJSON, "Page suivante"))
    if one.offset:
        links.append(link(page(max(0, one.offset - one.limit), "json"), "prev", GEOJSON, "Page précédente"))
    return links


def feature(row: Mapping[str, Any], key: str, geometry: Mapping[str, Any] | None) -> dict[str, Any]:
    """A row as a GeoJSON feature, its key as its identifier."""
    return {"type": "Feature", "id": row[key], "geometry": geometry, "properties": dict(row)}


def collection_of(features: Iterable[dict[str, Any]], **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **members}


def landing(base: str, title: str, description: str) -> dict[str, Any]:
    """`/`: what this is, and where the rest stands. `base` ends with a slash."""
    return {
        "title": title, "description": description,
        "links": [
            link(f"{base}?f=json", "self", JSON, "Ce document"), link(f"{base}?f=html", "alternate", HTML, "En page web"),
            link(f"{base}api?f=json", "service-desc", OPENAPI, "Description de l’interface (OpenAPI)"),
            link(f"{base}api?f=html", "service-doc", HTML, "Mode d’emploi"),
            link(f"{base}conformance", "conformance", JSON, "Classes de conformité"),
            link(f"{base}collections", "data", JSON, "Collections"),
        ],
    }  # fmt: skip


def collection(
    base: str, code: str, title: str, description: str, *, licence: tuple[str, str],
    box: Sequence[float] | None = None, days: tuple[date | None, date | None] = (None, None),
) -> dict[str, Any]:  # fmt: skip
    """`/collections/{code}`: its words, its extent, its links. `box` is west, south, east, north."""
    extent: dict[str, Any] = {}
    if box:
        extent["spatial"] = {"bbox": [list(box)], "crs": CRS84}
    if any(days):
        extent["temporal"] = {"interval": [[day and f"{day.isoformat()}T00:00:00Z" for day in days]]}
    here = f"{base}collections/{code}"
    return {
        "id": code, "title": title, "description": description, "itemType": "feature", "crs": [CRS84],
        **({"extent": extent} if extent else {}),
        "links": [
            link(f"{here}?f=json", "self", JSON, "Ce document"), link(f"{here}?f=html", "alternate", HTML, "En page web"),
            link(f"{here}/items?f=json", "items", GEOJSON, "Les lignes en GeoJSON"),
            link(f"{here}/items?f=html", "items", HTML, "Les lignes en page web"),
            link(licence[1], "license", HTML, licence[0]),
        ],
    }  # fmt: skip
