"""Questions about a dataset: asked, answered, closed. Each post leads back to the dataset's page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from parvis.domains.datahub.actions import discussions as actions
from parvis.domains.datahub.models import Thread
from parvis.domains.datahub.views.catalogue import dataset_shown, opened
from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.organisation.requests import Request


@login_required
@require_POST
def thread_new(request: Request, code: str) -> HttpResponse:
    """A new question; what was typed stays on the page when it is refused."""
    found = opened(request, code)
    typed = {name: request.POST.get(name, "") for name in ("title", "text", "column")}
    try:
        actions.ask(
            found.dataset, typed["title"], typed["text"], column=typed["column"], by=request.user, at=request.now
        )
    except Forbidden:
        raise
    except Refusal as refusal:
        return dataset_shown(request, code, status=422, refusal=refusal, typed=typed)
    return _back(code)


@login_required
@require_POST
def thread_reply(request: Request, number: int) -> HttpResponse:
    thread = _thread(request, number)
    actions.reply(thread, request.POST.get("text", ""), by=request.user, at=request.now)
    return _back(thread.dataset)


@login_required
@require_POST
def thread_move(request: Request, number: int, step: str) -> HttpResponse:
    thread = _thread(request, number)
    actions.step(thread, step, by=request.user, at=request.now)
    return _back(thread.dataset)


def _thread(request: Request, number: int) -> Thread:
    """The thread, when its dataset is hers to open."""
    access.require(request.user, "datahub.view_catalogue")
    if number >= 2**63:
        raise Http404
    thread = get_object_or_404(Thread, pk=number)
    opened(request, thread.dataset)
    return thread


def _back(code: str) -> HttpResponse:
    return redirect(f"{reverse('datahub:dataset', args=[code])}#questions")
