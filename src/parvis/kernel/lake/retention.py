"""How long a snapshot is kept: every day for five weeks, month ends for three years, year ends for ten; cited, for ever.

Letting go is a line in the table and the journal; files that nothing names any more (snapshots let go, evaluations that
went, writings cut short, what a killed engine spilled) are swept once they are a day old: what is being written stays.
"""

import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

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
    """Let old snapshots go, but the last one of each dataset; gives their number. Twice is the same as once.

    The files stay until `sweep` finds that nothing names them.
    """
    with transaction.atomic():
        snapshots.take_turn()
        old = _old(today)
        Snapshot.objects.filter(pk__in=[s.pk for s in old]).update(removed_at=at)
        _journal(old, at)
    return len(old)


def _old(today: date) -> list[Snapshot]:
    standing = Snapshot.objects.filter(removed_at=None, citations=None)
    last = {s.pk for s in snapshots.latest(standing.order_by().values_list("dataset", flat=True).distinct()).values()}
    return [s for s in standing.order_by("pk") if not is_kept(s.as_of, today) and s.pk not in last]


def sweep(named: Iterable[str], *, at: datetime) -> int:
    """Take away files that no snapshot and none of the fingerprints `named` (cells of measurements) name any more."""
    with transaction.atomic():
        snapshots.take_turn()
        kept, limit = _shown() | set(named), (at - UNNAMED_FOR).timestamp()
        return sum(_gone(path, limit) for path in _passing() if path.stem not in kept)


def _gone(path: Path, limit: float) -> bool:
    """Take a file away when it was written before the limit; its age is asked at the last moment."""
    if path.stat(follow_symlinks=False).st_mtime >= limit:
        return False
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    return True


def _shown() -> set[str]:
    return set(Snapshot.objects.filter(removed_at=None).order_by().values_list("sha256", flat=True))


def _passing() -> list[Path]:
    lake = Path(settings.LAKE)
    return [path for pattern in ("??/*.parquet", "*.partial", "aside/*") for path in lake.glob(pattern)]


def _journal(old: Collection[Snapshot], at: datetime) -> None:
    entries.append(
        entries.draft("snapshot.let_go", Reference("snapshot", str(s.pk)), by=None, at=at, codes={"dataset": s.dataset})
        for s in old
    )
