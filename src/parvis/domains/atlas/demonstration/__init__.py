"""The demonstration of the atlas: the real public files of the territory, when they are beside the house."""

from datetime import date

from parvis.domains.atlas.datasets import IRIS, IRIS_INCOME, POPULATION
from parvis.kernel.lake.public_files import deposit_those_present

FILES = (
    (POPULATION, "territories/arrondissements-population.csv"),
    (IRIS, "territories/iris-paris.geojson"),
    (IRIS_INCOME, "territories/iris-paris-income-2021.csv"),
)


def load(scale: str, today: date) -> None:
    """Deposit the files that are there; the map works without them."""
    deposit_those_present(FILES, today=today)
