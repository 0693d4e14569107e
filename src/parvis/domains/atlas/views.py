"""The map's pages."""

from django.http import HttpResponse
from django.shortcuts import render

from parvis.kernel.organisation.requests import Request


def map_page(request: Request) -> HttpResponse:
    return render(request, "atlas/map.html")
