"""Parts of the tree of objectives: the order of a bar, a number of people, the mark of a confidence."""

from collections.abc import Sequence

from django import template

from parvis.domains.steering import wording
from parvis.domains.steering.models import ObjectiveConfidence
from parvis.domains.steering.queries.tree import SKIES
from parvis.kernel.faces import Serving

register = template.Library()
DRAWN = ("good", "m3", "watch", "bad", "m1", "none")


@register.filter
def bar(serving: Serving) -> list[tuple[str, int, str]]:
    """The parts of the bar, what is done first, as `stacked_bar` takes them."""
    ordered = sorted(serving.standing, key=lambda part: DRAWN.index(part[1]))
    return [(tone, number, words) for words, tone, number in ordered]


@register.filter
def pressing(serving: Serving) -> Sequence[tuple[str, str, int]]:
    """What is late among them."""
    return [part for part in serving.standing if part[1] == "bad"]


@register.filter
def staff(fte: float | None) -> str:
    return "—" if fte is None else f"{wording.number(fte)}{wording.FIXED}ETP"


@register.filter
def sky(said: ObjectiveConfidence | None) -> str:
    """The tone of a confidence."""
    return SKIES[said.level] if said else "none"
