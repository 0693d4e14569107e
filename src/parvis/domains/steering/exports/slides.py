"""The slides of a review, poured into a presentation that people edit: its layouts are found by their names.

Charts are the office's own, so that their numbers open with a click. Reads what was frozen, and nothing of today.
"""

import zipfile
import zlib
from datetime import date
from io import BytesIO
from typing import Any, BinaryIO

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Emu, Inches, Pt

from parvis.domains.steering import wording
from parvis.domains.steering.actions.reviews import RHYTHMS
from parvis.domains.steering.models import Review, ReviewFreeze
from parvis.domains.steering.templatetags.steering_words import line_gap, line_target
from parvis.kernel import Refusal
from parvis.kernel.contracts.exports import neutralise

COVER, FIGURE, TABLE = "Parvis couverture", "Parvis chiffre", "Parvis tableau"
LAYOUTS = {COVER: 2, FIGURE: 2, TABLE: 1}  # the placeholders that each must offer
MADE_FROM = {COVER: "Title Slide", FIGURE: "Title and Content", TABLE: "Title Only"}
INK, BLUE, BRICK = RGBColor(0x10, 0x23, 0x3F), RGBColor(0x1D, 0x4F, 0xA0), RGBColor(0xA8, 0x38, 0x1F)
WIDTH, HEIGHT, MARGIN = Inches(13.333), Inches(7.5), Inches(0.8)
MOST_FIGURES, MOST_ROWS = 12, 10
MOST_BYTES = 200 * 2**20  # unpacked: a template is not a film
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, OSError, EOFError, RuntimeError,
)  # fmt: skip
RANK = ("bad", "watch", "good", "none")


def presentation(review: Review, freeze: ReviewFreeze, *, template: BinaryIO | None, sentence: str) -> bytes:
    """A cover, the figures that need words with their charts, every figure in a table, and the decisions."""
    deck = checked(template) if template else Presentation(BytesIO(default_template()))
    rows = sorted(freeze.content["lines"], key=lambda line: (line["value"] is None, RANK.index(line["tone"])))
    known = [line for line in rows if line["value"] is not None]
    _cover(deck, review, freeze, sentence)
    for line in known[:MOST_FIGURES]:
        _figure(deck, line)
    for start in range(0, len(known), MOST_ROWS):
        _table(
            deck, f"Les chiffres · {review.scope_name}", HEADINGS, [_row(x) for x in known[start : start + MOST_ROWS]]
        )
    decided = [_decision(d) for d in review.decisions.select_related("owner")]
    _table(
        deck, "Décisions", ("Décision", "Responsable", "Pour le", "État"), decided or [("Aucune décision", "", "", "")]
    )
    return _written(deck)


HEADINGS = ("Indicateur", "Période", "Valeur", "Écart", "Ensemble", "Cible", "État")


