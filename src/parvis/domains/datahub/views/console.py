"""The SQL console: a question, its answer as a table or a file. What was typed stays on the page, whatever comes."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.domains.datahub.actions import console as actions
from parvis.domains.datahub.queries import console as queries
from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.contracts.exports import neutralised
from parvis.kernel.organisation.requests import Request


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def console(request: Request) -> HttpResponse:
    """A GET may carry a question in `sql` (an example, an earlier one): it fills the editor and runs nothing."""
    access.require(request.user, "datahub.query_lake")
    if request.method == "POST":
        return _asked(request)
    return _page(request, request.GET.get("sql", "")[: actions.LONGEST])


def _asked(request: Request) -> HttpResponse:
    sql = request.POST.get("sql", "")
    try:
        answer = actions.ask(sql, by=request.user, at=request.now)
    except Forbidden:
        raise
    except Refusal as refusal:
        return _page(request, sql, status=422, refusal=refusal)
    return _page(request, sql, status=200 if answer.is_answered else 422, answer=answer)


@login_required
@require_POST
def console_file(request: Request) -> HttpResponse:
    """The answer as a CSV file, longer than on the page; cells that begin like a formula made harmless."""
    answer = actions.ask(request.POST.get("sql", ""), by=request.user, at=request.now, longest=actions.ROWS_OF_A_FILE)
    if not answer.is_answered:
        raise Refusal(answer.message, remedy="Revenez à la console et corrigez la question.")
    file = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="question-{answer.query.pk}.csv"'
    writer = csv.writer(file, delimiter=";")
    writer.writerow(neutralised([name for name, _ in answer.columns]))
    writer.writerows(neutralised(["" if cell is None else cell for cell in row]) for row in answer.rows)
    return file


def _page(request: Request, sql: str, status: int = 200, **more: object) -> HttpResponse:
    offered = queries.tables(request.user)
    return render(request, "datahub/console.html", {
        "tables": offered, "sql": sql, "examples": queries.examples(offered), "recent": queries.recent(request.user),
        "seconds": actions.SECONDS, "longest": actions.ROWS, "of_a_file": actions.ROWS_OF_A_FILE,
        "may_personal": access.may_anywhere(request.user, "datahub.read_personal"), **more,
    }, status=status)  # fmt: skip
