"""Server-side SVG charts, each with its numbers: the same picture on screen, on paper and in a PDF.

    {% sector_map values unit="%" title="Actions opérationnelles" highlight="19" link="web:sector" %}
    {% sparkline points target=85 unit="%" label="Douze derniers mois" %}
    {% multiples series target=85 unit="%" periods=months highlight="19" %}
    {% stacked_bar parts unit="actions" legend=True %}

`values` maps a sector's code to a number or None; `series` a sector's code to its numbers; `parts` are
(tone, number, words) with tone among good, watch, bad, none and m1 … m5. No inline style: classes and attributes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.urls import reverse

from parvis.kernel.territories import drawing, reference
from parvis.web.scales import Number, Scale, Values, figure, frame_for, last_of, scale_of

register = template.Library()
SHORT_UNIT = 2  # a longer unit is said in the legend and the table, not inside each sector
MARKED = {"good", "watch", "bad", "none"}


@register.inclusion_tag("web/charts/sector_map.html")
def sector_map(
    values: Mapping[str, Number | None] | None = None, unit: str = "", title: str = "Les 17 secteurs",
    highlight: str = "", link: str = "web:sector", legend: bool = True, table: bool = True,
    from_zero: bool = False, ask: str = "",
) -> dict:  # fmt: skip
    """A choropleth of the 17 sectors; without values, the bare map. `link` is an address name taking the code.

    `ask` is the beginning of a query (`?lieu=`) that the code ends: a sector then opens in the same page.
    `from_zero` starts the scale at zero: right for counts, wrong for rates that live between 60 and 70 %.
    """
    numbers, sheet = dict(values or {}), drawing.current()
    scale = scale_of((numbers.get(shape.code) for shape in sheet.shapes), from_zero=from_zero)
    shapes = [_shape(shape, scale, numbers.get(shape.code), unit, link, highlight) for shape in sheet.shapes]
    for shape in shapes if ask else ():
        shape["url"] = f"{ask}{shape['code']}"
    steps = [{"rank": step.rank, "words": step.words()} for step in scale.steps()] if scale and legend else []
    return {
        "title": title, "unit": unit, "shapes": shapes, "steps": steps, "width": drawing.WIDTH,
        "height": f"{sheet.height:.0f}", "view": f"-3 -3 {drawing.WIDTH + 6} {sheet.height + 6:.0f}",
        "origin": sheet.origin, "is_schematic": sheet.is_schematic, "has_table": table and bool(scale),
        "has_gap": bool(steps) and any(s["rank"] == 0 for s in shapes),
        "here": next((s for s in shapes if s["is_here"]), None),
    }  # fmt: skip


@register.inclusion_tag("web/charts/sparkline.html")
def sparkline(
    points: Values, target: Number | None = None, unit: str = "", label: str = "Évolution", tone: str = "",
    width: int = 120, height: int = 32,
) -> dict:  # fmt: skip
    """A small line; its label says every value, so that nothing is in the picture alone."""
    said = ", ".join(_measured(point, unit) for point in points) or "aucune mesure"
    aim = f" ; cible {figure(target, unit)}" if target is not None else ""
    return _line(points, frame_for([points], width, height, target), target) | {
        "label": f"{label} : {said}{aim}", "tone": tone, "width": width, "height": height,
    }  # fmt: skip


@register.inclusion_tag("web/charts/multiples.html")
def multiples(
    series: Mapping[str, Values], target: Number | None = None, unit: str = "", periods: Sequence[Any] = (),
    highlight: str = "", title: str = "Les 17 secteurs", link: str = "web:sector", width: int = 150, height: int = 44,
) -> dict:  # fmt: skip
    """Small multiples of the 17 sectors on one scale, the target dotted; the table of the same numbers below."""
    frame = frame_for(series.values(), width, height, target)
    cells = [
        _line(points, frame, target)
        | {
            "code": row["code"], "short_name": row["short_name"], "name": row["name"],
            "value": figure(last_of(points), unit), "figures": [figure(p, unit) for p in points],
            "is_here": row["code"] == highlight, "url": reverse(link, args=[row["code"]]) if link else "",
        }
        for row in reference.table("sectors.csv")
        for points in [series.get(row["code"], ())]
    ]  # fmt: skip
    return {
        "title": title, "cells": cells, "width": width, "height": height, "unit": unit,
        "target": "" if target is None else figure(target, unit),
        "periods": list(periods) or list(range(1, 1 + max((len(s) for s in series.values()), default=0))),
    }  # fmt: skip


@register.inclusion_tag("web/charts/stacked_bar.html")
def stacked_bar(
    parts: Sequence[tuple[str, Number, str]], unit: str = "", label: str = "", legend: bool = False,
    width: int = 160, height: int = 8,
) -> dict:  # fmt: skip
    """Parts of a whole on one bar, in the order given; `legend=True` writes each part out under it."""
    total = sum(number for _, number, _ in parts)
    drawn, x = [], 0.0
    for tone, number, words in parts:
        length = width * number / total if total else 0.0
        drawn.append(
            {"tone": tone, "is_marked": tone in MARKED, "words": words, "number": figure(number),
             "x": f"{x:.2f}", "width": f"{length:.2f}", "is_there": number > 0}
        )  # fmt: skip
        x += length
    said = ", ".join(f"{part['number']} {part['words']}" for part in drawn if part["is_there"])
    opening = f"{label} : " if label else ""
    return {
        "parts": drawn, "has_legend": legend, "width": width, "height": height,
        "label": f"{opening}{figure(total, unit)}" + (f", dont {said}" if said else ""),
    }  # fmt: skip


def _shape(
    shape: drawing.SectorShape, scale: Scale | None, value: Number | None, unit: str, link: str, highlight: str
) -> dict:  # fmt: skip
    """One sector as the template draws it; on a bare map it has a name and no value."""
    shown_unit = unit if len(unit) <= SHORT_UNIT else ""
    return {
        "code": shape.code, "short_name": shape.short_name, "name": shape.name, "path": shape.path,
        "x": f"{shape.x:.1f}", "name_y": f"{shape.y - (3 if scale else -4):.1f}", "value_y": f"{shape.y + 13:.1f}",
        "rank": scale.rank_of(value) if scale else "bare", "value": figure(value, shown_unit) if scale else "",
        "full": _measured(value, unit) if scale else "", "url": reverse(link, args=[shape.code]) if link else "",
        "is_here": shape.code == highlight,
    }  # fmt: skip


def _line(points: Values, frame, target: Number | None) -> dict:
    """What the templates need to draw one line: its runs, its last point, the height of the target."""
    return {
        "lines": frame.lines(points), "last": frame.last(points),
        "target_y": "" if target is None else f"{frame.y(target):.1f}",
    }  # fmt: skip


def _measured(value: Number | None, unit: str) -> str:
    return "pas de mesure" if value is None else figure(value, unit)
