"""Which indicators a change of a dataset would break: their facts are built anew on the columns as they would be."""

from typing import Any

import ibis

from parvis.kernel import faces
from parvis.kernel.lake.dataset import Dataset, unbound


def broken_by(after: Dataset) -> list[tuple[Any, str]]:
    """Each indicator whose facts no longer hold on `after`, with why; the house knows the dataset as it is today."""
    house = faces.house()
    datasets, indicators = dict(house.datasets), house.indicators
    before = datasets.get(after.code)
    found = []
    for indicator in indicators.values():
        if after.code in indicator.datasets and (why := _why(indicator, datasets, after, before)):
            found.append((indicator, why))
    return found


def _why(indicator: Any, datasets: dict[str, Dataset], after: Dataset, before: Dataset | None) -> str:
    read = [datasets[code] for code in indicator.datasets if code in datasets]
    changed = [after if dataset.code == after.code else dataset for dataset in read]
    try:
        new = _types(indicator, changed)
        old = _types(indicator, read)
    except Exception:  # an expression is a domain's own code: whatever it raises, it no longer stands
        return _reason(before, after) or "ses faits ne se calculent plus."
    return "" if new == old else "le type de ses faits change."


def _types(indicator: Any, datasets: list[Dataset]) -> dict[str, str]:
    expression = indicator.expression(unbound(datasets))
    ibis.to_sql(expression, dialect="duckdb")
    return {name: str(kind.copy(nullable=True)) for name, kind in expression.schema().items()}


def _reason(before: Dataset | None, after: Dataset) -> str:
    """The columns that go or change their type."""
    if before is None:
        return ""
    gone = [name for name in before.by_name if name not in after.by_name]
    turned = [n for n, c in before.by_name.items() if n in after.by_name and after.by_name[n].type != c.type]
    said = [f"la colonne « {name} » disparaît" for name in gone] + [f"« {name} » change de type" for name in turned]
    return f"{' ; '.join(said)}." if said else ""
