"""The page where a person keeps, shares and forgets the lists that she named."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.domains.roadmaps.actions import saved_views as acts
from parvis.domains.roadmaps.queries import saved_views
from parvis.kernel.organisation.requests import Request


@login_required
@require_http_methods(["GET", "POST"])
def saved(request: Request) -> HttpResponse:
    if request.method == "GET":
        return render(request, "roadmaps/action_saved_views.html", {"views": saved_views.of(request.user)})
    if request.POST.get("do") == "save":
        return _save(request)
    view = _mine(request)
    if request.POST.get("do") == "delete":
        acts.delete(view, by=request.user, at=request.now)
        messages.success(request, f"La vue « {view.name} » est supprimée.")
    else:
        acts.share(view, not view.is_shared, by=request.user, at=request.now)
    return redirect("roadmaps:saved_views")


def _save(request: Request) -> HttpResponse:
    view = acts.save(
        request.user, request.POST.get("name", ""), request.POST.get("query", ""),
        is_shared=request.POST.get("is_shared") == "1", by=request.user, at=request.now,
    )  # fmt: skip
    messages.success(request, f"La vue « {view.name} » est enregistrée.")
    response = redirect("roadmaps:actions")
    response["Location"] += f"?{view.query}"
    return response


def _mine(request: Request):
    """Another person's view does not exist here."""
    number = request.POST.get("view", "")
    view = saved_views.owned(request.user, int(number)) if number.isdecimal() and len(number) < 10 else None
    if view is None:
        raise Http404
    return view
