"""How many files a visitor may take in a minute: a plan of thousands of actions costs seconds to set on paper.

Knows who is unknown and from where she asks. Refuses to count people: the address is kept two minutes, in the memory
of each server process, which is what such a file wears out.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import caches
from django.http import HttpResponse

from parvis.kernel.organisation.requests import Request
from parvis.web.views import errors

FILES = (".xlsx", ".csv", ".pdf", ".ics", ".xml")
PER_MINUTE = 20


def public_files(get_response):
    """Beyond PER_MINUTE files a minute from one address, a visitor waits; those who sign in do not."""

    def answer(request: Request) -> HttpResponse:
        if request.path.endswith(FILES) and not request.user.is_authenticated and _taken(request) > PER_MINUTE:
            return errors.too_many(request)
        return get_response(request)

    return answer


def _taken(request: Request) -> int:
    key = f"files:{get_adapter().get_client_ip(request)}:{request.now:%H%M}"
    caches["process"].add(key, 0, timeout=120)
    return caches["process"].incr(key)
