"""The projects that several directorates carry: one line a project, seen from every plan it stands in, without a copy."""

from collections.abc import Callable, Sequence

from django.core.paginator import Paginator
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.domains.roadmaps import sentences
from parvis.domains.roadmaps.models import Action, Commitment, Plan
from parvis.domains.roadmaps.queries import actions, filters, plans
from parvis.domains.roadmaps.queries import multi_directorate as projects
from parvis.kernel import access
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.organisation.requests import Request
from parvis.kernel.territories.models import Sector

PAGE = 40


@require_safe
def multi_directorate(request: Request) -> HttpResponse:
    access.require(request.user, "roadmaps.view_action")
    follows = access.may_anywhere(request.user, "roadmaps.see_campaign")
    years, asked = _years(request), request.GET.copy()
    asked.setdefault("year", str(request.today.year))
    chosen = _awaited(filters.filtered(request.user, asked), request)
    rows = [row for row in projects.rows(request.user, request.today, chosen) if _kept(row, request)]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    prefetch_related_objects([row.action for row in page], *actions.alongside(request.user))
    return render(request, "roadmaps/multi_directorate.html", {
        "page": page, "sentence": sentence(rows, follows), "follows": follows,
        "directorates": Directorate.objects.all(), "sectors": Sector.objects.all(), "asked": asked, "years": years,
    })  # fmt: skip


def sentence(rows: Sequence[projects.Row], follows: bool) -> str:
    """How many projects, and, for those who follow them, how many alert."""
    if not rows:
        return "Aucun projet de plusieurs directions ne répond à ces critères."
    opening = sentences.counted(len(rows), "projet est porté", "projets sont portés") + " par au moins deux directions"
    alerting = sum(bool(row.alerts) for row in rows)
    if not follows:
        return f"{opening}."
    if not alerting:
        return f"{opening} ; aucun n’alerte."
    return f"{opening} ; {sentences.counted(alerting, 'demande', 'demandent')} qu’on s’en occupe."


def _years(request: Request) -> list[str]:
    """The years of the plans that the person may see, the newest first."""
    found = plans.seen(request.user).exclude(kind=Plan.Kind.WINNERS).order_by().values_list("year", flat=True)
    return [str(year) for year in sorted({*found, request.today.year}, reverse=True)]


def _awaited(rows: QuerySet[Action], request: Request) -> QuerySet[Action]:
    """`awaited=oui`: a directorate asked has not answered."""
    if request.GET.get("awaited") != filters.YES:
        return rows
    return rows.filter(pk__in=Commitment.objects.filter(state="asked").values("action"))


def _has_no_review(row: projects.Row, request: Request) -> bool:
    since = row.last_review_on or row.action.starts_on
    return since is None or (request.today - since).days > row.review_every_days


def _has_no_lead(row: projects.Row, request: Request) -> bool:
    return row.action.project_lead_id is None


CUTS: dict[tuple[str, str], Callable[[projects.Row, Request], bool]] = {
    ("review", "retard"): _has_no_review,
    ("lead", filters.NONE): _has_no_lead,
}


def _kept(row: projects.Row, request: Request) -> bool:
    """Every cut of the address that is asked holds for the row."""
    return all(cut(row, request) for (name, value), cut in CUTS.items() if request.GET.get(name) == value)
