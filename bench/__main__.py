"""Run the measures: `python -m bench`, or `python -m bench list-60 recompute` for those whose name begins so."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from bench import children, house, reporting
from bench.measuring import Result, measure

MODULES = (
    "bench.pages",
    "bench.nights",
    "bench.territories",
    "bench.imports",
    "bench.checks",
    "bench.steering",
    "bench.lake",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="débuts de noms d’opérations ; toutes sans rien")
    names = tuple(parser.parse_args().names)
    with house.opened() as opened:
        results = [_told(result) for result in _measured(opened, names)]
        on = reporting.machine(datetime.now().astimezone())
    print("\n" + reporting.screen(results, on))
    if not names:
        reporting.write(results, on)
    return int(any(result.verdict in ("manqué", "en panne") for result in results))


def _measured(opened: house.House, names: tuple[str, ...]) -> Iterator[Result]:
    """Of every module that exists: those with `operations(house)` here, those with `run()` in a process of their own."""
    queries_of: dict[str, int] = {}
    for module in (import_module(name) for name in MODULES if find_spec(name)):
        if hasattr(module, "operations"):
            chosen = (op for op in module.operations(opened) if not names or op.name.startswith(names))
            yield from (measure(operation, queries_of) for operation in chosen)
        elif not names or module.__name__.removeprefix("bench.").startswith(names):
            yield from children.results(module.__name__)


def _told(result: Result) -> Result:
    print("·", *reporting.cells(result)[:5], result.verdict, flush=True)
    return result


if __name__ == "__main__":
    raise SystemExit(main())
