"""Pages of the objectives."""

from django.http import HttpResponse
from django.shortcuts import render

from parvis.domains.steering.queries import objectives as found
from parvis.kernel import access
from parvis.kernel.organisation.requests import Request


def objectives(request: Request) -> HttpResponse:
    access.require(request.user, "steering.view_objectives")
    return render(request, "steering/objectives.html", {
        "served": found.served(found.tree(request.GET.get("annee")), request.user),
    })  # fmt: skip
