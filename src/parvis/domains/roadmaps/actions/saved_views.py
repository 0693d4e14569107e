"""Name a list, share it, forget it."""

from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from parvis.domains.roadmaps.models import SavedView
from parvis.kernel import Refusal
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference

LONGEST = 4000
MOST = 100


@transaction.atomic
def save(person, name: str, query: str, *, is_shared: bool, by, at: datetime) -> SavedView:
    """Keep the address's query under a name; the same name again replaces what it kept."""
    name = name.strip()[:80]
    if not name:
        raise Refusal(
            "Une vue enregistrée demande un nom.", remedy="Donnez-lui un nom court, par exemple « Mes retards »."
        )
    if person.saved_views.count() >= MOST:
        raise Refusal(f"Vous avez déjà {MOST} vues enregistrées.", remedy="Supprimez celles qui ne servent plus.")
    view, _ = SavedView.objects.update_or_create(
        person=person, name=name,
        defaults={"query": _clean(query), "is_shared": is_shared}, create_defaults={
            "query": _clean(query), "is_shared": is_shared, "created_at": at},
    )  # fmt: skip
    _record("saved_view.save", view, by=by, at=at)
    return view


@transaction.atomic
def share(view: SavedView, is_shared: bool, *, by, at: datetime) -> None:
    view.is_shared = is_shared
    view.save(update_fields=["is_shared"])
    _record("saved_view.share", view, by=by, at=at)


@transaction.atomic
def delete(view: SavedView, *, by, at: datetime) -> None:
    _record("saved_view.delete", view, by=by, at=at)
    view.delete()


def _clean(query: str) -> str:
    """A query and nothing else: no page, no path, no host."""
    parameters = QueryDict(query.lstrip("?")[:LONGEST], mutable=True)
    parameters.pop("page", None)
    return parameters.urlencode()


def _record(verb: str, view: SavedView, *, by, at: datetime) -> None:
    entries.record(verb, Reference("saved_view", str(view.pk)), by=by, at=at, codes={"shared": view.is_shared})
