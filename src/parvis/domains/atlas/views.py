"""The map, the layer that its script reads, and the table that says the same."""

import json

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from parvis.domains.atlas import queries
from parvis.kernel import access
from parvis.kernel.faces import Layer
from parvis.kernel.organisation.requests import Request
from parvis.kernel.territories import drawing

ON_MAP_PAGE, ON_TABLE_PAGE = 12, 200
GEOJSON = "application/geo+json"


def map_page(request: Request) -> HttpResponse:
    """The map and, below it, the first rows of its table."""
    return render(request, "atlas/map.html", _shown(request, ON_MAP_PAGE))


def table_page(request: Request) -> HttpResponse:
    """The whole table: what the map shows, and what it cannot."""
    return render(request, "atlas/table.html", _shown(request, ON_TABLE_PAGE))


def layer(request: Request, code: str) -> HttpResponse:
    """The points of a layer that this person may see, under the filters of the address."""
    chosen = _layer_of(request, code)
    features = list(chosen.features(request.user, request.GET))
    return _geojson({"type": "FeatureCollection", "features": features}, "private, no-cache")


def sectors(request: Request) -> HttpResponse:
    """The sectors as they are drawn; the address carries the vintage, so the answer may be kept."""
    return _geojson(queries.sector_features(), "public, max-age=86400")


def _shown(request: Request, per_page: int) -> dict:
    access.require(request.user, "atlas.view")
    layers = queries.layers_for(request.user)
    chosen = _chosen(layers, request.GET.get("layer"))
    rows = list(chosen.rows(request.user, request.GET)) if chosen and chosen.rows else []
    kept = request.GET.copy()
    kept.pop("page", None)
    sheet = drawing.current()
    return {
        "layers": layers, "chosen": chosen, "page": Paginator(rows, per_page).get_page(request.GET.get("page")),
        "overview": queries.overview(rows), "kept": kept.urlencode(), "sector": request.GET.get("sector", ""),
        "inputs": _inputs(request, chosen), "sheet": sheet,
        "sectors_url": f"{reverse('atlas:sectors')}?v={sheet.vintage or 'schema'}",
    }  # fmt: skip


def _chosen(layers: list[Layer], code: str | None) -> Layer | None:
    """The layer asked, else the first; a layer that is not hers does not exist for her."""
    if code is None:
        return layers[0] if layers else None
    found = next((each for each in layers if each.code == code), None)
    if found is None:
        raise Http404("Cette couche n’existe pas.")
    return found


def _layer_of(request: Request, code: str) -> Layer:
    access.require(request.user, "atlas.view")
    found = _chosen(queries.layers_for(request.user), code)
    assert found is not None
    return found


def _inputs(request: Request, chosen: Layer | None) -> dict:
    """The filters of the layer's own list, when it has one: those shown at once, and the others."""
    first, more = chosen.inputs(request.user, request.GET) if chosen and chosen.inputs else ((), ())
    return {"first": first, "more": more, "more_open": any(each.value for each in more)}


def _geojson(content: dict, cache: str) -> HttpResponse:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type=GEOJSON, headers={"Cache-Control": cache})
