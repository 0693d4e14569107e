"""The lists that a person named, and those that others share."""

from collections.abc import Sequence

from django.db.models import Q

from parvis.domains.roadmaps.models import SavedView


def of(person) -> Sequence[SavedView]:
    """Her own first, then the shared ones of others. A view is an address: it shows what its reader may see, no more."""
    if not person.is_authenticated:
        return []
    rows = SavedView.objects.filter(Q(person=person) | Q(is_shared=True)).select_related("person")
    return sorted(rows, key=lambda view: (view.person_id != person.pk, view.name.lower()))


def owned(person, number: int) -> SavedView | None:
    return SavedView.objects.filter(person=person, pk=number).first()
