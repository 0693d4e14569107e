"""What every request passes through: the policy of contents, the clock, refusals turned into pages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import DataError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from parvis.kernel import Forbidden, Refusal
from parvis.kernel.organisation.models import Person
from parvis.kernel.organisation.requests import Request
from parvis.web import accounts
from parvis.web.views import errors

FACTOR_SEEN = "second_factor_seen"
# Signing in at the identity provider is a form that is answered by a redirection there.
PROVIDER = "{0.scheme}://{0.netloc}".format(urlsplit(settings.OIDC_URL)) if settings.OIDC_URL else ""

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
        f"form-action 'self' {PROVIDER}".strip(),
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


def private_pages(get_response):
    """What a signed-in person reads stays in no cache: neither a shared one, nor that of a computer she leaves."""

    def answer(request: Request) -> HttpResponse:
        is_signed_in = request.user.is_authenticated
        response = get_response(request)
        if is_signed_in:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer


def clock(get_response):
    """Give the request its instant, read once: `request.now` (aware) and `request.today` (in Paris)."""

    def answer(request: Request) -> HttpResponse:
        request.now = timezone.now()
        request.today = timezone.localdate(request.now)
        return get_response(request)

    return answer


def second_factor(get_response):
    """Who signs or administers activates a second factor before anything else; signing out stays possible."""

    def answer(request: Request) -> HttpResponse:
        if isinstance(request.user, Person) and not _may_pass(request, request.user):
            return redirect("mfa_activate_totp")
        return get_response(request)

    return answer


def _may_pass(request: Request, person: Person) -> bool:
    if request.session.get(FACTOR_SEEN) or request.path.startswith(("/compte/", settings.STATIC_URL, "/sante/")):
        return True
    if not accounts.must_have_second_factor(person):
        return True
    if accounts.has_second_factor(person):
        request.session[FACTOR_SEEN] = True  # it cannot be removed while it is required: asked once per session
        return True
    return False


class refusals:
    """A refusal is an answer, not an accident: say it in plain words, with the right status."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return errors.unreadable(request) if _has_nul(request) else self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Forbidden):
            return render(request, "web/refusal.html", {"refusal": exception}, status=403)
        if isinstance(exception, Refusal):
            return render(request, "web/refusal.html", {"refusal": exception}, status=409)
        if isinstance(exception, errors.AWAY):
            return errors.away(request)
        if isinstance(exception, DataError):
            return errors.unreadable(request)
        return None


def _has_nul(request: Request) -> bool:
    """No text that a person types holds a NUL, and the database refuses it: said once for every address and form."""
    typed = (value for name, values in request.POST.lists() for value in (name, *values))
    return "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", "") or any("\0" in t for t in typed)
