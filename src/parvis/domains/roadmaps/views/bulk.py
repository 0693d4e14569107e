"""Change many actions at once, in three steps: choose what, see what would change, do it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.domains.roadmaps.actions import bulk as acts
from parvis.domains.roadmaps.forms.bulk import BulkForm
from parvis.domains.roadmaps.queries import actions
from parvis.domains.roadmaps.queries.history import CHOICES, FIELDS
from parvis.domains.roadmaps.sentences import counted
from parvis.kernel import Refusal, access
from parvis.kernel.organisation.requests import Request


@login_required
@require_http_methods(["GET", "POST"])
def bulk(request: Request) -> HttpResponse:
    access.require(request.user, "roadmaps.edit_action")
    given = request.GET if request.method == "GET" else request.POST
    chosen = actions.selected(request.user, given.getlist("code")[: acts.MOST + 1])
    form = BulkForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _choose(request, chosen, form)
    step = _apply if request.POST.get("step") == "apply" else _preview
    try:
        return step(request, chosen, form)
    except Refusal as refused:
        return _choose(request, chosen, form, refused)


def _choose(request: Request, chosen, form: BulkForm, refusal: Refusal | None = None) -> HttpResponse:
    context = {"chosen": chosen, "form": form, "refusal": refusal, "many": counted(len(chosen), "action")}
    return render(request, "roadmaps/action_bulk.html", context, status=409 if refusal else 422 if form.errors else 200)


def _preview(request: Request, chosen, form: BulkForm) -> HttpResponse:
    lines = acts.preview(chosen, form.wanted(), by=request.user)
    shown = [
        (line, [(FIELDS[n], said(n, getattr(line.action, n)), said(n, v)) for n, v in line.changes.items()])
        for line in lines
    ]
    done, refused = sum(line.is_done for line in lines), sum(bool(line.refusal) for line in lines)
    context = {
        "lines": shown, "form": form, "done": done, "refused": refused, "same": len(lines) - done - refused,
        "asked": [(name, value) for name, value in request.POST.items() if name in form.fields and value],
        "sentence": _sentence(done, refused),
    }  # fmt: skip
    return render(request, "roadmaps/action_bulk_preview.html", context)


def _apply(request: Request, chosen, form: BulkForm) -> HttpResponse:
    seen = dict(_seen(text) for text in request.POST.getlist("seen") if ":" in text)
    lines = acts.change_all(
        chosen, form.wanted(), seen, do_the_rest=request.POST.get("mode") == "rest", by=request.user, at=request.now
    )
    done, refused = sum(line.is_done for line in lines), [line for line in lines if line.refusal]
    messages.success(request, f"{counted(done, 'action changée', 'actions changées')}.")
    for line in refused:
        messages.warning(request, f"« {line.action.title} » est restée telle quelle : {line.refusal}")
    return redirect("roadmaps:actions")


def _seen(text: str) -> tuple[str, int]:
    code, _, revision = text.rpartition(":")
    return code, int(revision) if revision.isdecimal() else -1


def _sentence(done: int, refused: int) -> str:
    if not done:
        return "Rien ne changera : aucune de ces actions ne peut l’être ainsi."
    told = f"{counted(done, 'action changera', 'actions changeront')}"
    return f"{told} ; {counted(refused, 'ne peut pas l’être', 'ne peuvent pas l’être')}." if refused else f"{told}."


def said(name: str, value: object) -> str:
    """A field's value in words."""
    if name in CHOICES:
        return str(dict(CHOICES[name].choices).get(str(value), value))
    if isinstance(value, bool):
        return "oui" if value else "non"
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    return str(value) if value not in (None, "") else "—"
