"""Check the journal: recompute the chain of seals and name the first broken day. Exit status 1 when one is."""

import argparse

from parvis.cli import boot


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.kernel.journal import seals

    verdict = seals.verify()
    if verdict.holds:
        until = f", scellé jusqu’au {verdict.sealed_until:%d/%m/%Y}" if verdict.sealed_until else ""
        print(f"Le journal tient : {verdict.entries} lignes, {verdict.days} jours scellés{until}.")
        return 0
    print(f"Le journal est rompu le {verdict.broken_on:%d/%m/%Y} : {verdict.reason}.")
    return 1
