"""The deployment of a thematic plan: measures × sectors, totals both ways, and the white zones by name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from parvis.domains.roadmaps.models import Action, Deployment, Placement, Plan
from parvis.domains.roadmaps.sentences import counted, in_sector, listed, shortened
from parvis.kernel import access
from parvis.kernel.territories.models import Sector

TONES = {"deployed": "good", "under_way": "watch", "planned": "none", "suspended": "bad", "not_planned": "blank"}
SHORT = {
    "deployed": "déployé",
    "under_way": "en cours",
    "planned": "prévu",
    "suspended": "suspendu",
    "not_planned": "non prévu",
}


@dataclass
class Total:
    """What stands in a row or a column: how many deployed, and the means transferred."""

    deployed: int = 0
    cells: int = 0
    means_cents: int = 0
    fte: Decimal = Decimal(0)

    def add(self, cell: "Deployment | None") -> None:
        self.cells += 1
        if cell is None:
            return
        self.deployed += cell.state == "deployed"
        self.means_cents += cell.means_cents
        self.fte += cell.fte


@dataclass
class Measure:
    """A measure of the plan with its cells in the order of the sectors; None where nothing was ever opened."""

    placement: Placement
    cells: list[tuple[Sector, Deployment | None]]
    total: Total = field(default_factory=Total)

    @property
    def white(self) -> list[Sector]:
        """The sectors where it is neither deployed, under way nor planned."""
        return [sector for sector, cell in self.cells if cell is None or cell.state == "not_planned"]

    @property
    def white_words(self) -> str:
        if not self.white:
            return ""
        if len(self.white) == len(self.cells):
            return "prévue dans aucun secteur"
        return f"non prévue {shortened([in_sector(s.short_name) for s in self.white], 5)}"


@dataclass
class Grid:
    sectors: Sequence[Sector]
    measures: list[Measure]
    by_sector: list[tuple[Sector, Total]]
    total: Total

    @property
    def cells_by_sector(self) -> list[tuple[Sector, list[tuple[Measure, Deployment | None]], Total]]:
        return [
            (sector, [(m, m.cells[n][1]) for m in self.measures], self.by_sector[n][1])
            for n, sector in enumerate(self.sectors)
        ]

    @property
    def lessons(self) -> list[tuple[Measure, Sector, Deployment]]:
        """The cells where something was learnt or a sequel is proposed."""
        return [(m, s, c) for m in self.measures for s, c in m.cells if c and (c.lesson.strip() or c.sequel.strip())]


def grid(plan: Plan, person) -> Grid:
    """The whole matrix, in three queries whatever its size: the measures that the person sees; a cell that she may not see stays empty."""
    sectors = list(Sector.objects.order_by("order"))
    placements = list(_seen(plan, person).select_related("action__lead").order_by("order", "action__code"))
    rows = access.visible(person, "roadmaps.view_deployment", Deployment.objects.filter(placement__plan=plan))
    found = {(row.placement_id, row.sector_id): row for row in rows}
    measures = [Measure(p, [(s, found.get((p.pk, s.pk))) for s in sectors]) for p in placements]
    return _totalled(sectors, measures)


def _seen(plan: Plan, person) -> QuerySet[Placement]:
    return plan.placements.filter(action__in=access.visible(person, "roadmaps.view_action", Action.objects.all()))


def _totalled(sectors: Sequence[Sector], measures: list[Measure]) -> Grid:
    made = Grid(sectors, measures, [(sector, Total()) for sector in sectors], Total())
    for measure in measures:
        for n, (_, cell) in enumerate(measure.cells):
            for total in (measure.total, made.by_sector[n][1], made.total):
                total.add(cell)
    return made


def sentence(found: Grid) -> str:
    """The one sentence that answers « Où le plan est-il déployé ? »."""
    if not found.measures:
        return "Ce plan ne contient encore aucune mesure."
    opening = f"{counted(len(found.measures), 'mesure')}, {found.total.deployed} déploiements sur {found.total.cells} possibles."
    white = [m for m in found.measures if len(m.white) == len(m.cells)]
    missing = [s.short_name for s, total in found.by_sector if not total.deployed]
    if white:
        return f"{opening} « {white[0].placement.action.title} » n’est prévue dans aucun secteur."
    if missing:
        return f"{opening} Rien n’est encore déployé {listed([in_sector(name) for name in missing[:5]])}."
    return f"{opening} Chaque secteur en a au moins un."


def whites(found: Grid) -> list[Measure]:
    """The measures with white zones, the widest first."""
    return sorted((m for m in found.measures if m.white), key=lambda m: -len(m.white))


def cell_of(
    plan: Plan, action_code: str, sector_code: str, person
) -> tuple[Placement, Sector, Deployment | None] | None:
    """A cell by the codes of its measure and sector; nothing when there is no such cell in this plan."""
    placement = _seen(plan, person).filter(action__code=action_code).select_related("action", "plan").first()
    sector = Sector.objects.filter(code=sector_code).first()
    if placement is None or sector is None:
        return None
    rows = Deployment.objects.filter(placement=placement, sector=sector)
    return placement, sector, access.visible(person, "roadmaps.view_deployment", rows).first()
