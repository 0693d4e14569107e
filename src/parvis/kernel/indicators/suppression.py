"""A number of people under five is not shown in a statistic, nor can it be found by subtraction. No Django.

One function for the page, the map, the export and the command line: it is applied once, when cells are written.
The threshold of five is the house's (design §4); the method is that of statistical offices (Hundepool and others,
*Statistical Disclosure Control*, 2012, ch. 4): hide the small cells, then others, until the sums that a reader can do
no longer give a small number. Sums are the lines of a period: the places of a total, the members of a dimension; what
has no place is one more part, never shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.kernel.indicators.indicator import Indicator

SMALLEST = 5  # the least number of people that a statistic may show
SAID = ("value", "numerator", "denominator", "counted", "left_out")  # what a hidden cell keeps to itself
NOWHERE = "∅"  # the place of what has none, while the sums are checked

Key = tuple[str, str, str, str]  # place, vintage, dimension, member
Line = tuple[Key, tuple[Key, ...]]  # a margin and its parts


def suppressed(indicator: Indicator, cells: pa.Table) -> pa.Table:
    """The cells with a last column `hidden`: true where the figures are kept back (they are null).

    An indicator that does not count people hides nothing.
    """
    rows = cells.to_pylist() if indicator.counts_people else []
    hidden = _hidden(indicator, rows)
    mask = np.fromiter((row in hidden for row in range(cells.num_rows)), bool, cells.num_rows)
    columns: dict[str, Any] = {name: cells[name] for name in cells.column_names}
    for name in SAID if hidden else ():
        columns[name] = pa.array([row[name] for row in rows], cells.schema.field(name).type, mask=mask)
    return pa.table(columns | {"hidden": pa.array(mask, pa.bool_())})


def is_small(numbers: Iterable[float]) -> bool:
    """Is one of these numbers of people between one and four?"""
    return any(0 < number < SMALLEST for number in numbers)


def tellings(indicator: Indicator, row: Mapping[str, Any]) -> tuple[float, ...]:
    """The numbers of people that a cell says or lets one compute; of a share, both sides."""
    counted, top, bottom = (row[name] or 0 for name in ("counted", "numerator", "denominator"))
    if indicator.aggregation == "share":
        return counted, top, bottom - top
    if indicator.aggregation == "ratio":
        return counted, top, bottom
    return (counted, top) if indicator.aggregation == "sum" else (counted,)


@dataclass
class _Period:
    """The cells of one period while they are hidden."""

    people: dict[Key, tuple[float, ...]]
    lines: list[Line] = field(default_factory=list)
    hidden: set[Key] = field(default_factory=set)

    def hide(self, key: Key) -> None:
        """With its twins: the same cell under another vintage of its zone tells the same people."""
        place, _, dimension, member = key
        self.hidden |= {k for k in self.people if (k[0], k[2], k[3]) == (place, dimension, member)}

    def smallest(self, keys: Iterable[Key]) -> Key | None:
        """The next cell to give up: the one that tells of the fewest people, an empty one last."""
        shown = [key for key in keys if key not in self.hidden]
        return min(shown, key=lambda k: (not self.people[k][0], self.people[k][0], k), default=None)


def _hidden(indicator: Indicator, rows: list[dict[str, Any]]) -> set[int]:
    """The numbers of the rows to hide, period by period."""
    by_period: dict[Any, dict[Key, int]] = defaultdict(dict)
    for number, row in enumerate(rows):
        by_period[row["period"]][(row["place"], row["vintage"], row["dimension"], row["member"])] = number
    found: set[int] = set()
    for at in by_period.values():
        people = {key: tellings(indicator, rows[number]) for key, number in at.items()}
        if any(is_small(numbers) for numbers in people.values()):
            found |= {at[key] for key in _of_period(people) if key in at}
    return found


def _of_period(people: dict[Key, tuple[float, ...]]) -> set[Key]:
    held = _Period(people)
    _draw_lines(held)
    small = {key for key, numbers in held.people.items() if is_small(numbers)}
    for key in small:
        held.hide(key)
    _close_lines(held)
    while exposed := _exposed(held) & small:
        beside = {key for margin, parts in held.lines for key in (margin, *parts) if exposed & {margin, *parts}}
        more = held.smallest(beside) or held.smallest(held.people)
        if more is None:
            break
        held.hide(more)
        _close_lines(held)
    return held.hidden


def _draw_lines(held: _Period) -> None:
    """Every sum that a reader could do; what has no place enters as a part that is never shown."""
    for (dimension, member, vintage), parts in _places(held.people).items():
        margin = ("", "", dimension, member)
        rest = _rest(held.people, margin, parts)
        if margin not in held.people or min(rest, default=0) < 0:
            continue  # an older vintage tells facts that the total, of the newest, does not
        if any(rest):
            nowhere = (NOWHERE, vintage, dimension, member)
            held.people[nowhere] = rest
            held.hidden.add(nowhere)
            parts = [*parts, nowhere]
        held.lines.append((margin, tuple(parts)))
    members: dict[tuple, list[Key]] = defaultdict(list)
    for key in held.people:
        members[(key[0], key[1], key[2])].append(key)
    for (place, vintage, dimension), parts in members.items():
        if dimension and (place, vintage, "", "") in held.people:
            held.lines.append(((place, vintage, "", ""), tuple(parts)))


def _places(people: Iterable[Key]) -> dict[tuple[str, str, str], list[Key]]:
    """By (dimension, member, vintage), the placed cells; one without a vintage belongs to each."""
    placed = [key for key in people if key[0]]
    vintages = sorted({key[1] for key in placed} - {""}) or [""]
    lines: dict[tuple[str, str, str], list[Key]] = defaultdict(list)
    for key in placed:
        for vintage in [key[1]] if key[1] else vintages:
            lines[(key[2], key[3], vintage)].append(key)
    return lines


def _rest(people: dict[Key, tuple[float, ...]], margin: Key, parts: list[Key]) -> tuple[float, ...]:
    told = people.get(margin, ())
    return tuple(total - sum(people[key][i] for key in parts) for i, total in enumerate(told))


def _close_lines(held: _Period) -> None:
    """In each line whose sum is shown: hide until what is hidden is two cells at least and no small number together."""
    is_open = True
    while is_open:
        is_open = False
        for margin, parts in held.lines:
            if margin in held.hidden or not _tells(held, parts):
                continue
            held.hide(held.smallest(parts) or margin)
            is_open = True


def _tells(held: _Period, parts: tuple[Key, ...]) -> bool:
    """Would the sum, less the parts that are shown, give a small number away?"""
    gone = [key for key in parts if key in held.hidden]
    if len(gone) == 1:
        return is_small(held.people[gone[0]])
    return is_small(map(sum, zip(*(held.people[key] for key in gone), strict=True)))


def _exposed(held: _Period) -> set[Key]:
    """The hidden cells that all the sums together still determine: no other solution of the system moves them."""
    unknown = sorted(held.hidden)
    column = {key: i for i, key in enumerate(unknown)}
    lines = [(m, p) for m, p in held.lines if m in column or any(key in column for key in p)]
    system = np.zeros((len(lines), len(unknown)))
    for row, (margin, parts) in enumerate(lines):
        for key, sign in ((margin, -1.0), *((part, 1.0) for part in parts)):
            if key in column:
                system[row, column[key]] += sign
    return {key for key, is_free in zip(unknown, movable(system), strict=True) if not is_free}


def movable(system: np.ndarray) -> np.ndarray:
    """For each unknown: may it change while every sum stays?"""
    rows, unknowns = system.shape
    if not rows:
        return np.ones(unknowns, bool)
    _, sizes, directions = np.linalg.svd(system)
    rank = int((sizes > 1e-9 * max(rows, unknowns)).sum())
    return np.abs(directions[rank:]).max(axis=0, initial=0.0) > 1e-9
