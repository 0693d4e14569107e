"""An import of 100,000 rows and 12 columns through a real contract into real actions: seconds, queries, peak memory.

What it writes is rolled back. The contract is synthetic, the reading, checking, writing and reporting are not.
"""

import csv
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from django.db import connection, transaction

from parvis.domains.roadmaps.actions import importing
from parvis.domains.roadmaps.contracts.spellings import directorates, policies
from parvis.domains.roadmaps.models import Action, MeansLine, Plan
from parvis.kernel.contracts.contract import Contract
from parvis.kernel.contracts.importing import run_import
from parvis.kernel.contracts.text import plain
from parvis.kernel.territories.spelling import arrondissement_of

ROWS = 100_000
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
COLUMNS = (
    ("id", "string"), ("title", "string"), ("lead", "string"), ("policy", "string"), ("budget", "number"),
    ("starts_on", "date"), ("due_on", "date"), ("address", "string"), ("arrondissement", "string"),
    ("priority", "boolean"), ("progress", "string"), ("year", "year"),
)  # fmt: skip
SCHEMA = {
    "primaryKey": "id",
    "fields": [
        {
            "name": name,
            "type": kind,
            "constraints": {"required": name in ("id", "title")},
            "parvis:money": name == "budget",
        }
        for name, kind in COLUMNS
    ],
}


def run(rows: int = ROWS) -> list[dict]:
    """One row for the first import, one for the same file again, one for a file where a row in ten is refused."""
    with tempfile.TemporaryDirectory() as folder:
        clean, faulty = (
            _write(Path(folder) / name, rows, faulty=faulty) for name, faulty in (("a.csv", False), ("b.csv", True))
        )
        with transaction.atomic():
            measured = [
                _measure("import de 100 000 lignes", clean, target="20 s, 500 Mo"),
                _measure("le même fichier une seconde fois", clean, target="20 s, 500 Mo"),
                _measure("une ligne sur dix en quarantaine", faulty, target="20 s, 500 Mo"),
            ]
            transaction.set_rollback(True)
        measured[0]["bare_seconds"] = _bare(clean)
    return measured


def _bare(path: Path) -> float:
    """What bare DuckDB takes to read every cell of the same file: no check, no record, no report."""
    start = time.perf_counter()
    duckdb.execute("CREATE TEMP TABLE bare AS SELECT * FROM read_csv(?, delim=';', header=true)", [str(path)])
    return time.perf_counter() - start


def _measure(operation: str, path: Path, *, target: str) -> dict:
    queries = 0

    def count(execute, *arguments):  # not CaptureQueries: it keeps the text of every statement
        nonlocal queries
        queries += 1
        return execute(*arguments)

    start = time.perf_counter()
    with connection.execute_wrapper(count):
        report = run_import(CONTRACT, path, by=None, at=AT)
    return {
        "operation": operation, "rows": report.rows, "accepted": report.accepted, "unchanged": report.unchanged,
        "quarantined": report.quarantined, "seconds": round(time.perf_counter() - start, 2), "queries": queries,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "target": target,
    }  # fmt: skip


def _write(path: Path, rows: int, *, faulty: bool) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(name for name, _ in COLUMNS)
        writer.writerows(_line(number, faulty=faulty and number % 10 == 0) for number in range(rows))
    return path


def _line(number: int, *, faulty: bool) -> tuple:
    day = f"{number % 28 + 1:02d}/{number % 12 + 1:02d}"
    return (
        f"S{number:06d}", f"Réaménager la place n° {number}", "DVD", "Mobilités", f"{number % 900} 000,50 €",
        f"{day}/2025", "31/02/2026" if faulty else f"{day}/2027", f"{number % 300} rue de l’Église", f"750{number % 20 + 1:02d}",
        "oui" if number % 3 else "non", "TRAVAUX", "2026",
    )  # fmt: skip


def _prepare(by, at: datetime) -> dict:
    plan, _ = Plan.objects.get_or_create(
        code="banc-d-essai", defaults={"kind": "thematic", "title": "Banc d’essai", "year": 2026, "created_at": at}
    )
    return {"plan": plan, "lead": directorates(), "policy": policies()}


def _apply(rows, lookups: dict, *, run, by, at: datetime) -> None:
    importing.write([_incoming(row, lookups, at) for row in rows], by=by, at=at, overwrites=importing.EVERYTHING)


def _incoming(row, lookups: dict, at: datetime) -> importing.Incoming:
    v = row.values
    found = arrondissement_of(v["arrondissement"])
    action = Action(
        code=v["id"], title=v["title"], lead=lookups["lead"].find(v["lead"]), policy=lookups["policy"].find(v["policy"]),
        starts_on=v["starts_on"], due_on=v["due_on"], address=v["address"], arrondissement_code=found.code or "",
        sector_code=found.sector or "", precision="arrondissement", in_priority_neighbourhood=v["priority"],
        search_text=plain(f"{v['title']} {v['id']} {v['address']}"), created_at=at, changed_at=at,
    )  # fmt: skip
    means = (MeansLine(year=v["year"], amount_cents=v["budget"]),)
    return importing.Incoming(action, lookups["plan"], means=means, order=row.number)


CONTRACT = Contract(
    code="bench.actions", title="Banc d’essai", summary="", schema=SCHEMA, permission="roadmaps.import",
    prepare=_prepare, apply=_apply,
)  # fmt: skip
