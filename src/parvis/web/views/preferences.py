"""My e-mails: how often, about what; and the one click that stops them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parvis.kernel import faces
from parvis.kernel.organisation.requests import Request
from parvis.web import preferences
from parvis.web.models import DigestPreference


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    kinds = faces.house().digest_kinds
    if request.method == "POST":
        wanted = set(request.POST.getlist("kinds"))
        rhythm = request.POST.get("rhythm", "")
        preferences.choose(request.user, rhythm=rhythm, kinds_off=set(kinds) - wanted, at=request.now)  # type: ignore[arg-type]
        messages.success(request, "Votre choix est enregistré.")
        return redirect("web:preferences")
    held = preferences.preference_of(request.user)  # type: ignore[arg-type]
    shown = [{"code": code, "label": label, "is_on": code not in held.kinds_off} for code, label in kinds.items()]
    context = {"preference": held, "rhythms": DigestPreference.Rhythm.choices, "kinds": shown}
    return render(request, "web/preferences.html", context)


@csrf_exempt  # RFC 8058: the mail program posts, without a cookie; the signed token is the proof
@require_http_methods(["GET", "POST"])
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """Asks on GET, because link scanners open links; stops on POST."""
    person = preferences.person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        preferences.stop(person, at=request.now)
    response = render(request, "web/unsubscribe.html", {"is_done": request.method == "POST"})
    response["Referrer-Policy"] = "no-referrer"
    return response
