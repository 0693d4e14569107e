"""Checking a file under 27 rules, every bad row named: ours, the reference validator on the same file, and a large one.

Each measure has a process of its own: the peak is that of the whole process, the interpreter and its libraries included.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROWS, MANY = 200_000, 4_000_000
SCHEMA = {
    "primaryKey": ["reference"],
    "fields": [
        {"name": "reference", "type": "string", "constraints": {"required": True, "unique": True, "pattern": "^[A-Z]{2}-\\d{8}$"}},
        {"name": "siret", "type": "string", "constraints": {"required": True, "pattern": "^\\d{14}$"}},
        {"name": "beneficiaire", "type": "string", "constraints": {"required": True, "minLength": 2, "maxLength": 80}},
        {"name": "date_vote", "type": "date", "constraints": {"required": True, "minimum": "2015-01-01", "maximum": "2026-12-31"}},
        {"name": "montant", "type": "number", "constraints": {"required": True, "minimum": 0, "maximum": 50_000_000}},
        {"name": "part", "type": "number", "constraints": {"minimum": 0.01, "maximum": 1}},
        {"name": "nature", "type": "string", "constraints": {"required": True, "enum": ["aide en numéraire", "aide en nature"]}},
        {"name": "arrondissement", "type": "integer", "constraints": {"required": True, "minimum": 1, "maximum": 20}},
        {"name": "annee", "type": "year", "constraints": {"required": True}},
        {"name": "notifiee", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
        {"name": "objet", "type": "string", "constraints": {"maxLength": 256}},
        {"name": "rna", "type": "string", "constraints": {"pattern": "^W\\d{9}$"}},
    ],
}  # fmt: skip
BAD = 20  # one row in so many has a bad cell
FAULTS = (
    ("siret", "12345"), ("date_vote", "31/12/2020"), ("montant", "1 200,50"), ("part", "1.2"), ("nature", "en nature"),
    ("arrondissement", "21"), ("annee", "20"), ("notifiee", "peut-être"), ("rna", "W12"), ("beneficiaire", ""),
)  # fmt: skip
PEER = """
import json, sys, time
from frictionless import Resource, Schema, system
from bench import checks
started = time.perf_counter()
with system.use_context(trusted=True):
    report = Resource(path=sys.argv[1], schema=Schema.from_descriptor(checks.SCHEMA)).validate(limit_errors=10**9)
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "faults": sum(len(task.errors) for task in report.tasks)}))
"""
OURS = """
import json, resource, sys, time
from parvis.cli import boot
boot.configure()
from pathlib import Path
from bench import checks
from parvis.kernel.contracts import checking
started = time.perf_counter()
with checking.check(Path(sys.argv[1]), checks.SCHEMA) as checked:
    named = len(checked.refused_rows)
    faults = checked.found.num_rows
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "faults": faults, "rows": named, "peak_mb": peak}))
"""


def run() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        file, large = Path(folder, "lignes.csv"), Path(folder, "beaucoup.csv")
        write(file, ROWS)
        ours, theirs = _child(OURS, file), _child(PEER, file)
        if ours["faults"] != theirs["faults"]:
            raise AssertionError(f"{ours['faults']} faults here, {theirs['faults']} by the reference validator")
        write(large, MANY)
        most = _child(OURS, large)
    ratio = theirs["seconds"] / ours["seconds"]
    return [
        {"operation": f"Contrôler un fichier sous 27 règles, {ours['rows']} lignes fautives nommées", "rows": ROWS,
         "seconds": ours["seconds"], "peak_mb": ours["peak_mb"],
         "target": f"{theirs['seconds'] / 25:.2f} s (25 fois moins), 300 Mo".replace(".", ","),
         "peer": f"frictionless : {theirs['seconds']:.1f} s, soit {ratio:.0f} fois plus".replace(".", ",")},
        {"operation": "Contrôler un grand fichier sous les mêmes règles", "rows": MANY, "seconds": most["seconds"],
         "peak_mb": most["peak_mb"], "target": "2000 Mo"},
    ]  # fmt: skip


def write(path: Path, count: int) -> None:
    """The same rows at each run."""
    chance = random.Random(3)  # noqa: S311 - repeatable, nothing secret
    names = [field["name"] for field in SCHEMA["fields"]]  # type: ignore[attr-defined]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(names) + "\n")
        for number in range(count):
            file.write(",".join(_row(number, names, chance)) + "\n")


def _row(number: int, names: list[str], chance: random.Random) -> list[str]:
    cells = [
        f"PS-{number:08d}", f"{chance.randrange(10**14):014d}", f"Association des habitants n° {number % 5000}",
        f"{2016 + number % 10}-{1 + number % 12:02d}-{1 + number % 28:02d}", f"{chance.randrange(10**7) / 100:.2f}",
        f"0.{1 + number % 99:02d}", "aide en nature" if number % 7 == 0 else "aide en numéraire", str(1 + number % 20),
        str(2016 + number % 10), "oui" if number % 3 else "non", f"Fonctionnement, exercice {number % 10}".replace(",", " :"),
        f"W{number % 10**9:09d}",
    ]  # fmt: skip
    if number % BAD == 0:
        name, text = FAULTS[number // BAD % len(FAULTS)]
        cells[names.index(name)] = f'"{text}"' if "," in text else text
    return cells


def _child(script: str, file: Path) -> dict:
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script, str(file)], stdout=subprocess.PIPE, text=True, check=True, env=os.environ
    )
    return json.loads(run.stdout.splitlines()[-1])
