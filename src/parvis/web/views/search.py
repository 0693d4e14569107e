"""One search over the whole house, through the faces; nobody finds what she may not see."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from parvis.kernel import faces
from parvis.kernel.organisation.requests import Request

SHORTEST = 2
PER_DOMAIN = 20


def search(request: Request) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").split())[:100]
    hits = _hits(request, words) if len(words) >= SHORTEST else []
    groups = [(kind, list(found)) for kind, found in groupby(hits, key=lambda hit: hit.kind)]
    context = {"words": words, "count": len(hits), "groups": groups, "is_too_short": 0 < len(words) < SHORTEST}
    return render(request, "web/search.html", context)


def _hits(request: Request, words: str) -> list[faces.Hit]:
    found = [hit for face in faces.house().faces if face.search for hit in face.search(request.user, words, PER_DOMAIN)]
    return sorted(found, key=lambda hit: hit.kind)
