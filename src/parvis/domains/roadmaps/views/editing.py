"""The page that changes an action, and the one that adds it to a plan."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.domains.roadmaps.actions import editing
from parvis.domains.roadmaps.forms import actions as forms
from parvis.domains.roadmaps.forms import conflicts
from parvis.domains.roadmaps.models import Action, Axis, ExtraField, Plan
from parvis.domains.roadmaps.queries import actions, extra_fields, ties
from parvis.kernel import Refusal, access
from parvis.kernel.organisation.requests import Request

SECTIONS = (
    ("identite", "Ce qu’elle est", ("title", "description", "deliverable", "policy", "weight")),
    ("qui", "Qui la porte", ("lead", "owner", "project_lead", "review_every_days")),
    ("ou", "Où", ("place", "address", "longitude", "latitude")),
    ("quand", "Quand", ("starts_on", "due_on")),
)
LAST_SECTIONS = (
    ("marqueurs", "Marqueurs et risque",
     ("in_priority_neighbourhood", "is_climate", "is_gender_equality", "risk", "risk_note")),
    ("liens", "Objectifs et dépendances", ("objectives", "needs")),
)  # fmt: skip


@dataclass
class Sheet:
    """All that the page edits: the action's form and the lines of its parts."""

    form: forms.ActionForm
    parts: dict[str, forms.Rows]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.parts.values())])


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    action = _editable(request, code)
    fields = _fields(request, action)
    now = _stored(request, action, fields)
    if request.method == "GET":
        return _page(request, action, _open(action, fields, now), now)
    sheet = _typed(request.POST, fields)
    if "more" in request.POST or not _is_right(request, sheet, action):
        return _page(request, action, _with_more(request, sheet, fields), now)
    if request.POST.get("revision") != str(action.revision):
        return _conflict(request, action, sheet, fields, now)
    return _save(request, action, sheet, fields, now)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: Request, code: str) -> HttpResponse:
    """A new action in a plan: the first things only; the rest is filled in on its own page."""
    plan = access.visible(request.user, "roadmaps.view_plan", Plan.objects.filter(code=code)).first()
    if plan is None:
        raise Http404
    access.require(request.user, "roadmaps.add_action", plan)
    editing.refuse_closed(plan)
    form = forms.ActionForm(request.POST or None, initial=_first_values(request, plan))
    if request.method == "POST" and form.is_valid() and _name_ties(request, form, plan.year):
        return _create(request, plan, form)
    context = {"plan": plan, "form": form, "axes": list(plan.axes.all()), "sections": _sections(form, SECTIONS)}
    return render(request, "roadmaps/action_new.html", context, status=422 if form.errors else 200)


def _create(request: Request, plan: Plan, form: forms.ActionForm) -> HttpResponse:
    axis = Axis.objects.filter(plan=plan, code=request.POST.get("axis", "")).first()
    try:
        changes = forms.changes_of(form, {}) | _first_changes(form)
        action = editing.create(plan, changes, by=request.user, at=request.now, axis=axis)
    except Refusal as refused:
        form.add_error(None, str(refused))
        context = {"plan": plan, "form": form, "axes": list(plan.axes.all()), "sections": _sections(form, SECTIONS)}
        return render(request, "roadmaps/action_new.html", context, status=409)
    messages.success(request, "L’action est créée. Ajoutez maintenant ses jalons, ses indicateurs et ses moyens.")
    return redirect("roadmaps:action_edit", action.code)


def _first_values(request: Request, plan: Plan) -> dict:
    directorate = getattr(request.user, "directorate", None)
    place = {"centre": forms.CENTRE}.get(plan.sector.code, f"751{plan.sector.code:0>2}") if plan.sector else forms.CITY
    return {"place": place, "lead": directorate.code if directorate else "", "weight": 1}


def _first_changes(form: forms.ActionForm) -> dict:
    """What she left as proposed counts too: nothing is stored yet."""
    return {
        key: value
        for name in ("place", "lead", "weight")
        for key, value in forms.change(name, form.cleaned_data[name]).items()
    }


def _editable(request: Request, code: str) -> Action:
    """Unseen is not found; seen and not hers to edit is refused."""
    action = actions.found(request.user, code)
    if action is None:
        raise Http404
    access.require(request.user, "roadmaps.edit_action", action)
    return action


def _fields(request: Request, action: Action) -> list[ExtraField]:
    plans = [p.plan for p in actions.seen_placements(request.user).filter(action=action)]
    return extra_fields.editable_fields(request.user, plans)


def _stored(request: Request, action: Action, fields: list[ExtraField]) -> dict:
    return {
        **forms.initial_of(action),
        **forms.extra_initial(action, fields),
        "objectives": ", ".join(ties.short(r) for r in ties.objectives(action)),
        "needs": ", ".join(sorted(need.code for need in ties.waits_for(action, request.user))),
        "rows": forms.initial_rows(action),
    }


def _open(action: Action, fields: list[ExtraField], now: dict) -> Sheet:
    parts = {part: forms.rows(part, initial=now["rows"][part]) for part in forms.PARTS}
    return Sheet(forms.ActionForm(initial=now, extra=fields), parts)


