"""What the roadmaps cover and what they leave out: a table of counts, its holes, its ratios. No Django.

Knows counts by two headings (sector × policy, directorate × policy). Refuses to know who may see what: the counts given
are those of a person. A sector whose roadmap is not shown has no hole: nothing is known of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from parvis.domains.roadmaps import sentences


@dataclass(frozen=True)
class Heading:
    """A row or a column. `is_known` is false for a sector whose roadmap is not shown."""

    code: str
    name: str
    is_known: bool = True
    plan_code: str = ""


@dataclass(frozen=True)
class Hole:
    """A policy without action in a sector, and how many of its peers have one, of the `known` ones."""

    row: Heading
    column: Heading
    peers: int
    known: int = 1

    @property
    def told_peers(self) -> int | None:
        """Nothing is said of peers when none is known."""
        return self.peers if self.known else None

    @property
    def among_peers(self) -> str:
        return "" if self.told_peers is None else sentences.filled(self.peers)

    @property
    def sentence(self) -> str:
        """« Le logement n’a aucune action dans le 19e ; 12 autres secteurs en ont une. »"""
        return sentences.hole(self.column.code, self.column.name, self.told_peers, sentences.in_sector(self.row.name))


@dataclass(frozen=True)
class Cell:
    """A count; None when the row is not known. `hole` is set where nothing is done."""

    column: Heading
    count: int | None
    hole: Hole | None = None


@dataclass(frozen=True)
class Line:
    """A row with its cells, its total and the share of the columns that it covers."""

    row: Heading
    cells: tuple[Cell, ...]
    unsorted: int

    @property
    def covered(self) -> int:
        return sum(bool(cell.count) for cell in self.cells)

    @property
    def ratio(self) -> float | None:
        """Policies with at least one action / policies of the list."""
        return self.covered / len(self.cells) if self.row.is_known and self.cells else None

    @property
    def total(self) -> int:
        return sum(cell.count or 0 for cell in self.cells) + self.unsorted

    @property
    def holes(self) -> tuple[Hole, ...]:
        return tuple(cell.hole for cell in self.cells if cell.hole)


@dataclass(frozen=True)
class Matrix:
    """Counts of actions by row and column; those without a column are counted apart under the code ``""``."""

    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    counts: Mapping[tuple[str, str], int]

    def count(self, row: str, column: str) -> int:
        return self.counts.get((row, column), 0)

    def peers(self, row: str, column: str) -> int:
        """How many other known rows have at least one."""
        return sum(1 for peer in self.rows if peer.is_known and peer.code != row and self.count(peer.code, column))

    def _others(self, row: str) -> int:
        return sum(peer.is_known and peer.code != row for peer in self.rows)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self._line(row) for row in self.rows)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Those that most peers fill come first: they are the hardest to explain."""
        found = (hole for line in self.lines for hole in line.holes)
        return tuple(sorted(found, key=lambda hole: -hole.peers))

    def column_total(self, column: str) -> int:
        return sum(self.count(row.code, column) for row in self.rows if row.is_known)

    @property
    def ratio(self) -> float | None:
        """The mean coverage of the known rows."""
        known = [line.ratio for line in self.lines if line.ratio is not None]
        return sum(known) / len(known) if known else None

    def _line(self, row: Heading) -> Line:
        if not row.is_known:
            return Line(row, tuple(Cell(column, None) for column in self.columns), 0)
        return Line(row, tuple(self._cell(row, column) for column in self.columns), self.count(row.code, ""))

    def _cell(self, row: Heading, column: Heading) -> Cell:
        count = self.count(row.code, column.code)
        return Cell(
            column,
            count,
            None if count else Hole(row, column, self.peers(row.code, column.code), self._others(row.code)),
        )


@dataclass(frozen=True)
class Shares:
    """Of a set of live actions: how many are on the map, how many join several directorates."""

    total: int = 0
    located: int = 0
    multi: int = 0

    @property
    def map_reflex(self) -> float | None:
        return self.located / self.total if self.total else None

    @property
    def multi_share(self) -> float | None:
        return self.multi / self.total if self.total else None
