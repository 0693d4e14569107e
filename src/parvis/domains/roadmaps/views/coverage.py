"""The coverage matrix: sector × public policy, the directorate as a third cut, and the holes named."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.domains.roadmaps import addresses, coverage, sentences
from parvis.domains.roadmaps.queries import coverage as counts
from parvis.domains.roadmaps.queries import plans
from parvis.kernel import access
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.organisation.requests import Request

SHADES = ((8, "c4"), (5, "c3"), (3, "c2"), (1, "c1"))
KEY = (
    ("c0", "aucune", "aucune action"),
    ("c1", "1–2", ""),
    ("c2", "3–4", ""),
    ("c3", "5–7", ""),
    ("c4", "8 et plus", "actions"),
)
NAMED = 12


@dataclass(frozen=True)
class Square:
    """A cell as shown: its number, the shade that repeats it, and the list that it counts."""

    cell: coverage.Cell
    shade: str
    url: str


@dataclass(frozen=True)
class Row:
    """A sector of the matrix with its squares."""

    line: coverage.Line
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Column:
    """A policy: how many of the known sectors have an action on it."""

    heading: coverage.Heading
    covered: int
    total: int


@require_safe
def matrix(request: Request) -> HttpResponse:
    access.require(request.user, "roadmaps.view_plan")
    offered = plans.periods(request.user)
    period = plans.chosen_period(offered, request.GET.get("period", ""), request.today)
    directorates = list(Directorate.objects.all())
    directorate = next((d for d in directorates if d.code == request.GET.get("directorate")), None)
    found = counts.matrix(
        request.user, period.year, today=request.today, mandate=period.mandate,
        directorate=directorate.code if directorate else "",
    )  # fmt: skip
    lines = found.lines
    known = [line for line in lines if line.row.is_known]
    holes = found.holes
    return render(request, "roadmaps/coverage.html", {
        "periods": offered, "period": period, "directorates": directorates, "directorate": directorate, "matrix": found,
        "rows": [_row(line, directorate) for line in lines], "columns": _columns(known, found.columns), "known": known,
        "sentence": sentence(found, known, directorate.code if directorate else ""), "key": KEY,
        "holes": holes[:NAMED], "more_holes": holes[NAMED:], "hole_count": len(holes),
    })  # fmt: skip


def sentence(found: coverage.Matrix, known: Sequence[coverage.Line], directorate: str = "") -> str:
    """How much is covered, how many holes are left, and the one that most peers fill."""
    if not known:
        return "Aucune feuille de route n’est encore publiée pour cette période."
    whose = f"avec la {directorate}, " if directorate else ""
    roadmaps = "la feuille de route couvre" if len(known) == 1 else f"les {len(known)} feuilles de route couvrent"
    share = f"{round((found.ratio or 0) * 100)}{sentences.NARROW}%"
    opening = f"{whose}{roadmaps} en moyenne {share} des {len(found.columns)} politiques publiques"
    opening = opening[0].upper() + opening[1:]
    if not found.holes:
        return f"{opening} ; aucune ne manque."
    empty = sentences.counted(len(found.holes), "croisement n’a aucune action", "croisements n’ont aucune action")
    return f"{opening} ; {empty}."


def _row(line: coverage.Line, directorate: Directorate | None) -> Row:
    asked = {"plan": line.row.plan_code, "state": "live", "directorate": directorate.code if directorate else ""}
    narrowed = addresses.actions(**asked)
    return Row(line, tuple(
        Square(cell, _shade(cell.count), f"{narrowed}&{urlencode({'policy': cell.column.code})}" if cell.count else "")
        for cell in line.cells
    ))  # fmt: skip


def _shade(count: int | None) -> str:
    if count is None:
        return ""
    return next((shade for least, shade in SHADES if count >= least), "c0")


def _columns(known: Sequence[coverage.Line], headings: Sequence[coverage.Heading]) -> list[Column]:
    return [
        Column(heading, sum(bool(line.cells[place].count) for line in known), len(known))
        for place, heading in enumerate(headings)
    ]
