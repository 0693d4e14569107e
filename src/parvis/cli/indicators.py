"""List the indicators of the house with their last value."""

import argparse
import json

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.domains.steering.queries import figures

    told = [
        {"code": f.indicator.code, "title": f.indicator.title, "unit": f.indicator.unit, "value": f.value,
         "objective": f.indicator.objective}
        for f in figures.figures().values()
    ]  # fmt: skip
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for line in told:
            print(f"{line['code']:<44} {line['objective']}  {line['value']} {line['unit']}  {line['title']}")
    return 0
