"""Where a control chart's points and lines fall in its picture. No Django: coordinates as text, words in French."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parvis.domains.steering import wording
from parvis.domains.steering.control_charts import Chart, Limits, Mark, Segment
from parvis.kernel.indicators.cells import period_of

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 280, 16, 92, 16, 30
LABELS = 7
SHAPES = {"outside": "square", "near": "triangle", "trend": "diamond", "run": "diamond"}
LEVELS = (
    ("upper", "limit", "limite haute"), ("near_upper", "near", ""), ("centre", "centre", "moyenne"),
    ("near_lower", "near", ""), ("lower", "limit", "limite basse"),
)  # fmt: skip
APART = 13  # two labels at the right never stand closer


@dataclass(frozen=True)
class Dot:
    """A point of the chart: its shape says the rule it breaks."""

    x: str
    y: str
    shape: str
    words: str
    path: str = ""


@dataclass(frozen=True)
class Rule:
    """A level line from `x1` to `x2`."""

    kind: str
    x1: str
    x2: str
    y: str
    is_trial: bool = False


@dataclass(frozen=True)
class Label:
    """Words beside the chart, or under it."""

    x: str
    y: str
    words: str
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """The same point in the table."""

    period: str
    value: str
    centre: str
    limits: str
    signal: str


@dataclass(frozen=True)
class Drawing:
    """All that the template shows."""

    dots: tuple[Dot, ...]
    lines: tuple[str, ...]
    rules: tuple[Rule, ...]
    labels: tuple[Label, ...]
    columns: tuple[Label, ...]
    rebases: tuple[Label, ...]
    rows: tuple[Row, ...]
    width: int = WIDTH
    height: int = HEIGHT
    top: int = TOP
    foot: int = HEIGHT - BOTTOM


class Frame:
    """From values to coordinates: everything that is drawn is in sight."""

    def __init__(self, chart: Chart) -> None:
        there = [mark.value for mark in chart.marks if mark.value is not None]
        there += [v for s in chart.segments if s.limits for v in (s.limits.lower, s.limits.upper)]
        there += [chart.target] if chart.target is not None and there else []
        self.low, self.high = min(there, default=0.0), max(there, default=1.0)
        self.count = len(chart.marks)

    def x(self, place: float) -> float:
        return LEFT + (place + 0.5) / max(1, self.count) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        spread = (self.high - self.low) or 1.0
        return HEIGHT - BOTTOM - 6 - (value - self.low) / spread * (HEIGHT - BOTTOM - TOP - 12)


def drawn(chart: Chart) -> Drawing:
    """The whole picture of a chart, with its table."""
    frame = Frame(chart)
    return Drawing(
        dots=tuple(_dot(chart, mark, frame.x(n), frame.y(mark.value)) for n, mark in enumerate(chart.marks) if mark.value is not None),
        lines=tuple(_lines(chart.marks, frame)), rules=tuple(_rules(chart, frame)), labels=tuple(_labels(chart, frame)),
        columns=tuple(_columns(chart, frame)),
        rebases=tuple(
            Label(f"{frame.x(s.start - 0.5):.1f}", str(TOP), s.reason) for s in chart.segments if s.start
        ),
        rows=tuple(row for s in chart.segments for row in _rows(chart, s)),
    )  # fmt: skip


def moment(chart: Chart, mark: Mark) -> str:
    """A period; for rare events, the day of the event."""
    return wording.period(period_of(mark.on, chart.rhythm), chart.rhythm) if chart.kind != "t" else wording.day(mark.on)


def sentence(chart: Chart) -> str:
    """What the chart says of its last point, in one sentence."""
    last = chart.last
    if last is None:
        return "Aucune valeur n’est connue."
    said = f"{wording.figure(last.value, chart.unit)}, {moment(chart, last)}"
    if chart.limits is None:
        return f"{said}. {chart.segments[-1].note}"
    told = f"c’est un signal : {last.words}" if last.signal else "la variation s’explique par le hasard"
    return f"{said} : {told}."


def _dot(chart: Chart, mark: Mark, x: float, y: float) -> Dot:
    shape = SHAPES.get(mark.signal, "dot")
    words = f"{moment(chart, mark)} : {wording.figure(mark.value, chart.unit)}"
    return Dot(f"{x:.1f}", f"{y:.1f}", shape, f"{words}, {mark.words}" if mark.signal else words, _path(shape, x, y))


def _path(shape: str, x: float, y: float) -> str:
    """A small shape around a point, as SVG writes it."""
    corners = {
        "square": ((-5, -5), (5, -5), (5, 5), (-5, 5)), "triangle": ((0, -6), (6, 5), (-6, 5)),
        "diamond": ((0, -6), (6, 0), (0, 6), (-6, 0)),
    }.get(shape, ())  # fmt: skip
    return " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)


def _lines(marks: Sequence[Mark], frame: Frame) -> Iterable[str]:
    """Unbroken runs: a missing value is a gap in the line."""
    runs: list[list[str]] = [[]]
    for place, mark in enumerate(marks):
        if mark.value is None:
            runs.append([])
        else:
            runs[-1].append(f"{frame.x(place):.1f},{frame.y(mark.value):.1f}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _rules(chart: Chart, frame: Frame) -> Iterable[Rule]:
    for s in chart.segments:
        if s.limits is None:
            continue
        ends = f"{frame.x(s.start - 0.5):.1f}", f"{frame.x(s.end - 0.5):.1f}"
        for name, kind, _ in LEVELS:
            yield Rule(kind, *ends, f"{frame.y(getattr(s.limits, name)):.1f}", s.limits.is_trial)
    if chart.target is not None and chart.marks:
        yield Rule(
            "target", f"{frame.x(-0.5):.1f}", f"{frame.x(len(chart.marks) - 0.5):.1f}", f"{frame.y(chart.target):.1f}"
        )


def _labels(chart: Chart, frame: Frame) -> Iterable[Label]:
    """What each line is, at its right end, pushed apart when two lines touch."""
    told = [(getattr(chart.limits, name), words, kind) for name, kind, words in LEVELS if words and chart.limits]
    if chart.target is not None and chart.marks:
        told.append((chart.target, "cible", "target"))
    x, floor = f"{WIDTH - RIGHT + 6}", HEIGHT - BOTTOM + 4.0
    for value, words, kind in sorted(told, key=lambda each: each[0]):
        at = min(frame.y(value) + 4, floor)
        floor = at - APART
        yield Label(x, f"{at:.1f}", f"{words} {wording.number(value)}", kind)


def _columns(chart: Chart, frame: Frame) -> Iterable[Label]:
    """So many periods that they do not touch, the last one always there."""
    step = max(1, -(-len(chart.marks) // LABELS))
    shown = range(len(chart.marks) - 1, -1, -step)
    return [Label(f"{frame.x(n):.1f}", str(HEIGHT - 8), f"{chart.marks[n].on:%m/%Y}") for n in reversed(shown)]


def _rows(chart: Chart, s: Segment) -> Iterable[Row]:
    for mark in chart.marks[s.start : s.end]:
        yield Row(
            moment(chart, mark), wording.figure(mark.value, chart.unit), _centre(chart, s.limits),
            _between(chart, s.limits), mark.words or "—",
        )  # fmt: skip


def _centre(chart: Chart, limits: Limits | None) -> str:
    return wording.figure(limits.centre, chart.unit) if limits else "—"


def _between(chart: Chart, limits: Limits | None) -> str:
    return f"{wording.number(limits.lower)} à {wording.number(limits.upper)}" if limits else "—"
