"""The report of an import: counts, totals that reconcile, what was found. One shape for the command line and the browser."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parvis.kernel.contracts.contract import Contract
from parvis.kernel.contracts.rows import ERROR, Issue, Row, written

MOST_ISSUES = 20_000  # kept in memory; every one is in the database, and the counts are of all


def headings(contract: Contract, reading: Mapping[str, Any]) -> dict[str, str]:
    """Each field under the heading that the file gave it; a column absent from the file, under the contract's label."""
    found = {name: title for title, name in reading.get("columns", {}).items()}
    return {field.name: found.get(field.name, field.label) for field in contract.fields}


@dataclass
class Report:
    """rows = accepted + quarantined; `unchanged` is among the accepted; each total: file = accepted + quarantined, in cents."""

    contract: str
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    unchanged: int = 0
    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)  # (rule, severity) -> how many
    reading: dict[str, Any] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    run_id: int | None = None
    is_dry: bool = False

    @classmethod
    def blank(cls, contract: Contract, reading: dict[str, Any], *, is_dry: bool) -> "Report":
        totals = {f"{name}_cents": {"file": 0, "accepted": 0, "quarantined": 0} for name in contract.amounts}
        noted, named = reading | {"unreadable_amounts": []}, headings(contract, reading)
        return cls(contract.code, totals=totals, reading=noted, headings=named, is_dry=is_dry)

    def note(self, issues: list[Issue]) -> None:
        """Count every issue; keep the first ones."""
        for issue in issues:
            self.counts[issue.rule, issue.severity] += 1
        self.issues.extend(issues[: max(0, MOST_ISSUES - len(self.issues))])

    def count(self, row: Row, amounts: tuple[str, ...], *, is_accepted: bool) -> None:
        self.rows += 1
        if is_accepted:
            self.accepted += 1
        else:
            self.quarantined += 1
        for name in amounts:
            self._add(row, name, "accepted" if is_accepted else "quarantined")

    def _add(self, row: Row, name: str, side: str) -> None:
        cents = row.values.get(name)
        if cents is not None:
            total = self.totals[f"{name}_cents"]
            total["file"] += cents
            total[side] += cents
        elif (text := written(row.cells.get(name)).strip()) and len(self.reading["unreadable_amounts"]) < MOST_ISSUES:
            self.reading["unreadable_amounts"].append(
                {"row": row.number, "column": self.headings[name], "field": name, "value": text[:80]}
            )

    @property
    def exit_status(self) -> int:
        return 1 if self.quarantined else 0

    def by_rule(self) -> list[dict[str, Any]]:
        """Issues grouped by rule, errors first, the most frequent first, each with its first message."""
        first: dict[tuple[str, str], Issue] = {}
        for issue in self.issues:
            first.setdefault((issue.rule, issue.severity), issue)
        ranked = sorted(self.counts.items(), key=lambda held: (held[0][1] != ERROR, -held[1], held[0]))
        return [
            {"rule": rule, "severity": severity, "count": count, "example": first.get((rule, severity))}
            for (rule, severity), count in ranked
        ]

    def as_dict(self) -> dict[str, Any]:
        omitted = sum(self.counts.values()) - len(self.issues)
        return {
            "contract": self.contract, "rows": self.rows, "accepted": self.accepted,
            "quarantined": self.quarantined, "unchanged": self.unchanged, "totals": self.totals,
            "issues": [issue.as_dict(self.headings) for issue in self.issues],
            "reading": self.reading | ({"issues_omitted": omitted} if omitted else {}),
        }  # fmt: skip
