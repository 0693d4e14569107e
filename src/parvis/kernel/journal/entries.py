"""Write to the journal."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from parvis.kernel.calendar import paris_day
from parvis.kernel.journal.models import Entry
from parvis.kernel.references import Reference

LONGEST_CODE = 120


def record(verb: str, subject: Reference, *, by, at: datetime, codes: Mapping | None = None) -> Entry:
    """Append one event. `codes` holds identifiers, numbers and short codes; a sentence is refused."""
    entry = draft(verb, subject, by=by, at=at, codes=codes)
    entry.save(force_insert=True)
    return entry


def draft(verb: str, subject: Reference, *, by, at: datetime, codes: Mapping | None = None) -> Entry:
    """An entry not yet written, for `append`."""
    held = dict(codes or {})
    for key, value in held.items():
        _refuse_sentences(key, value)
    return Entry(
        at=at, day=paris_day(at), verb=verb, subject_kind=subject.kind, subject_id=subject.id,
        actor_id=getattr(by, "pk", None), codes=held,
    )  # fmt: skip


def append(entries: Iterable[Entry]) -> None:
    """Append many events in one statement per thousand."""
    Entry.objects.bulk_create(entries, batch_size=1000)


def _refuse_sentences(key: str, value: object) -> None:
    values = value if isinstance(value, list | tuple | set | frozenset) else [value]
    for item in values:
        if isinstance(item, str) and (len(item) > LONGEST_CODE or item.count(" ") > 3):
            raise ValueError(f"journal: « {key} » looks like free text; keep it in the domain's own record")
