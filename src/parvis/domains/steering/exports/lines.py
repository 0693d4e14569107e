"""A small line chart as SVG for paper: the last periods of a figure, its target, its last value. No Django."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH, HEIGHT, PAD = 132, 26, 3
INK, BLUE, BRICK = "#10233f", "#1d4fa0", "#a8381f"


def drawn(values: Sequence[float | None], target: float | None = None) -> str:
    """An SVG document; a missing value breaks the line, and nothing is drawn of what is not known."""
    svg = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", width=str(WIDTH), height=str(HEIGHT)
    )
    known = [v for v in [*values, target] if v is not None]
    if not known:
        return tostring(svg, encoding="unicode")
    low, spread = min(known), (max(known) - min(known)) or 1.0
    if target is not None:
        _level(svg, _y(target, low, spread))
    for run in _runs(values, low, spread):
        SubElement(svg, "polyline", {
            "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in run), "fill": "none", "stroke": BLUE, "stroke-width": "1.4",
        })  # fmt: skip
    _last(svg, values, low, spread)
    return tostring(svg, encoding="unicode")


def _runs(values: Sequence[float | None], low: float, spread: float) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((_x(place, len(values)), _y(value, low, spread)))
    return [run for run in runs if len(run) > 1]


def _last(svg: Element, values: Sequence[float | None], low: float, spread: float) -> None:
    place = max((n for n, v in enumerate(values) if v is not None), default=None)
    if place is not None:
        point = {"cx": f"{_x(place, len(values)):.1f}", "cy": f"{_y(values[place], low, spread):.1f}"}  # type: ignore[arg-type]
        SubElement(svg, "circle", point | {"r": "2.2", "fill": INK})


def _level(svg: Element, y: float) -> None:
    SubElement(svg, "line", {
        "x1": "0", "x2": str(WIDTH), "y1": f"{y:.1f}", "y2": f"{y:.1f}", "stroke": BRICK, "stroke-width": "0.8",
        "stroke-dasharray": "3 2",
    })  # fmt: skip


def _x(place: int, count: int) -> float:
    return PAD + (WIDTH - 2 * PAD) * (place / (count - 1) if count > 1 else 0.5)


def _y(value: float, low: float, spread: float) -> float:
    return HEIGHT - PAD - (HEIGHT - 2 * PAD) * (value - low) / spread
