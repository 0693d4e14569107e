"""My desk: what waits for me, what is late, what changed; for a visitor, what is public."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from parvis.domains.roadmaps import sentences
from parvis.domains.roadmaps.queries import filters, plans, saved_views, tallies
from parvis.kernel import access, faces
from parvis.kernel.faces import Todo
from parvis.kernel.organisation.models import Person
from parvis.kernel.organisation.requests import Request
from parvis.kernel.territories.models import Sector
from parvis.web import visits

GROUPS = (("late", "En retard"), ("watch", "Cette semaine"), ("normal", "Plus tard"))
LOOK_BACK = timedelta(days=7)
SHOWN = 8
PLANS_SHOWN = 9
LATE = {"status": ["late"], "kind": ["roadmap", "thematic"], "sort": ["due"]}


@require_safe
def home(request: Request) -> HttpResponse:
    person = request.user
    return desk(request, person) if isinstance(person, Person) else welcome(request)


def desk(request: Request, person: Person) -> HttpResponse:
    """Everything that concerns this person, each part from the face that owns it."""
    before = visits.open_desk(person, request.now)
    todos = waiting(person, request.today)
    since = before or request.now - LOOK_BACK
    late, mine = late_actions(person), plans.glance(person, request.today)
    return render(request, "web/desk.html", {
        "groups": grouped(todos), "todos": todos, "sentence": waiting_sentence(todos), "is_first": before is None,
        "since": since, "changes": changes(person, since, request.now), "late": late[:SHOWN], "late_count": late.count(),
        "views": saved_views.of(person), "plans": mine[:PLANS_SHOWN], "plans_left": len(mine[PLANS_SHOWN:]),
    })  # fmt: skip


def waiting(person, today: date) -> list[Todo]:
    """What waits for the person in the whole house, the most pressing first."""
    found = [todo for face in faces.house().faces if face.todos for todo in face.todos(person, today)]
    return sorted(found, key=lambda todo: todo.due_on or todo.since_on or today)


def grouped(todos: Sequence[Todo]) -> list[tuple[str, str, list[Todo]]]:
    """Late, this week, later; a group with nothing in it is not shown."""
    made = [(code, title, [todo for todo in todos if todo.urgency == code]) for code, title in GROUPS]
    return [group for group in made if group[2]]


def waiting_sentence(todos: Sequence[Todo]) -> str:
    if not todos:
        return "Rien ne vous attend aujourd’hui."
    late = sum(todo.urgency == "late" for todo in todos)
    opening = sentences.counted(len(todos), "chose vous attend", "choses vous attendent")
    return f"{opening}, dont {late} en retard." if late else f"{opening}, aucune n’est en retard."


def changes(person, since: datetime, until: datetime) -> list[Todo]:
    return list(_changes(person, since, until))


def _changes(person, since: datetime, until: datetime) -> Iterator[Todo]:
    for face in faces.house().faces:
        if face.digest_changes:
            yield from face.digest_changes(person, since, until)


def late_actions(person):
    """The late actions that the person may do something about; for a reader, those that she sees."""
    edits = access.may_anywhere(person, "roadmaps.edit_action")
    permission = "roadmaps.edit_action" if edits else "roadmaps.view_action"
    rows = filters.filtered(person, LATE, permission=permission).order_by(*filters.order(LATE))
    return rows.select_related("lead")


def welcome(request: Request) -> HttpResponse:
    """The front page of the city: what it commits to, where, and what has come of it."""
    offered = plans.periods(request.user)
    period = plans.chosen_period(offered, "", request.today)
    lines = plans.lines(request.user, period, request.today)
    whole = tallies.together(line.tally for line in lines)
    return render(request, "web/welcome.html", {
        "period": period, "lines": lines, "whole": whole, "sentence": plans.overview_sentence(lines, period),
        "signed": sum(line.is_signed for line in lines), "shares": _complete_shares(lines),
        "results": plans.recent_results(request.user, request.today), "editions": plans.editions(request.user)[:3],
        "thematic": plans.thematic(request.user, request.today),
    })  # fmt: skip


@require_safe
def find_sector(request: Request) -> HttpResponse:
    """From the select of the front page to the sector's own page."""
    return redirect("web:sector", code=get_object_or_404(Sector, code=request.GET.get("code", "")).code)


def _complete_shares(lines: Sequence[plans.Line]) -> dict[str, int | None]:
    """Per sector, the share of the followed actions that are complete, as a whole percentage."""
    return {
        line.sector.code: round(line.tally.complete / line.tally.live * 100) if line.tally.live else None
        for line in lines
    }
