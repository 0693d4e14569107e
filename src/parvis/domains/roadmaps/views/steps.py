"""Steps of a plan: move it, let it through a gate, note the arrondissement council's opinion. All are posted."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from parvis.domains.roadmaps.actions import plans as acts
from parvis.domains.roadmaps.models import Plan
from parvis.domains.roadmaps.queries import plans
from parvis.domains.roadmaps.queries.filters import parse_day
from parvis.kernel import Refusal
from parvis.kernel.organisation.requests import Request


@login_required
@require_POST
def plan_move(request: Request, code: str, move: str) -> HttpResponse:
    """Take a step. Signing leads to its own page, where one reads before signing."""
    plan = found_or_404(request, code)
    if move == "sign":
        return redirect("roadmaps:signing", plan.code)
    moved = acts.advance(plan, move, by=request.user, at=request.now, reason=request.POST.get("reason", ""))
    messages.success(request, f"« {plan.title} » est maintenant « {moved.get_state_display()} ».")
    return redirect("roadmaps:plan", plan.code)


@login_required
@require_POST
def gate_pass(request: Request, code: str, gate: str) -> HttpResponse:
    plan = found_or_404(request, code)
    acts.pass_gate(plan, gate, by=request.user, at=request.now, reason=request.POST.get("reason", ""))
    messages.warning(request, "La condition est passée outre. Votre motif reste inscrit sur le plan.")
    return redirect("roadmaps:signing", plan.code)


@login_required
@require_POST
def opinion(request: Request, code: str) -> HttpResponse:
    plan = found_or_404(request, code)
    asked_on, given_on = (day_or_none(request.POST.get(name, "")) for name in ("asked_on", "given_on"))
    acts.record_opinion(plan, by=request.user, at=request.now, asked_on=asked_on, given_on=given_on)
    messages.success(request, "Les dates de la saisine et de l’avis sont notées.")
    return redirect("roadmaps:signing", plan.code)


def found_or_404(request: Request, code: str) -> Plan:
    """The plan if the person may see it; even that it exists is not hers to know otherwise."""
    plan = plans.found(request.user, code)
    if plan is None:
        raise Http404
    return plan


def day_or_none(text: str) -> date | None:
    """A day as a date field sends it; an unreadable one is refused, never guessed."""
    if not text.strip():
        return None
    day = parse_day(text.strip())
    if day is None:
        raise Refusal(f"« {text[:20]} » n’est pas une date.", remedy="Écrivez-la sous la forme 2026-03-31.")
    return day
