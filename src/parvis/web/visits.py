"""The visits of a desk: two instants a person, kept so that a page can say what changed in between.

A visit goes on for an hour: reloading the page does not make its news old.
"""

from datetime import datetime, timedelta

from parvis.kernel.organisation.models import Person
from parvis.web.models import DeskVisit

LASTS = timedelta(hours=1)


def open_desk(person: Person, now: datetime) -> datetime | None:
    """Note the visit; return when the one before ended, or None at the first."""
    visit, is_first = DeskVisit.objects.get_or_create(person=person, defaults={"seen_at": now})
    if not is_first and now - visit.seen_at > LASTS:
        visit.before_at, visit.seen_at = visit.seen_at, now
        visit.save(update_fields=["before_at", "seen_at"])
    return visit.before_at
