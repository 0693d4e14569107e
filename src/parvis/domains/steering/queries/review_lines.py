"""The figures that a review looks at: each indicator in the review's scope, beside the whole, with its lineage.

Read from one evaluation. What has no figure in the scope is said, never left out. Refuses to know who reads them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from parvis.domains.steering import standing
from parvis.domains.steering.models import Evaluation, Measurement, Review
from parvis.domains.steering.queries import cells
from parvis.kernel import faces
from parvis.kernel.indicators.cells import period_of
from parvis.kernel.indicators.indicator import AGGREGATIONS, Indicator

SHOWN_PERIODS = 13  # a year, and the period to compare with
DIRECTORATE = "directorate"  # the dimension by which a directorate reads its own part


def lines(review: Review, evaluation: Evaluation) -> list[dict[str, Any]]:
    """One line per indicator of the house, in the order of the objectives, ready to be frozen as JSON."""
    measured = {m.indicator: m for m in evaluation.measurements.select_related("evaluation")}
    declared = sorted(faces.house().indicators.values(), key=lambda i: (i.objective, i.code))
    shown = [i for i in declared if _concerns(review, i)]
    return [_line(review, indicator, measured.get(indicator.code)) for indicator in shown]


def _concerns(review: Review, indicator: Indicator) -> bool:
    """A directorate reads the indicators that tell its part; a sector and the house read all."""
    return not review.directorate_id or DIRECTORATE in indicator.dimensions


def _line(review: Review, indicator: Indicator, measured: Measurement | None) -> dict[str, Any]:
    said = _definition(indicator)
    if measured is None or not measured.cells_sha256:
        note = measured.note if measured else "Cet indicateur n’a pas encore été mesuré."
        return said | {"value": None, "history": [], "places": [], "note": note, "tone": "none", "snapshots": {}}
    found = cells.cells_of(measured).to_pylist()
    last = _last_period(review, indicator, measured)
    own = _history(found, _scope(review), last)
    whole = _history(found, {}, last)
    return said | _figures(indicator, own, whole) | {
        "places": _places(found, own[-1]["period"] if own else last), "note": "" if own else _silence(review),
        "snapshots": measured.snapshots, "fingerprint": measured.fingerprint, "cells": measured.cells_sha256,
    }  # fmt: skip


def _definition(indicator: Indicator) -> dict[str, Any]:
    return {
        "code": indicator.code, "title": indicator.title, "question": indicator.question, "unit": indicator.unit,
        "better": indicator.better, "objective": indicator.objective, "owner": indicator.owner,
        "aggregation": AGGREGATIONS[indicator.aggregation], "rhythm": indicator.rhythm,
        "targets": [[str(t.on), t.value] for t in sorted(indicator.targets, key=lambda t: t.on)],
    }  # fmt: skip


def _last_period(review: Review, indicator: Indicator, measured: Measurement) -> date:
    """The period that the review looks at, or the last complete one before it."""
    own = period_of(review.period, indicator.rhythm)
    return min(own, measured.period) if measured.period else own


def _scope(review: Review) -> dict[str, str]:
    if review.sector:
        return {"place": review.sector.code}
    return {"dimension": DIRECTORATE, "member": review.directorate.code} if review.directorate else {}


def _history(found: Iterable[dict[str, Any]], scope: Mapping[str, str], last: date) -> list[dict[str, Any]]:
    wanted = {"place": "", "dimension": "", "member": "", **scope}
    rows = [r for r in found if r["period"] <= last and all(r[k] == v for k, v in wanted.items())]
    return sorted(rows, key=lambda r: (r["period"], r["vintage"]))[-SHOWN_PERIODS:]


def _figures(indicator: Indicator, own: list[dict], whole: list[dict]) -> dict[str, Any]:
    last = own[-1] if own else {}
    return {
        "period": str(last["period"]) if last else None, "value": last.get("value"),
        "numerator": last.get("numerator"), "denominator": last.get("denominator"), "counted": last.get("counted", 0),
        "left_out": last.get("left_out", 0), "previous": own[-2]["value"] if len(own) > 1 else None,
        "whole": whole[-1]["value"] if whole else None,
        "history": [[str(r["period"]), r["value"]] for r in own],
        "tone": standing.tone(indicator, last.get("value")), "words": standing.words(indicator, last.get("value")),
    }  # fmt: skip


def _places(found: Iterable[Mapping[str, Any]], period: date) -> list[list[Any]]:
    """[sector, value] of that period."""
    rows = [r for r in found if r["period"] == period and r["place"] and not r["dimension"]]
    return [[r["place"], r["value"]] for r in rows]


def _silence(review: Review) -> str:
    return f"Aucun fait pour {review.scope_words} jusqu’à cette période."
