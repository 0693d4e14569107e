"""Reads a GeoJSON file of boundaries, from a path or an https address, as named zones of one kind.

Knows the fields that each public file uses, and what a wrong file looks like. Refuses to write anything, and to
repair a file beyond a self-crossing ring.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import requests
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from parvis.kernel import Refusal
from parvis.kernel.territories import reference
from parvis.kernel.territories.models import Kind

MAX_BYTES = 100 * 2**20
TIMEOUT_SECONDS = 60
# Around the city, in degrees: what lies outside is another place, or another projection.
WEST, SOUTH, EAST, NORTH = 2.0, 48.6, 2.7, 49.1
METRES_PER_DEGREE_NORTH, METRES_PER_DEGREE_EAST = 111_209.0, 73_357.0  # WGS 84 at 48.86° north


@dataclass(frozen=True)
class Fields:
    """Where a public file writes a zone's code and name, and what its codes look like."""

    code: str
    name: str
    pattern: str


FIELDS: Mapping[str, Fields] = {
    Kind.ARRONDISSEMENT: Fields("c_arinsee", "l_ar", r"751(0[1-9]|1\d|20)"),
    Kind.QUARTER: Fields("c_quinsee", "l_qu", r"751\d{4}"),
    Kind.NEIGHBOURHOOD_COUNCIL: Fields("no_consqrt", "nom_quart", r"\d{1,4}"),
    Kind.PRIORITY_NEIGHBOURHOOD: Fields("code", "label", r"Q[NP]075\w{3}"),
    Kind.IRIS: Fields("code", "label", r"751\d{6}"),
}


# Other words for a layer: its French name, its acronym.
OTHER_WORDS: Mapping[str, str] = {
    "quartier": Kind.QUARTER,
    "quartier_administratif": Kind.QUARTER,
    "conseil_de_quartier": Kind.NEIGHBOURHOOD_COUNCIL,
    "quartier_prioritaire": Kind.PRIORITY_NEIGHBOURHOOD,
    "qpv": Kind.PRIORITY_NEIGHBOURHOOD,
    "secteur": Kind.SECTOR,
}


def kind_of(word: str) -> str:
    """The layer that a word names, singular or plural, in English or French; an unknown word comes back as it is."""
    written = re.sub(r"[\s-]+", "_", word.strip().lower())
    singular = re.sub(r"s(?=_|$)", "", written) if written not in FIELDS else written
    return OTHER_WORDS.get(singular, next((k for k in FIELDS if k in (written, singular)), word))


@dataclass(frozen=True)
class Boundary:
    """A zone as the file has it; `area_m2` is computed, not read."""

    code: str
    name: str
    geometry: BaseGeometry

    @property
    def area_m2(self) -> float:
        return area_m2(self.geometry)


def area_m2(geometry: BaseGeometry) -> float:
    """Square metres of a shape in degrees, good to 0.1 % over the city."""
    return geometry.area * METRES_PER_DEGREE_NORTH * METRES_PER_DEGREE_EAST


def fetch(place: str) -> bytes:
    """The bytes of a file or of an https address. Refusal when there is nothing there, or too much."""
    content = _download(place) if "://" in place else _read(place)
    if len(content) > MAX_BYTES:
        raise Refusal(f"Le fichier dépasse {MAX_BYTES >> 20} Mo.", remedy="Vérifiez que c’est le bon fichier.")
    return content


def parse(kind: str, content: bytes) -> list[Boundary]:
    """The zones of the file, sorted by code. Refusal that says which zone is wrong and why."""
    if kind not in FIELDS:
        raise Refusal(_unknown_kind(kind), remedy=f"Couches possibles : {', '.join(FIELDS)}.")
    features = _features(content)
    boundaries = [_boundary(kind, number, feature) for number, feature in enumerate(features, start=1)]
    _refuse_repeats(boundaries)
    return sorted(boundaries, key=lambda b: b.code)


def sectors_from(arrondissements: list[Boundary]) -> list[Boundary]:
    """The 17 sectors: each the union of its arrondissements. Refusal unless all twenty are there."""
    by_code = {b.code: b.geometry for b in arrondissements}
    members: dict[str, list[BaseGeometry]] = {}
    for row in reference.table("arrondissements.csv"):
        if row["code"] not in by_code:
            raise Refusal(f"Il manque le {row['name']} ({row['code']}).", remedy="Un fichier complet en a vingt.")
        members.setdefault(row["sector"], []).append(by_code[row["code"]])
    names = {row["code"]: row["name"] for row in reference.table("sectors.csv")}
    return [Boundary(code, names[code], shapely.union_all(parts)) for code, parts in members.items()]


