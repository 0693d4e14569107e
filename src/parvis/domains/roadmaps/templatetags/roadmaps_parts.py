"""The marks of the roadmaps: a status, the human confidence, a grade, a bar of statuses. Shape and word, then colour.

`{% load roadmaps_parts %}`, then `{% status_mark action.status %}`, `{% confidence_mark action.confidence %}`,
`{% grade_mark action.grade action.grade_missing %}`, `{% status_bar counts %}`.
"""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from parvis.domains.roadmaps.models import Action
from parvis.domains.roadmaps.operationality import CRITERIA, lacking
from parvis.domains.roadmaps.sentences import counted, listed
from parvis.domains.roadmaps.status import LABELS, TONES, Status

register = template.Library()

SHAPES = {
    Status.ON_TIME: "M6 .5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z",
    Status.COMPLETE: "M6 .5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Zm-.9 8.2L2.4 6l1.1-1.1 1.6 1.6 3.4-3.4 1.1 1.1Z",
    Status.WATCH: "M6 .5 11.5 11.5H.5Z",
    Status.LATE: "M1 1h10v10H1Z",
    Status.NOT_STARTED: "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Zm0 1.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4Z",
    Status.UNKNOWN: "M1 5h10v2H1Z",
    Status.DROPPED: "M2.4 1 6 4.6 9.6 1 11 2.4 7.4 6 11 9.6 9.6 11 6 7.4 2.4 11 1 9.6 4.6 6 1 2.4Z",
}
SUN = "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM7.3 1h1.4v2.4H7.3Zm0 11.6h1.4V15H7.3ZM1 7.3h2.4v1.4H1Zm11.6 0H15v1.4h-2.4Z"
CLOUD = "M5 13a3.5 3.5 0 0 1-.4-7A4 4 0 0 1 12 7a3 3 0 0 1 0 6Z"
SKIES = {
    "sunny": ("good", SUN),
    "fair": ("good", f"{CLOUD}M11 .5h1.2v1.8H11Zm3 1.3.9.8-1.2 1.3-.9-.8Zm-5.7 0 1.3 1.3-.9.8L7.4 2.6ZM14 5.2h1.8v1.2H14Z"),
    "cloudy": ("watch", CLOUD),
    "stormy": ("bad", "M5 10a3.3 3.3 0 0 1-.4-6.5A4 4 0 0 1 12 4.2 2.9 2.9 0 0 1 12 10H9.5l1 1.6L7 15.5l.8-2.8H6L7.2 10Z"),
}  # fmt: skip
PLURALS = {Status.COMPLETE: "terminées", Status.NOT_STARTED: "non démarrées", Status.DROPPED: "abandonnées"}
BAR = (
    (Status.LATE, "1"), (Status.WATCH, "1"), (Status.ON_TIME, "1"), (Status.COMPLETE, ".6"),
    (Status.NOT_STARTED, ".55"), (Status.UNKNOWN, ".3"), (Status.DROPPED, ".15"),
)  # fmt: skip


@register.simple_tag
def status_mark(status: str) -> SafeString:
    """The computed status, as a shape and a word."""
    if status not in LABELS:
        return _mark("none", SHAPES[Status.UNKNOWN], "non calculée", 12)
    known = Status(status)
    return _mark(TONES[known], SHAPES[known], LABELS[known], 12)


@register.simple_tag
def confidence_mark(confidence: str) -> SafeString:
    """The human judgment ("météo"): four levels in words, beside the status and never mixed with it."""
    words = Action.Confidence(confidence).label if confidence in Action.Confidence.values else "non renseignée"
    tone, sky = SKIES.get(confidence, ("none", "M3 7.3h10v1.4H3Z"))
    return _mark(tone, sky, words, 16)


@register.simple_tag
def grade_mark(grade: int | None, missing: Iterable[str] = ()) -> SafeString:
    """« 6 sur 8 », eight small blocks, and in words what is missing."""
    if grade is None:
        return _mark("none", SHAPES[Status.UNKNOWN], "non calculée", 12)
    blocks = mark_safe("".join(_block(n, n < grade) for n in range(len(CRITERIA))))  # noqa: S308 - numbers alone
    lacks = [criterion.label for criterion in lacking(missing)]
    return format_html(
        '<span class="mark"><svg width="64" height="10" viewBox="0 0 64 10" aria-hidden="true">{}</svg>'
        '{} sur {}<span class="visually-hidden">{}</span></span>',
        blocks, grade, len(CRITERIA), f" ; il manque {listed(lacks)}" if lacks else "",
    )  # fmt: skip


@register.simple_tag
def status_bar(counts: Mapping[str, int], width: int = 320, in_words: bool = True) -> SafeString:
    """How many actions in each status: a stacked bar, and the same numbers in words below it, or in its label alone."""
    known = [(s, opacity, counts.get(s) or 0) for s, opacity in BAR if counts.get(s)]
    total = sum(count for _, _, count in known)
    if not total:
        return format_html('<p class="small">{}</p>', "Aucune action.")
    words = listed([counted(count, LABELS[status], PLURALS.get(status, LABELS[status])) for status, _, count in known])
    return format_html(
        '<div class="status-bar"><svg width="{}" height="14" viewBox="0 0 {} 14" role="img" aria-label="{}">{}</svg>'
        "{}</div>",
        width, width, f"Statut des actions : {words}", _stack(known, total, width),
        format_html('<p class="small">{}</p>', words) if in_words else "",
    )  # fmt: skip


def _stack(known: list[tuple[Status, str, int]], total: int, width: int) -> SafeString:
    rows, x = [], 0.0
    for status, opacity, count in known:
        wide = count / total * width
        rows.append((TONES[status], f"{x:.1f}", f"{max(wide - 1.5, 0.5):.1f}", opacity))
        x += wide
    return format_html_join(
        "", '<rect class="{}" x="{}" y="0" width="{}" height="14" fill="currentColor" fill-opacity="{}"/>', rows
    )


def _block(position: int, is_kept: bool) -> str:
    look = 'fill="currentColor"' if is_kept else 'fill="none" stroke="currentColor"'
    return f'<rect x="{position * 8 + 0.5}" y="1" width="6" height="8" {look}/>'


def _mark(tone: str, shape: str, words: str, size: int) -> SafeString:
    return format_html(
        '<span class="mark {}"><svg width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true">'
        '<path d="{}" fill="currentColor" fill-rule="evenodd"/></svg>{}</span>',
        tone, size, size, size, size, shape, words,
    )  # fmt: skip
