"""Deposit a file as the snapshot of a dataset: good rows kept, bad ones put aside, totals reconciled.

parvis deposit grants.beneficiaries beneficiaires-2023.json --as-of 2024-01-31

Exit status: 0 every row accepted, 1 some put aside, 2 nothing written (unusable file, unknown dataset, cut short).
"""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from parvis.cli import boot

UNUSABLE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("dataset", help="code of a dataset that lives from files; `parvis contracts` lists them")
    parser.add_argument("path", type=Path, help="csv, xlsx, xls, ods or json file")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="the day that the file shows")
    parser.add_argument("--dry-run", action="store_true", help="say what the deposit would do, write nothing")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from django.utils import timezone

    from parvis.kernel import Refusal, faces
    from parvis.kernel.lake.deposits import deposit

    dataset = faces.house().datasets.get(arguments.dataset)
    if dataset is None:
        known = ", ".join(sorted(d.code for d in faces.house().datasets.values() if d.schema))
        return _refuse(f"Jeu de données inconnu : « {arguments.dataset} ». Ceux qui se déposent : {known}.")
    try:
        made = deposit(
            dataset, arguments.path, by=None, at=timezone.now(), as_of=arguments.as_of, dry_run=arguments.dry_run
        )
    except Refusal as refusal:
        return _refuse(str(refusal))
    _tell(dataset, made)
    return made.exit_status


def _refuse(message: str) -> int:
    print(f"Rien n’a été déposé. {message}", file=sys.stderr)
    return UNUSABLE


def _tell(dataset: Any, made: Any) -> None:
    from parvis.web.templatetags.parts import euros, thousands

    print(f"{dataset.title}{' (essai : rien n’a été écrit)' if made.is_dry else ''}")
    print(
        f"  {thousands(made.row_count)} lignes lues = {thousands(made.accepted_count)} acceptées"
        f" + {thousands(made.quarantined_count)} en quarantaine"
    )
    for name, total in made.totals.items():
        print(
            f"  {name.removesuffix('_cents')} : {euros(total['file'])} = {euros(total['accepted'])} acceptés"
            f" + {euros(total['quarantined'])} en quarantaine"
        )
    for fault in made.faults[:12]:
        where = f", colonne « {fault.column} »" if fault.column else ""
        print(f"  ligne {fault.row}{where} [{fault.rule}] : {fault.message}")
    if made.snapshot:
        known = "" if made.is_new else " : ce fichier y était déjà"
        print(f"  photographie du {made.snapshot.as_of:%d/%m/%Y}, {made.snapshot.sha256[:12]}{known}")
