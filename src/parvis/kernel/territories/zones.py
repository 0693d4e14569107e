"""Zone sets: a layer at a vintage, valid between two dates, and how its zones share the arrondissements.

Knows which boundaries held on a day. Refuses to overwrite: redrawn boundaries make a new set and close the old one.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy
import shapely
from django.db import transaction
from django.db.models import Count, Q

from parvis.kernel import Refusal
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference
from parvis.kernel.territories import boundaries
from parvis.kernel.territories.boundaries import Boundary
from parvis.kernel.territories.models import Kind, Zone, ZoneSet, ZoneShare

SLIVER = 0.005  # a share under half a percent is the tremor of two drawings, not a place


@dataclass(frozen=True)
class Loaded:
    """What a load did: the set, how many zones it holds, and whether anything was written."""

    zone_set: ZoneSet
    count: int
    is_new: bool


def load(
    kind: str, content: bytes, *, vintage: str, valid_from: date | None, source: str, by, at: datetime
) -> Loaded:  # fmt: skip
    """Load a file as one set, wholly or not at all; the same file again changes nothing.

    Loading arrondissements also makes the set of the 17 sectors. Raises Refusal (wrong file, vintage taken).
    """
    found = boundaries.parse(kind, content)
    sha256, starts = hashlib.sha256(content).hexdigest(), valid_from or first_day_of(vintage)
    present = ZoneSet.objects.filter(kind=kind, vintage=vintage).first()
    if present:
        return _same_again(present, sha256)
    with transaction.atomic():
        zone_set = _write(kind, found, vintage, starts, source, sha256, at)
        if kind == Kind.ARRONDISSEMENT:
            _write(Kind.SECTOR, boundaries.sectors_from(found), vintage, starts, source, sha256, at)
        _share_out(zone_set)
        entries.record(
            "territories.load", Reference("zone-set", f"{kind}:{vintage}"), by=by, at=at,
            codes={"zones": len(found), "sha256": sha256[:16], "valid_from": starts.isoformat()},
        )  # fmt: skip
    return Loaded(zone_set, len(found), is_new=True)


def first_day_of(vintage: str) -> date:
    """The day a vintage starts when none is said: 2024 is 1 January 2024, 2024-07 is 1 July."""
    if found := re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", vintage):
        year, month, day = found.groups(default="1")
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            pass
    raise Refusal(
        f"Le millésime « {vintage} » ne dit pas depuis quand ces limites valent.",
        remedy="Ajoutez --valid-from AAAA-MM-JJ.",
    )


def in_force(kinds: Iterable[str], on: date) -> dict[str, ZoneSet]:
    """The set of each kind that holds on a day; a kind without one is absent. One query."""
    rows = ZoneSet.objects.filter(kind__in=list(kinds), valid_from__lte=on)
    return {row.kind: row for row in rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))}


def loaded() -> list[tuple[ZoneSet, int]]:
    """Every set with its number of zones, by kind and date."""
    counts = dict(Zone.objects.values_list("zone_set").annotate(Count("pk")))
    return [(row, counts.get(row.pk, 0)) for row in ZoneSet.objects.order_by("kind", "valid_from")]


def _same_again(present: ZoneSet, sha256: str) -> Loaded:
    if present.sha256 != sha256:
        raise Refusal(
            f"Le millésime « {present.vintage} » de cette couche est déjà chargé, d’un autre fichier.",
            remedy="Des limites redessinées sont un nouveau millésime : donnez-lui un autre nom.",
        )
    return Loaded(present, present.zones.count(), is_new=False)


def _write(
    kind: str, found: list[Boundary], vintage: str, starts: date, source: str, sha256: str, at: datetime
) -> ZoneSet:  # fmt: skip
    if ZoneSet.objects.filter(kind=kind, valid_from=starts).exists():
        raise Refusal(
            f"Un autre millésime de cette couche vaut déjà depuis le {starts:%d/%m/%Y}.",
            remedy="Donnez la vraie date d’effet avec --valid-from AAAA-MM-JJ.",
        )
    zone_set = ZoneSet.objects.create(
        kind=kind, vintage=vintage, valid_from=starts, valid_to=_next_start(kind, starts),
        source=source, sha256=sha256, loaded_at=at,
    )  # fmt: skip
    earlier = ZoneSet.objects.filter(kind=kind, valid_from__lt=starts).order_by("-valid_from").first()
    if earlier:
        ZoneSet.objects.filter(pk=earlier.pk).update(valid_to=starts)
    Zone.objects.bulk_create([_zone(zone_set, boundary) for boundary in found], batch_size=500)
    return zone_set


def _next_start(kind: str, starts: date) -> date | None:
    later = ZoneSet.objects.filter(kind=kind, valid_from__gt=starts).order_by("valid_from")
    return later.values_list("valid_from", flat=True).first()


def _zone(zone_set: ZoneSet, boundary: Boundary) -> Zone:
    inside = boundary.geometry.representative_point()
    return Zone(
        zone_set=zone_set, code=boundary.code, name=boundary.name, geometry=boundary.geometry.wkb,
        longitude=inside.x, latitude=inside.y, area_m2=boundary.area_m2,
    )  # fmt: skip


def _share_out(zone_set: ZoneSet) -> None:
    """Write how the set's zones lie in the arrondissements, or, for arrondissements, how every other set does."""
    if zone_set.kind == Kind.ARRONDISSEMENT:
        others = ZoneSet.objects.exclude(kind__in=(Kind.ARRONDISSEMENT, Kind.SECTOR))
        pairs = [(other, zone_set) for other in others]
    else:
        bases = ZoneSet.objects.filter(kind=Kind.ARRONDISSEMENT)
        pairs = [(zone_set, base) for base in bases]
    for inner, outer in pairs:
        ZoneShare.objects.bulk_create(_shares(inner, outer), batch_size=1000)


def _shares(inner: ZoneSet, outer: ZoneSet) -> list[ZoneShare]:
    """The share of each inner zone's area that lies in each outer zone, slivers left out."""
    inner_zones, outer_zones = list(inner.zones.order_by("code")), list(outer.zones.order_by("code"))
    inner_shapes, outer_shapes = shapes_of(inner_zones), shapes_of(outer_zones)
    left, right = shapely.STRtree(outer_shapes).query(inner_shapes, predicate="intersects")
    overlap = shapely.area(shapely.intersection(inner_shapes[left], outer_shapes[right]))
    shares = overlap / shapely.area(inner_shapes[left])
    return [
        ZoneShare(zone=inner_zones[a], within=outer_zones[b], share=min(1.0, float(share)))
        for a, b, share in zip(left, right, shares, strict=True)
        if share >= SLIVER
    ]


def shapes_of(zones: Iterable[Zone]) -> numpy.ndarray:
    """The geometries of zones, as shapely reads them in bulk."""
    return numpy.asarray(shapely.from_wkb([bytes(zone.geometry) for zone in zones]))
