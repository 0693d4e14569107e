"""What the house says of itself: how to use it, accessibility, and the personal data that it keeps."""

from django.http import HttpResponse
from django.shortcuts import render

from parvis.kernel import faces
from parvis.kernel.organisation.requests import Request


def help_page(request: Request) -> HttpResponse:
    """The essentials of docs/guide.md, for whoever uses the house."""
    return render(request, "web/help.html")


def accessibility(request: Request) -> HttpResponse:
    return render(request, "web/accessibility.html")


def retentions(request: Request) -> HttpResponse:
    """Every kind of record that the faces declare, with its purpose and how long it is kept."""
    registers = [(face.title, face.retentions) for face in faces.house().faces if face.retentions]
    return render(request, "web/retentions.html", {"registers": registers})
