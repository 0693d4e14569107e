"""Evaluate every indicator over the lake, as known at the end of a day (today by default)."""

import argparse
import json
import sys
from datetime import date

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DATE", help="what was known at the end of that day"
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from django.utils import timezone

    from parvis.domains.steering.actions import alerting, measuring
    from parvis.domains.steering.queries import figures, parts
    from parvis.kernel import Refusal

    try:
        done = measuring.measure_all(by=None, at=timezone.now(), as_of=arguments.as_of)
        if arguments.as_of is None:  # a past day raises nothing today
            alerting.raise_alerts(at=timezone.now())
    except Refusal as refused:
        print(refused, file=sys.stderr)
        return 1
    found = figures.figures_of(done)
    if arguments.json:
        told = {"evaluation": done.pk, "as_of": str(done.as_of), "indicators": [parts.told(f) for f in found.values()]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for code, figure in found.items():
        print(line(code, figure))
    return 0


def line(code: str, figure) -> str:
    """« roadmaps.operationality   7 sur 8   2025   », or why there is none; columns stay aligned."""
    from parvis.domains.steering import wording

    held = figure.measurement
    if held is None or held.period is None:
        return f"{code:<44} {'—':>18}  {'':<20}  {held.note if held else 'jamais mesuré'}"
    value = wording.figure(held.value, figure.indicator.unit)
    return f"{code:<44} {value:>18}  {wording.period(held.period, figure.indicator.rhythm):<20}  {held.note}".rstrip()
