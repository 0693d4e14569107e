"""Parts of the pages of steering shared by several of them.

    {% control_chart chart %}

A control chart as server-side SVG, with the same numbers in a table.
"""

from typing import Any

from django import template

from parvis.domains.steering.control_charts import ASSURANCES, WORDS, Chart
from parvis.domains.steering.control_drawing import SHAPES, drawn, sentence

register = template.Library()


@register.inclusion_tag("steering/charts/control_chart.html")
def control_chart(chart: Chart, heading: str = "") -> dict[str, Any]:
    """The chart, the meaning of its shapes, what it assures of the target, its limits' weaknesses, its table."""
    met = {mark.signal for mark in chart.marks if mark.signal}
    return {
        "chart": chart, "drawing": drawn(chart), "sentence": sentence(chart), "title": heading or chart.title,
        "keys": [(SHAPES[rule], words) for rule, words in WORDS.items() if rule in met],
        "assurance": ASSURANCES.get(chart.assurance, ""), "assured": chart.assurance,
        "is_trial": bool(chart.limits and chart.limits.is_trial), "has_limits": chart.limits is not None,
    }  # fmt: skip
