"""Pages where a dataset is prepared for the public, passes its gate, is approved, withdrawn."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.domains.datahub import dcat, public_view
from parvis.domains.datahub.actions import publications as actions
from parvis.domains.datahub.models import Publication
from parvis.domains.datahub.queries import publications as queries
from parvis.kernel import Forbidden, Refusal, access, faces
from parvis.kernel.organisation.requests import Request
from parvis.kernel.workflow.moves import available_moves

STEPS = {"amend", "withdraw", "reopen"}


@login_required
@require_http_methods(["GET", "POST"])
def publications(request: Request) -> HttpResponse:
    """Every publication and where it stands; choosing a dataset begins one."""
    _require_any(request)
    if request.method == "POST":
        made = actions.prepare(request.POST.get("dataset", ""), by=request.user, at=request.now)
        return redirect("datahub:publication", made.slug)
    context = {"publications": queries.all_of(request.user), "datasets": queries.publishable(request.user)}
    return render(request, "datahub/publications.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def publication(request: Request, slug: str) -> HttpResponse:
    """One publication: its words, its columns, its gate; posting writes the words."""
    _require_any(request)
    found = get_object_or_404(queries.all_of(request.user), slug=slug)
    if request.method == "GET":
        return _page(request, found)
    try:
        actions.describe(found, _said(request), by=request.user, at=request.now)
    except Forbidden:
        raise
    except Refusal as refusal:
        return _page(request, found, refusal=refusal, typed=_said(request), status=422)
    messages.success(request, "C’est enregistré.")
    return redirect("datahub:publication", slug)


@login_required
@require_POST
def publication_move(request: Request, slug: str, move: str) -> HttpResponse:
    """Propose, approve, take up again, withdraw, prepare anew."""
    _require_any(request)
    found = get_object_or_404(queries.all_of(request.user), slug=slug)
    try:
        _moved(request, found, move)
    except Forbidden:
        raise
    except Refusal as refusal:
        return _page(request, found, refusal=refusal, status=409)
    return redirect("datahub:publication", slug)


def _moved(request: Request, found: Publication, move: str) -> None:
    person, at = request.user, request.now
    if move == "check":
        actions.propose(found, by=person, at=at)
        messages.success(request, "Tout tient. Une autre personne peut maintenant approuver.")
    elif move == "publish":
        actions.publish(found, by=person, at=at)
        messages.success(request, "Ces données sont ouvertes à tous.")
    elif move in STEPS:
        actions.step(found, move, reason=request.POST.get("reason", ""), by=person, at=at)
        messages.success(request, "C’est fait.")
    else:
        raise Refusal("Cette étape n’existe pas.", remedy="Revenez à la page de la publication.")


def _said(request: Request) -> dict:
    post = request.POST
    words = {name: post.get(name, "") for name in actions.WORDS}
    return words | {
        "columns": post.getlist("columns"), "count_column": post.get("count_column", ""),
        "keywords": post.get("keywords", "").split(","),
    }  # fmt: skip


def _page(request: Request, found: Publication, *, refusal=None, typed: dict | None = None, status: int = 200):
    dataset = faces.house().datasets.get(found.dataset)
    shown = public_view.open_columns(dataset, dataset.by_name) if dataset else ()
    told = queries.gates(found)
    said = typed or {name: getattr(found, name) for name in (*actions.WORDS, "columns", "count_column", "keywords")}
    context = {
        "publication": found, "dataset": dataset, "columns": shown, "said": said, "gates": told, "refusal": refusal,
        "unmet": [gate for gate in told if not gate.is_met], "keywords": ", ".join(said["keywords"]),
        "kept_back": [column for column in dataset.columns if column.is_personal] if dataset else [],
        "counts": [column for column in shown if column.type == "integer"],
        "moves": available_moves(found, request.user), "editions": queries.editions(found)[:10],
        "licences": [(code, name) for code, (name, _) in dcat.LICENCES.items()],
        "rhythms": [(code, name) for code, (name, _) in dcat.RHYTHMS.items()], "themes": dcat.THEMES.items(),
        "may_write": found.state != "checked" and access.may_anywhere(request.user, "datahub.publish"),
        "is_own": found.state == "checked" and found.proposed_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "datahub/publication.html", context, status=status)


def _require_any(request: Request) -> None:
    if not queries.may_prepare(request.user):
        access.require(request.user, "datahub.publish")
