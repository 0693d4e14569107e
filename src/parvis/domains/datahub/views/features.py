"""OGC API – Features over the open data: landing page, conformance, collections, items; JSON for programs, HTML for people."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parvis.domains.datahub import features, features_api, open_files
from parvis.domains.datahub.queries import features as queries
from parvis.domains.datahub.queries import open_datasets
from parvis.domains.datahub.queries.open_datasets import Open
from parvis.domains.datahub.views.open_datasets import opened_to_all
from parvis.kernel.organisation.requests import Request

TITLE = "Données ouvertes de la démocratie locale"
DESCRIPTION = "Les jeux de données publiés qui ont un lieu, par page, par cadre et par date. Sans inscription."
FORMS = {"json": "json", "html": "html"}


def told(answer: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A query that cannot be answered is a plain 400, and an absent thing a plain 404, both in JSON."""

    @wraps(answer)
    def wrapped(request: Request, *args: Any, **parts: Any) -> HttpResponse:
        try:
            return answer(request, *args, **parts)
        except features.BadQuery as fault:
            return _fault(400, "InvalidParameterValue", str(fault))
        except Http404:
            return _fault(404, "NotFound", "Cette collection ou cette ligne n’existe pas.")

    return wrapped


def _fault(status: int, code: str, said: str) -> HttpResponse:
    content = json.dumps({"code": code, "description": said}, ensure_ascii=False)
    return opened_to_all(HttpResponse(content, status=status, content_type=features.JSON))


@require_GET
@told
def landing(request: Request) -> HttpResponse:
    features.only(request.GET)
    return _answer(request, "datahub/features_landing.html", features.landing(_here(), TITLE, DESCRIPTION))


@require_GET
@told
def conformance(request: Request) -> HttpResponse:
    features.only(request.GET)
    said = {"conformsTo": list(features.CONFORMANCE)}
    return _answer(request, "datahub/features_landing.html", said | {"title": "Classes de conformité"})


@require_GET
@told
def api(request: Request) -> HttpResponse:
    """The OpenAPI document; as a page, how to ask, with examples."""
    features.only(request.GET)
    held = open_datasets.geographic()
    document = features_api.document(
        _here(), TITLE, DESCRIPTION, {o.publication.slug: queries.properties(o) for o in held}
    )
    context = {"document": document, "held": held, "base": _here()}
    return _answer(request, "datahub/features_api.html", document, kind=features.OPENAPI, context=context)


@require_GET
@told
def collections(request: Request) -> HttpResponse:
    features.only(request.GET)
    held = open_datasets.geographic()
    links = [
        features.link(f"{_here()}collections?f=json", "self", features.JSON, "Ce document"),
        features.link(f"{_here()}collections?f=html", "alternate", features.HTML, "En page web"),
    ]
    said = {"links": links, "collections": [_described(one) for one in held]}
    return _answer(request, "datahub/features_collections.html", said)


@require_GET
@told
def collection(request: Request, slug: str) -> HttpResponse:
    features.only(request.GET)
    held = _open(slug)
    return _answer(request, "datahub/features_collection.html", _described(held), context={"held": held})


@require_GET
@told
def items(request: Request, slug: str) -> HttpResponse:
    """The rows asked for, one page of them, with the way to the next."""
    held = _open(slug)
    params = request.GET.dict()
    one = features.asked(params, queries.properties(held))
    found = queries.found(held.edition, one)
    said = features.collection_of(
        found.features, links=features.page_links(f"{_here()}collections/{slug}/items", params, one, found.matched),
        timeStamp=request.now.strftime("%Y-%m-%dT%H:%M:%SZ"), numberMatched=found.matched,
        numberReturned=len(found.features),
    )  # fmt: skip
    pages = [
        {"title": link["title"], "href": link["href"].replace("f=json", "f=html")}
        for link in said["links"] if link["rel"] in ("prev", "next")
    ]  # fmt: skip
    context = {"held": held, "pages": pages, "columns": held.edition.columns}
    return _answer(request, "datahub/features_items.html", said, kind=features.GEOJSON, context=context)


@require_GET
@told
def item(request: Request, slug: str, number: str) -> HttpResponse:
    """One row by its key."""
    features.only(request.GET)
    held = _open(slug)
    found = queries.by_key(held.edition, number)
    if found is None:
        raise Http404
    here = f"{_here()}collections/{slug}/items/{number}"
    links = [
        features.link(f"{here}?f=json", "self", features.GEOJSON, "Cette ligne"),
        features.link(f"{here}?f=html", "alternate", features.HTML, "En page web"),
        features.link(f"{_here()}collections/{slug}", "collection", features.JSON, held.publication.title),
    ]
    context = {"held": held, "feature": found, "columns": held.edition.columns}
    return _answer(
        request, "datahub/features_item.html", found | {"links": links}, kind=features.GEOJSON, context=context
    )


def _described(held: Open) -> dict[str, Any]:
    return features.collection(
        _here(), held.publication.slug, held.publication.title, held.publication.description, licence=held.licence,
        box=queries.box(held.edition), days=open_datasets.covered(held.edition),
    )  # fmt: skip


def _open(slug: str) -> Open:
    held = open_datasets.one(slug)
    if held is None or not open_files.is_geographic(held.edition):
        raise Http404
    return held


def _here() -> str:
    return open_datasets.service()


def _answer(
    request: Request, template: str, said: Mapping[str, Any], *, kind: str = features.JSON,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """HTML for whoever asks for it first, JSON otherwise; `f` decides over the header."""
    if _form(request) == "html":
        return render(request, template, {"document": said, "base": _here(), **(context or {})})
    content = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    answer = opened_to_all(HttpResponse(content, content_type=kind))
    answer["Vary"] = "Accept"
    return answer


def _form(request: Request) -> str:
    asked = request.GET.get("f")
    if asked is None:
        accepted = request.headers.get("Accept", "")
        return "html" if "text/html" in accepted.split(",")[0] else "json"
    if asked not in FORMS:
        raise features.BadQuery("« f » vaut json ou html.")
    return asked
