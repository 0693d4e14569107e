"""What the invented city promises: measures by policy and real places by arrondissement. Pure."""

import csv
import random
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Scale:
    """How large a city: actions per roadmap, those carried over from last year, measures per thematic plan."""

    actions: int
    carried: int
    thematic: int


@dataclass(frozen=True)
class Place:
    arrondissement: int
    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Measure:
    """A promise as a template: `title` holds {place}."""

    policy: str
    title: str
    lead: str
    partners: tuple[str, ...]
    deliverable: str
    indicator: str
    unit: str
    direction: str
    baseline: float
    target: float
    cost_k: int
    is_climate: bool
    is_gender: bool


@cache
def catalogue() -> tuple[Measure, ...]:
    return tuple(
        Measure(
            policy=r["policy"], title=r["title"], lead=r["lead"], partners=tuple(p for p in r["partners"].split(",") if p),
            deliverable=r["deliverable"], indicator=r["indicator"], unit=r["unit"], direction=r["direction"],
            baseline=float(r["baseline"]), target=float(r["target"]), cost_k=int(r["cost_k"]),
            is_climate=r["climate"] == "1", is_gender=r["gender"] == "1",
        )
        for r in rows("measures.csv", "|")
    )  # fmt: skip


@cache
def places(sector: str) -> tuple[Place, ...]:
    wanted = {1, 2, 3, 4} if sector == "centre" else {int(sector)}
    return tuple(
        Place(int(r["arrondissement"]), r["name"], float(r["longitude"]), float(r["latitude"]))
        for r in rows("places.csv", ",")
        if int(r["arrondissement"]) in wanted
    )


def draw(sector: str, count: int, chance: random.Random) -> list[tuple[Measure, Place]]:
    """`count` different promises of a sector, leaving it one or two policies short: there must be holes to find."""
    policies = sorted({m.policy for m in catalogue()})
    missing = set(chance.sample(policies, chance.choice((0, 1, 1, 2))))
    offered = [(m, p) for m in catalogue() if m.policy not in missing for p in places(sector)]
    chance.shuffle(offered)
    kept: dict[tuple, tuple[Measure, Place]] = {}
    for measure, place in offered:
        kept.setdefault((measure.title, len(kept) >= len(catalogue()) - 12 and place.name), (measure, place))
        if len(kept) == count:
            break
    return list(kept.values())


@cache
def rows(name: str, separator: str) -> list[dict[str, str]]:
    with (resources.files(__package__) / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=separator))
