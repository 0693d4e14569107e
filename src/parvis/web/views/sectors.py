"""The page of a sector: it opens on its map and gathers what every domain knows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from parvis.kernel import faces
from parvis.kernel.faces import Panel
from parvis.kernel.organisation.requests import Request
from parvis.kernel.territories.models import Kind, Sector
from parvis.kernel.territories.portraits import portrait
from parvis.web.scales import figure

FIGURES_ON_TOP = 4
GROUND = ((Kind.PRIORITY_NEIGHBOURHOOD, "Quartiers prioritaires"), (Kind.NEIGHBOURHOOD_COUNCIL, "Conseils de quartier"))


@dataclass(frozen=True)
class ShownPanel:
    """A domain's part of the page, already written by its own template, with what it lends to the top of the page."""

    code: str
    title: str
    html: str
    standfirst: str
    figures: Sequence[Mapping]
    map: Mapping


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
    rank, panels = every.index(here), _panels(request, here)
    lent = [figure for panel in panels for figure in panel.figures]
    return render(request, "web/sector.html", _described(here) | {
        "previous": every[rank - 1] if rank else None,
        "next": every[rank + 1] if rank + 1 < len(every) else None,
        "panels": panels,
        "standfirst": next((panel.standfirst for panel in panels if panel.standfirst), ""),
        "figures": [*lent, *_figures(here, request.today)][:FIGURES_ON_TOP],
        "map": next((panel.map for panel in panels if panel.map), {}),
    })  # fmt: skip


def _panels(request: Request, here: Sector) -> list[ShownPanel]:
    """Each panel under the reader's own rights; one that has nothing to say is left out."""
    shown = (
        _shown(request, panel, dict(panel.context(here, request.user, request.today))) for panel in faces.house().panels
    )
    return [panel for panel in shown if panel.html.strip()]


def _shown(request: Request, panel: Panel, context: dict) -> ShownPanel:
    html = render_to_string(panel.template, context, request=request)
    lent = {"standfirst": "", "figures": (), "map": {}} | context
    return ShownPanel(panel.code, panel.title, html, lent["standfirst"], lent["figures"], lent["map"])


def _figures(here: Sector, today: date) -> list[dict]:
    """The ground in figures; what was never loaded is not shown."""
    ground = portrait(here, today)
    known = [
        {"label": "Habitants", "value": figure(ground.population), "unit": "INSEE"},
        {"label": "Superficie", "value": figure(ground.area_km2), "unit": "km²"},
    ]
    known = [each for each in known if each["value"] != "—"]
    return known + [
        {"label": label, "value": figure(ground.counts[kind][0]), "unit": f"limites de {ground.counts[kind][1]}"}
        for kind, label in GROUND
        if kind in ground.counts
    ]


def _described(row: Sector) -> dict:
    """The sector with its arrondissements and inhabitants (INSEE), already fetched."""
    inside = list(row.arrondissements.all())
    return {"sector": row, "arrondissements": inside, "population": sum(a.population or 0 for a in inside) or None}
