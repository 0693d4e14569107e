"""List the indicators of the house: what each asks, on what it rests, and its last value."""

import argparse
import json

from parvis.cli import boot
from parvis.cli.measure import line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs: everything that is declared")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.domains.steering.queries import figures, parts

    found = figures.figures()
    if arguments.json:
        print(json.dumps([parts.told(f) for f in found.values()], ensure_ascii=False, indent=1))
        return 0
    for code, figure in sorted(found.items(), key=lambda pair: (pair[1].indicator.objective, pair[0])):
        print(f"{figure.indicator.objective:<4} {line(code, figure)}\n     {figure.indicator.question}")
    return 0
