"""Pages of the indicators: all of them as a list, and one of them opened. Their files follow the same filters."""

from collections import Counter
from datetime import date

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.domains.steering import sentences
from parvis.domains.steering.exports import indicators_book
from parvis.domains.steering.queries import indicator_list, indicator_page, objectives, signals
from parvis.domains.steering.queries.indicator_page import Page
from parvis.domains.steering.views.objectives import day_asked
from parvis.kernel import access, faces
from parvis.kernel.organisation.requests import Request

COLUMNS = (
    ("titre", "Indicateur"), ("objectif", "Objectif"), ("etat", "État"), ("periode", "Période"), ("responsable", "Responsable"),
)  # fmt: skip
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_safe
def indicators(request: Request) -> HttpResponse:
    """« Que disent les indicateurs ? »: all that the reader may see, narrowed by the address."""
    access.require(request.user, "steering.view_objectives")
    asked = request.GET.dict()
    named = [(o.code, f"{o.code} · {o.short_title}") for o in objectives.tree()]
    rows, every = indicator_list.listed(request.user, request.today, asked)
    return render(request, "steering/indicators.html", {
        "rows": rows, "total": len(every), "choices": indicator_list.choices(every, named, asked), "q": asked.get("q", ""),
        "columns": [_column(request, *column) for column in COLUMNS], "objectives": dict(named),
        "may_define": access.may_anywhere(request.user, "steering.define_indicators"),
        "sentence": sentences.of_list(Counter(map(indicator_list.state, rows)), len(every)),
    })  # fmt: skip


@require_safe
def indicators_file(request: Request, kind: str) -> HttpResponse:
    """Every figure of the list with its lineage."""
    access.require(request.user, "steering.view_objectives")
    rows, _ = indicator_list.listed(request.user, request.today, request.GET.dict())
    return _file(indicators_book.WRITTEN, kind, "indicateurs", rows)


@require_safe
def indicator(request: Request, code: str) -> HttpResponse:
    if _must_sign_in(request, code):
        return redirect_to_login(request.get_full_path())
    page = _page(request, code)
    run = page.evaluation
    return render(request, "steering/indicator.html", {
        "page": page, "indicator": page.indicator, "is_inside": _is_inside(request),
        "objective": next((o for o in objectives.tree() if o.code == page.indicator.objective), None),
        "earlier": indicator_page.earlier(code, run),
        "readable": _readable(request, page),
        "chart": signals.chart_of(page.figure, page.place) if page.figure.is_measured else None,
    })  # fmt: skip


@require_safe
def indicator_file(request: Request, code: str, kind: str) -> HttpResponse:
    """Every cell of the indicator, small ones hidden as on the page."""
    if _must_sign_in(request, code):
        return redirect_to_login(request.get_full_path())
    page = _page(request, code)
    return _file(indicators_book.WRITTEN_ONE, kind, code, page)


def _must_sign_in(request: Request, code: str) -> bool:
    """Whoever works here reads it once signed in."""
    declared = faces.house().indicators.get(code)
    return bool(declared and not declared.is_public and not request.user.is_authenticated)


def _page(request: Request, code: str) -> Page:
    """What the address names, for whoever may read it: the house publishes some indicators, its people read all."""
    declared = faces.house().indicators.get(code)
    if declared is None:
        raise Http404
    if not declared.is_public:
        access.require(request.user, "steering.view_figures")
    return indicator_page.page(
        declared, request.today, as_of=day_asked(request.GET.get("le")), period=_period(request.GET.get("periode", "")),
        place=request.GET.get("lieu", ""),
    )  # fmt: skip


def _readable(request: Request, page: Page) -> set[str]:
    """The datasets whose page she may open."""
    if not access.may_anywhere(request.user, "datahub.view_catalogue"):
        return set()
    known = [source.dataset for source in page.sources if source.dataset]
    return {dataset.code for dataset in known if access.may_anywhere(request.user, dataset.permission)}


def _period(text: str) -> date | None:
    """A first day, a month or a year; what is none of these asks for nothing."""
    try:
        return date.fromisoformat(f"{text}-01-01"[:10]) if text else None
    except ValueError:
        return None


def _is_inside(request: Request) -> bool:
    return access.may_anywhere(request.user, "steering.view_figures")


def _column(request: Request, name: str, label: str) -> tuple[str, str, str]:
    """(label, the address that sorts by it, how the list is sorted by it now)."""
    now = request.GET.get("tri", "objectif")
    sorted_by = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    copy = request.GET.copy()
    copy["tri"] = f"-{name}" if sorted_by == "ascending" else name
    return label, f"?{copy.urlencode()}", sorted_by


def _file(written: dict, kind: str, name: str, content: object) -> HttpResponse:
    if kind not in written:
        raise Http404
    answer = HttpResponse(written[kind](content), content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
