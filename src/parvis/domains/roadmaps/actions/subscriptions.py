"""Renew a calendar address."""

from datetime import datetime

from django.db import transaction

from parvis.domains.roadmaps.models import CalendarFeed
from parvis.kernel import Forbidden
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Person
from parvis.kernel.references import Reference


def renew_feed(person: Person, *, by, at: datetime) -> CalendarFeed:
    """Make every address given out for this person's feed unknown; hers alone to do."""
    if by != person:
        raise Forbidden("Seule la personne elle-même renouvelle son adresse d’agenda.")
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        feed, _ = CalendarFeed.objects.get_or_create(person=person, defaults={"renewed_at": at})
        feed.version, feed.renewed_at = feed.version + 1, at
        feed.save()
        codes = {"version": feed.version}
        entries.record("calendar.renew", Reference("person", str(person.pk)), by=by, at=at, codes=codes)
    return feed
