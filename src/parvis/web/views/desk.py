"""My desk: what waits for me, what is late, what changed; for a visitor, what is public."""

from django.http import HttpResponse
from django.shortcuts import render

from parvis.kernel import faces
from parvis.kernel.organisation.requests import Request

URGENCY_ORDER = {"late": 0, "watch": 1, "normal": 2}


def home(request: Request) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "web/welcome.html")
    todos = [t for face in faces.house().faces if face.todos for t in face.todos(request.user, request.today)]
    todos.sort(key=lambda t: (URGENCY_ORDER[t.urgency], t.due_on or t.since_on or request.today))
    return render(request, "web/desk.html", {"todos": todos})
