"""The public page of commitments: what was promised, where it stands, as of when."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.domains.steering.queries import commitments, figures
from parvis.kernel import access
from parvis.kernel.organisation.requests import Request


@require_safe
def public_commitments(request: Request) -> HttpResponse:
    access.require(request.user, "steering.view_objectives")
    chapters = commitments.chapters(request.user, request.today)
    promises = [promise for chapter in chapters for promise in chapter.promises]
    return render(request, "steering/commitments.html", {
        "chapters": [c for c in chapters if not c.is_empty], "silent": [c.objective for c in chapters if c.is_empty],
        "promises": promises, "evaluation": figures.last_evaluation(request.today),
        "kept": sum(p.is_met is True for p in promises), "missed": sum(p.verdict[1] == "non tenu" for p in promises),
        "unknown": sum(p.is_met is None for p in promises),
    })  # fmt: skip
