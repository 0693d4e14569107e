"""The tree of objectives, one year beside another: a new year is added beside. Loading twice changes nothing.

`owner` and `sponsor` are functions, never people. They are working values, to be confirmed by the directorate.
"""

import csv
from importlib import resources

from parvis.domains.steering.models import Objective


def load() -> None:
    with (resources.files(__name__) / "objectives.csv").open(encoding="utf-8") as file:
        rows = [Objective(**row) for row in csv.DictReader(file)]
    Objective.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["year", "code"],
        update_fields=["axis", "axis_title", "short_title", "title", "order", "source", "owner", "sponsor"],
    )  # fmt: skip
