"""Run the background worker: digests, reminders, the nightly seal."""

import argparse

from parvis.cli import boot


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--concurrency", "2")
    return 0
