"""Pages of the register of processing: all entries and the holes, one opened with its history, one written."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parvis.domains.datahub import reference
from parvis.domains.datahub.actions import register as actions
from parvis.domains.datahub.exports import register as tables
from parvis.domains.datahub.forms.register import ProcessingForm
from parvis.domains.datahub.models import Processing, ProcessingVersion
from parvis.domains.datahub.queries import register as queries
from parvis.domains.datahub.views.catalogue import TYPES
from parvis.kernel import Forbidden, Refusal, access, faces
from parvis.kernel.organisation.requests import Request


@login_required
@require_safe
def register(request: Request) -> HttpResponse:
    access.require(request.user, "datahub.view_register")
    held = queries.entries()
    living = [version for version in held if not version.is_ended]
    judged = [queries.assessment(version) for version in living]
    return render(request, "datahub/register.html", {
        "rows": [(version, queries.assessment(version)) for version in held], "holes": queries.holes(),
        "living": len(living), "bases": reference.legal_bases(),
        "waiting": sum(a.is_needed and v.assessment != "done" for v, a in zip(living, judged, strict=True)),
        "may_edit": _may_edit(request), "criteria_source": reference.CRITERIA_SOURCE,
    })  # fmt: skip


@login_required
@require_safe
def register_file(request: Request, kind: str) -> HttpResponse:
    access.require(request.user, "datahub.view_register")
    if kind not in tables.WRITTEN:
        raise Http404
    answer = HttpResponse(tables.WRITTEN[kind](queries.entries(), request.today), content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="registre-des-traitements.{kind}"'
    return answer


@login_required
@require_safe
def processing(request: Request, code: str) -> HttpResponse:
    access.require(request.user, "datahub.view_register")
    history = queries.history(get_object_or_404(Processing, code=code))
    version = history[0][0]
    known = faces.house().datasets
    return render(request, "datahub/processing.html", {
        "version": version, "assessment": queries.assessment(version), "history": history, "may_edit": _may_edit(request),
        "basis": reference.legal_bases().get(version.legal_basis), "criteria_source": reference.CRITERIA_SOURCE,
        "datasets": [(code, known.get(code)) for code in version.datasets], "enough": reference.ENOUGH_CRITERIA,
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def processing_new(request: Request) -> HttpResponse:
    """An empty form; `?jeu=` names the dataset whose hole it fills."""
    access.require(request.user, "datahub.edit_register")
    known = faces.house().datasets
    code = request.GET.get("jeu", "")
    initial = {"datasets": [code], "title": known[code].title} if code in known else {}
    return _written(request, None, initial)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def processing_edit(request: Request, code: str) -> HttpResponse:
    access.require(request.user, "datahub.edit_register")
    last = get_object_or_404(Processing, code=code).versions.select_related("processing").order_by("-number").first()
    if last is None:
        raise Http404
    return _written(request, last, {name: getattr(last, name) for name in queries.FIELDS})


def _written(request: Request, last: ProcessingVersion | None, initial: dict) -> HttpResponse:
    form = ProcessingForm(request.POST if request.method == "POST" else None, initial=initial)
    context: dict = {"form": form, "last": last}
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")
        try:
            made = actions.write(
                form.said(), processing=last.processing if last else None, seen=int(seen) if seen.isdecimal() else 0,
                reason=form.cleaned_data["reason"], by=request.user, at=request.now,
            )  # fmt: skip
        except Forbidden:
            raise
        except Refusal as refusal:
            return render(request, "datahub/processing_form.html", context | {"refusal": refusal}, status=422)
        messages.success(request, "La fiche est au registre.")
        return redirect("datahub:processing", made.processing.code)
    return render(request, "datahub/processing_form.html", context, status=422 if form.errors else 200)


def _may_edit(request: Request) -> bool:
    return access.may_anywhere(request.user, "datahub.edit_register")
