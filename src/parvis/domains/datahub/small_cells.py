"""Small numbers of people in a table of counts, kept back with those that would give them away. No Django.

Knows rows of counts under dimensions. Refuses to know what is counted. The threshold is the house's; so is the rule:
every line of the table (all the members of one dimension, the others held) has a total that anyone may know, so what
is hidden in a line is two cells at least, and no small number together.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from parvis.kernel.indicators.suppression import SMALLEST, is_small, movable

Line = tuple[int, ...]  # the places of the rows that a total adds up


def hidden(keys: Sequence[tuple[str, ...]], counts: Sequence[int | None]) -> frozenset[int]:
    """The places of the rows to keep back: those between 1 and SMALLEST - 1, then others.

    `keys` holds the members of each row, one per dimension; an unknown count tells nothing. When no choice protects a
    small number, the whole table is kept back.
    """
    people = [count or 0 for count in counts]
    small = {row for row, count in enumerate(people) if is_small([count])}
    if not small:
        return frozenset()
    lines, gone = _lines(keys), set(small)
    _close(lines, people, gone)
    while exposed := _exposed(lines, gone) & small:
        beside = {row for line in lines if exposed & set(line) for row in line}
        more = _smallest(beside - gone, people) or _smallest(set(range(len(people))) - gone, people)
        if more is None:
            break
        gone.add(more)
        _close(lines, people, gone)
    return frozenset(gone)


def _lines(keys: Sequence[tuple[str, ...]]) -> list[Line]:
    """By dimension, the rows that differ in it alone."""
    lines: dict[tuple, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        for place in range(len(key)):
            lines[(place, key[:place], key[place + 1 :])].append(row)
    return [tuple(rows) for rows in lines.values() if len(rows) > 1]


def _close(lines: Sequence[Line], people: Sequence[int], gone: set[int]) -> None:
    is_open = True
    while is_open:
        is_open = False
        for line in lines:
            more = _smallest(set(line) - gone, people) if _tells(line, people, gone) else None
            if more is not None:
                gone.add(more)
                is_open = True


def _tells(line: Line, people: Sequence[int], gone: set[int]) -> bool:
    """Would the total, less what is shown, give a hidden number away?"""
    kept_back = [people[row] for row in line if row in gone]
    return bool(kept_back) and (len(kept_back) == 1 or sum(kept_back) < SMALLEST)


def _smallest(rows: set[int], people: Sequence[int]) -> int | None:
    """The next row to give up: the fewest people first, an empty one last."""
    return min(rows, key=lambda row: (not people[row], people[row], row), default=None)


def _exposed(lines: Sequence[Line], gone: set[int]) -> set[int]:
    """The hidden rows that all the totals together still determine."""
    unknown = sorted(gone)
    place = {row: i for i, row in enumerate(unknown)}
    touched = [line for line in lines if gone & set(line)]
    system = np.zeros((len(touched), len(unknown)))
    for i, line in enumerate(touched):
        for row in set(line) & gone:
            system[i, place[row]] = 1.0
    return {row for row, is_free in zip(unknown, movable(system), strict=True) if not is_free}
