"""Pages of the objectives: the whole tree at a glance, and one of them opened."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from parvis.domains.steering import sentences
from parvis.domains.steering.actions import confidence as acts
from parvis.domains.steering.models import Objective, ObjectiveConfidence
from parvis.domains.steering.queries import objective_page
from parvis.domains.steering.queries import objectives as found
from parvis.domains.steering.queries import tree as trees
from parvis.kernel import access
from parvis.kernel.organisation.requests import Request


@require_safe
def objectives(request: Request) -> HttpResponse:
    """« Où en sommes-nous ? »: every objective with its figures, actions, means, alerts and confidence."""
    access.require(request.user, "steering.view_objectives")
    shown = trees.tree(
        request.user, request.today, year=request.GET.get("annee"), as_of=day_asked(request.GET.get("le"))
    )
    return render(request, "steering/objectives.html", {
        "tree": shown, "sentence": sentences.of_tree(shown.tones, shown.alert_count), "years": found.years(),
        "is_inside": access.may_anywhere(request.user, "steering.view_figures"),
    })  # fmt: skip


@require_safe
def objective(request: Request, year: str, code: str) -> HttpResponse:
    access.require(request.user, "steering.view_objectives")
    row = get_object_or_404(Objective, year=year, code=code)
    opened = objective_page.opened(row, request.user, request.today, as_of=day_asked(request.GET.get("le")))
    return render(request, "steering/objective.html", {
        "opened": opened, "objective": row, "levels": ObjectiveConfidence.Level.choices,
        "is_inside": access.may_anywhere(request.user, "steering.view_figures"),
        "may_judge": access.may_anywhere(request.user, "steering.judge_objectives") and not opened.is_past,
    })  # fmt: skip


@login_required
@require_POST
def say_confidence(request: Request, year: str, code: str) -> HttpResponse:
    row = get_object_or_404(Objective, year=year, code=code)
    acts.say(row, request.POST.get("level", ""), request.POST.get("sentence", ""), by=request.user, at=request.now)
    messages.success(request, "Votre confiance est notée.")
    return redirect("steering:objective", year, code)


def day_asked(text: str | None) -> date | None:
    """The day of the address, or none; an address that names no day names nothing."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Http404 from fault
