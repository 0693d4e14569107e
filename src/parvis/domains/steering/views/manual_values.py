"""Pages of the values entered by hand: the series, a new one, one with its values and what waits for a decision."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.domains.steering.actions import manual_values as acts
from parvis.domains.steering.forms.manual_values import SeriesForm, ValueForm
from parvis.domains.steering.models import ManualSeries, ManualValue
from parvis.domains.steering.queries import manual_values as queries
from parvis.kernel import Refusal, access
from parvis.kernel.documents import storage
from parvis.kernel.organisation.requests import Request

DONE = {
    "approve": "La valeur est approuvée : la prochaine évaluation la comptera.", "refuse": "La valeur est refusée.",
    "take_back": "La valeur est reprise.", "withdraw": "La valeur ne compte plus.",
}  # fmt: skip


@login_required
@require_safe
def manual_values(request: Request) -> HttpResponse:
    access.require(request.user, "steering.view_figures")
    found = queries.all_series()
    return render(request, "steering/manual_values.html", {
        "series": found, "waiting": sum(one.waiting for one in found),
        "may_define": access.may_anywhere(request.user, "steering.define_indicators"),
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def manual_series_new(request: Request) -> HttpResponse:
    access.require(request.user, "steering.define_indicators")
    form, refused = SeriesForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.open_series(form.series(), by=request.user, at=request.now)
            messages.success(request, "La série est ouverte : proposez sa première valeur.")
            return redirect("steering:manual_series", made.code)
        except Refusal as fault:
            refused = fault
    return render(request, "steering/manual_series_new.html", {"form": form, "refused": refused})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def manual_series(request: Request, code: str) -> HttpResponse:
    """The values of a series; posting proposes one."""
    access.require(request.user, "steering.view_figures")
    if request.method == "POST":
        access.require(request.user, "steering.propose_values")
    series = get_object_or_404(ManualSeries, code=code)
    form, refused = ValueForm(series, request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            document = form.cleaned_data["document"]
            acts.propose(series, form.said(), by=request.user, at=request.now, document=document)
            messages.success(request, "La valeur est proposée : une autre personne doit l’approuver.")
            return redirect("steering:manual_series", code)
        except Refusal as fault:
            refused = fault
    return render(request, "steering/manual_series.html", {
        "series": series, "values": queries.with_moves(series, request.user), "form": form, "refused": refused,
        "may_propose": access.may_anywhere(request.user, "steering.propose_values"),
    })  # fmt: skip


@login_required
@require_POST
def manual_value_move(request: Request, number: int, step: str) -> HttpResponse:
    if step not in DONE:
        raise Http404
    value = get_object_or_404(ManualValue.objects.select_related("series"), pk=number)
    acts.settle(value, step, by=request.user, at=request.now, reason=request.POST.get("reason", ""))
    messages.success(request, DONE[step])
    return redirect("steering:manual_series", value.series.code)


@login_required
@require_safe
def manual_value_document(request: Request, number: int, document: int) -> FileResponse:
    access.require(request.user, "steering.view_figures")
    value = get_object_or_404(ManualValue, pk=number)
    found = next((one for one in storage.of(value.reference()) if one.pk == document), None)
    if found is None:
        raise Http404
    return FileResponse(
        storage.opened(found), as_attachment=True, filename=found.name, content_type=found.media_type
    )  # fmt: skip
