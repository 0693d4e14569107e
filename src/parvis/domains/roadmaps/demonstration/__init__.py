"""The roadmaps of the demonstration city: two years of invented history over real place names.

The same scale and year always give the same city (one seeded generator). Records are written in bulk, as an import
would; statuses, grades and frozen versions are then computed by the very actions that a real house uses.
"""

from datetime import date, datetime, time

from django.db import transaction

from parvis.domains.roadmaps.actions.recompute import recompute
from parvis.domains.roadmaps.datasets import WINNERS
from parvis.domains.roadmaps.demonstration import imports, measures, past, plans, roadmaps
from parvis.domains.roadmaps.models import Plan
from parvis.kernel.calendar import PARIS
from parvis.kernel.lake.public_files import deposit_those_present

SCALES = {
    "small": measures.Scale(actions=12, carried=3, thematic=4),
    "paris": measures.Scale(actions=60, carried=14, thematic=10),
}


def load(scale: str, today: date) -> None:
    """Write the city once; a house that already has roadmaps is left as it is."""
    if Plan.objects.filter(kind=Plan.Kind.ROADMAP).exists():
        return
    size, at = SCALES[scale], datetime.combine(today, time(7), tzinfo=PARIS)
    with transaction.atomic():
        campaigns = plans.open_campaigns(today.year)
        drawn = roadmaps.write(campaigns, size, today)
        plans.write_thematic(size, today)
        past.write(campaigns, drawn, size, today)
        imports.write(drawn, today)
        recompute(on=today, at=at)
        past.sign(campaigns)
    deposit_those_present([(WINNERS, "participation/paris-bp-winners-2014-2023.csv")], today=today)
