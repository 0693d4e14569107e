"""Evaluate every indicator over the lake, as known at the end of a day (today by default)."""

import argparse
from datetime import date

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DATE", help="what was known at the end of that day"
    )


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from django.utils import timezone

    from parvis.domains.steering.actions import measuring

    done = measuring.measure_all(by=None, at=timezone.now(), as_of=arguments.as_of)
    for found in done.measurements.all():
        print(
            f"{found.indicator:<44} {found.get_outcome_display():<12} {found.value if found.value is not None else ''}"
        )
    return 0
