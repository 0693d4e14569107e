"""The deployment of a thematic plan in the 17 sectors, and the page of one cell."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parvis.domains.roadmaps.actions import deployments as acts
from parvis.domains.roadmaps.forms.deployments import DeploymentForm
from parvis.domains.roadmaps.models import Deployment, Placement, Plan
from parvis.domains.roadmaps.queries import deployments as queries
from parvis.domains.roadmaps.views.steps import day_or_none, found_or_404
from parvis.kernel import access
from parvis.kernel.organisation.requests import Request
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow import available_moves


@require_safe
def deployment(request: Request, code: str) -> HttpResponse:
    plan = _thematic(request, code)
    found = queries.grid(plan, request.user)
    return render(request, "roadmaps/deployment.html", {
        "plan": plan, "grid": found, "sentence": queries.sentence(found), "whites": queries.whites(found),
        "lessons": found.lessons, "tones": queries.TONES, "short": queries.SHORT,
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def deployment_edit(request: Request, code: str, action: str, sector: str) -> HttpResponse:
    """Read a cell; those who keep it write it in place. A cell of another sector is read, never written."""
    plan = _thematic(request, code)
    found = queries.cell_of(plan, action, sector, request.user)
    if found is None:
        raise Http404
    placement, place, cell = found
    if request.method == "POST":
        return _write(request, plan, placement, place, cell)
    return _page(request, plan, placement, place, cell, DeploymentForm.of(cell) if cell else None)


def _thematic(request: Request, code: str) -> Plan:
    plan = found_or_404(request, code)
    if plan.kind != Plan.Kind.THEMATIC:
        raise Http404
    return plan


def _page(
    request: Request,
    plan: Plan,
    placement: Placement,
    sector: Sector,
    cell: Deployment | None,
    form: DeploymentForm | None,
) -> HttpResponse:
    may_edit = cell is not None and access.may(request.user, "roadmaps.edit_deployment", cell)
    return render(request, "roadmaps/deployment_edit.html", {
        "plan": plan, "placement": placement, "sector": sector, "cell": cell, "form": form, "may_edit": may_edit,
        "moves": available_moves(cell, request.user) if may_edit else (), "tones": queries.TONES,
        "may_open": cell is None and access.may(request.user, "roadmaps.steer_plan", plan),
    }, status=400 if form and form.is_bound else 200)  # fmt: skip


def _write(request: Request, plan: Plan, placement: Placement, sector: Sector, cell: Deployment | None) -> HttpResponse:
    if cell is None:
        cell = acts.start_keeping(placement, sector, by=request.user, at=request.now)
    elif request.POST.get("move"):
        _advance(request, cell)
    else:
        form = DeploymentForm(request.POST)
        if not form.is_valid():
            return _page(request, plan, placement, sector, cell, form)
        acts.note(cell, by=request.user, at=request.now, **form.fields_kept())
        messages.success(request, "C’est noté.")
    return redirect("roadmaps:deployment_edit", plan.code, placement.action.code, sector.code)


def _advance(request: Request, cell: Deployment) -> None:
    on = day_or_none(request.POST.get("on", ""))
    moved = acts.advance(
        cell, request.POST["move"], by=request.user, at=request.now, on=on, reason=request.POST.get("reason", "")
    )
    messages.success(request, f"La mesure est maintenant « {moved.get_state_display()} ».")
