"""The page of a cell: its value as a sum that can be checked, and the very rows behind it."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.domains.steering import arithmetic, wording
from parvis.domains.steering.exports import rows as tables
from parvis.domains.steering.models import Measurement
from parvis.domains.steering.queries import figures
from parvis.domains.steering.queries.indicator_page import member_words
from parvis.domains.steering.queries.rows import LONGEST_EXPORT, Place, Rows, rows_of
from parvis.kernel import Refusal, access, faces
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.organisation.requests import Request
from parvis.kernel.territories.models import Sector

FILES = {
    "csv": ("text/csv; charset=utf-8", lambda found, where: tables.delimited(found)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", tables.workbook),
}


@login_required
@require_safe
def cell(request: Request, code: str) -> HttpResponse:
    measurement, asked = _asked(request, code)
    left_out = request.GET.get("onglet") == "ecartees"
    found = rows_of(measurement, request.user, asked, is_left_out=left_out, page=_page(request))
    columns = tables.headings(found, is_whole=False)
    return render(request, "steering/cell.html", {
        "found": found, "indicator": found.indicator, "where": _where(found.indicator, asked), "columns": columns,
        "lines": _lines(found, columns), "arithmetic": arithmetic.told(found.indicator, found.cell),
        "value": wording.figure(found.cell["value"], ""), "left_out": left_out, "measurement": measurement,
        "asked": asked, "first": (found.page - 1) * 50 + 1,
    })  # fmt: skip


@login_required
@require_safe
def cell_file(request: Request, code: str, kind: str) -> HttpResponse:
    """All her rows of a tab as a file. Raises Refusal when a spreadsheet could not hold them."""
    if kind not in FILES:
        raise Http404
    measurement, asked = _asked(request, code)
    left_out = request.GET.get("onglet") == "ecartees"
    found = rows_of(measurement, request.user, asked, is_left_out=left_out, longest=LONGEST_EXPORT)
    if found.pages > 1:
        raise Refusal(
            f"Cette case a plus de {wording.number(LONGEST_EXPORT)} lignes : un tableur ne les tiendrait pas.",
            remedy="Choisissez un secteur ou une période plus courte.",
        )
    media_type, written = FILES[kind]
    answer = HttpResponse(written(found, _where(found.indicator, asked)), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{code}-{asked.period}-lignes.{kind}"'
    return answer


def _asked(request: Request, code: str) -> tuple[Measurement, Place]:
    """The measurement and the cell that the address names: by default the latest complete period of the whole city."""
    access.require(request.user, "steering.view_figures")
    if code not in faces.house().indicators:
        raise Http404
    run = figures.last_evaluation(_day(request.GET.get("le", "")))
    held = run and run.measurements.select_related("evaluation").filter(indicator=code).first()
    if not held or held.period is None:
        raise Refusal(
            "Cet indicateur n’a pas encore de chiffre : il n’a pas de lignes à ouvrir.",
            remedy=held.note if held and held.note else "La prochaine évaluation, cette nuit, le mesurera.",
        )
    asked = request.GET
    return held, Place(
        _day(asked.get("periode", "")) or held.period, asked.get("lieu", ""), asked.get("dimension", ""),
        asked.get("membre", ""), asked.get("millesime", ""),
    )  # fmt: skip


def _day(text: str) -> date | None:
    """A day, or the first one of a month or of a year; what is none of these is not there."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError as wrong:
        raise Http404 from wrong


def _page(request: Request) -> int:
    asked = request.GET.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1


def _where(indicator: Indicator, asked: Place) -> str:
    """« 19e arrondissement · direction pilote : DEVE · 2026 »."""
    named = Sector.objects.filter(code=asked.place).values_list("name", flat=True).first() if asked.place else None
    label = (indicator.dimension_labels or {}).get(asked.dimension, asked.dimension)
    member = member_words(indicator, asked.dimension).get(asked.member, asked.member)
    parts = [
        named or asked.place or "Ensemble de Paris", f"{label} : {member}" if asked.dimension else "",
        wording.period(asked.period, indicator.rhythm),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def _lines(found: Rows, columns: list[tables.Heading]) -> list[tuple]:
    """(card or None, subject, the other cells as (is it a number, words)) of each row. Codes are said in words."""
    told = []
    spoken = {name: member_words(found.indicator, name) for name in found.indicator.dimensions}
    spoken["place"] = dict(Sector.objects.values_list("code", "short_name"))
    for row, values in zip(found.rows, tables.lines(found, columns), strict=True):
        words = [
            (c.is_number, tables.said(c.kind, spoken.get(c.key, c.words).get(v, v)))
            for c, v in zip(columns[1:], values[1:], strict=True)
        ]
        told.append((found.cards.get(row["subject"]), row["subject"], words))
    return told
