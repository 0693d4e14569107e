"""The sectors as one SVG picture for paper: the shapes of the screen's map, the sector that is read standing out."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from parvis.kernel.territories import drawing

LIGHT, DARK, LINE, INK = "#e3ebf6", "#1d4384", "#ffffff", "#10233f"
STEPS = (LIGHT, "#b9cdea", "#82a5d6", "#4a78bb", DARK)  # the five steps of the screen's maps
MISSING = "#f2f0ea"


def sectors(highlighted: str) -> str:
    """An SVG document, built as a tree; `highlighted` is a sector's code or empty."""
    return _drawn(lambda code: DARK if code == highlighted else LIGHT, highlighted)


def shaded(values: Mapping[str, float | None], highlighted: str = "") -> str:
    """The sectors in five steps from the lowest to the highest value; one without a value is left pale."""
    known = [value for value in values.values() if value is not None]
    low, spread = min(known, default=0.0), (max(known, default=0.0) - min(known, default=0.0)) or 1.0
    return _drawn(lambda code: _shade(values.get(code), low, spread), highlighted, is_shaded=True)


def _shade(value: float | None, low: float, spread: float) -> str:
    return MISSING if value is None else STEPS[min(len(STEPS) - 1, int((value - low) / spread * len(STEPS)))]


def _drawn(fill_of: Callable[[str], str], highlighted: str, *, is_shaded: bool = False) -> str:
    sheet = drawing.current()
    svg = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"-4 -4 {drawing.WIDTH + 8} {sheet.height + 8:.0f}",
        width=str(drawing.WIDTH + 8), height=f"{sheet.height + 8:.0f}",
    )  # fmt: skip
    for shape in sorted(sheet.shapes, key=lambda s: s.code == highlighted):
        fill, is_read = fill_of(shape.code), shape.code == highlighted
        outline = {
            "d": shape.path, "fill": fill, "stroke": INK if is_shaded and is_read else LINE,
            "stroke-width": "3" if is_shaded and is_read else "1.5", "stroke-linejoin": "round",
        }  # fmt: skip
        SubElement(svg, "path", outline)
    for shape in sheet.shapes:
        is_dark = fill_of(shape.code) in STEPS[3:]
        _label(svg, shape, is_dark=is_dark, is_read=shape.code == highlighted)
    return tostring(svg, encoding="unicode")


def origin() -> str:
    """What must be said of the boundaries beside the picture."""
    return drawing.current().origin


def _label(svg: Element, shape: drawing.SectorShape, *, is_dark: bool, is_read: bool) -> None:
    look = {
        "x": f"{shape.x:.0f}", "y": f"{shape.y + 5:.0f}", "fill": "#ffffff" if is_dark else INK, "text-anchor": "middle",
        "font-family": "Source Sans Pro", "font-size": "15" if is_read else "13",
        "font-weight": "700" if is_read else "400",
    }  # fmt: skip
    SubElement(svg, "text", look).text = shape.short_name
