"""Pages that bring the next file of a dataset: tried first, kept once confirmed, its bad rows in quarantine."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.domains.datahub.actions import deposits as actions
from parvis.domains.datahub.actions import imports
from parvis.domains.datahub.queries.added_datasets import PREFIX
from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.contracts.models import QuarantinedRow
from parvis.kernel.lake import deposits, snapshots
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.organisation.requests import Request


@login_required
@require_http_methods(["GET", "POST"])
def deposit(request: Request, code: str) -> HttpResponse:
    """The deposit of a file; posting one tries it and writes nothing."""
    dataset = _dataset(request, code)
    context: dict = {"dataset": dataset, "last": snapshots.latest([code]).get(code)}
    context["is_added"] = code.startswith(PREFIX)
    if request.method == "POST":
        try:
            context |= _trial(request, dataset)
        except Forbidden:
            raise
        except Refusal as refusal:
            return render(request, "datahub/deposit.html", context | {"refusal": refusal}, status=422)
    return render(request, "datahub/deposit.html", context)


def _trial(request: Request, dataset: Dataset) -> dict:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refusal("Aucun fichier n’a été choisi.", remedy="Choisissez un fichier, puis recommencez.")
    token, path = imports.keep(upload, dataset.code, by=request.user, at=request.now)
    try:
        tried = actions.bring(dataset, path, upload.name or "", by=request.user, at=request.now, dry_run=True)
    except Refusal:
        imports.let_go(path)
        raise
    return {"tried": tried, "token": token, "file_name": upload.name, "told": tried.faults[:12]}


@login_required
@require_POST
def deposit_confirm(request: Request, code: str) -> HttpResponse:
    dataset = _dataset(request, code)
    path, name = imports.kept(request.POST.get("token", ""), code, by=request.user)
    made = actions.bring(dataset, path, name, by=request.user, at=request.now)
    imports.let_go(path)
    said = f"{made.accepted_count} lignes acceptées, {made.quarantined_count} en quarantaine."
    messages.success(request, said if made.is_new else "Ce fichier était déjà déposé : rien n’a changé.")
    return redirect("datahub:run", made.run_id) if made.run_id else redirect("datahub:deposit", code)


def _dataset(request: Request, code: str) -> Dataset:
    """A dataset that lives from files and that this person may feed; for anyone else it is not there."""
    found = faces.house().datasets.get(code)
    if found is None or found.schema is None or not deposits.may_deposit(request.user, found):
        raise Http404
    return found


def waiting_row(request: Request, held: QuarantinedRow) -> HttpResponse:
    """A row that a deposit kept aside: what is wrong in it, and where to bring the file mended."""
    dataset = faces.house().datasets[held.run.contract]
    labels = {field["name"]: field.get("title", field["name"]) for field in (dataset.schema or {}).get("fields", ())}
    issues = list(held.run.issues.filter(row=held.row))
    cells = [
        {"label": labels.get(name, name), "value": cell, "issues": [i for i in issues if i.column == name]}
        for name, cell in held.cells.items()
    ]
    context = {
        "held": held,
        "dataset": dataset,
        "cells": cells,
        "whole": [i for i in issues if i.column not in held.cells],
    }
    return render(request, "datahub/deposit_row.html", context)
