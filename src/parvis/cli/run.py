"""Serve the house on an address, with its background worker unless told otherwise."""

import argparse

from parvis.cli import boot, serving


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--no-worker", action="store_true", help="the background worker runs elsewhere")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    boot.collect_assets()
    print(f"Parvis : http://{arguments.host}:{arguments.port}", flush=True)
    return serving.serve(arguments.host, arguments.port, arguments.workers, with_worker=not arguments.no_worker)
