"""The rows of an edition by box, day, equal value and page, each as a GeoJSON feature."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from parvis.domains.datahub import open_files
from parvis.domains.datahub.features import Asked, BadQuery
from parvis.domains.datahub.models import Edition
from parvis.domains.datahub.queries.open_datasets import Open

EQUAL = ("string", "integer", "boolean", "date")
WIDEST = 2**63


@dataclass(frozen=True)
class Found:
    """One page of features, and how many match in all."""

    features: list[dict[str, Any]]
    matched: int


def properties(held: Open) -> tuple[str, ...]:
    """The columns that an address may ask to equal a value."""
    return tuple(column["name"] for column in held.edition.columns if column["type"] in EQUAL)


def found(edition: Edition, asked: Asked) -> Found:
    """The features asked for. Raises BadQuery for a value that is not of its column's type."""
    held = open_files.table(edition)
    for mask in _masks(edition, held, asked):
        held = held.filter(mask(held))
    page = held.slice(asked.offset, asked.limit).to_pylist()
    return Found(_features(edition, page), held.num_rows)


def _features(edition: Edition, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the outlines of their own zones: drawing all of a city for one row would cost every visitor."""
    shapes = open_files.shapes_of(edition, {row.get(open_files.place_column(edition)) or "" for row in rows})
    return [open_files.as_feature(edition, row, shapes) for row in rows]


def by_key(edition: Edition, key: str) -> dict[str, Any] | None:
    held = open_files.table(edition)
    if edition.key not in held.column_names:
        return None
    rows = held.filter(pc.equal(held[edition.key].cast(pa.string()), key)).slice(0, 1).to_pylist()
    return _features(edition, rows)[0] if rows else None


def box(edition: Edition) -> tuple[float, float, float, float] | None:
    """West, south, east, north of what the rows show; None when nothing is placed."""
    point = open_files.point_columns(edition)
    if not point:
        shapes = list(open_files.outlines(edition).values())
        return tuple(map(float, shapely.total_bounds(shapes))) if shapes else None  # type: ignore[return-value]
    x, y = (pc.min_max(open_files.table(edition)[name]).as_py() for name in point)
    return None if x["min"] is None or y["min"] is None else (x["min"], y["min"], x["max"], y["max"])


def _masks(edition: Edition, held: pa.Table, asked: Asked) -> list[Any]:
    kinds = open_files.columns_by_name(edition)
    masks = [_equal(name, typed(kinds[name]["type"], name, value)) for name, value in asked.equals.items()]
    if asked.bbox:
        masks.append(_inside(edition, asked.bbox))
    if (asked.since or asked.until) and edition.business_date:
        masks.append(_between(held, edition.business_date, asked.since, asked.until))
    return masks


def _equal(name: str, value: Any) -> Any:
    return lambda held: pc.equal(held[name], pa.scalar(value, held.schema.field(name).type))


def typed(kind: str, name: str, text: str) -> Any:
    """What an address asks a column to equal, in the column's type. Raises BadQuery."""
    try:
        if kind == "integer":
            return _whole(text)
        if kind == "date":
            return date.fromisoformat(text)
        if kind == "boolean":
            return {"true": True, "false": False}[text]
    except (ValueError, KeyError) as fault:
        raise BadQuery(f"« {name} » : « {text[:40]} » n’est pas de ce type.") from fault
    return text


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) >= WIDEST:
        raise ValueError("more than a column of integers can hold")
    return number


def _inside(edition: Edition, box: tuple[float, float, float, float]) -> Any:
    """Points in the box, or zones whose outline meets it; what has no shape is in no box."""
    point = open_files.point_columns(edition)
    if point:
        return lambda held: _in_box(held[point[0]], held[point[1]], box)
    frame = _frame(box)
    codes = [code for code, shape in open_files.outlines(edition).items() if shape.intersects(frame)]
    column = open_files.place_column(edition)
    return lambda held: pc.is_in(held[column], pa.array(codes, pa.string()))


def _in_box(x: Any, y: Any, box: tuple[float, float, float, float]) -> Any:
    west, south, east, north = box
    join = pc.and_kleene if west <= east else pc.or_kleene  # past the antimeridian, the box is two
    across = join(pc.greater_equal(x, west), pc.less_equal(x, east))
    return pc.and_kleene(across, pc.and_kleene(pc.greater_equal(y, south), pc.less_equal(y, north)))


def _frame(box: tuple[float, float, float, float]) -> Any:
    west, south, east, north = box
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north))


def _between(held: pa.Table, name: str, since: date | None, until: date | None) -> Any:
    """Both days included; for an instant, until the end of the last day."""
    is_instant = pa.types.is_timestamp(held.schema.field(name).type)
    low: Any = since
    high: Any = until + timedelta(days=1) if until and until < date.max else None  # no day follows the last one
    if is_instant:
        low, high = (datetime(d.year, d.month, d.day, tzinfo=UTC) if d else None for d in (low, high))

    def mask(rows: pa.Table) -> Any:
        kept = pa.array([True] * rows.num_rows) if not low else pc.greater_equal(rows[name], low)
        return pc.and_kleene(kept, pc.less(rows[name], high)) if high else kept

    return mask
