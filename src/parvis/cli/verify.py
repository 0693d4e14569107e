"""Check the journal's chain and every file of the lake; name what is broken. Exit status 1 when something is."""

import argparse

from parvis.cli import boot


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.domains.steering.queries import cells
    from parvis.kernel.journal import seals
    from parvis.kernel.lake import verifying

    return max(_tell_journal(seals.verify()), _tell_lake(verifying.verify(cells.files())))


def _tell_journal(verdict) -> int:
    if verdict.holds:
        until = f", scellé jusqu’au {verdict.sealed_until:%d/%m/%Y}" if verdict.sealed_until else ""
        print(f"Le journal tient : {verdict.entries} lignes, {verdict.days} jours scellés{until}.")
        return 0
    print(f"Le journal est rompu le {verdict.broken_on:%d/%m/%Y} : {verdict.reason}.")
    return 1


def _tell_lake(verdict) -> int:
    for damage in verdict.damages:
        print(damage.sentence)
    for code in verdict.withdrawn:
        print(f"« {code} » n’est plus déclaré par la maison ; ses photographies citées restent lisibles.")
    if not verdict.holds:
        print("Restaurez ces fichiers depuis une sauvegarde : leur nom est leur empreinte.")
        return 1
    print(f"Le lac tient : {verdict.files} fichiers, chacun à son empreinte.")
    return 0
