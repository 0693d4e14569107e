"""Seal every finished day of the journal; the worker does it each night."""

import argparse

from parvis.cli import boot


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from django.utils import timezone

    from parvis.kernel.journal import seals

    now = timezone.now()
    count = seals.seal_yesterday(at=now, today=timezone.localdate(now))
    print(f"{count} jours scellés.")
    return 0
