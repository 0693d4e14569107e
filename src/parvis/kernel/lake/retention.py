"""How long a snapshot is kept: every day for five weeks, month ends for three years, year ends for ten; cited, for ever.

A file goes with the last snapshot that shows it. Files that nothing names, left by a cut or by evaluations that went,
are swept after a day.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from parvis.kernel.calendar import month_end
from parvis.kernel.journal import entries
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.references import Reference

SOURCE = "règle de travail de la maison, à confirmer par le responsable des données"


@dataclass(frozen=True)
class Rule:
    """Days of a kind are kept so long."""

    label: str
    days: int


EVERY_DAY, MONTH_ENDS, YEAR_ENDS = Rule("chaque jour", 35), Rule("fins de mois", 1096), Rule("fins d’année", 3653)
UNNAMED_FOR = timedelta(days=1)


def is_kept(as_of: date, today: date) -> bool:
    """By its day alone; a citation keeps it besides."""
    age = (today - as_of).days
    is_month_end = as_of == month_end(as_of)
    is_year_end = is_month_end and as_of.month == 12
    return age <= EVERY_DAY.days or (is_month_end and age <= MONTH_ENDS.days) or (is_year_end and age <= YEAR_ENDS.days)


def let_go(*, today: date, at: datetime) -> int:
    """Let old snapshots go, but the last one of each dataset; gives their number. Twice is the same as once."""
    standing = Snapshot.objects.filter(removed_at=None, citations=None)
    last = {s.pk for s in snapshots.latest(standing.order_by().values_list("dataset", flat=True).distinct()).values()}
    old = [s for s in standing.order_by("pk") if not is_kept(s.as_of, today) and s.pk not in last]
    Snapshot.objects.filter(pk__in=[s.pk for s in old]).update(removed_at=at)
    for sha256 in {s.sha256 for s in old} - _shown():
        snapshots.path_of(sha256).unlink(missing_ok=True)
    _journal(old, at)
    return len(old)


def sweep(named: Iterable[str], *, at: datetime) -> int:
    """Take away files that no snapshot and none of the fingerprints `named` (cells of measurements) name any more."""
    kept, limit = _shown() | set(named), (at - UNNAMED_FOR).timestamp()
    old = [path for path in _files() if path.stem not in kept and path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _shown() -> set[str]:
    return set(Snapshot.objects.filter(removed_at=None).order_by().values_list("sha256", flat=True))


def _files() -> list[Path]:
    lake = Path(settings.LAKE)
    return [*lake.glob("??/*.parquet"), *lake.glob("*.partial")] if lake.exists() else []


def _journal(old: Collection[Snapshot], at: datetime) -> None:
    entries.append(
        entries.draft("snapshot.let_go", Reference("snapshot", str(s.pk)), by=None, at=at, codes={"dataset": s.dataset})
        for s in old
    )