def _typed(data: QueryDict, fields: list[ExtraField]) -> Sheet:
    return Sheet(forms.ActionForm(data, extra=fields), {part: forms.rows(part, data) for part in forms.PARTS})


def _with_more(request: Request, sheet: Sheet, fields: list[ExtraField]) -> Sheet:
    """One more empty line of the part asked; what is typed stays."""
    part = request.POST.get("more", "")
    if part not in forms.PARTS:
        return sheet
    data = request.POST.copy()
    total = f"{part}-TOTAL_FORMS"
    data[total] = str(min(sheet.parts[part].total_form_count() + 1, 100))
    return _typed(data, fields)


def _is_right(request: Request, sheet: Sheet, action: Action) -> bool:
    year = max((p.plan.year for p in action.placements.select_related("plan")), default=request.today.year)
    return sheet.is_valid() and _name_ties(request, sheet.form, year)


def _name_ties(request: Request, form: forms.ActionForm, year: int) -> bool:
    """Codes typed become objectives and actions; an unknown one is said beside its field."""
    asked = forms.codes_in(form.cleaned_data["objectives"])
    form.named_objectives = ties.named(asked, request.user, year)  # type: ignore[attr-defined]
    forms.refuse_unknown(form, "objectives", [code for code in asked if code not in form.named_objectives])  # type: ignore[attr-defined]
    needed = forms.codes_in(form.cleaned_data.get("needs", ""))
    known = {action.code for action in actions.selected(request.user, needed)} if needed else set()
    forms.refuse_unknown(form, "needs", [code for code in needed if code not in known])
    return not form.errors


def _save(request: Request, action: Action, sheet: Sheet, fields: list[ExtraField], now: dict) -> HttpResponse:
    changes = forms.changes_of(sheet.form, sheet.parts) | _ties(action, sheet.form, now)
    seen = int(request.POST["revision"])
    try:
        editing.edit(action, changes, by=request.user, at=request.now, seen_revision=seen)
    except editing.Conflict:
        fresh = _editable(request, action.code)
        return _conflict(request, fresh, sheet, fields, _stored(request, fresh, fields))
    except Refusal as refused:
        return _page(request, action, sheet, now, refusal=refused)
    messages.success(request, "L’action est enregistrée." if changes else "Rien n’a changé.")
    return redirect("roadmaps:action", action.code)


def _ties(action: Action, form: forms.ActionForm, now: dict) -> dict:
    """Objectives and needs as differences: what is added, what is taken away."""
    found: dict = {}
    if "objectives" in form.changed_data:
        wanted = set(form.named_objectives.values())  # type: ignore[attr-defined]
        held = {r.id for r in ties.objectives(action)}
        found["objectives"] = {i: i in wanted for i in sorted(wanted ^ held)}
    if "needs" in form.changed_data:
        wanted, held = set(forms.codes_in(form.cleaned_data["needs"])), set(forms.codes_in(now["needs"]))
        found["needs"] = {code: code in wanted for code in sorted(wanted ^ held)}
    return found


def _conflict(request: Request, action: Action, sheet: Sheet, fields: list[ExtraField], now: dict) -> HttpResponse:
    """Her text back, with what the other changed; the next save starts from there."""
    data = request.POST.copy()
    fresh = forms.ActionForm(initial=now, extra=fields)
    found = conflicts.merge(data, sheet.form, fresh)
    for part, rows in sheet.parts.items():
        found += conflicts.merge_rows(data, rows, now["rows"][part], forms.fresh_row(part))
    return _page(request, action, _typed(data, fields), now, differences=found, status=409)


def _page(request: Request, action: Action, sheet: Sheet, now: dict, *, refusal: Refusal | None = None,
          differences: list | None = None, status: int = 200) -> HttpResponse:  # fmt: skip
    last = action.revisions.select_related("by").last() if differences is not None else None
    context = {
        "action": action, "form": sheet.form, "sections": _sections(sheet.form, SECTIONS),
        "last_sections": _sections(sheet.form, LAST_SECTIONS), "extra": sheet.form.extra_bound(),
        "parts": [(part, *forms.PARTS[part][1:], rows) for part, rows in sheet.parts.items()],
        "held": editing.held_by(action), "refusal": refusal, "differences": differences, "last": last,
        "errors": _errors(sheet) if sheet.form.is_bound else [],
    }  # fmt: skip
    wrong = 422 if context["errors"] and status == 200 else status
    return render(request, "roadmaps/action_edit.html", context, status=409 if refusal else wrong)


def _sections(form: forms.ActionForm, sections) -> list[tuple]:
    return [(code, title, [form[name] for name in names]) for code, title, names in sections]


def _errors(sheet: Sheet) -> list[tuple[str, str, str]]:
    """(element id, label, message) of everything wrong, in the order of the page."""
    every = [sheet.form, *(form for rows in sheet.parts.values() for form in rows.forms)]
    return [
        (form[name].id_for_label if name in form.fields else "", str(form.fields[name].label) if name in form.fields else "", message)
        for form in every
        for name, messages_ in form.errors.items()
        for message in messages_
    ]  # fmt: skip
