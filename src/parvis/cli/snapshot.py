"""Photograph every dataset that lives from records, as immutable Parquet, dated and fingerprinted."""

import argparse
import json
from datetime import date

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="a past day, where it can be replayed")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from django.utils import timezone

    from parvis.kernel.lake import snapshots

    taken = snapshots.take_all(by=None, at=timezone.now(), as_of=arguments.as_of)
    told = [{"dataset": s.dataset, "as_of": str(s.as_of), "rows": s.row_count, "sha256": s.sha256} for s in taken]
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for line in told:
            print(f"{line['dataset']:<36} {line['as_of']}  {line['rows']:>12} lignes  {str(line['sha256'])[:12]}")
    return 0
