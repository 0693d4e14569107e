"""Write a back-up of the database and of the documents in one file: parvis backup parvis-2026-11-24.tar"""

import argparse
import sys
from pathlib import Path

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write; never over an existing file")


def run(arguments: argparse.Namespace) -> int:
    boot.configure()
    from parvis.cli import archives
    from parvis.kernel import Refusal

    try:
        manifest = archives.write(arguments.file)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    megabytes = arguments.file.stat().st_size / 2**20
    print(f"Sauvegarde écrite : {arguments.file} ({megabytes:.1f} Mo, {len(manifest['files'])} fichiers).")
    return 0
