"""Pages of the indicators defined in the browser: their list, a new one with its preview, one version and its life."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.domains.steering import arithmetic
from parvis.domains.steering.actions import definitions as acts
from parvis.domains.steering.compiling import Recipe, compiled, wrongs
from parvis.domains.steering.forms.definitions import DefinitionForm, initial
from parvis.domains.steering.models import Definition
from parvis.domains.steering.queries import definitions as queries
from parvis.kernel import Refusal, access
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.organisation.requests import Request
from parvis.kernel.workflow import available_moves

DONE = {
    "approve": "L’indicateur est en vigueur : la prochaine évaluation le mesurera.", "refuse": "La proposition est refusée.",
    "take_back": "La proposition est reprise.", "withdraw": "L’indicateur est retiré ; ses mesures passées restent.",
}  # fmt: skip


@login_required
@require_safe
def definitions(request: Request) -> HttpResponse:
    access.require(request.user, "steering.view_figures")
    may_define = access.may_anywhere(request.user, "steering.define_indicators")
    found = queries.listed()
    return render(request, "steering/definitions.html", {
        "definitions": found, "waiting": sum(d.state == "proposed" for d in found), "may_define": may_define,
        "in_force": sum(d.state == "approved" for d in found),
        "datasets": queries.datasets_open_to(request.user) if may_define else [],
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def definition_new(request: Request) -> HttpResponse:
    """A new indicator over `jeu`, or from a version (`depuis=code/version`): previewed, then proposed."""
    access.require(request.user, "steering.define_indicators")
    before = _before(request)
    code = before.dataset if before else request.GET.get("jeu", "")
    if not code:
        return redirect("steering:definitions")
    dataset = queries.dataset_open_to(request.user, code)
    first = initial(Recipe.read(before.recipe)) if before else {}
    form = DefinitionForm(dataset, request.POST or None, initial=first)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, dataset, form, before)
    if "propose" in request.POST:
        return _proposed(request, dataset, form, before)
    return _shown(request, dataset, form, before, **_previewed(request, dataset, form.recipe()))


def _before(request: Request) -> Definition | None:
    code, _, version = request.GET.get("depuis", "").rpartition("/")
    if not code or not version.isdecimal():
        return None
    return get_object_or_404(Definition, code=code, version=int(version))


def _shown(request: Request, dataset: Dataset, form: DefinitionForm, before: Definition | None, **more) -> HttpResponse:
    return render(request, "steering/definition_new.html", {
        "dataset": dataset, "form": form, "before": before, **more,
    })  # fmt: skip


def _proposed(request: Request, dataset: Dataset, form: DefinitionForm, before: Definition | None) -> HttpResponse:
    try:
        made = acts.propose(form.recipe(), by=request.user, at=request.now)
    except Refusal as refused:
        return _shown(request, dataset, form, before, refused=refused)
    messages.success(request, "La définition est proposée : une autre personne doit l’approuver.")
    return redirect("steering:definition", made.code, made.version)


def _previewed(request: Request, dataset: Dataset, recipe: Recipe) -> dict:
    """The figure computed at once, or what stands against it."""
    found = wrongs(recipe, dataset)
    if found:
        return {"refused": Refusal("Cet indicateur ne peut pas être calculé.", blockers=tuple(found))}
    try:
        preview = queries.preview(compiled(recipe, dataset), dataset, request.user, request.today)
    except Refusal as refused:
        return {"refused": refused}
    return {"preview": preview, "arithmetic": arithmetic.told(preview.indicator, preview.cell)}


@login_required
@require_safe
def definition(request: Request, code: str, version: int) -> HttpResponse:
    access.require(request.user, "steering.view_figures")
    shown = get_object_or_404(Definition.objects.select_related("author", "decided_by"), code=code, version=version)
    return render(request, "steering/definition.html", {
        "definition": shown, "recipe": Recipe.read(shown.recipe), "words": queries.in_words(shown),
        "moves": _moves(request, shown), "others": Definition.objects.filter(code=code).order_by("-version"),
        "may_define": access.may_anywhere(request.user, "steering.define_indicators"),
    })  # fmt: skip


def _moves(request: Request, shown: Definition) -> list:
    """The steps that are hers: nobody decides on her own proposal, nobody takes back another's."""
    is_hers = shown.author_id == request.user.pk
    hidden = {"replace"} | ({"approve", "refuse"} if is_hers else {"take_back"})
    return [move for move in available_moves(shown, request.user) if move.code not in hidden]


@login_required
@require_POST
def definition_move(request: Request, code: str, version: int, step: str) -> HttpResponse:
    if step not in DONE:
        raise Http404
    shown = get_object_or_404(Definition, code=code, version=version)
    acts.settle(shown, step, by=request.user, at=request.now, reason=request.POST.get("reason", ""))
    messages.success(request, DONE[step])
    return redirect("steering:definition", code, version)
