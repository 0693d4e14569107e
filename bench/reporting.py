"""Tell the results: a table on screen, `results/latest.json`, and the same table in README.md."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bench.measuring import Result, duration

FOLDER = Path(__file__).resolve().parent
HEADINGS = (
    "opération", "taille", "médiane", "95e centile", "requêtes SQL", "mémoire", "× DuckDB nu", "à tenir", "verdict",
    "l’outil comparé",
)  # fmt: skip
START, END = "<!-- mesures -->", "<!-- fin des mesures -->"


def machine(at: datetime) -> dict[str, str | int | float]:
    cpu = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = next((int(line.split()[1]) // 1_000_000 for line in _lines("/proc/meminfo") if "MemTotal" in line), 0)
    return {
        "date": at.isoformat(timespec="minutes"), "processor": cpu, "cores": os.cpu_count() or 0, "memory_gb": memory,
        "system": f"{platform.system()} {platform.machine()}", "python": platform.python_version(),
        "postgresql": _postgresql(), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def cells(result: Result) -> tuple[str, ...]:
    return (
        result.label, result.size, duration(result.median_ms), duration(result.p95_ms),
        "–" if result.queries is None else str(result.queries),
        "–" if result.peak_mb is None else f"{result.peak_mb:.0f} Mo",
        "–" if result.ratio is None else f"{result.ratio:.1f}".replace(".", ","),
        result.target or "–", result.verdict, result.peer,
    )  # fmt: skip


def screen(results: Sequence[Result], on: dict) -> str:
    rows = [HEADINGS, *(cells(result) for result in results)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([_where(on), "", *lines])


def write(results: Sequence[Result], on: dict) -> None:
    kept = {"machine": on, "results": [asdict(result) for result in results]}
    (FOLDER / "results").mkdir(exist_ok=True)
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    (FOLDER / "results" / "latest.json").write_text(text + "\n", encoding="utf-8")
    page = FOLDER / "README.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{START}\n{_markdown(results, on)}\n{END}{after}", encoding="utf-8")


def _markdown(results: Sequence[Result], on: dict) -> str:
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(cells(result) for result in results)]
    return "\n".join([_where(on), "", *(f"| {' | '.join(row)} |" for row in rows)])


def _where(on: dict) -> str:
    return (
        f"Mesuré le {on['date']} : {on['processor']}, {on['cores']} cœurs, {on['memory_gb']} Go, {on['system']}, "
        f"Python {on['python']}, PostgreSQL {on['postgresql']}, "
        f"charge de la machine {str(on['load']).replace('.', ',')} sur {on['cores']}."
    )


def _postgresql() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