def _unknown_kind(kind: str) -> str:
    if kind == Kind.SECTOR:
        return "Les secteurs ne se chargent pas : ils se calculent des arrondissements."
    return f"Couche inconnue : « {kind} »."


def _read(place: str) -> bytes:
    try:
        with Path(place).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refusal(f"Le fichier « {place} » ne se lit pas.", remedy="Vérifiez son chemin et ses droits.") from error


def _download(address: str) -> bytes:
    if not address.startswith("https://"):
        raise Refusal("Seules les adresses en https sont lues.", remedy="Donnez une adresse https ou un chemin.")
    try:
        with requests.get(address, timeout=TIMEOUT_SECONDS, stream=True) as answer:
            answer.raise_for_status()
            return b"".join(_bounded(answer))
    except requests.RequestException as error:
        raise Refusal(f"L’adresse « {address} » n’a pas répondu.", remedy="Réessayez, ou donnez un fichier.") from error


def _bounded(answer: requests.Response):
    """The answer in pieces, up to just past what is accepted."""
    size = 0
    for piece in answer.iter_content(2**16):
        size += len(piece)
        yield piece
        if size > MAX_BYTES:
            return


def _features(content: bytes) -> list[Mapping[str, Any]]:
    try:
        tree = json.loads(content)
    except ValueError as error:
        raise Refusal("Ce fichier n’est pas du GeoJSON, ou il est coupé.", remedy="Exportez-le à nouveau.") from error
    features = tree.get("features") if isinstance(tree, dict) else None
    if not isinstance(features, list) or not features or not all(isinstance(f, dict) for f in features):
        raise Refusal("Ce GeoJSON ne contient aucune zone.", remedy="Il faut une FeatureCollection de polygones.")
    return features


def _boundary(kind: str, number: int, feature: Mapping[str, Any]) -> Boundary:
    fields, properties = FIELDS[kind], feature.get("properties") or {}
    code, name = properties.get(fields.code), properties.get(fields.name)
    if code is None or name is None:
        raise Refusal(
            f"Zone {number} : il manque le champ « {fields.code if code is None else fields.name} ».",
            remedy=f"Ce fichier n’est pas celui des {Kind(kind).label} : vérifiez la couche demandée.",
        )
    if not re.fullmatch(fields.pattern, str(code)):
        raise Refusal(
            f"Zone {number} : le code « {code} » n’est pas celui d’une zone de la couche {Kind(kind).label}.",
            remedy="Vérifiez la couche demandée.",
        )
    return Boundary(str(code), _official_name(kind, str(code), str(name)), _polygons(number, feature))


def _official_name(kind: str, code: str, name: str) -> str:
    """Our own name for an arrondissement ("10ème Ardt" in the file); the file's for everything else."""
    return _arrondissement_names()[code] if kind == Kind.ARRONDISSEMENT else " ".join(name.split())[:160]


@cache
def _arrondissement_names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in reference.table("arrondissements.csv")}


def _polygons(number: int, feature: Mapping[str, Any]) -> BaseGeometry:
    """The polygons of a feature, self-crossings undone, in degrees around the city."""
    try:
        drawn = shapely.force_2d(shape(feature["geometry"]))
        solid = drawn if drawn.is_valid else shapely.make_valid(drawn, method="structure", keep_collapsed=False)
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise Refusal(
            f"Zone {number} : la géométrie est illisible.", remedy="Exportez le fichier à nouveau."
        ) from error
    if solid.is_empty or solid.geom_type not in {"Polygon", "MultiPolygon"}:
        raise Refusal(f"Zone {number} : ce n’est pas un polygone ({drawn.geom_type}).", remedy="Vérifiez le fichier.")
    west, south, east, north = solid.bounds
    if west < WEST or south < SOUTH or east > EAST or north > NORTH:
        raise Refusal(
            f"Zone {number} : les coordonnées tombent hors de Paris.",
            remedy="Le fichier doit être en longitude et latitude (WGS 84), sur Paris seul.",
        )
    return solid


def _refuse_repeats(boundaries: list[Boundary]) -> None:
    seen: set[str] = set()
    for boundary in boundaries:
        if boundary.code in seen:
            raise Refusal(f"Le code « {boundary.code} » est porté par deux zones.", remedy="Corrigez le fichier.")
        seen.add(boundary.code)
