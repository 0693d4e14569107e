"""Which rows of a dataset a person may read: the dataset's own predicate, asked of the keys at hand.

Knows keys. Refuses to know what a page makes of them.
"""

from collections.abc import Iterable

from parvis.kernel import access
from parvis.kernel.lake.dataset import Dataset

ASKED_AT_ONCE = 20_000  # keys whose visibility is asked in one query


def sees_all(person, dataset: Dataset) -> bool:
    """She may open the dataset and none of its rows is kept from her."""
    held = access.reach(person, dataset.permission)
    return held.everywhere or (bool(held.roles) and dataset.visible_keys is None)


def seen(dataset: Dataset, person, keys: Iterable[str]) -> set[str]:
    """Among these keys, those whose row she may read: one query per ASKED_AT_ONCE keys."""
    if dataset.visible_keys is None:
        return set(keys) if access.may_anywhere(person, dataset.permission) else set()
    owner_of = {key: dataset.owner_key(key) if dataset.owner_key else key for key in keys}
    rows, hers = dataset.visible_keys(person), set()
    name = next(iter(rows.query.values_select or rows.query.annotation_select))
    owners = sorted(set(owner_of.values()))
    for start in range(0, len(owners), ASKED_AT_ONCE):
        asked = {f"{name}__in": owners[start : start + ASKED_AT_ONCE]}
        hers |= {str(row[name]) for row in rows.filter(**asked).iterator()}
    return {key for key, owner in owner_of.items() if owner in hers}
