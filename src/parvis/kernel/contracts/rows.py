"""What passes between reading, checking and writing: a row, and what was found in it. No Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

WARNING = "warning"
ERROR = "error"


class Month(NamedTuple):
    """A month known without its day."""

    year: int
    month: int

    def first(self) -> date:
        return date(self.year, self.month, 1)

    def last(self) -> date:
        following = date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Issue:
    """What a rule found in one cell. A warning is accepted and flagged; an error sends the row to quarantine.

    `row` is the number that a spreadsheet shows beside the line, header and preamble included. `proposal` is the
    text that, put in the cell, would settle it. `column` is the field's name here; a report shows the file's own
    heading (`reports.headings`).
    """

    row: int
    column: str
    rule: str
    severity: str
    value: str
    message: str
    proposal: str = ""

    def as_dict(self, headings: Mapping[str, str]) -> dict[str, Any]:
        """With the heading that the file's author knows, and the field that programs know."""
        return {
            "row": self.row, "column": headings.get(self.column, self.column),
            "field": self.column if self.column in headings else "", "rule": self.rule, "severity": self.severity,
            "value": self.value, "message": self.message, "proposal": self.proposal,
        }  # fmt: skip


@dataclass(slots=True)
class Row:
    """One line of a file under a contract: cells as read, values as understood, issues found, by field name."""

    number: int
    cells: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    key: str = ""
    is_update: bool = False
    fingerprint: str = ""
    place: Any = None  # a geocoding.Located, when a geocoder was asked; named here, it would bring Django in

    def warn(self, column: str, rule: str, message: str, *, proposal: str = "") -> None:
        self._note(column, rule, WARNING, message, proposal)

    def refuse(self, column: str, rule: str, message: str, *, proposal: str = "") -> None:
        self._note(column, rule, ERROR, message, proposal)

    def _note(self, column: str, rule: str, severity: str, message: str, proposal: str) -> None:
        value = written(self.cells.get(column))
        self.issues.append(Issue(self.number, column, rule, severity, value, message, proposal))

    @property
    def is_refused(self) -> bool:
        return any(issue.severity == ERROR for issue in self.issues)


def written(cell: Any) -> str:
    """A cell as text, without the traps of the database (NUL) and with whole floats as integers."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).replace("\x00", "")
