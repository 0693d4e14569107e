"""A figure cut into its parts, and told whole: the same for the page, the command line and programs."""

from typing import Any

import pyarrow.compute as pc

from parvis.domains.steering.queries.cells import cells_of
from parvis.domains.steering.queries.figures import Figure
from parvis.kernel import Refusal, faces
from parvis.kernel.indicators.indicator import AGGREGATIONS, Indicator


def cuts(indicator: Indicator) -> list[str]:
    """What an indicator can be cut by: its place, then its dimensions."""
    return [indicator.place_kind, *indicator.dimensions]


def parts(figure: Figure, by: str) -> list[dict[str, Any]]:
    """The cells of the latest complete period, by place or by a dimension; small ones hidden.

    Raises Refusal when the indicator is not cut so.
    """
    dimension = _dimension(figure.indicator, by)
    if figure.measurement is None:
        return []
    found = cells_of(figure.measurement)
    found = found.filter(pc.equal(found["period"], figure.measurement.period)) if figure.measurement.period else found
    rows = [row for row in found.to_pylist() if row["dimension"] == dimension and bool(row["place"]) != bool(dimension)]
    return [_part(row, "member" if dimension else "place") for row in rows]


def _dimension(indicator: Indicator, by: str) -> str:
    """The dimension's name; "" for the place. An officer's own cut is also known by its column."""
    if by == indicator.place_kind:
        return ""
    found = next((name for name in indicator.dimensions if by in (name, name.removeprefix("cut_"))), None)
    if found is None:
        raise Refusal(
            f"« {indicator.code} » ne se découpe pas par « {by} ».", remedy=f"Essayez : {', '.join(cuts(indicator))}."
        )
    return found


def _part(row: dict[str, Any], name: str) -> dict[str, Any]:
    kept = ("value", "numerator", "denominator", "counted", "left_out", "hidden")
    vintage = {"vintage": row["vintage"]} if row["vintage"] else {}
    return {"member": row[name], **vintage, **{key: row[key] for key in kept}}


def told(figure: Figure) -> dict[str, Any]:
    """Everything that is known of an indicator, for programs: its declaration, its figure, where it comes from."""
    return _declared(figure.indicator) | _measured(figure)


def _declared(i: Indicator) -> dict[str, Any]:
    return {
        "code": i.code, "title": i.title, "question": i.question, "unit": i.unit, "better": i.better,
        "objective": i.objective, "owner": i.owner, "aggregation": i.aggregation,
        "aggregation_label": AGGREGATIONS[i.aggregation], "rhythm": i.rhythm, "delay_days": i.delay_days,
        "cuts": cuts(i), "datasets": list(i.datasets), "baseline": i.baseline,
        "targets": [{"on": str(t.on), "value": t.value} for t in i.targets],
        "thresholds": {"watch": i.thresholds.watch, "alert": i.thresholds.alert}, "counts_people": i.counts_people,
    }  # fmt: skip


def _measured(figure: Figure) -> dict[str, Any]:
    held = figure.measurement
    if held is None:
        return {"outcome": None, "note": "Jamais mesuré.", "value": None, "period": None}
    return {
        "outcome": held.outcome, "note": held.note, "value": held.value, "numerator": held.numerator,
        "denominator": held.denominator, "counted": held.counted, "left_out": held.left_out,
        "period": str(held.period) if held.period else None, "fresh_to": str(held.business_on or "") or None,
        "evaluation": held.evaluation_id, "fingerprint": held.fingerprint, "cells": held.cells_sha256,
        "snapshots": [{"dataset": c, "snapshot": pk, "sha256": sha} for c, (pk, sha) in sorted(held.snapshots.items())],
    }  # fmt: skip


def titles(indicator: Indicator) -> list[str]:
    """The datasets of an indicator in the words of the catalogue."""
    known = faces.house().datasets
    return [known[code].title if code in known else code for code in indicator.datasets]
