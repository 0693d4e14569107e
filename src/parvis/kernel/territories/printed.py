"""The sectors as one SVG picture for paper: the shapes of the screen's map, the sector that is read standing out."""

from xml.etree.ElementTree import Element, SubElement, tostring

from parvis.kernel.territories import drawing

LIGHT, DARK, LINE, INK = "#e3ebf6", "#1d4384", "#ffffff", "#10233f"


def sectors(highlighted: str) -> str:
    """An SVG document, built as a tree; `highlighted` is a sector's code or empty."""
    sheet = drawing.current()
    svg = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"-4 -4 {drawing.WIDTH + 8} {sheet.height + 8:.0f}",
        width=str(drawing.WIDTH + 8), height=f"{sheet.height + 8:.0f}",
    )  # fmt: skip
    for shape in sorted(sheet.shapes, key=lambda s: s.code == highlighted):
        fill = DARK if shape.code == highlighted else LIGHT
        outline = {"d": shape.path, "fill": fill, "stroke": LINE, "stroke-width": "1.5", "stroke-linejoin": "round"}
        SubElement(svg, "path", outline)
    for shape in sheet.shapes:
        _label(svg, shape, is_read=shape.code == highlighted)
    return tostring(svg, encoding="unicode")


def origin() -> str:
    """What must be said of the boundaries beside the picture."""
    return drawing.current().origin


def _label(svg: Element, shape: drawing.SectorShape, *, is_read: bool) -> None:
    look = {
        "x": f"{shape.x:.0f}", "y": f"{shape.y + 5:.0f}", "fill": "#ffffff" if is_read else INK, "text-anchor": "middle",
        "font-family": "Source Sans Pro", "font-size": "15" if is_read else "13",
        "font-weight": "700" if is_read else "400",
    }  # fmt: skip
    SubElement(svg, "text", look).text = shape.short_name
