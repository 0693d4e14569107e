"""The OpenAPI 3.0 document of the interface of places: every address, every parameter, every answer. No Django."""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.domains.datahub.features import GEOJSON, HTML, JSON, MOST, OPENAPI, USUAL_LIMIT

FORM = {"name": "f", "in": "query", "required": False, "schema": {"type": "string", "enum": ["json", "html"]}}
LIMIT = {
    "name": "limit", "in": "query", "required": False, "description": "Nombre de lignes d’une page.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL_LIMIT}, "style": "form",
    "explode": False,
}  # fmt: skip
OFFSET = {
    "name": "offset", "in": "query", "required": False, "description": "Lignes à passer.",
    "schema": {"type": "integer", "minimum": 0, "default": 0},
}  # fmt: skip
BBOX = {
    "name": "bbox", "in": "query", "required": False, "description": "Ouest, sud, est, nord (WGS 84).",
    "schema": {"type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
               "items": {"type": "number"}}, "style": "form", "explode": False,
}  # fmt: skip
DATETIME = {
    "name": "datetime", "in": "query", "required": False, "style": "form", "explode": False,
    "description": "Un jour, un instant, ou un intervalle « début/fin » dont un bout peut être « .. ».",
    "schema": {"type": "string"},
}  # fmt: skip


def document(base: str, title: str, description: str, collections: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The whole document; `collections` gives the properties that may be asked to equal a value, by collection."""
    paths = {
        "/": _get("Page d’accueil", "landing", JSON),
        "/conformance": _get("Classes de conformité", "conformance", JSON),
        "/api": _get("Ce document", "api", OPENAPI),
        "/collections": _get("Collections", "collections", JSON),
    }
    for slug, properties in collections.items():
        paths |= _of_collection(slug, properties)
    return {
        "openapi": "3.0.3", "info": {"title": title, "description": description, "version": "1.0.0"},
        "servers": [{"url": base.rstrip("/")}], "paths": paths,
        "components": {"schemas": {"exception": EXCEPTION}},
    }  # fmt: skip


EXCEPTION = {
    "type": "object", "required": ["code"],
    "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
}  # fmt: skip


def _of_collection(slug: str, properties: Sequence[str]) -> dict[str, Any]:
    here, name = f"/collections/{slug}", slug.replace("-", "_")
    equal = [_equal(one) for one in properties]
    return {
        here: _get("Une collection", f"{name}_collection", JSON),
        f"{here}/items": _get("Ses lignes", f"{name}_items", GEOJSON, (LIMIT, OFFSET, BBOX, DATETIME, *equal)),
        f"{here}/items/{{featureId}}": _get("Une ligne", f"{name}_item", GEOJSON, (FEATURE_ID,)),
    }  # fmt: skip


FEATURE_ID = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}


def _equal(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}


def _get(summary: str, operation: str, kind: str, parameters: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    refused = {"content": {JSON: {"schema": {"$ref": "#/components/schemas/exception"}}}}
    return {
        "get": {
            "summary": summary, "operationId": operation, "parameters": [*parameters, FORM],
            "responses": {
                "200": {"description": "La réponse", "content": {kind: {}, HTML: {}}},
                "400": {"description": "Paramètre inconnu ou mal écrit", **refused},
                "404": {"description": "Rien à cette adresse", **refused},
            },
        }
    }  # fmt: skip
