"""What every request passes through: the policy of contents, the clock, refusals turned into pages."""

from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from parvis.kernel import Forbidden, Refusal
from parvis.kernel.organisation.requests import Request

# MapLibre starts its worker from a blob: the one exception, for workers alone.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "child-src blob:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    )
)


def content_security_policy(get_response):
    def answer(request: Request) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
        return response

    return answer


def clock(get_response):
    """Give the request its instant, read once: `request.now` (aware) and `request.today` (in Paris)."""

    def answer(request: Request) -> HttpResponse:
        request.now = timezone.now()
        request.today = timezone.localdate(request.now)
        return get_response(request)

    return answer


class refusals:
    """A refusal is an answer, not an accident: say it in plain words, with the right status."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Forbidden):
            return render(request, "web/refusal.html", {"refusal": exception}, status=403)
        if isinstance(exception, Refusal):
            return render(request, "web/refusal.html", {"refusal": exception}, status=409)
        if isinstance(exception, OperationalError):
            return render(request, "web/away.html", status=503)
        return None
