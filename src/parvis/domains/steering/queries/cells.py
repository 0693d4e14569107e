"""The cells of a measurement, as they may be shown: the file of the lake, up to the day that was measured."""

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parvis.domains.steering.models import Measurement
from parvis.kernel import Refusal, faces
from parvis.kernel.indicators import cells, suppression
from parvis.kernel.lake import snapshots

SCHEMA = cells.SCHEMA.append(pa.field("hidden", pa.bool_()))


def cells_of(measurement: Measurement) -> pa.Table:
    """Every period × place × dimension, sorted, under `cells.SCHEMA` with a last column `hidden`.

    Small cells are hidden already (null). Empty when nothing was measured. Raises Refusal when the file is lost.
    """
    found = all_cells(measurement)
    return found.filter(pc.less_equal(found["period"], pa.scalar(measurement.evaluation.as_of)))


def all_cells(measurement: Measurement) -> pa.Table:
    """The same with the periods to come, of which facts may speak already."""
    if not measurement.cells_sha256:
        return SCHEMA.empty_table()
    try:
        found = pq.read_table(snapshots.path_of(measurement.cells_sha256))
    except (OSError, pa.ArrowInvalid) as fault:
        raise Refusal(
            f"Le détail de « {measurement.indicator} » manque dans le lac ou est abîmé.",
            remedy="Lancez une nouvelle évaluation, ou restaurez le fichier depuis la sauvegarde.",
        ) from fault
    return _shown(measurement.indicator, found)


def files() -> dict[str, str]:
    """The files of the lake that measurements rest on, each with what it is in French: fingerprint -> words."""
    kept = Measurement.objects.exclude(cells_sha256="").order_by("pk")
    named = kept.values_list("cells_sha256", "indicator", "evaluation__as_of")
    return {sha256: f"La mesure de « {code} » au {day:%d/%m/%Y}" for sha256, code, day in named.iterator()}


def cell_of(
    measurement: Measurement, *, period: date | None = None, place: str = "", dimension: str = "", member: str = "",
    vintage: str | None = None,
) -> dict[str, Any] | None:  # fmt: skip
    """One cell (the latest complete period by default; the newest vintage of its place), or None."""
    wanted = {
        "period": period or measurement.period, "place": place, "dimension": dimension, "member": member,
        "vintage": vintage,
    }  # fmt: skip
    found = cells_of(measurement)
    for name, value in wanted.items():
        if value is not None:
            found = found.filter(pc.equal(found[name], pa.scalar(value, SCHEMA.field(name).type)))
    rows = found.to_pylist()
    return rows[-1] if rows else None


def newest_vintage(measurement: Measurement) -> str:
    """The vintage of zones that the totals count; "" when places have none."""
    return pc.max(all_cells(measurement)["vintage"]).as_py() or ""


def _shown(code: str, found: pa.Table) -> pa.Table:
    """A file written before its indicator was known to count people is hidden now."""
    indicator = faces.house().indicators.get(code)
    is_told = "hidden" in found.column_names
    if is_told and not (indicator and indicator.counts_people and not pc.any(found["hidden"]).as_py()):
        return found
    kept = found.select(cells.SCHEMA.names)
    if indicator is None:
        return kept.append_column("hidden", pa.array([False] * kept.num_rows, pa.bool_()))
    return suppression.suppressed(indicator, kept)
