"""Tell one figure: its value, period, numerator and denominator, its snapshots and its definition."""

import argparse
import json
from datetime import date

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", help="`parvis indicators` lists them")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="as measured by the end of that day")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.domains.steering.queries import figures

    figure = figures.figures(arguments.as_of).get(arguments.code)
    if figure is None or figure.measurement is None:
        print(f"Indicateur inconnu ou jamais mesuré : « {arguments.code} ».")
        return 2
    held = figure.measurement
    print(json.dumps({
        "code": arguments.code, "period": str(held.period), "value": held.value, "numerator": held.numerator,
        "denominator": held.denominator, "unit": figure.indicator.unit, "snapshots": held.snapshots,
        "fingerprint": held.fingerprint, "places": held.places,
    }, ensure_ascii=False, indent=1))  # fmt: skip
    return 0
