"""What leaves as a file. Each answer goes through the same predicate as the page that offers it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from parvis.domains.roadmaps import rules
from parvis.domains.roadmaps.actions import subscriptions as acts
from parvis.domains.roadmaps.coverage import Matrix
from parvis.domains.roadmaps.exports import calendar, campaigns, delimited, dossier, pdf, stratml, workbook
from parvis.domains.roadmaps.exports.columns import Column, Standing, columns, standings
from parvis.domains.roadmaps.forms import filters as inputs
from parvis.domains.roadmaps.models import Plan
from parvis.domains.roadmaps.queries import actions, coverage, plans, subscriptions
from parvis.domains.roadmaps.queries.campaigns import visible_campaigns
from parvis.domains.roadmaps.views.steps import day_or_none
from parvis.kernel.documents.spreadsheets import About
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


SEEN = "Seules y figurent les actions que la personne qui exporte peut voir."
DERIVED = (
    "Statut, critères et avancement sont calculés à la date indiquée ; la météo est un jugement humain, tenu à part."
)
BACK = (
    "Les premières colonnes sont celles du contrat d’import « Actions d’un plan » : modifiez-les, puis réimportez ce fichier. "
    "Une cellule vide ne change rien ; les colonnes calculées ne sont pas relues."
)


@require_safe
def plan_workbook(request: Request, code: str) -> HttpResponse:
    plan = _plan(request, code)
    rows = standings(dossier.read(request.user, plan).actions, plan)
    about = _about(request, plan.title, ("Plan", f"{plan.code}, {plan.get_state_display()}, version {plan.version}"))
    content = workbook.actions(rows, columns(request.user, rows), about)
    return _file(request, content, "xlsx", "actions", plan.code)


@require_safe
def actions_workbook(request: Request) -> HttpResponse:
    rows, shown = _listed(request)
    content = workbook.actions(rows, shown, _about(request, "Liste d’actions", ("Filtres", _filters(request))))
    return _file(request, content, "xlsx", "actions", "")


@require_safe
def actions_csv(request: Request) -> HttpResponse:
    return _file(request, delimited.actions(*_listed(request)), "csv", "actions", "")


@require_safe
def coverage_workbook(request: Request) -> HttpResponse:
    """The same matrix as the page, by the same parameters."""
    offered = plans.periods(request.user)
    period = plans.chosen_period(offered, request.GET.get("period", ""), request.today)
    directorate = request.GET.get("directorate", "")[:12]
    matrix = coverage.matrix(
        request.user, period.year, today=request.today, mandate=period.mandate, directorate=directorate
    )
    said = f"{period.label}, {directorate or 'toutes les directions'}"
    about = _about(request, "Couverture des politiques publiques", ("Filtres", said))
    return _file(request, workbook.coverage(matrix, about), "xlsx", "couverture", str(period.year))


def _listed(request: Request) -> tuple[list[Standing], list[Column]]:
    """The rows of the list page, by the same predicate, filters and order, whole."""
    rows = standings(dossier.deep(actions.listed(request.user, request.GET)))
    return rows, columns(request.user, rows)


def _about(request: Request, title: str, *lines: tuple[str, str]) -> About:
    person = request.user
    by = (
        (person.get_full_name() or "une personne connectée")
        if person.is_authenticated
        else "une personne non connectée"
    )
    told = (
        *lines, ("Connu au", f"{request.today:%d/%m/%Y}"), ("Exporté par", by), ("Ce qui y figure", SEEN),
        ("Ce qui est calculé", DERIVED), ("Réimporter", BACK),
    )  # fmt: skip
    return About(title, (*told, ("Avertissement", notice)) if (notice := _notice()) else told)


def _filters(request: Request) -> str:
    first, more = inputs.inputs(request.user, request.GET)
    chips = inputs.chips(request.GET, [*first, *more])
    return " ; ".join(f"{chip.label} : {chip.value}" for chip in chips) or "aucun"


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
        shows_people=rules.reads_names(request.user), matrix=_peers(request, plan),
    )  # fmt: skip
    return _file(request, content, "pdf", "plan", plan.code)


@login_required
@require_safe
def campaign_pdf(request: Request, code: str) -> HttpResponse:
    """The campaign's page on paper, as of the day asked (`au`), today at the latest."""
    rows = visible_campaigns(request.user)
    is_year = code.isdecimal() and len(code) == 4
    shown = get_object_or_404(rows, year=int(code)) if is_year else get_object_or_404(rows, code=code)
    as_of = min(day_or_none(request.GET.get("au", "")) or request.today, request.today)
    content = campaigns.document(shown, as_of=as_of, today=request.today, city=City.current())
    return _file(request, content, "pdf", "campagne", shown.code)


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
    content = calendar.calendar(
        "Parvis : mes échéances", subscriptions.dated_actions(person), subscriptions.stages(person, plans.seen(person)),
        city=_notice(), now=request.now,
    )  # fmt: skip
    return _file(request, content, "ics", "mes-echeances", "", inline=True)


def _plan(request: Request, code: str) -> Plan:
    """The plan if this person may see it; a forged code is not found."""
    return get_object_or_404(plans.seen(request.user).select_related("sector", "mandate", "campaign"), code=code)


def _file(request: Request, content: bytes, kind: str, what: str, of: str, *, inline: bool = False) -> HttpResponse:
    """A file under a plain dated name; a shared cache never keeps what one person may see."""
    name = "_".join(part for part in (slugify(of), what, request.today.isoformat()) if part)
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(not inline, f"{name}.{kind}") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _peers(request: Request, plan: Plan) -> Matrix | None:
    """How the other roadmaps of the same year cover the policies."""
    if plan.kind != Plan.Kind.ROADMAP:
        return None
    mandate = plan.mandate.code if plan.mandate else ""
    return coverage.matrix(request.user, plan.year, today=request.today, mandate=mandate)


def _city_name() -> str:
    return City.current().name


def _notice() -> str:
    return INVENTED if City.current().is_invented else ""
