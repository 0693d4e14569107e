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
    """One line at most is here: the page itself, else the first line of its space."""
    person = getattr(request, "user", None)
    entries = [e for e in faces.house().navigation if access.may_anywhere(person, e.permission)]
    here = _here(getattr(request.resolver_match, "view_name", ""), [e.url_name for e in entries])
    return [{"label": e.label, "url_name": e.url_name, "is_here": e.url_name == here} for e in entries]


def _here(view_name: str, url_names: list[str]) -> str:
    if view_name in url_names:
        return view_name
    space = view_name.split(":")[0]
    return next((name for name in url_names if name.split(":")[0] == space), "")
