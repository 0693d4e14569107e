"""The two large charts of steering, drawn on the server, each beside its table.

{% history_chart page %}    {% funnel_chart page %}
"""

from django import template

from parvis.domains.steering import plots, standing, wording
from parvis.domains.steering.queries.indicator_page import Page

register = template.Library()
MOST = 60  # periods drawn


@register.inclusion_tag("steering/indicator_history_chart.html")
def history_chart(page: Page) -> dict:
    """The values of the place shown on a true scale of time: a period without facts is a gap in the line."""
    indicator, target = page.indicator, page.shown.target
    known = {row["period"]: row["value"] for row in page.history[-MOST:]}
    periods = standing.every_period(min(known), max(known), indicator.rhythm) if known else []
    values = [(wording.period(period, indicator.rhythm), known.get(period)) for period in periods]
    return {
        "plot": plots.history(
            values, indicator.unit, target=target.value if target else None, baseline=indicator.baseline,
            here=values[-1][0] if values else "",
        ),
        "title": indicator.title,
    }  # fmt: skip


@register.inclusion_tag("steering/indicator_funnel_chart.html")
def funnel_chart(page: Page) -> dict:
    """The sectors by size and value, inside what chance alone explains."""
    names = {row.sector.code: row.sector.short_name for row in page.rows}
    tones = {row.sector.code: row.tone if row.line in page.compared.apart else "" for row in page.rows}
    return {
        "plot": plots.funnel(page.compared, page.compared_unit, names, tones, page.place),
        "title": page.indicator.title, "unit": page.compared_unit,
        "size": "habitants" if page.is_per_inhabitant else "cas comptés",
    }  # fmt: skip
