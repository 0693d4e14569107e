"""Where the pages of the roadmaps are found, with their filters: one place for the queries that point at them."""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, Resolver404, resolve, reverse


def action(code: str) -> str:
    return _found("roadmaps:action", code)


def is_page_of_action(code: str) -> bool:
    """Would an action of this code have a page of its own? « lot », « vues » or « a/b » would hide behind another's."""
    try:
        found = resolve(reverse("roadmaps:action", args=[code]))
    except (NoReverseMatch, Resolver404):
        return False
    return found.view_name == "roadmaps:action" and found.kwargs == {"code": code}


def actions(**filters: object) -> str:
    """The list narrowed by these filters; a list of values repeats its parameter."""
    kept = {name: value for name, value in filters.items() if value not in (None, "", [])}
    return f"{_found('roadmaps:actions')}?{urlencode(kept, doseq=True)}"


def plan(code: str) -> str:
    return _found("roadmaps:plan", code)


def page(name: str, *arguments: str, **parameters: object) -> str:
    """Another page of the roadmaps by its short name."""
    asked = urlencode({name: value for name, value in parameters.items() if value}, doseq=True)
    return _found(f"roadmaps:{name}", *arguments) + (f"?{asked}" if asked else "")


def _found(name: str, *arguments: str) -> str:
    """The overview stands in for a page that this house does not serve."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return reverse("roadmaps:overview")
