"""The small parts that pages are made of: marks, money, dates, query strings."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from parvis.kernel import calendar

register = template.Library()

NARROW = "\u202f"
SHAPES = {
    "good": "M6 .5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z",
    "watch": "M6 .5 11.5 11.5H.5Z",
    "bad": "M1 1h10v10H1Z",
    "none": "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Zm0 1.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4Z",
}


@register.simple_tag
def mark(tone: str, words: str) -> SafeString:
    """A signal told by shape and word first, colour last: good, watch, bad, none."""
    return format_html(
        '<span class="mark {}"><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">'
        '<path d="{}" fill="currentColor"/></svg>{}</span>',
        tone, SHAPES[tone], words,
    )  # fmt: skip


@register.filter
def euros(cents: int | None) -> str:
    """Cents as euros in the French way: 1 234 567 €; cents shown only when there are some."""
    if cents is None:
        return "—"
    whole, rest = divmod(abs(int(cents)), 100)
    figures = f"{whole:,}".replace(",", NARROW) + (f",{rest:02d}" if rest else "")
    return f"{'−' if cents < 0 else ''}{figures}\u00a0€"


@register.filter
def big_euros(cents: int | None) -> str:
    """Cents, rounded for a headline: 677,4 M€, 84 k€."""
    if cents is None:
        return "—"
    value = cents / 100
    for size, unit in ((1e6, "M€"), (1e3, "k€")):
        if abs(value) >= size:
            return f"{value / size:.1f}".replace(".", ",").removesuffix(",0") + f"\u00a0{unit}"
    return euros(cents)


@register.filter
def thousands(number: float | None) -> str:
    return "—" if number is None else f"{number:,.0f}".replace(",", NARROW)


@register.filter
def percent(ratio: float | None) -> str:
    """A ratio from 0 to 1 as a whole percentage."""
    return "—" if ratio is None else f"{ratio * 100:.0f}{NARROW}%"


@register.filter
def short_day(day: date | None) -> str:
    """12 déc. 2026; a dash when there is none."""
    return "—" if day is None else date_format(day, "j N Y")


@register.filter
def month(day: date | None) -> str:
    """décembre 2026, for what is known to the month."""
    return "—" if day is None else date_format(day, "F Y")


@register.filter
def delay(day: date, today: date) -> str:
    """« depuis 10 j », « demain », « dans 6 j »."""
    return calendar.delay(day, today)


@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """The present address's query with some parameters changed; an empty value removes one."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in (None, ""):
            parameters[name] = value
    return mark_safe("?" + parameters.urlencode())  # noqa: S308 - urlencode escapes


@register.filter
def get(mapping, key):
    """mapping[key], or nothing."""
    return mapping.get(key) if mapping else None
