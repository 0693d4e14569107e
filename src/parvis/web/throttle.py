"""How many files a visitor may take in a minute: a plan of thousands of actions costs seconds to set on paper.

Knows who is unknown and from where she asks. Refuses to count people: the address is kept two minutes, in the memory
of each server process, which is what such a file wears out.
"""

import re

from allauth.account.adapter import get_adapter
from django.core.cache import caches
from django.http import HttpResponse

from parvis.kernel.organisation.requests import Request
from parvis.web.views import errors

PER_MINUTE = 20
# What is counted together, the addresses that it covers, how many a minute. A map of the interface asks many small pages.
SHARES = (
    ("files", re.compile(r"\.(xlsx|csv|pdf|ics|xml|parquet|jsonld|ttl)$|^/donnees/ouvertes/.+\.geojson$"), PER_MINUTE),
    ("interface", re.compile(r"^/donnees/ogc/"), 240),
)


def public_files(get_response):
    """Beyond her share of files a minute from one address, a visitor waits; those who sign in do not."""

    def answer(request: Request) -> HttpResponse:
        share = next(((name, most) for name, covers, most in SHARES if covers.search(request.path)), None)
        if share and not request.user.is_authenticated and _taken(request, share[0]) > share[1]:
            return errors.too_many(request)
        return get_response(request)

    return answer


def _taken(request: Request, share: str) -> int:
    key = f"{share}:{get_adapter().get_client_ip(request)}:{request.now:%H%M}"
    caches["process"].add(key, 0, timeout=120)
    return caches["process"].incr(key)
