"""What the import pages show: runs, their issues by rule, rows that wait. Every read goes through `rules.visible_runs`."""

from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from parvis.domains.datahub.rules import visible_runs
from parvis.kernel import faces
from parvis.kernel.contracts import reports
from parvis.kernel.contracts.models import ImportRun, QuarantinedRow, RowIssue


def runs(person) -> QuerySet[ImportRun]:
    return (
        ImportRun.objects.filter(visible_runs(person)).select_related("started_by")
        .annotate(waiting=Count("quarantine", filter=Q(quarantine__outcome=""))).order_by("-started_at", "-id")
    )  # fmt: skip


def waiting_rows(person) -> QuerySet[QuarantinedRow]:
    """Rows not yet settled, of the runs that this person may see."""
    rows = QuarantinedRow.objects.filter(run__in=ImportRun.objects.filter(visible_runs(person)), outcome="")
    return rows.select_related("run").order_by("run_id", "row")


def by_rule(run: ImportRun) -> list[dict[str, Any]]:
    """Issues grouped by rule, errors first, each with its first example: two queries."""
    counted = run.issues.order_by().values("rule", "severity").annotate(count=Count("pk"), first=Min("pk"))
    groups: list[dict[str, Any]] = [{**group} for group in counted]
    examples = RowIssue.objects.in_bulk([group["first"] for group in groups])
    for group in groups:
        group["example"] = examples[group["first"]]
    return sorted(groups, key=lambda g: (g["severity"] != "error", -g["count"], g["rule"]))


def headings(run: ImportRun) -> dict[str, str]:
    """Each field under the heading of that file; none when its contract is gone, and columns then keep their field's name."""
    contract = faces.house().contracts.get(run.contract)
    return reports.headings(contract, run.reading) if contract else {}


def totals(contract_code: str, held: dict) -> list[dict[str, Any]]:
    """The reconciled amounts, each under its French label."""
    contract = faces.house().contracts.get(contract_code)
    return [
        {"label": contract.label(name.removesuffix("_cents")) if contract else name, **total}
        for name, total in held.items()
    ]
