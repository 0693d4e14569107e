"""Pictures of a dataset: the bars of a column's profile, and its lineage as boxes and lines. Pure: numbers in, places out."""

from collections.abc import Mapping, Sequence
from typing import Any

BAR_WIDTH, BAR_HEIGHT = 240, 36
BOX_WIDTH, BOX_HEIGHT, GAP, WIDTH = 250, 40, 10, 880
MOST_BOXES = 8
LONGEST = 34


def bars(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each bar's rectangle with what it counts: of `bars` (from, to, rows) or of `frequent` (value, rows)."""
    held = [[*b[:2], b[2]] for b in told.get("bars", [])] or [[v, None, n] for v, n in told.get("frequent", [])]
    most = max((count for *_, count in held), default=0)
    step = BAR_WIDTH / len(held) if held else 0
    return [
        {
            "from": low, "to": high, "count": count, "x": f"{n * step + 0.5:.1f}", "width": f"{max(1, step - 1):.1f}",
            "y": f"{BAR_HEIGHT - _height(count, most):.1f}", "height": f"{_height(count, most):.1f}",
        }
        for n, (low, high, count) in enumerate(held)
    ]  # fmt: skip


def _height(count: int, most: int) -> float:
    """What is there is seen: a bar of one row among a million still has a pixel."""
    return max(1.0, count / most * BAR_HEIGHT) if count else 0.0


def lineage(title: str, sources: Sequence[Any], uses: Sequence[Any]) -> dict[str, Any]:
    """Boxes left, the dataset in the middle, boxes right; past MOST_BOXES one box says how many more there are."""
    left, right = _boxes(sources, 0), _boxes(uses, WIDTH - BOX_WIDTH)
    height = max(len(left), len(right), 1) * (BOX_HEIGHT + GAP) + GAP
    for side in (left, right):
        top = (height - len(side) * (BOX_HEIGHT + GAP) + GAP) // 2
        for n, box in enumerate(side):
            box["y"] = top + n * (BOX_HEIGHT + GAP)
    here = {
        "x": (WIDTH - BOX_WIDTH) // 2,
        "y": (height - BOX_HEIGHT) // 2,
        "kind": "jeu de données",
        "title": cut(title),
    }
    lines = [_line(box, here) for box in left] + [_line(here, box) for box in right]
    boxes = [_placed(box) for box in (*left, *right)]
    return {"width": WIDTH, "height": height, "boxes": boxes, "here": _placed(here), "lines": lines}


def _boxes(nodes: Sequence[Any], x: int) -> list[dict[str, Any]]:
    shown = list(nodes[:MOST_BOXES]) if len(nodes) <= MOST_BOXES else list(nodes[: MOST_BOXES - 1])
    boxes = [{"x": x, "kind": node.kind, "title": cut(node.title)} for node in shown]
    rest = len(nodes) - len(shown)
    return [*boxes, {"x": x, "kind": "et encore", "title": f"{rest} autres, dans le tableau"}] if rest else boxes


def _placed(box: Mapping[str, Any]) -> dict[str, Any]:
    return {**box, "text_x": box["x"] + 10, "kind_y": box["y"] + 14, "title_y": box["y"] + 31}


def _line(start: Mapping[str, Any], end: Mapping[str, Any]) -> str:
    x1, y1 = start["x"] + BOX_WIDTH, start["y"] + BOX_HEIGHT / 2
    x2, y2 = end["x"], end["y"] + BOX_HEIGHT / 2
    middle = (x1 + x2) / 2
    return f"M{x1:.0f} {y1:.1f}C{middle:.0f} {y1:.1f} {middle:.0f} {y2:.1f} {x2:.0f} {y2:.1f}"


def cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
