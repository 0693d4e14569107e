"""The tree of objectives, one year beside another. Loading twice changes nothing."""

import csv
from importlib import resources

from parvis.domains.steering.models import Objective


def load() -> None:
    with (resources.files(__name__) / "objectives.csv").open(encoding="utf-8") as file:
        rows = [Objective(**row) for row in csv.DictReader(file)]
    Objective.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["year", "code"],
        update_fields=["axis", "axis_title", "short_title", "title", "order", "source"],
    )  # fmt: skip