def default_template() -> bytes:
    """The house's template: three named layouts in its colours, to open, change and send back."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    for name, made_from in MADE_FROM.items():
        layout = next(each for each in deck.slide_layouts if each.name == made_from)
        layout.name = name
        _fit(layout.placeholders, is_cover=name == COVER)
    for layout in [each for each in deck.slide_layouts if each.name not in LAYOUTS]:
        deck.slide_layouts.remove(layout)
    return _written(deck)


def _fit(placeholders: Any, *, is_cover: bool) -> None:
    """Wide slides: a title above, a body under it; dates and numbers where they were drawn would stand outside."""
    for each in list(placeholders):
        kind = each.placeholder_format.idx
        if kind > 1:
            each._element.getparent().remove(each._element)
            continue
        top = Inches(2.4 if is_cover else 0.5) if kind == 0 else Inches(4.2 if is_cover else 1.8)
        each.left, each.top, each.width = MARGIN, top, Emu(WIDTH - 2 * MARGIN)
        each.height = Inches(1.6 if is_cover else 1.1) if kind == 0 else Inches(2 if is_cover else 5)


def checked(template: BinaryIO) -> Any:
    """The template opened. Raises Refusal when it is not a presentation, lacks a layout, or fetches something elsewhere."""
    try:
        with zipfile.ZipFile(template) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise Refusal("Ce modèle est trop lourd une fois ouvert.", remedy="Retirez-en les images et les films.")
        template.seek(0)
        deck = Presentation(template)
    except UNREADABLE as fault:
        raise Refusal("Ce fichier n’est pas une présentation .pptx.", remedy="Partez du modèle proposé.") from fault
    _refuse_fetching(deck)
    lacking = [name for name, need in LAYOUTS.items() if _offered(deck, name) < need]
    if lacking:
        raise Refusal(
            f"Il manque à ce modèle : {', '.join(lacking)}.",
            remedy="Gardez les trois dispositions du modèle proposé, avec leurs noms et leurs zones de titre et de texte.",
        )
    return deck


def _refuse_fetching(deck: Any) -> None:
    """A picture or an object kept elsewhere would tell that place who opens the slides; a link waits to be clicked."""
    fetched = [
        rel for rel in deck.part.package.iter_rels() if rel.is_external and rel.reltype != RELATIONSHIP_TYPE.HYPERLINK
    ]
    if fetched:
        raise Refusal(
            f"Ce modèle va chercher {len(fetched)} élément(s) ailleurs : « {fetched[0].target_ref[:100]} ».",
            remedy="Intégrez ces images et ces objets dans le fichier, puis recommencez.",
        )


def _offered(deck: Any, name: str) -> int:
    layout = next((each for each in deck.slide_layouts if each.name == name), None)
    return len(layout.placeholders) if layout is not None else 0


def _added(deck: Any, name: str, title: str) -> Any:
    slide = deck.slides.add_slide(next(each for each in deck.slide_layouts if each.name == name))
    slide.shapes.title.text = title
    _styled(slide.shapes.title.text_frame, 30, INK, is_bold=True)
    return slide


def _styled(frame: Any, size: int, colour: RGBColor, *, is_bold: bool = False) -> None:
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), is_bold, colour


def _cover(deck: Any, review: Review, freeze: ReviewFreeze, sentence: str) -> None:
    slide = _added(deck, COVER, f"{review} · {wording.period(review.period, RHYTHMS[review.kind])}")
    body = slide.placeholders[1]
    body.text = f"{sentence}\nChiffres connus au {wording.day(freeze.as_of)}. Empreinte {freeze.sha256[:16]}."
    _styled(body.text_frame, 18, INK)


def _figure(deck: Any, line: dict[str, Any]) -> None:
    """A figure alone: its question, its value in words, its line."""
    slide = _added(deck, FIGURE, line["question"])
    body = slide.placeholders[1]
    body.left, body.top, body.width, body.height = MARGIN, Inches(1.7), Inches(4.2), Inches(5)
    body.text = "\n".join(_said(line))
    _styled(body.text_frame, 18, INK)
    if len(line["history"]) > 1:
        _chart(slide, line)


def _said(line: dict[str, Any]) -> list[str]:
    value = f"{wording.figure(line['value'], line['unit'])}, {wording.period(_day(line['period']), line['rhythm'])}"
    told = [(line["title"], True), (value, True), (f"Écart à la période d’avant : {line_gap(line)}", True)]
    told += [(f"Ensemble : {wording.figure(line['whole'], line['unit'])}", True)]
    told += [(f"Cible : {line_target(line)}", bool(line["targets"])), (f"État : {line['words']}", True)]
    return [words for words, is_said in told if is_said]


def _chart(slide: Any, line: dict[str, Any]) -> None:
    shown = CategoryChartData()
    shown.categories = [wording.period(_day(period), line["rhythm"]) for period, _ in line["history"]]
    shown.add_series(_series(line["title"]), [value for _, value in line["history"]])
    if line["targets"]:
        shown.add_series("Cible", [line["targets"][-1][1]] * len(line["history"]))
    place = (Inches(5.3), Inches(1.7), Inches(7.3), Inches(5))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.LINE, *place, shown).chart
    chart.has_legend, chart.has_title = bool(line["targets"]), False
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    for series, colour in zip(chart.plots[0].series, (BLUE, BRICK), strict=False):
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = colour, Pt(2.25)


def _series(title: str) -> str:
    """A title as the chart's own workbook may hold it: never a formula, nothing that XML cannot write."""
    return str(neutralise("".join(letter for letter in title if letter.isprintable())))


def _table(deck: Any, title: str, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    slide = _added(deck, TABLE, title)
    place = (MARGIN, Inches(1.7), Emu(WIDTH - 2 * MARGIN), Inches(0.4 * (len(rows) + 1)))
    table = slide.shapes.add_table(len(rows) + 1, len(headings), *place).table
    widest = Inches(4.6)
    rest = Emu((WIDTH - 2 * MARGIN - widest) // (len(headings) - 1))
    for column, heading in enumerate(headings):
        table.columns[column].width = widest if column == 0 else rest
        for row, words in enumerate([heading, *(cells[column] for cells in rows)]):
            cell = table.cell(row, column)
            cell.text = words
            _styled(cell.text_frame, 12, RGBColor(255, 255, 255) if row == 0 else INK, is_bold=row == 0)


def _row(line: dict[str, Any]) -> tuple[str, ...]:
    unit = line["unit"]
    return (
        line["title"], wording.period(_day(line["period"]), line["rhythm"]), wording.figure(line["value"], unit),
        line_gap(line), wording.figure(line["whole"], unit), line_target(line), line["words"],
    )  # fmt: skip


def _decision(decision: Any) -> tuple[str, ...]:
    owner = decision.owner.get_full_name() if decision.owner else "à désigner"
    return decision.title, owner, wording.day(decision.due_on), decision.get_state_display()


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _written(deck: Any) -> bytes:
    file = BytesIO()
    deck.save(file)
    return file.getvalue()
