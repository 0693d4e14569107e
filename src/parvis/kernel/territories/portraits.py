"""A sector in a few figures of its ground: inhabitants, area, and the zones that lie in it on a day.

Knows loaded boundaries and the census. Refuses to count what was never loaded: a figure that is unknown is absent.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from parvis.kernel.territories import zones
from parvis.kernel.territories.models import Kind, Sector, Zone, ZoneSet, ZoneShare

# The share of a zone that must lie in the sector for it to count there. A priority neighbourhood that spans two
# sectors counts in both; a council or a quarter belongs where most of it lies.
COUNTS_FROM = {Kind.PRIORITY_NEIGHBOURHOOD: 0.02, Kind.NEIGHBOURHOOD_COUNCIL: 0.5, Kind.QUARTER: 0.5}


@dataclass(frozen=True)
class Portrait:
    """What is known of a sector's ground. `counts` says how many zones of each loaded kind lie in it, with the vintage."""

    population: int | None
    area_km2: float | None
    counts: dict[str, tuple[int, str]]


def portrait(sector: Sector, on: date) -> Portrait:
    """At most four queries, whatever the sector."""
    inside = list(sector.arrondissements.all())
    sets = zones.in_force((Kind.SECTOR, Kind.ARRONDISSEMENT, *COUNTS_FROM), on)
    drawn = Zone.objects.filter(zone_set=sets.get(Kind.SECTOR), code=sector.code) if Kind.SECTOR in sets else []
    area = next((zone.area_m2 / 1e6 for zone in drawn), None)
    population = sum(each.population or 0 for each in inside) or None
    return Portrait(population, area, _counts(sets, [each.code for each in inside]))


def _counts(sets: dict[str, ZoneSet], codes: list[str]) -> dict[str, tuple[int, str]]:
    if Kind.ARRONDISSEMENT not in sets:
        return {}
    shares = ZoneShare.objects.filter(
        within__zone_set=sets[Kind.ARRONDISSEMENT], within__code__in=codes, zone__zone_set__in=sets.values()
    )
    found: dict[str, int] = {}
    for kind, least in COUNTS_FROM.items():
        if kind in sets:
            rows = shares.filter(zone__zone_set=sets[kind], share__gte=least)
            found[kind] = rows.aggregate(n=Count("zone", distinct=True))["n"]
    return {kind: (number, sets[kind].vintage) for kind, number in found.items()}
