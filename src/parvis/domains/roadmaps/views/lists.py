"""The actions as a list, a board and a timeline: one selection, read from the address, seen three ways."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.domains.roadmaps import boards, gantt, sentences
from parvis.domains.roadmaps.forms import filters as inputs
from parvis.domains.roadmaps.models import Action
from parvis.domains.roadmaps.queries import actions, filters, saved_views
from parvis.domains.roadmaps.status import Status
from parvis.kernel import access
from parvis.kernel.organisation.requests import Request

PAGE = 50
URGENT = "status"
MOST_DRAWN = 300
MOST_IN_COLUMN = 40
COLUMNS = (
    ("title", "Action et plans"), ("policy", "Politique publique"), ("lead", "Directions"), ("due", "Échéance"),
    ("status", "Où elle en est, et pourquoi"), ("grade", "Critères"),
)  # fmt: skip
SAID = (
    (Status.LATE, "en retard", "en retard"), (Status.WATCH, "à surveiller", "à surveiller"),
    (Status.COMPLETE, "terminée", "terminées"),
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A heading that sorts: where its link leads, and how the list is sorted by it now."""

    label: str
    query: str
    sorted: str


@require_safe
def action_list(request: Request) -> HttpResponse:
    """« 62 actions, 4 en retard, 12 à surveiller », and the actions behind that sentence."""
    rows = actions.listed(request.user, _urgent_first(request))
    counts = actions.counted_by_status(rows)
    page = _page(rows, sum(counts.values()), request.GET.get("page", "1"))
    context = _selection(request, counts) | {
        "page": page,
        "columns": [_column(request, *column) for column in COLUMNS],
        "views": saved_views.of(request.user),
        "may_edit": access.may_anywhere(request.user, "roadmaps.edit_action"),
    }
    return render(request, "roadmaps/action_list.html", context)


@require_safe
def board(request: Request) -> HttpResponse:
    """The same actions as cards, a column a status, or a state of their partners' answers."""
    rows = actions.listed(request.user, _urgent_first(request))
    counts = actions.counted_by_status(rows)
    by = request.GET.get("colonnes", "statut")
    drawn = rows[:MOST_DRAWN] if by == "reponses" else actions.first_of_each_status(rows, MOST_IN_COLUMN)
    columns = boards.columns(request.user, drawn, by, counts)
    context = _selection(request, counts) | {"columns": columns, "by": by, "most": MOST_DRAWN}
    return render(request, "roadmaps/action_board.html", context)


@require_safe
def timeline(request: Request) -> HttpResponse:
    """The same actions along the months: bars from start to due date, milestones as shapes, and the same as a table."""
    rows = actions.listed(request.user, request.GET)
    counts = actions.counted_by_status(rows)
    drawn = gantt.draw(actions.with_milestones(rows)[:MOST_DRAWN], today=request.today)
    return render(
        request, "roadmaps/action_timeline.html", _selection(request, counts) | {"chart": drawn, "most": MOST_DRAWN}
    )


def _selection(request: Request, counts: dict[str, int]) -> dict:
    """What the three ways share: the sentence, the filters, the chips, the address's query to carry on."""
    first, more = inputs.inputs(request.user, request.GET)
    chips = inputs.chips(request.GET, [*first, *more])
    shown = {each.name for each in (*first, *more)}
    return {
        "total": sum(counts.values()),
        "sentence": sentence(counts),
        "counts": counts,
        "first": first,
        "more": more,
        "more_open": any(each.value for each in more),
        "chips": chips,
        "kept": inputs.kept(request.GET),
        "carried": [
            (n, v) for n in request.GET if n not in shown and n != "page" for v in filters.values(request.GET, n)
        ],
    }


def sentence(counts: dict[str, int]) -> str:
    """« 62 actions, dont 4 en retard, 12 à surveiller et 9 terminées. »"""
    total = sum(counts.values())
    told = [sentences.counted(counts[s], one, many) for s, one, many in SAID if counts.get(s)]
    return f"{sentences.counted(total, 'action')}{', dont ' + sentences.listed(told) if told else ''}."


def _urgent_first(request: Request) -> QueryDict:
    """On screen what is late comes first, unless another order is asked."""
    parameters = request.GET.copy()
    parameters.setdefault("sort", URGENT)
    return parameters


def _page(rows: QuerySet[Action], total: int, asked: str):
    paginator = Paginator(rows, PAGE)
    paginator.count = total
    return paginator.get_page(asked)


def _column(request: Request, name: str, label: str) -> Column:
    now = request.GET.get("sort", URGENT)
    sorted_by = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    copy = request.GET.copy()
    copy.pop("page", None)
    copy["sort"] = f"-{name}" if sorted_by == "ascending" else name
    return Column(label, f"?{copy.urlencode()}", sorted_by)
