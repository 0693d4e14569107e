"""Load a layer of boundaries from a GeoJSON file or an https address, or list the layers that are loaded.

parvis territories load arrondissement arrondissements.geojson --vintage 2024
parvis territories list
"""

import argparse
import sys
from datetime import date

from parvis.cli import boot

USABLE, UNUSABLE = 0, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    load = acts.add_parser("load", help="load one layer at a vintage")
    load.add_argument("kind", help="arrondissement, quarter, neighbourhood_council, priority_neighbourhood, iris")
    load.add_argument("file", help="path or https address of a GeoJSON file")
    load.add_argument("--vintage", required=True, help="name of this drawing of the boundaries, for example 2024")
    load.add_argument("--valid-from", type=date.fromisoformat, help="first day they hold; else read in the vintage")
    load.add_argument("--source", default="", help="who publishes the file, shown on maps; else its name")
    acts.add_parser("list", help="the layers that are loaded")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    return {"load": _load, "list": _list}[arguments.act](arguments)


def _load(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from parvis.kernel import Refusal
    from parvis.kernel.territories import boundaries, zones

    kind = boundaries.kind_of(arguments.kind)
    source = arguments.source or arguments.file.rsplit("/", 1)[-1]
    try:
        loaded = zones.load(
            kind, boundaries.fetch(arguments.file), vintage=arguments.vintage, valid_from=arguments.valid_from,
            source=source[:300], by=None, at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        print(f"Rien n’a été chargé. {refusal}", file=sys.stderr)
        return UNUSABLE
    print(_sentence(loaded))
    return USABLE


def _sentence(loaded) -> str:
    label, vintage = loaded.zone_set.get_kind_display(), loaded.zone_set.vintage
    if not loaded.is_new:
        return f"Déjà chargé : {label}, millésime {vintage}, {loaded.count} zones. Rien n’a changé."
    return f"Chargé : {label}, millésime {vintage}, {loaded.count} zones, valables dès le {loaded.zone_set.valid_from:%d/%m/%Y}."


def _list(arguments: argparse.Namespace) -> int:
    from parvis.kernel.territories import zones

    rows = zones.loaded()
    if not rows:
        print("Aucune couche n’est chargée : la carte dessine un schéma. Voir « parvis territories load --help ».")
    for row, count in rows:
        until = f"au {row.valid_to:%d/%m/%Y}" if row.valid_to else "à aujourd’hui"
        print(
            f"{row.get_kind_display():<28} {row.vintage:<12} {count:>5} zones   "
            f"du {row.valid_from:%d/%m/%Y} {until}   {row.source}"
        )
    return USABLE
