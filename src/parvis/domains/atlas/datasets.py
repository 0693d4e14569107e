"""The territory's public files that the lake keeps: people, statistical blocks, incomes. Deposited, never edited."""

from typing import Any

from parvis.domains.atlas import contracts
from parvis.kernel.lake.dataset import Dataset, columns_of


def _deposited(schema: dict[str, Any], sentence: str, licence: str, **fields: Any) -> Dataset:
    return Dataset(
        code=schema["name"], title=schema["title"], sentence=sentence, schema=schema, key=schema["primaryKey"],
        columns=columns_of(schema), permission="atlas.view_files", deposit_permission="atlas.deposit_files", owner="DDCT",
        licence=licence, **fields,
    )  # fmt: skip


POPULATION = _deposited(
    contracts.POPULATION, "Les habitants de Paris et de chaque arrondissement, selon l’INSEE.", "Licence Ouverte 2.0",
    rhythm_days=400,
)  # fmt: skip
IRIS = _deposited(
    contracts.IRIS,
    "Les 992 blocs statistiques de Paris, avec leur nom et leur type.",
    "Licence Ouverte 2.0",
    rhythm_days=800,
)
IRIS_INCOME = _deposited(
    contracts.IRIS_INCOME, "Revenu médian, pauvreté et inégalité de chaque bloc où la statistique peut être dite (Filosofi 2021).",
    "Licence Ouverte 2.0", rhythm_days=800,
)  # fmt: skip

DATASETS = (POPULATION, IRIS, IRIS_INCOME)
