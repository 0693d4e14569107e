"""What is asked of a directorate, answered in place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from parvis.domains.roadmaps.actions import commitments as acts
from parvis.domains.roadmaps.models import Commitment
from parvis.domains.roadmaps.queries import commitments as queries
from parvis.domains.roadmaps.sentences import counted
from parvis.domains.roadmaps.views.steps import day_or_none
from parvis.kernel import Refusal, access
from parvis.kernel.organisation.requests import Request


@login_required
@require_safe
def commitments(request: Request) -> HttpResponse:
    access.require(request.user, "roadmaps.answer_commitment")
    offered = queries.directorates_of(request.user)
    chosen = queries.chosen(request.user, offered, request.GET.get("direction", ""))
    found = queries.asked_of(request.user, chosen, request.today) if chosen else []
    waiting = [row for row in found if row.commitment.state == "asked"]
    return render(request, "roadmaps/commitments.html", {
        "directorate": chosen, "offered": offered, "waiting": waiting,
        "answered": queries.answered(found),
        "late": sum(row.late > 0 for row in waiting), "total": len(found),
        "sentence": queries.sentence(found) if chosen else "Vous ne répondez pour aucune direction.",
    })  # fmt: skip


@login_required
@require_POST
def commitment_answer(request: Request, pk: int, move: str) -> HttpResponse:
    """Accept, amend, decline or ask again. An id that is not hers is not found."""
    commitment = _found(request, pk, "roadmaps.ask_commitment" if move == "ask_again" else "roadmaps.answer_commitment")
    reason = request.POST.get("reason", "")
    if move == "ask_again":
        due = day_or_none(request.POST.get("due", ""))
        acts.ask_again(commitment, by=request.user, at=request.now, part=request.POST.get("part", "")[:300], due=due)
        messages.success(request, f"La {commitment.directorate.code} est de nouveau sollicitée.")
    else:
        moved = acts.answer(commitment, move, by=request.user, at=request.now, reason=reason)
        messages.success(request, f"« {commitment.action.title} » : {moved.get_state_display()}.")
    return _back(request, commitment)


@login_required
@require_POST
def commitments_accept(request: Request) -> HttpResponse:
    """Accept several at once: all, or none when one of them is not hers."""
    ids = {int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal() and len(pk) < 18}
    mine = list(queries.answerable(request.user).filter(pk__in=ids).select_related("action", "directorate"))
    if not ids or len(mine) != len(ids):
        raise Refusal(
            "Rien n’est accepté : cochez au moins une demande de votre direction.", remedy="Rechargez la page."
        )
    count = acts.accept_all(mine, by=request.user, at=request.now)
    messages.success(request, f"{counted(count, 'demande acceptée', 'demandes acceptées')}.")
    return redirect(f"{reverse('roadmaps:commitments')}?direction={mine[0].directorate.code}")


def _found(request: Request, pk: int, permission: str) -> Commitment:
    rows = access.visible(request.user, permission, Commitment.objects.filter(pk=pk))
    found = rows.select_related("action", "directorate").first() if pk < 2**62 else None
    if found is None:
        raise Http404
    return found


def _back(request: Request, commitment: Commitment) -> HttpResponse:
    """Back to the list it was answered from, or to the action."""
    if request.POST.get("from") == "action":
        return redirect("roadmaps:action", commitment.action.code)
    return redirect(f"{reverse('roadmaps:commitments')}?direction={commitment.directorate.code}")
