"""The page of a sector: it opens on its map and gathers what every domain knows of it."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from parvis.kernel import faces
from parvis.kernel.organisation.requests import Request
from parvis.kernel.territories.models import Sector


@dataclass(frozen=True)
class ShownPanel:
    """A domain's part of the page, already written by its own template."""

    code: str
    title: str
    html: str


def sectors(request: Request) -> HttpResponse:
    """The 17 sectors on one map, with the list that says the same."""
    rows = Sector.objects.prefetch_related("arrondissements")
    return render(request, "web/sectors.html", {"sectors": [_described(row) for row in rows]})


def sector(request: Request, code: str) -> HttpResponse:
    """One sector: its map, its neighbours in the list, and one panel per domain that has something to say."""
    every = list(Sector.objects.prefetch_related("arrondissements"))
    here = next((row for row in every if row.code == code), None)
    if here is None:
        raise Http404("Ce secteur n’existe pas.")
    rank = every.index(here)
    return render(
        request,
        "web/sector.html",
        _described(here)
        | {
            "previous": every[rank - 1] if rank else None,
            "next": every[rank + 1] if rank + 1 < len(every) else None,
            "panels": _panels(request, here),
        },
    )


def _panels(request: Request, here: Sector) -> list[ShownPanel]:
    """Each panel under the reader's own rights; one that has nothing to say is left out."""
    shown = (
        ShownPanel(
            panel.code,
            panel.title,
            render_to_string(panel.template, {**panel.context(here, request.user, request.today)}, request=request),
        )
        for panel in faces.house().panels
    )
    return [panel for panel in shown if panel.html.strip()]


def _described(row: Sector) -> dict:
    """The sector with its arrondissements and inhabitants (INSEE), already fetched."""
    inside = list(row.arrondissements.all())
    return {
        "sector": row,
        "arrondissements": inside,
        "population": sum(a.population or 0 for a in inside) or None,
    }
