"""The directorates of the city, with the spellings met in files. Loading twice changes nothing."""

import csv
from importlib import resources

from parvis.kernel.organisation.models import Directorate


def load() -> None:
    with (resources.files(__name__) / "directorates.csv").open(encoding="utf-8") as file:
        rows = [
            Directorate(
                code=row["code"], name=row["name"], source=row["source"],
                is_external=row["is_external"] == "1", synonyms=row["synonyms"].split("|") if row["synonyms"] else [],
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip
    Directorate.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"],
        update_fields=["name", "synonyms", "is_external", "source"],
    )  # fmt: skip
