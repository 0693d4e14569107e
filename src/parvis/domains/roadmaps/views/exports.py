"""What leaves as a file. Each answer goes through the same predicate as the page that offers it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from parvis.domains.roadmaps.actions import subscriptions as acts
from parvis.domains.roadmaps.exports import calendar, dossier, pdf, stratml
from parvis.domains.roadmaps.models import Plan
from parvis.domains.roadmaps.queries import subscriptions
from parvis.kernel import access
from parvis.kernel.organisation.models import City
from parvis.kernel.organisation.requests import Request

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "ics": "text/calendar; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
}
INVENTED = "Ville de démonstration : les personnes et les chiffres sont inventés."


@require_safe
def plan_calendar(request: Request, code: str) -> HttpResponse:
    plan = _plan(request, code)
    actions = subscriptions.dated_actions(request.user).filter(placements__plan=plan)
    stages = subscriptions.stages(request.user, Plan.objects.filter(pk=plan.pk))
    content = calendar.calendar(plan.title, actions, stages, city=_notice(), now=request.now)
    return _file(request, content, "ics", "echeances", plan.code)


@require_safe
def plan_stratml(request: Request, code: str) -> HttpResponse:
    plan = _plan(request, code)
    content = stratml.document(dossier.read(request.user, plan), city=_city_name(), today=request.today)
    return _file(request, content, "xml", "stratml", plan.code)


@require_safe
def plan_pdf(request: Request, code: str) -> HttpResponse:
    plan = _plan(request, code)
    content = pdf.plan(
        dossier.read(request.user, plan), city=City.current(), today=request.today,
        shows_people=_is_staff(request),
    )  # fmt: skip
    return _file(request, content, "pdf", "plan", plan.code)


@login_required
@require_http_methods(["GET", "POST"])
def my_calendar(request: Request) -> HttpResponse:
    """The address of my feed, and the button that makes it unknown."""
    if request.method == "POST":
        acts.renew_feed(request.user, by=request.user, at=request.now)  # type: ignore[arg-type]
        messages.success(request, "Votre adresse est renouvelée : l’ancienne ne répond plus.")
        return redirect("roadmaps:my_calendar")
    token = subscriptions.token_of(request.user)  # type: ignore[arg-type]
    address = request.build_absolute_uri(reverse("roadmaps:calendar_feed", args=[token]))
    response = render(request, "roadmaps/my_calendar.html", {"address": address})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def calendar_feed(request: Request, token: str) -> HttpResponse:
    """A personal feed, read by a calendar program without a session: the signed address is the key."""
    person = subscriptions.subscriber(token)
    if person is None:
        raise Http404
    plans = access.visible(person, "roadmaps.view_plan", Plan.objects.all())
    content = calendar.calendar(
        "Parvis : mes échéances", subscriptions.dated_actions(person), subscriptions.stages(person, plans),
        city=_notice(), now=request.now,
    )  # fmt: skip
    return _file(request, content, "ics", "mes-echeances", "", inline=True)


def _plan(request: Request, code: str) -> Plan:
    """The plan if this person may see it; a forged code is not found."""
    plans = Plan.objects.select_related("sector", "mandate", "campaign")
    return get_object_or_404(access.visible(request.user, "roadmaps.view_plan", plans), code=code)


def _file(request: Request, content: bytes, kind: str, what: str, of: str, *, inline: bool = False) -> HttpResponse:
    """A file under a plain dated name; a shared cache never keeps what one person may see."""
    name = "_".join(part for part in (slugify(of), what, request.today.isoformat()) if part)
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(not inline, f"{name}.{kind}") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _is_staff(request: Request) -> bool:
    """Who works on the roadmaps reads the names of colleagues; the public and elected readers read directorates."""
    return access.may_anywhere(request.user, "roadmaps.see_campaign")


def _city_name() -> str:
    return City.current().name


def _notice() -> str:
    return INVENTED if City.current().is_invented else ""
