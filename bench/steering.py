"""The tree of objectives and the page of an indicator, over the house measured once: every indicator, 2,020 actions."""

from dataclasses import dataclass

from bench.house import AT, TODAY, House
from bench.measuring import Operation
from bench.pages import page
from parvis.domains.roadmaps.models import Action
from parvis.domains.steering.actions import measuring
from parvis.domains.steering.models import Objective
from parvis.kernel.lake import snapshots
from parvis.kernel.references.models import Link

FEW, MANY = "2024-2025", "2025-2026"
INDICATOR = "roadmaps.late-share"


@dataclass
class Filled:
    """Whether the house is tied and measured already: the other measures do not pay for it."""

    is_done: bool = False


FILLED = Filled()


def operations(house: House) -> list[Operation]:
    few = _filled(house, page("steering:objectives", query={"annee": FEW}, by=house.reader))
    many = _filled(house, page("steering:objectives", query={"annee": MANY}, by=house.reader))
    return [
        Operation("tree-60", "arbre des objectifs", "60 actions", few, 400, repeats=10),
        Operation("tree-2020", "arbre des objectifs", "2 020 actions, tous les indicateurs", many, 400, same_queries_as="tree-60"),
        Operation("indicators", "liste des indicateurs", "tous", _filled(house, page("steering:indicators", by=house.reader)), 400),
        Operation("indicator", "page d’un indicateur", "17 secteurs",
                  _filled(house, page("steering:indicator", INDICATOR, by=house.reader)), 400),
    ]  # fmt: skip


def _filled(house: House, ask):
    """The page, once the house is tied and measured."""

    def run() -> bytes:
        if not FILLED.is_done:
            _fill(house)
            FILLED.is_done = True
        return ask()

    return run


def _fill(house: House) -> None:
    """Sixty actions serve last year's objectives, all of them two of this year's; everything photographed and measured."""
    last_year = [Objective(**_told(row)) for row in Objective.objects.filter(year=MANY)]
    Objective.objects.bulk_create(last_year, ignore_conflicts=True)
    codes = list(Action.objects.order_by("code").values_list("code", flat=True))
    few = Action.objects.filter(placements__plan=house.small).values_list("code", flat=True)
    rows = [_link(code, FEW, "P1") for code in few]
    rows += [_link(code, MANY, ("P2", "D2", "E2")[n % 3]) for n, code in enumerate(codes)]
    rows += [_link(code, MANY, "Q3") for code in codes]
    Link.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    snapshots.take_all(by=None, at=AT, as_of=TODAY)
    measuring.measure_all(by=None, at=AT, as_of=TODAY)


def _told(row: Objective) -> dict:
    names = ("code", "axis", "axis_title", "short_title", "title", "order", "source", "owner", "sponsor")
    return {name: getattr(row, name) for name in names} | {"year": FEW}


def _link(code: str, year: str, objective: str) -> Link:
    return Link(
        from_kind="action",
        from_id=code,
        relation="serves",
        to_kind="objective",
        to_id=f"{year}/{objective}",
        created_at=AT,
    )
