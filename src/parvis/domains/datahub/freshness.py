"""Is a dataset up to date? The day that its rows tell of, against the rhythm at which it should move. No Django.

Refuses to look at the day of the photograph: a file copied this morning may tell of last year.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Freshness:
    """`state`: fresh, late, undated (its rows carry no business date), empty (no date in them), blank (no row at all),
    never (no snapshot)."""

    state: str
    business_on: date | None = None
    due_on: date | None = None
    late_days: int = 0

    @property
    def tone(self) -> str:
        return {"fresh": "good", "late": "watch" if not self.is_very_late else "bad", "empty": "bad"}.get(
            self.state, "none"
        )

    @property
    def is_very_late(self) -> bool:
        """Late by more than one whole rhythm."""
        rhythm = (self.due_on - self.business_on).days if self.due_on and self.business_on else 0
        return self.late_days > max(rhythm, 7)

    @property
    def words(self) -> str:
        if self.state == "late":
            counted = f"{self.late_days:,}".replace(",", "\u202f")
            return f"en retard de {counted} jour{'s' if self.late_days > 1 else ''}"
        return {
            "fresh": "à jour", "undated": "sans date métier", "blank": "aucune ligne", "empty": "aucune date", "never": "jamais photographié",
        }[self.state]  # fmt: skip


def freshness(
    business_on: date | None, rhythm_days: int, today: date, *, is_dated: bool = True, row_count: int | None = 1
) -> Freshness:
    """In time as long as the newest business date is no older than the rhythm, that day included.

    `row_count` is None when there is no snapshot.
    """
    if row_count is None:
        return Freshness("never")
    if not row_count:
        return Freshness("blank")
    if not is_dated:
        return Freshness("undated")
    if business_on is None:
        return Freshness("empty")
    due = business_on + timedelta(days=rhythm_days)
    late = max(0, (today - due).days)
    return Freshness("late" if late else "fresh", business_on, due, late)
