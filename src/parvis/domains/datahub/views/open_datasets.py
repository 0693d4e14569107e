"""What everyone may take: the page of open data, each dataset's own, its files, the catalogues."""

import csv
import io
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parvis.domains.datahub import dcat, open_files, scdl_catalogue, table_schema
from parvis.domains.datahub.queries import open_datasets as queries
from parvis.domains.datahub.queries.open_datasets import Open
from parvis.kernel.contracts.exports import neutralised
from parvis.kernel.lake.dataset import Column
from parvis.kernel.organisation.requests import Request

KEPT = "public, max-age=300"
MOST_SHOWN = 10
FORMS = {
    "csv": ("CSV", "pour un tableur", "text/csv; charset=utf-8"),
    "parquet": ("Parquet", "pour un logiciel de statistiques", "application/vnd.apache.parquet"),
    "geojson": ("GeoJSON", "pour un logiciel de cartes", "application/geo+json"),
}


@require_GET
def open_datasets(request: Request) -> HttpResponse:
    """Every published dataset, in plain words."""
    held = queries.everything()
    context = {"held": held, "count": len(held), "last": max((o.edition.content.as_of for o in held), default=None)}
    return render(request, "datahub/open_data.html", context)


@require_GET
def open_dataset(request: Request, slug: str) -> HttpResponse:
    """One dataset: what it tells, its fields, its files, how to cite it, what changed."""
    held = _open(slug)
    edition = held.edition
    files = [
        {"form": form, "word": FORMS[form][0], "use": FORMS[form][1], "size": open_files.size_of(edition, form),
         "url": queries.file_address(held.publication, form)}
        for form in open_files.forms_of(edition)
    ]  # fmt: skip
    context = {
        "held": held, "publication": held.publication, "edition": edition, "files": files,
        "sectors": queries.by_sector(edition), "sample": queries.sample(edition, MOST_SHOWN),
        "covered": queries.covered(edition), "history": queries.history(held.publication),
        "address": queries.absolute(held.address), "is_geographic": open_files.is_geographic(edition),
        "publisher": queries.publisher().name, "words": TYPE_WORDS,
    }  # fmt: skip
    return render(request, "datahub/open_dataset.html", context)


TYPE_WORDS = {
    "string": "texte", "integer": "nombre entier", "cents": "montant en euros", "number": "nombre",
    "boolean": "vrai ou faux", "date": "date", "instant": "date et heure",
}  # fmt: skip


@require_GET
def open_file(request: Request, slug: str, form: str) -> HttpResponse | FileResponse:
    """A file of the newest edition; its fingerprint is its ETag."""
    held = _open(slug)
    if form not in open_files.forms_of(held.edition):
        raise Http404
    etag = f'"{held.edition.content.sha256[:32]}-{form}"'
    if request.headers.get("If-None-Match") == etag:
        return opened_to_all(HttpResponse(status=304), etag)
    path = open_files.path_of(held.edition, form)
    answer = FileResponse(path.open("rb"), content_type=FORMS[form][2])
    answer["Content-Disposition"] = f'attachment; filename="{slug}.{form}"'
    return opened_to_all(answer, etag)


@require_GET
def open_schema(request: Request, slug: str) -> HttpResponse:
    """The Table Schema of the published columns."""
    edition = _open(slug).edition
    columns = [Column(c["name"], c["type"], c["sentence"], unit=c["unit"]) for c in edition.columns]
    said = table_schema.as_published(columns, edition.key)
    return opened_to_all(JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1}))


@require_GET
def catalogue_csv(request: Request) -> HttpResponse:
    """The SCDL catalogue."""
    text = io.StringIO()
    lines = scdl_catalogue.lines(queries.body(), map(queries.description, queries.everything()))
    csv.writer(text).writerows(neutralised(line) for line in lines)
    return opened_to_all(HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8"))


@require_GET
def catalogue_jsonld(request: Request) -> HttpResponse:
    return _graph("json-ld", "application/ld+json")


@require_GET
def catalogue_ttl(request: Request) -> HttpResponse:
    return _graph("turtle", "text/turtle; charset=utf-8")


def _graph(written: str, kind: str) -> HttpResponse:
    described = [queries.description(held) for held in queries.everything()]
    graph = dcat.catalogue(queries.publisher(), described)
    return opened_to_all(HttpResponse(graph.serialize(format=written, encoding="utf-8"), content_type=kind))


def opened_to_all(answer: Any, etag: str = "") -> Any:
    """Any site may read it, any cache may keep it five minutes."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = KEPT
    if etag:
        answer["ETag"] = etag
    return answer


def _open(slug: str) -> Open:
    held = queries.one(slug)
    if held is None:
        raise Http404
    return held
