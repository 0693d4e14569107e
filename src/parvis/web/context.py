"""What the shell's templates need on every page."""

from functools import cache

from django.http import HttpRequest

from parvis.kernel import access, faces
from parvis.kernel.organisation.models import City


def house(request: HttpRequest) -> dict:
    """The navigation open to this person, and whether the city is invented. Lazy: an error page asks nothing."""
    return {
        "navigation": lambda: _navigation(request),
        "may_read_journal": lambda: access.reach(request.user, "web.read_journal").everywhere,
        "city": cache(City.current),
    }


def _navigation(request: HttpRequest) -> list[dict]:
    person = getattr(request, "user", None)
    here = getattr(request.resolver_match, "view_name", "") if request.resolver_match else ""
    space = here.split(":")[0]
    return [
        {"label": e.label, "url_name": e.url_name, "is_here": here == e.url_name or e.url_name.split(":")[0] == space}
        for e in faces.house().navigation
        if access.may_anywhere(person, e.permission)
    ]
