"""Read a file under a contract: good rows accepted, bad rows quarantined, totals reconciled.

parvis import roadmaps.winning-projects projets.csv --dry-run --report rapport.json

Exit status: 0 every row accepted, 1 some quarantined, 2 nothing written (unusable file, unknown contract, cut short).
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parvis.cli import boot

UNUSABLE = 2
FIRST_RULES = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("contract", help="code of the contract; `parvis contracts` lists them")
    parser.add_argument("path", type=Path, help="csv, xlsx, xls or ods file")
    parser.add_argument("--dry-run", action="store_true", help="say what the import would do, write nothing")
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the whole report there")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from django.utils import timezone

    from parvis.kernel import Refusal, faces
    from parvis.kernel.contracts.importing import run_import

    contract = faces.house().contracts.get(arguments.contract)
    if contract is None:
        known = ", ".join(sorted(faces.house().contracts))
        return _refuse(f"Contrat inconnu : « {arguments.contract} ». Contrats de la maison : {known}.")
    try:
        with _writable(arguments.report):
            report = run_import(contract, arguments.path, by=None, at=timezone.now(), dry_run=arguments.dry_run)
    except Refusal as refusal:
        return _refuse(str(refusal))
    if arguments.report:
        _keep(report, arguments.report)
    tell(contract, report)
    return report.exit_status


@contextmanager
def _writable(path: Path | None) -> Iterator[None]:
    """A report that cannot be written stops the import before it starts; an import refused leaves no empty report."""
    from parvis.kernel import Refusal

    is_new = path is not None and not path.exists()
    try:
        if path:
            path.open("a", encoding="utf-8").close()
    except OSError as fault:
        raise Refusal(f"Le rapport ne peut pas être écrit dans {path} : {fault.strerror}.") from fault
    try:
        yield
    except Refusal:
        if path and is_new:
            path.unlink(missing_ok=True)
        raise


def _keep(report, path: Path) -> None:
    try:
        path.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as fault:
        print(f"Le rapport n’a pas pu être écrit dans {path} : {fault.strerror}. L’import, lui, est allé à son terme.",
              file=sys.stderr)  # fmt: skip


def _refuse(message: str) -> int:
    print(f"Rien n’a été importé. {message}", file=sys.stderr)
    return UNUSABLE


def tell(contract, report) -> None:
    from parvis.web.templatetags.parts import euros, thousands

    print(f"{contract.title}{' (essai : rien n’a été écrit)' if report.is_dry else ''}")
    print(f"  {thousands(report.rows)} lignes lues = {thousands(report.accepted)} acceptées "
          f"(dont {thousands(report.unchanged)} inchangées) + {thousands(report.quarantined)} en quarantaine")  # fmt: skip
    for name, total in report.totals.items():
        label = contract.label(name.removesuffix("_cents"))
        print(
            f"  {label} : {euros(total['file'])} = {euros(total['accepted'])} acceptés + {euros(total['quarantined'])} en quarantaine"
        )
    for group in report.by_rule()[:FIRST_RULES]:
        _tell_rule(report, group)
    left = len(report.by_rule()) - FIRST_RULES
    if left > 0:
        print(f"  … et {left} autres règles : voir --report.")


def _tell_rule(report, group: dict) -> None:
    from parvis.web.templatetags.parts import thousands

    word = {"error": "erreur", "warning": "avertissement"}[group["severity"]]
    count, first = group["count"], group["example"]
    print(f"  {thousands(count)} {word}{'s' if count > 1 else ''} [{group['rule']}]", end="")
    if first:
        where = f", colonne « {report.headings.get(first.column, first.column)} »" if first.column else ""
        print(f" · ligne {first.row}{where} : {first.message}", end="")
        print(f" Proposition : {first.proposal}" if first.proposal else "", end="")
    print()
