"""Pages that add a dataset from a dropped file, change its contract and withdraw it. What is typed is always kept."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.domains.datahub import contract_effect, schema_proposal, typed_contract
from parvis.domains.datahub.actions import contract_drafts as actions
from parvis.domains.datahub.models import AddedDataset, ContractDraft
from parvis.domains.datahub.queries import added_datasets
from parvis.domains.datahub.queries import contract_drafts as queries
from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.organisation.requests import Request


@login_required
@require_http_methods(["GET", "POST"])
def deposit_new(request: Request) -> HttpResponse:
    """Drop a file: read whole, a contract proposed; nothing of it is in the catalogue yet."""
    access.require(request.user, "datahub.add_dataset")
    context: dict = {"drafts": queries.of(request.user)}
    if request.method == "POST":
        try:
            draft = _begun(request)
        except Forbidden:
            raise
        except Refusal as refusal:
            return render(request, "datahub/deposit_new.html", context | {"refusal": refusal}, status=422)
        return redirect("datahub:contract_draft", draft.pk)
    return render(request, "datahub/deposit_new.html", context)


def _begun(request: Request) -> ContractDraft:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refusal("Aucun fichier n’a été choisi.", remedy="Choisissez un fichier, puis recommencez.")
    return actions.begin(upload, by=request.user, at=request.now)


@login_required
@require_http_methods(["GET", "POST"])
def contract_draft(request: Request, number: int) -> HttpResponse:
    """The contract proposed for a dropped file: adjusted, tried on the file, confirmed."""
    access.require(request.user, "datahub.add_dataset")
    draft = get_object_or_404(ContractDraft, pk=number, made_by=request.user, dataset=None)
    if request.method == "POST":
        actions.write(draft, typed_contract.read(request.POST, draft.typed))
        if request.POST.get("do") == "confirm":
            return _confirmed(request, draft)
        return redirect(f"{request.path}#effet")
    return _draft_page(request, draft)


def _confirmed(request: Request, draft: ContractDraft) -> HttpResponse:
    try:
        made = actions.confirm(draft, by=request.user, at=request.now)
    except Forbidden:
        raise
    except Refusal as refusal:
        return _draft_page(request, draft, refusal=refusal, status=422)
    messages.success(request, f"« {draft.typed['title']} » est au catalogue.")
    return redirect("datahub:dataset", made.code)


def _draft_page(request: Request, draft: ContractDraft, refusal: Refusal | None = None, status: int = 200):
    found = queries.faults(draft.typed)
    effect = None
    if not refusal and not _of_columns(found):
        try:
            schema = typed_contract.schema_of(draft.typed)
            effect = contract_effect.on_file(actions.path_of(draft), schema, draft.file_name)
        except Refusal as unusable:
            refusal = unusable
    context = _form(draft.typed, found) | {"draft": draft, "refusal": refusal, "effect": effect}
    return render(request, "datahub/contract_draft.html", context, status=status)


def _of_columns(found: dict[str, list[str]]) -> bool:
    """Are there faults that keep the file from being tried? A missing title is not one."""
    return any(name for name in found)


@login_required
@require_POST
def draft_abandon(request: Request, number: int) -> HttpResponse:
    access.require(request.user, "datahub.add_dataset")
    actions.abandon(get_object_or_404(ContractDraft, pk=number, made_by=request.user))
    messages.success(request, "Ce brouillon est abandonné, et son fichier effacé.")
    return redirect("datahub:deposit_new")


@login_required
@require_http_methods(["GET", "POST"])
def contract_edit(request: Request, code: str) -> HttpResponse:
    """Change a contract: what breaks and which rows would be refused are shown before it is made."""
    access.require(request.user, "datahub.edit_contract")
    version = added_datasets.newest(code)
    if version is None:
        raise Http404
    draft = queries.for_change(version, request.user, request.now)
    if request.method == "POST":
        actions.write(draft, typed_contract.read(request.POST, draft.typed))
        if request.POST.get("do") == "confirm":
            return _changed(request, draft, version)
        if request.POST.get("do") == "forget":
            actions.abandon(draft)
            return redirect("datahub:contract_edit", code)
        return redirect(f"{request.path}#effet")
    return _edit_page(request, draft, version)


def _changed(request: Request, draft: ContractDraft, version) -> HttpResponse:
    try:
        made = actions.change(draft, understood="understood" in request.POST, by=request.user, at=request.now)
    except Forbidden:
        raise
    except Refusal as refusal:
        return _edit_page(request, draft, version, refusal=refusal, status=422)
    messages.success(request, f"La version {made.number} du contrat est en vigueur.")
    return redirect("datahub:contract_edit", version.dataset.code)


def _edit_page(request: Request, draft: ContractDraft, version, refusal: Refusal | None = None, status: int = 200):
    found = queries.faults(draft.typed)
    impact = queries.Impact() if found else queries.impact(draft)
    context = _form(draft.typed, found) | {
        "draft": draft, "version": version, "refusal": refusal, "impact": impact, "effect": impact.effect,
        "versions": queries.versions(version.dataset.code),
    }  # fmt: skip
    return render(request, "datahub/contract_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def dataset_withdraw(request: Request, code: str) -> HttpResponse:
    """Withdraw an added dataset; what uses it is listed, and holds it."""
    access.require(request.user, "datahub.edit_contract")
    dataset = get_object_or_404(AddedDataset, code=code, withdrawn_at=None)
    context = {"dataset": dataset, "version": added_datasets.newest(code), "uses": added_datasets.uses(dataset)}
    if request.method == "GET":
        return render(request, "datahub/dataset_withdraw.html", context)
    try:
        actions.withdraw(dataset, reason=request.POST.get("reason", ""), by=request.user, at=request.now)
    except Forbidden:
        raise
    except Refusal as refusal:
        return render(request, "datahub/dataset_withdraw.html", context | {"refusal": refusal}, status=409)
    messages.success(request, "Le jeu de données est retiré du catalogue. Ses photographies restent dans le lac.")
    return redirect("datahub:deposit_new")


def _form(typed: typed_contract.Typed, found: dict[str, list[str]]) -> dict:
    """What the fields of the form are made of."""
    columns = [
        {**column, "prefix": f"c{place}-", "place_at": place, "faults": found.get(column["name"], [])}
        for place, column in enumerate(typed["columns"])
    ]
    names = [(column["name"], column["title"]) for column in typed["columns"] if not column.get("is_dropped")]
    days = [(c["name"], c["title"]) for c in typed["columns"] if c["type"] == "date" and not c.get("is_dropped")]
    return {
        "typed": typed, "columns": columns, "faults": found, "whole_faults": found.get("", []),
        "types": schema_proposal.TYPES.items(), "places": schema_proposal.PLACES.items(),
        "keys": [(schema_proposal.NUMBERED, "aucune : Parvis numérote les lignes"), *names],
        "days": days, "rhythms": typed_contract.RHYTHMS.items(), "owners": queries.owners(),
        "audiences": [(code, label) for code, (label, _) in added_datasets.AUDIENCES.items()],
    }  # fmt: skip
