"""Pages of the imports: what came in, a file on trial then for good, its report, and the rows that wait."""

import csv
from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.domains.datahub.actions import imports as actions
from parvis.domains.datahub.queries import imports as queries
from parvis.domains.datahub.views import deposits
from parvis.kernel import Forbidden, Refusal, access, faces
from parvis.kernel.contracts import quarantine
from parvis.kernel.contracts.contract import Contract, importable_by
from parvis.kernel.contracts.exports import neutralised
from parvis.kernel.contracts.importing import run_import
from parvis.kernel.contracts.template_books import rule_of, template_workbook
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.deposits import may_deposit
from parvis.kernel.organisation.requests import Request

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def imports(request: Request) -> HttpResponse:
    access.require(request.user, "datahub.import_files")
    page = Paginator(queries.runs(request.user), 20).get_page(request.GET.get("page"))
    contracts = importable_by(request.user)
    datasets = [d for d in faces.house().datasets.values() if may_deposit(request.user, d)]
    context = {
        "contracts": contracts, "page": page, "titles": _titles((*contracts, *datasets)), "datasets": datasets,
        "waiting": queries.waiting_rows(request.user).count(),
        "may_add": access.may_anywhere(request.user, "datahub.add_dataset"),
    }  # fmt: skip
    return render(request, "datahub/imports.html", context)


def _titles(described: Iterable[Contract | Dataset]) -> dict[str, str]:
    return {one.code: one.title for one in described}


@login_required
@require_http_methods(["GET", "POST"])
def contract(request: Request, code: str) -> HttpResponse:
    """The deposit of a file; posting one tries it and writes nothing."""
    found = _contract(request, code)
    context: dict = {"contract": found, "columns": [(field, rule_of(field, field.choices)) for field in found.fields]}
    if request.method == "POST":
        try:
            context |= _trial(request, found)
        except Forbidden:
            raise
        except Refusal as refusal:
            context["refusal"] = refusal
            return render(request, "datahub/contract.html", context, status=422)
    return render(request, "datahub/contract.html", context)


def _trial(request: Request, found: Contract) -> dict:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refusal("Aucun fichier n’a été choisi.", remedy="Choisissez un fichier, puis recommencez.")
    token, path = actions.keep(upload, found.code, by=request.user, at=request.now)
    try:
        report = run_import(found, path, by=request.user, at=request.now, dry_run=True, file_name=upload.name or "")
    except Refusal:
        actions.let_go(path)
        raise
    return {
        "report": report, "token": token, "file_name": upload.name, "groups": report.by_rule(),
        "totals": queries.totals(found.code, report.totals),
    }  # fmt: skip


@login_required
@require_POST
def confirm(request: Request, code: str) -> HttpResponse:
    found = _contract(request, code)
    path, name = actions.kept(request.POST.get("token", ""), code, by=request.user)
    report = run_import(found, path, by=request.user, at=request.now, file_name=name)
    actions.let_go(path)
    messages.success(request, "Le fichier est importé.")
    return redirect("datahub:run", report.run_id)


@login_required
@require_GET
def template(request: Request, code: str) -> HttpResponse:
    found = _contract(request, code)
    content = template_workbook(found, lists=found.lists(request.user) if found.lists else None)
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="modele-{code}.xlsx"'}
    )


@login_required
@require_GET
def run(request: Request, number: int) -> HttpResponse:
    """The report of an import, its issues narrowed by `?regle=`."""
    found = _run(request, number)
    issues = found.issues.order_by("row", "id")
    if rule := request.GET.get("regle"):
        issues = issues.filter(rule=rule)
    page = Paginator(issues, PAGE).get_page(request.GET.get("page"))
    named = queries.headings(found)
    for issue in page:
        issue.heading = named.get(issue.column, issue.column)
    context = {
        "run": found, "page": page, "rule": rule,
        "groups": queries.by_rule(found), "totals": queries.totals(found.contract, found.totals),
        "held": found.quarantine.order_by("row")[:PAGE], "contract": _named(request, found.contract),
    }  # fmt: skip
    return render(request, "datahub/run.html", context)


@login_required
@require_GET
def run_issues(request: Request, number: int) -> HttpResponse:
    """Every issue as a CSV file, formula cells neutralised."""
    found = _run(request, number)
    name = f"import-{number}.csv"
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(["ligne", "colonne", "champ", "règle", "gravité", "valeur", "message", "proposition"])
    named = queries.headings(found)
    columns = ("row", "column", "rule", "severity", "value", "message", "proposal")
    for issue in found.issues.order_by("row", "id").values_list(*columns).iterator(chunk_size=2000):
        number, field, *told = issue
        writer.writerow(neutralised([number, named.get(field, field), field if field in named else "", *told]))
    return answer


@login_required
@require_GET
def waiting(request: Request) -> HttpResponse:
    access.require(request.user, "datahub.import_files")
    page = Paginator(queries.waiting_rows(request.user), PAGE).get_page(request.GET.get("page"))
    titles = _titles((*importable_by(request.user), *faces.house().datasets.values()))
    return render(request, "datahub/waiting.html", {"page": page, "titles": titles})


@login_required
@require_http_methods(["GET", "POST"])
def row(request: Request, number: int) -> HttpResponse:
    """A row that waits: its cells as fields; saving checks it again."""
    held = _held(request, number)
    if held.run.contract in faces.house().datasets:
        return deposits.waiting_row(request, held)
    found = quarantine.contract_of(held)
    if request.method == "GET":
        return _row_page(request, held, quarantine.checked(held, by=request.user, at=request.now), found)
    cells = {field.name: request.POST[field.name] for field in found.fields if field.name in request.POST}
    checked = quarantine.correct(held, cells, by=request.user, at=request.now)
    if checked.is_refused:
        return _row_page(request, held, checked, found, status=422)
    messages.success(request, f"La ligne {held.row} est acceptée.")
    return redirect("datahub:waiting")


@login_required
@require_POST
def row_drop(request: Request, number: int) -> HttpResponse:
    held = _held(request, number)
    quarantine.drop(held, reason=request.POST.get("reason", ""), by=request.user, at=request.now)
    messages.success(request, f"La ligne {held.row} est écartée.")
    return redirect("datahub:waiting")


def _row_page(request: Request, held, checked, found: Contract, status: int = 200) -> HttpResponse:
    fields = [
        {"field": field, "value": checked.cells.get(field.name, ""), "rule": rule_of(field, field.choices),
         "issues": [issue for issue in checked.issues if issue.column == field.name]}
        for field in found.fields
    ]  # fmt: skip
    whole = [issue for issue in checked.issues if issue.column not in found.by_name]
    if not checked.issues:
        whole = list(held.run.issues.filter(row=held.row, severity="error"))
    context = {"held": held, "fields": fields, "contract": found, "whole": whole}
    return render(request, "datahub/row.html", context, status=status)


def _contract(request: Request, code: str) -> Contract:
    access.require(request.user, "datahub.import_files")
    found = _named(request, code)
    if found is None:
        raise Http404
    return found


def _named(request: Request, code: str) -> Contract | None:
    return next((contract for contract in importable_by(request.user) if contract.code == code), None)


def _run(request: Request, number: int):
    access.require(request.user, "datahub.import_files")
    return get_object_or_404(queries.runs(request.user), pk=number)


def _held(request: Request, number: int):
    access.require(request.user, "datahub.import_files")
    return get_object_or_404(queries.waiting_rows(request.user), pk=number)
