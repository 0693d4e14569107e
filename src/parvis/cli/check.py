"""Check a file under a contract and name every bad cell; nothing is written.

parvis check grants.scdl-subventions-p1 subventions.csv --json

Exit status: 0 nothing wrong, 1 faults found, 2 not checked (unusable file, unknown or impossible contract).
"""

import argparse
import json
import sys
from itertools import islice
from pathlib import Path
from typing import Any

from parvis.cli import boot

UNUSABLE = 2
SHOWN = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("contract", help="code of the contract, or the path of a Table Schema in JSON")
    parser.add_argument("path", type=Path, help="csv, xlsx, xls, ods or json file")
    parser.add_argument("--json", action="store_true", help="for programs: every fault")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.kernel import Refusal, faces
    from parvis.kernel.contracts import checking

    house = faces.house()
    try:
        if arguments.contract in house.contracts:
            return _tried(house.contracts[arguments.contract], arguments)
        schema = _schema(arguments.contract)
        if schema is None:
            known = ", ".join(sorted([*house.contracts, *(d.code for d in house.datasets.values() if d.schema)]))
            return _refuse(f"Contrat inconnu : « {arguments.contract} ». Contrats de la maison : {known}.")
        with checking.check(arguments.path, schema) as checked:
            (_tell_program if arguments.json else _tell)(arguments, checked)
            return 0 if checked.is_valid else 1
    except Refusal as refusal:
        return _refuse(str(refusal))


def _schema(contract: str) -> Any:
    """The schema of a dataset of the house, or that of a JSON file."""
    from parvis.kernel import Refusal, faces

    dataset = faces.house().datasets.get(contract)
    path = Path(contract)
    if dataset is not None or path.suffix != ".json" or not path.is_file():
        return dataset.schema if dataset is not None else None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise Refusal(f"{contract} n’est pas du JSON.") from fault


def _tried(contract: Any, arguments: argparse.Namespace) -> int:
    """A contract of import is read as the import would, and nothing is written."""
    from django.utils import timezone

    from parvis.cli import import_
    from parvis.kernel.contracts.importing import run_import

    report = run_import(contract, arguments.path, by=None, at=timezone.now(), dry_run=True)
    if arguments.json:
        print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
    else:
        import_.tell(contract, report)
    return report.exit_status


def _refuse(message: str) -> int:
    print(f"Le fichier n’a pas été contrôlé. {message}", file=sys.stderr)
    return UNUSABLE


def _tell_program(arguments: argparse.Namespace, checked: Any) -> None:
    told = {
        "contract": arguments.contract, "rows": checked.row_count, "accepted": checked.accepted_count,
        "refused": checked.refused_count, "valid": checked.is_valid, "reading": checked.reading,
        "faults": [fault.as_dict() for fault in checked.faults()],
    }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False, indent=1))


def _tell(arguments: argparse.Namespace, checked: Any) -> None:
    from parvis.web.templatetags.parts import thousands

    print(f"{checked.rules.title or arguments.contract}")
    print(
        f"  {thousands(checked.row_count)} lignes lues = {thousands(checked.accepted_count)} acceptées"
        f" + {thousands(checked.refused_count)} refusées"
    )
    words = {"error": "erreur", "warning": "avertissement"}
    for fault in islice(checked.faults(), SHOWN):
        where = f", colonne « {fault.column} »" if fault.column else ""
        print(f"  ligne {fault.row}{where} · {words[fault.severity]} [{fault.rule}] : {fault.message}")
    left = len(checked.column_faults) + checked.found.num_rows - SHOWN
    if left > 0:
        print(f"  … et {thousands(left)} autres : --json les dit toutes.")
    if checked.is_valid:
        print("  Le fichier tient le contrat.")
