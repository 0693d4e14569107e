"""The files of an edition: csv, Parquet, GeoJSON, made once and kept under the fingerprint of what they hold.

Knows bytes and shapes. Refuses to choose rows: an edition's content was chosen when it was made. A file that is gone is
made again from the lake, the same to the octet. A place without a point is never drawn as one: a zone takes its
official outline when it is loaded, else no shape at all.
"""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from django.conf import settings

from parvis.domains.datahub.models import Edition
from parvis.kernel import Refusal
from parvis.kernel.contracts.exports import neutralise
from parvis.kernel.lake import snapshots
from parvis.kernel.territories import drawing, zones
from parvis.kernel.territories.models import Zone

FORMS = ("csv", "parquet", "geojson")
ZONED = ("sector", "arrondissement", "iris")
CENT = Decimal("0.01")
DETAIL = 5  # decimals of a degree: about a metre
MOST_DRAWN = 5_000  # zones drawn again on each row weigh: beyond that, a table is what serves


def columns_by_name(edition: Edition) -> dict[str, Mapping[str, str]]:
    return {column["name"]: column for column in edition.columns}


def place_column(edition: Edition) -> str:
    """The column that says in which zone a row lies; "" when none does."""
    zoned = [c["name"] for role in ZONED for c in edition.columns if c["place"] == role]
    return zoned[0] if zoned else ""


def point_columns(edition: Edition) -> tuple[str, str] | None:
    roles = {column["place"]: column["name"] for column in edition.columns if column["place"]}
    return (roles["longitude"], roles["latitude"]) if {"longitude", "latitude"} <= set(roles) else None


def is_geographic(edition: Edition) -> bool:
    return bool(point_columns(edition) or place_column(edition))


def forms_of(edition: Edition) -> tuple[str, ...]:
    return tuple(form for form in FORMS if form != "geojson" or is_geographic(edition))


def path_of(edition: Edition, form: str) -> Path:
    """The file of this edition in this form, made now if it is not there."""
    path = settings.HOME / "published" / _name(edition, form)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(edition, form, path)
    return path


def size_of(edition: Edition, form: str) -> int | None:
    """Its size when it was made already."""
    path = settings.HOME / "published" / _name(edition, form)
    return path.stat().st_size if path.exists() else None


def _name(edition: Edition, form: str) -> str:
    drawn = f"-{drawing.current().vintage}" if form == "geojson" and not point_columns(edition) else ""
    return f"{edition.content.sha256}{drawn}.{form}"


def _make(edition: Edition, form: str, path: Path) -> None:
    handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".partial")
    os.close(handle)
    try:
        MAKERS[form](edition, Path(aside))
        os.replace(aside, path)
    except OSError as fault:
        raise Refusal("Ce fichier n’a pas pu être préparé.", remedy="Réessayez dans un instant.") from fault
    finally:
        Path(aside).unlink(missing_ok=True)


def table(edition: Edition) -> pa.Table:
    """The rows of an edition, kept in memory while they are asked for."""
    return _table(edition.content.sha256)


@lru_cache(maxsize=6)
def _table(sha256: str) -> pa.Table:
    path = snapshots.path_of(sha256)
    if not path.exists():
        raise Refusal("Le fichier de cette édition manque.", remedy="Il doit être restauré depuis la sauvegarde.")
    return pq.read_table(path)


def _csv(edition: Edition, path: Path) -> None:
    kinds = columns_by_name(edition)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        held = table(edition)
        writer.writerow(held.column_names)
        for row in rows(held):
            writer.writerow([_cell(value, kinds[name]["type"]) for name, value in row.items()])


def rows(held: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in held.to_batches(max_chunksize=5_000):
        yield from batch.to_pylist()


def _cell(value: Any, kind: str) -> Any:
    said = plain_value(value, kind)
    if isinstance(said, bool):
        return "true" if said else "false"
    return f"{said:.2f}" if kind == "cents" and said is not None else neutralise(said)


def plain_value(value: Any, kind: str) -> Any:
    """A value as JSON and a reader take it: euros, ISO days, UTC instants."""
    if value is None:
        return None
    if kind == "cents":
        return value / 100
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


def _parquet(edition: Edition, path: Path) -> None:
    """Amounts in euros, exact to the cent."""
    kinds, held = columns_by_name(edition), table(edition)
    for place, name in enumerate(held.column_names):
        if kinds[name]["type"] == "cents":
            euros = pc.multiply(held[name].cast(pa.decimal128(21, 0)), pa.scalar(CENT, pa.decimal128(3, 2)))
            held = held.set_column(place, name, euros.cast(pa.decimal128(21, 2)))
    pq.write_table(held, path, compression="zstd")


def _geojson(edition: Edition, path: Path) -> None:
    shapes = shapes_of(edition)
    with path.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[')
        for place, row in enumerate(rows(table(edition))):
            out.write(",\n" if place else "\n")
            json.dump(as_feature(edition, row, shapes), out, ensure_ascii=False, separators=(",", ":"))
        out.write("\n]}\n")


MAKERS: dict[str, Callable[[Edition, Path], None]] = {"csv": _csv, "parquet": _parquet, "geojson": _geojson}


# Shapes


def as_feature(edition: Edition, row: Mapping[str, Any], shapes: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a GeoJSON feature."""
    kinds = columns_by_name(edition)
    said = {name: plain_value(value, kinds[name]["type"]) for name, value in row.items()}
    return {
        "type": "Feature", "id": said.get(edition.key), "geometry": _geometry(edition, row, shapes), "properties": said,
    }  # fmt: skip


def _geometry(edition: Edition, row: Mapping[str, Any], shapes: Mapping[str, Any]) -> Any:
    point = point_columns(edition)
    if point:
        longitude, latitude = row[point[0]], row[point[1]]
        return (
            None if longitude is None or latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
        )
    return shapes.get(row.get(place_column(edition)) or "")


def shapes_of(edition: Edition, only: Collection[str] | None = None) -> dict[str, Any]:
    """The official outlines of the zones (`only` those, if given) as GeoJSON; none for points, or when none is loaded."""
    if point_columns(edition) or table(edition).num_rows > MOST_DRAWN:
        return {}
    held = outlines(edition)
    return {code: _as_geojson(held[code]) for code in (held if only is None else held.keys() & set(only))}


def outlines(edition: Edition) -> dict[str, Any]:
    column = columns_by_name(edition).get(place_column(edition))
    if column is None:
        return {}
    if column["place"] == "sector":
        sheet = drawing.current()
        return {} if sheet.is_schematic else sheet.geometries
    kind = column["place"]
    held = zones.in_force([kind], edition.content.as_of).get(kind)
    found = Zone.objects.filter(zone_set=held).values_list("code", "geometry") if held else ()
    return {code: shapely.from_wkb(bytes(wkb)) for code, wkb in found}


def _as_geojson(shape: Any) -> dict[str, Any]:
    return json.loads(shapely.to_geojson(shapely.set_precision(shape, 10**-DETAIL)))
