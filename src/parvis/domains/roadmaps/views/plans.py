"""Pages of the plans."""

from django.http import HttpResponse
from django.shortcuts import render

from parvis.domains.roadmaps.models import Plan
from parvis.kernel import access
from parvis.kernel.organisation.requests import Request


def overview(request: Request) -> HttpResponse:
    plans = access.visible(request.user, "roadmaps.view_plan", Plan.objects.select_related("sector"))
    return render(request, "roadmaps/overview.html", {"plans": plans})
