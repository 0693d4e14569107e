"""The page where those who steer a plan give its actions more fields."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.domains.roadmaps.actions import extra_fields as acts
from parvis.domains.roadmaps.forms.extra_fields import ROLE_CHOICES, ExtraFieldForm, initial_of
from parvis.domains.roadmaps.models import ExtraField, Plan
from parvis.domains.roadmaps.queries import extra_fields
from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.organisation.requests import Request


@login_required
@require_http_methods(["GET", "POST"])
def fields(request: Request, code: str) -> HttpResponse:
    """List, add, change and remove. The field being changed is in the address: `?champ=code`."""
    plan = access.visible(
        request.user, "roadmaps.view_plan", Plan.objects.select_related("sector").filter(code=code)
    ).first()
    if plan is None:
        raise Http404
    access.require(request.user, "roadmaps.steer_plan", plan)
    changed = ExtraField.objects.filter(plan=plan, code=request.GET.get("champ", "")).first()
    if request.method == "POST" and request.POST.get("do") == "remove":
        return _remove(request, plan)
    form = ExtraFieldForm(
        request.POST or None, initial=initial_of(changed) if changed else {"type": "text", "order": 0}
    )
    if request.method == "POST" and form.is_valid() and _kept(request, plan, changed, form):
        return redirect("roadmaps:extra_fields", plan.code)
    context = {
        "plan": plan, "fields": extra_fields.visible_fields(request.user, [plan]), "form": form, "changed": changed,
        "roles": dict(ROLE_CHOICES),
    }  # fmt: skip
    return render(request, "roadmaps/action_extra_fields.html", context, status=422 if form.errors else 200)


def _kept(request: Request, plan: Plan, changed: ExtraField | None, form: ExtraFieldForm) -> bool:
    try:
        if changed:
            changed.plan = plan
            acts.change(changed, form.definition(), by=request.user, at=request.now)
        else:
            acts.define(plan, form.definition(), by=request.user, at=request.now)
    except Forbidden:
        raise
    except Refusal as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, "Le champ est enregistré.")
    return True


def _remove(request: Request, plan: Plan) -> HttpResponse:
    field = ExtraField.objects.filter(plan=plan, code=request.POST.get("field", "")).first()
    if field is None:
        raise Http404
    acts.remove(field, by=request.user, at=request.now)
    messages.success(request, f"Le champ « {field.label} » est supprimé, avec ce qu’il contenait.")
    return redirect("roadmaps:extra_fields", plan.code)
