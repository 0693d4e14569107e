"""The sources as a tree to walk: what every test of the house's shape reads."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "parvis"
DOMAINS = sorted(p for p in (SOURCE / "domains").iterdir() if p.is_dir() and p.name != "__pycache__")


def modules(folder: Path = SOURCE) -> list[Path]:
    """Every Python file that people write: migrations are written by Django."""
    return sorted(p for p in folder.rglob("*.py") if "migrations" not in p.parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """(name, number of lines) of every function of a file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def imports(path: Path) -> set[str]:
    """The names of the modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def relative(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def templates() -> list[Path]:
    return sorted(SOURCE.rglob("templates/**/*.html"))
