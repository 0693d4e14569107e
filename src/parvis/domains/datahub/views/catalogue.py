"""Pages of the catalogue: every dataset as a list, one opened, its rows as a file."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.domains.datahub import quality
from parvis.domains.datahub.actions import downloads
from parvis.domains.datahub.actions.profiles import profile
from parvis.domains.datahub.exports import catalogue as tables
from parvis.domains.datahub.queries import catalogue as queries
from parvis.domains.datahub.queries import dataset_page
from parvis.domains.datahub.queries.dataset_rows import preview
from parvis.kernel import access
from parvis.kernel.lake import snapshots
from parvis.kernel.organisation.requests import Request

COLUMNS = (
    ("titre", "Jeu de données"), ("lignes", "Lignes"), ("fraicheur", "Fraîcheur"), ("qualite", "Qualité"),
    ("indicateurs", "Indicateurs"), ("direction", "Direction"),
)  # fmt: skip
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}  # fmt: skip
QUALITIES = (("good", "bonne"), ("watch", "à améliorer"), ("bad", "insuffisante"), ("none", "sans note"))


@login_required
@require_safe
def catalogue(request: Request) -> HttpResponse:
    """« De quelles données disposons-nous, et que valent-elles ? »"""
    access.require(request.user, "datahub.view_catalogue")
    asked = request.GET.dict()
    lines, every = queries.listed(request.user, request.today, asked)
    return render(request, "datahub/catalogue.html", {
        "lines": lines, "total": len(every), "choices": _choices(every, asked), "q": asked.get("q", ""),
        "columns": [_column(request, *column) for column in COLUMNS],
        "late": sum(line.freshness.state in ("late", "empty") for line in every),
        "never": sum(line.freshness.state == "never" for line in every),
    })  # fmt: skip


@login_required
@require_safe
def catalogue_file(request: Request, kind: str) -> HttpResponse:
    """The list as filtered, with every criterion."""
    access.require(request.user, "datahub.view_catalogue")
    if kind not in tables.WRITTEN:
        raise Http404
    lines, _ = queries.listed(request.user, request.today, request.GET.dict())
    answer = HttpResponse(tables.WRITTEN[kind](lines, request.today), content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="catalogue.{kind}"'
    return answer


@login_required
@require_safe
def dataset(request: Request, code: str) -> HttpResponse:
    return dataset_shown(request, code)


def dataset_shown(request: Request, code: str, status: int = 200, **more: object) -> HttpResponse:
    """The page; `more` carries a refusal and what was typed, when a question could not be asked."""
    found = opened(request, code)
    held = snapshots.latest([code]).get(code)
    told = profile(found.dataset, held, at=request.now) if held else None
    page = dataset_page.page(found, told, request.user, request.today)
    is_there = held is not None and snapshots.path_of(held.sha256).exists()
    rows = preview(found.dataset, held, request.user) if held and is_there and page.readable else []
    return render(request, "datahub/dataset.html", {
        "page": page, "dataset": found.dataset, "is_there": is_there,
        "rows": [[(column.type, row[column.name]) for column in page.readable] for row in rows],
        "weights": quality.VERSION, "todo": quality.todo(page.quality.marks), "titles": dataset_page.contract_titles(),
        "has_names": access.may_anywhere(request.user, "datahub.discuss") or _may(request, "query_lake"),
        "may_discuss": _may(request, "discuss"), "may_answer": _may(request, "answer_discussion"),
        "may_edit": _may(request, "edit_contract") and found.dataset.code.startswith("ajouts.") and not found.withdrawn,
        "may_query": _may(request, "query_lake") and page.has_all_rows, **more,
    }, status=status)  # fmt: skip


@login_required
@require_safe
def dataset_file(request: Request, code: str, kind: str) -> HttpResponse | FileResponse:
    """Her rows as a file, journaled."""
    found = opened(request, code)
    held = snapshots.latest([code]).get(code)
    if held is None or kind not in downloads.WRITTEN:
        raise Http404
    file = downloads.download(found.dataset, held, kind, by=request.user, at=request.now)
    name = f"{found.dataset.table_name}-{held.as_of}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind])


def opened(request: Request, code: str) -> queries.Found:
    """The dataset of an address, for whoever may open it; to others it is not there."""
    access.require(request.user, "datahub.view_catalogue")
    found = queries.find(code)
    if found is None or not access.may_anywhere(request.user, found.dataset.permission):
        raise Http404
    return found


def _may(request: Request, verb: str) -> bool:
    return access.may_anywhere(request.user, f"datahub.{verb}")


def _column(request: Request, name: str, label: str) -> tuple[str, str, str]:
    """(label, the address that sorts by it, how the list is sorted by it now)."""
    now = request.GET.get("tri", "titre")
    sorted_by = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    copy = request.GET.copy()
    copy["tri"] = f"-{name}" if sorted_by == "ascending" else name
    return label, f"?{copy.urlencode()}", sorted_by


def _choices(every: list[queries.Line], asked: dict[str, str]) -> list[dict]:
    yes_no = (("oui", "oui"), ("non", "non"))
    owners = tuple((owner, owner) for owner in sorted({line.dataset.owner for line in every if line.dataset.owner}))
    told = (
        ("direction", "Direction", owners), ("fraicheur", "Fraîcheur", tuple(queries.FRESH.items())),
        ("qualite", "Qualité", QUALITIES), ("personnel", "Données personnelles", yes_no), ("publie", "Publié", yes_no),
    )  # fmt: skip
    return [{"name": n, "label": label, "options": options, "value": asked.get(n, "")} for n, label, options in told]
