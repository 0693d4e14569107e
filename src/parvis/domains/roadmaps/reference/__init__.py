"""Mandates and the list of public policies. Loading twice changes nothing."""

import csv
from importlib import resources

from parvis.domains.roadmaps.models import Mandate, PublicPolicy


def load() -> None:
    Mandate.objects.bulk_create(
        (Mandate(**row) for row in table("mandates.csv")),
        update_conflicts=True, unique_fields=["code"], update_fields=["starts_on", "ends_on"],
    )  # fmt: skip
    PublicPolicy.objects.bulk_create(
        (
            PublicPolicy(**row | {"synonyms": row["synonyms"].split("|") if row["synonyms"] else []})
            for row in table("policies.csv")
        ),
        update_conflicts=True, unique_fields=["code"],
        update_fields=["name", "order", "synonyms", "valid_from", "source"],
    )  # fmt: skip


def table(name: str) -> list[dict]:
    with (resources.files(__name__) / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
