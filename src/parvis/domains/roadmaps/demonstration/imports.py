"""The invented files that directorates sent each month: lines read, lines put aside and why, lines since settled."""

import hashlib
import random
from datetime import date, timedelta

from parvis.domains.roadmaps.demonstration.plans import moment
from parvis.domains.roadmaps.demonstration.roadmaps import Drawn
from parvis.kernel.contracts.models import ImportRun, QuarantinedRow, RowIssue
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Person
from parvis.kernel.references import Reference

CONTRACT = "roadmaps.actions"
MONTHS = 23
SENDERS = ("DVD", "DEVE", "DPE", "DSOL")
KEPT_DAYS = 90  # a settled line is forgotten after that
READING = {"encoding": "utf-8", "separator": ";", "header": 1}
# column, rule, what was written, what is said of it
FAULTS = (
    ("lead", "unknown-directorate", "DIRECTION VOIRIE", "Cette direction n’est pas dans la liste : écrivez son sigle."),
    ("due_on", "not-a-date", "fin 2e trimestre", "Ce n’est pas une date : écrivez jj/mm/aaaa."),
    ("arrondissement", "unknown-arrondissement", "75123", "Cet arrondissement n’existe pas."),
    ("policy", "unknown-policy", "Divers", "Cette politique n’est pas dans la liste de référence."),
    ("title", "required", "", "Le titre manque."),
)


def write(drawn: list[Drawn], today: date) -> None:
    """A file per month and sender in turn; last September's came from a new tool and was full of faults."""
    own = random.Random(31)  # noqa: S311 - an invented city, not a secret
    pilot = Person.objects.get(email__startswith="pilote@")
    runs = [_run(n, pilot, today, own) for n in range(MONTHS, 0, -1)]
    ImportRun.objects.bulk_create(runs)
    issues, rows = [], []
    for run in runs:
        for number in sorted(own.sample(range(2, run.row_count + 2), run.quarantined_count)):
            fault = own.choice(FAULTS)
            issues.append(_issue(run, number, fault))
            if held := _row(run, number, fault, own.choice(drawn), pilot, today, own):
                rows.append(held)
    RowIssue.objects.bulk_create(issues, batch_size=1000)
    QuarantinedRow.objects.bulk_create(rows, batch_size=1000)
    entries.append(_line(run, pilot) for run in runs)


def _run(months_ago: int, pilot: Person, today: date, own: random.Random) -> ImportRun:
    """Two lines in a hundred are refused at first, fewer as directorates learn; one file is worse."""
    first = today.replace(day=1)
    for _ in range(months_ago):
        first = (first - timedelta(days=1)).replace(day=1)
    sender, read = SENDERS[months_ago % len(SENDERS)], own.randrange(120, 420)
    share = 0.105 if months_ago == 2 else 0.005 + 0.0011 * months_ago + own.random() * 0.006
    refused = round(read * share)
    name = f"suivi-{sender.lower()}-{first:%Y-%m}.csv"
    return ImportRun(
        contract=CONTRACT, file_name=name, sha256=hashlib.sha256(name.encode()).hexdigest(),
        started_at=moment(first + timedelta(days=own.randrange(3, 20)), 10), started_by=pilot, row_count=read,
        accepted_count=read - refused, quarantined_count=refused, unchanged_count=round((read - refused) * 0.6),
        totals={}, reading=READING,
    )  # fmt: skip


def _issue(run: ImportRun, number: int, fault: tuple[str, str, str, str]) -> RowIssue:
    column, rule, value, message = fault
    return RowIssue(run=run, row=number, column=column, rule=rule, severity="error", value=value, message=message)


def _row(run, number, fault, drawn: Drawn, pilot, today: date, own: random.Random) -> QuarantinedRow | None:
    """Settled within some weeks, or still waiting; None when it was settled so long ago that it is forgotten."""
    cells = {
        "plan": drawn.plan.code, "code": f"{drawn.action.code}-R{number}", "title": drawn.action.title,
        "lead": drawn.action.lead.code, "policy": drawn.action.policy.name if drawn.action.policy else "",
        "due_on": f"{drawn.action.due_on:%d/%m/%Y}" if drawn.action.due_on else "",
        "arrondissement": drawn.action.arrondissement_code,
    } | {fault[0]: fault[2]}  # fmt: skip
    settled_on = run.started_at.date() + timedelta(days=own.randrange(2, 45))
    if own.random() < 0.12 or settled_on >= today:
        settled_on = None
    elif (today - settled_on).days > KEPT_DAYS:
        return None
    outcome = "" if settled_on is None else own.choices(("corrected", "dropped"), (3, 1))[0]
    return QuarantinedRow(
        run=run, row=number, key=cells["code"], cells=cells, outcome=outcome,
        settled_at=moment(settled_on, 11) if settled_on else None, settled_by=pilot if settled_on else None,
        reason="Doublon d’une ligne déjà connue." if outcome == "dropped" else "",
    )  # fmt: skip


def _line(run: ImportRun, pilot: Person):
    return entries.draft(
        "import.run", Reference("import", str(run.pk)), by=pilot, at=run.started_at,
        codes={
            "contract": CONTRACT, "rows": run.row_count, "accepted": run.accepted_count,
            "quarantined": run.quarantined_count, "unchanged": run.unchanged_count, "sha256": run.sha256,
        },
    )  # fmt: skip
