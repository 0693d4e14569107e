"""The contracts of the territory's public files, as Table Schema."""

from parvis.kernel.contracts.contract import descriptor

POPULATION, IRIS, IRIS_INCOME = (descriptor(__name__, f"{name}.json") for name in ("population", "iris", "iris-income"))
