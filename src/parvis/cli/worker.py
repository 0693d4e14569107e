"""Run the background worker: digests, reminders, the nightly seal. Stop it with SIGTERM: it finishes what it holds."""

import argparse

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=2, help="tasks done at once")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
        worker_app.run_worker(concurrency=arguments.concurrency, shutdown_graceful_timeout=30, listen_notify=True)
    return 0
