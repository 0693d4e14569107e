"""demo"""

import argparse


def run(arguments: argparse.Namespace) -> int:
    raise SystemExit("à construire")
