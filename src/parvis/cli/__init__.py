"""The command line: `parvis VERB`. One file per verb, parsing only; the work lies in the floors below."""

import argparse
import os
import sys
from importlib import import_module

VERBS = {
    "demo": "load the demonstration city and serve it",
    "run": "serve the house",
    "worker": "run the background worker (digests, reminders, nightly seal)",
    "import": "read a file under a contract",
    "check": "check a file under a contract and name every bad cell",
    "deposit": "deposit a file as the snapshot of a dataset",
    "contracts": "list the contracts of the house: those of imports and those of deposits",
    "snapshot": "photograph the datasets of the house into the lake",
    "measure": "evaluate every indicator over the lake",
    "indicators": "list the indicators of the house",
    "indicator": "tell one figure, its parts and where it comes from",
    "territories": "load and list zone sets",
    "verify": "check the journal's chain",
    "seal": "seal the journal's finished days",
    "backup": "write a back-up of the database and documents",
    "restore": "restore a back-up",
    "person": "add a person and give her a role",
    "manage": "Django's own commands",
}


def main(argv: list[str] | None = None) -> int:
    """Run one verb; its return value is the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["manage"]:
        return import_module("parvis.cli.manage").run(arguments[1:])
    parser = argparse.ArgumentParser(prog="parvis", description="Parvis, de l’objectif à la preuve.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, sentence in VERBS.items():
        module = import_module(f"parvis.cli.{name.replace('import', 'import_')}")
        verb = verbs.add_parser(name, help=sentence, description=module.__doc__)
        if hasattr(module, "add_arguments"):
            module.add_arguments(verb)
        verb.set_defaults(run=module.run)
    parsed = parser.parse_args(arguments)
    try:
        return parsed.run(parsed) or 0
    except BrokenPipeError:  # whoever was reading has left: `parvis contracts | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
