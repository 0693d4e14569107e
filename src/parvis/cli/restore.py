"""Restore a back-up into an empty house; --force replaces what is there. The journal is checked afterwards."""

import argparse
import sys
from pathlib import Path

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="replace the records and documents of this house")


def run(arguments: argparse.Namespace) -> int:
    boot.configure()
    from parvis.cli import archives
    from parvis.kernel import Refusal, planner
    from parvis.kernel.journal import seals

    try:
        manifest = archives.read(arguments.file, force=arguments.force)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    boot.prepare()
    planner.refresh()
    verdict = seals.verify()
    print(f"Restauré : la maison telle qu’elle était le {manifest['written_at']}.")
    if verdict.holds:
        print(f"Le journal tient : {verdict.entries} lignes, {verdict.days} jours scellés.")
        return 0
    print(f"Le journal est rompu le {verdict.broken_on:%d/%m/%Y} : {verdict.reason}.", file=sys.stderr)
    return 1
