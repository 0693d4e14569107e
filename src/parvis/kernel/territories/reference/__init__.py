"""The 17 sectors and 20 arrondissements, from the project's own tables. Loading twice changes nothing."""

import csv
from importlib import resources

from parvis.kernel.territories.models import Arrondissement, Sector


def load() -> None:
    Sector.objects.bulk_create(
        (Sector(**row) for row in table("sectors.csv")),
        update_conflicts=True, unique_fields=["code"], update_fields=["order", "short_name", "name"],
    )  # fmt: skip
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    Arrondissement.objects.bulk_create(
        (
            Arrondissement(
                code=row["code"], number=row["number"], name=row["name"],
                sector=sectors[row["sector"]], population=row["population"],
            )
            for row in table("arrondissements.csv")
        ),
        update_conflicts=True, unique_fields=["code"], update_fields=["number", "name", "sector", "population"],
    )  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    """One of this folder's CSV files, as rows."""
    with (resources.files(__name__) / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
