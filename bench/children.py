"""Measures that want a process of their own, so that its peak memory is theirs alone: a module's `run() -> list[dict]`.

Each dict says operation, rows, seconds, queries, peak_mb and target (« 20 s, 500 Mo »). One pass each: they are long.
"""

import json
import re
import subprocess
import sys

from bench.measuring import Result

SCRIPT = """
import importlib, json, sys
from parvis.cli import boot
boot.configure()
print(json.dumps(importlib.import_module(sys.argv[1]).run(), default=str))
"""


def results(module: str) -> list[Result]:
    """What the module measured, in the same house."""
    run = subprocess.run([sys.executable, "-c", SCRIPT, module], stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return [_result(module, number, told) for number, told in enumerate(json.loads(run.stdout.splitlines()[-1]))]


def _result(module: str, number: int, told: dict) -> Result:
    milliseconds = float(told["seconds"]) * 1000
    bare = told.get("bare_seconds")
    return Result(
        f"{module.removeprefix('bench.')}-{number}", told["operation"], f"{told['rows']:,}".replace(",", " "),
        milliseconds, milliseconds, told.get("queries"), told.get("peak_mb"),
        milliseconds / 1000 / bare if bare else None, told.get("target", ""),
        "tenu" if _is_met(told) else "manqué", told.get("peer", "–"),
    )  # fmt: skip


def _is_met(told: dict) -> bool:
    """« 20 s, 500 Mo »: the seconds and the megabytes not to reach."""
    bounds = {
        unit: float(value.replace(",", "."))
        for value, unit in re.findall(r"([\d,]+)\s*(s|Mo)\b", told.get("target", ""))
    }
    return told["seconds"] < bounds.get("s", float("inf")) and (told.get("peak_mb") or 0) < bounds.get(
        "Mo", float("inf")
    )
