"""Pages for what went wrong; they ask the database nothing."""

import sys

from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.kernel import Refusal

AWAY = (OperationalError, InterfaceError)
UNREADABLE = Refusal(
    "Cette demande contient une valeur que la maison ne sait pas lire : un caractère invisible, ou un nombre sans mesure.",
    remedy="Revenez en arrière, retapez ce qui a été collé, puis recommencez.",
)


def forbidden(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "web/forbidden.html", status=403)


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "web/not_found.html", status=404)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: expired, opened in another session, or sent from another site."""
    return render(request, "web/forged.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Django calls this while the exception is still being handled: a database away is said as such."""
    if isinstance(sys.exception(), AWAY):
        return away(request)
    if isinstance(sys.exception(), DataError):
        return unreadable(request)
    return render(request, "web/broken.html", status=500)


def unreadable(request: HttpRequest) -> HttpResponse:
    """What the database itself cannot hold: the fault is in what was sent, and nothing was written."""
    return render(request, "web/refusal.html", {"refusal": UNREADABLE}, status=400)


def away(request: HttpRequest) -> HttpResponse:
    response = render(request, "web/away.html", status=503)
    response["Retry-After"] = "60"
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "web/too_many.html", status=429)
    response.headers["Retry-After"] = "60"
    return response
