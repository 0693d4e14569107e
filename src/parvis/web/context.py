"""What the shell's templates need on every page."""

from functools import cache

from django.http import HttpRequest
from django.urls import reverse

from parvis.kernel import access, faces
from parvis.kernel.faces import Entry
from parvis.kernel.organisation.models import City


def house(request: HttpRequest) -> dict:
    """The navigation open to this person, and whether the city is invented. Lazy: an error page asks nothing."""
    return {
        "navigation": lambda: _navigation(request)[0],
        "rooms": lambda: _navigation(request)[1],
        "may_read_journal": lambda: access.reach(request.user, "web.read_journal").everywhere,
        "city": cache(City.current),
    }


def _navigation(request: HttpRequest) -> tuple[list[dict], list[dict]]:
    """The main lines, and the rooms of the one where the person is. A room whose main line she may not open is a main line."""
    person = getattr(request, "user", None)
    entries = [e for e in faces.house().navigation if access.may_anywhere(person, e.permission)]
    known = {e.url_name for e in entries}
    here = _here(request, [e.url_name for e in entries])
    main = next((_main(e, known) for e in entries if e.url_name == here), "")
    lines = [_line(e, e.label, main) for e in entries if _main(e, known) == e.url_name]
    rooms = [_line(e, e.room or e.label, here) for e in entries if main and _main(e, known) == main]
    return lines, rooms if len(rooms) > 1 else []


def _main(entry: Entry, known: set[str]) -> str:
    return entry.under if entry.under in known else entry.url_name


def _line(entry: Entry, label: str, here: str) -> dict:
    return {"label": label, "url_name": entry.url_name, "is_here": entry.url_name == here}


def _here(request: HttpRequest, url_names: list[str]) -> str:
    """The line of a page: its own, else the list that it is one of (`alert` of `alerts`), else the one whose address
    begins its own (the rows of an indicator), else the first of its space."""
    view_name = getattr(request.resolver_match, "view_name", "")
    if view_name in url_names:
        return view_name
    lists = [name for name in url_names if view_name.startswith(name.removesuffix("s"))]
    if lists:
        return max(lists, key=len)
    above = {
        address: name for name in url_names if len(address := reverse(name)) > 1 and request.path.startswith(address)
    }
    if above:
        return above[max(above, key=len)]
    space = view_name.split(":")[0]
    return next((name for name in url_names if name.split(":")[0] == space), "")
