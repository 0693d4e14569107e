"""How fast the house is, measured on shapes that the leading open tool was measured on: `python -m bench [names]`.

A bench module holds `operations(house) -> list[Operation]`, or `run() -> list[dict]` when it wants a process of its own
(`children`); `bench.__main__` lists the modules. A run without names measures everything and rewrites `results/latest.json` and the table of
README.md; a run with names only prints. What does not exist yet is « à venir », never faked. Exit status 1 when a target is
missed or an operation breaks.
"""
