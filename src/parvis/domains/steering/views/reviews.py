"""Pages of the reviews: their list, one review, and what is done on it."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.domains.steering import wording
from parvis.domains.steering.actions import reviews as acts
from parvis.domains.steering.models import AgendaItem, Decision, Review
from parvis.domains.steering.queries import figures, review_lines
from parvis.domains.steering.queries import reviews as queries
from parvis.kernel import Refusal, access
from parvis.kernel.calendar import is_credible
from parvis.kernel.organisation.models import Directorate, Person
from parvis.kernel.organisation.requests import Request
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow.moves import available_moves

MOVES = {"freeze": acts.freeze, "hold": acts.hold, "close": acts.close}
DONE = {
    "freeze": "Les chiffres sont figés.", "thaw": "La préparation est rouverte.", "hold": "La revue est tenue.",
    "close": "Le relevé est validé.",
}  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: Request) -> HttpResponse:
    access.require(request.user, "steering.view_review")
    if request.method == "POST":
        return _prepare(request)
    rows = queries.listed(request.user)
    kind, scope = request.GET.get("nature", ""), request.GET.get("secteur", "")
    rows = rows.filter(kind=kind) if kind in Review.Kind.values else rows
    rows = rows.filter(sector__code=scope) if scope else rows
    waiting = [d for d in queries.decisions(request.user) if d.state == "open"]
    return render(request, "steering/reviews.html", {
        "reviews": rows[:200], "kinds": Review.Kind.choices, "sectors": Sector.objects.all(), "kind": kind,
        "scope": scope, "directorates": Directorate.objects.order_by("code"), "waiting": waiting,
        "late": sum(d.due_on < request.today for d in waiting), "due": acts.due_reviews(request.today),
        "may_hold": access.may_anywhere(request.user, "steering.hold_review"),
    })  # fmt: skip


def _prepare(request: Request) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind not in Review.Kind.values:
        raise Refusal("Choisissez une nature de revue.", remedy="Sectorielle, de direction ou de fin d’année.")
    period, planned = _day(request, "period"), _day(request, "planned_on")
    made = acts.prepare(
        kind, period, planned_on=planned, by=request.user, at=request.now,
        sector=Sector.objects.filter(code=request.POST.get("sector", "")).first() if kind != "quarterly" else None,
        directorate=Directorate.objects.filter(code=request.POST.get("directorate", "")).first()
        if kind == "quarterly" else None,
    )  # fmt: skip
    return redirect("steering:review", made.code)


def _day(request: Request, name: str) -> date:
    try:
        found = date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        found = date.min
    if not is_credible(found):
        raise Refusal("Il faut une période et une date de réunion.", remedy="Remplissez les deux dates.")
    return found


@login_required
@require_safe
def review(request: Request, code: str) -> HttpResponse:
    shown = found_or_404(request, code)
    frozen = queries.frozen(shown)
    lines = frozen.content["lines"] if frozen else _live_lines(request, shown)
    decisions = list(shown.decisions.select_related("owner"))
    return render(request, "steering/review.html", {
        "review": shown, "frozen": frozen, "groups": queries.grouped(lines), "sentence": sentence(lines, shown),
        "period": wording.period(shown.period, acts.RHYTHMS[shown.kind]), "agenda": shown.agenda.all(),
        "comments": shown.comments.select_related("author"), "decisions": decisions,
        "carried": queries.carried(shown) if not frozen else None, "before": queries.previous(shown),
        "moves": available_moves(shown, request.user), "is_open": shown.state in acts.OPEN_STATES,
        "may_comment": access.may(request.user, "steering.comment_review", shown),
        "may_hold": access.may(request.user, "steering.hold_review", shown), "owners": _owners(),
        "counts": counts(lines), "indicators": [(line["code"], line["title"]) for line in lines],
    })  # fmt: skip


def _live_lines(request: Request, shown: Review) -> list[dict]:
    evaluation = figures.last_evaluation(request.today)
    return review_lines.lines(shown, evaluation) if evaluation else []


def counts(lines: list[dict]) -> dict[str, int]:
    tones = [line["tone"] for line in lines if line["value"] is not None]
    return {tone: tones.count(tone) for tone in ("good", "watch", "bad")} | {
        "all": len(lines), "missing": sum(line["value"] is None for line in lines),
    }  # fmt: skip


def sentence(lines: list[dict], shown: Review) -> str:
    """« 27 indicateurs pour le 19e : 3 en alerte, 5 à surveiller, 2 sans valeur. »"""
    found = counts(lines)
    if not found["all"]:
        return "Aucun indicateur n’a encore été mesuré : la première évaluation remplira cette page."
    parts = [(found["bad"], "en alerte"), (found["watch"], "à surveiller"), (found["missing"], "sans valeur")]
    said = ", ".join(f"{n} {words}" for n, words in parts if n) or "tous dans leurs seuils"
    plural = "s" if found["all"] > 1 else ""
    return f"{found['all']} indicateur{plural} pour {shown.scope_words} : {said}."


def _owners():
    return Person.objects.filter(is_active=True).order_by("last_name", "first_name")[:500]


@login_required
@require_POST
def review_move(request: Request, code: str, step: str) -> HttpResponse:
    shown = found_or_404(request, code)
    if step == "thaw":
        acts.thaw(shown, reason=request.POST.get("reason", ""), by=request.user, at=request.now)
    elif step in MOVES:
        MOVES[step](shown, by=request.user, at=request.now)
    else:
        raise Http404
    messages.success(request, DONE[step])
    return redirect("steering:review", code)


@login_required
@require_POST
def review_minutes(request: Request, code: str) -> HttpResponse:
    acts.write_minutes(found_or_404(request, code), request.POST.get("minutes", ""), by=request.user, at=request.now)
    messages.success(request, "Le relevé est enregistré.")
    return redirect("steering:review", code)


@login_required
@require_POST
def review_point(request: Request, code: str) -> HttpResponse:
    acts.add_point(
        found_or_404(request, code), request.POST.get("title", ""), by=request.user, at=request.now,
        indicator=request.POST.get("indicator", "")[:80],
    )  # fmt: skip
    return redirect("steering:review", code)


@login_required
@require_POST
def review_point_remove(request: Request, code: str, number: int) -> HttpResponse:
    item = get_object_or_404(AgendaItem, pk=number, review=found_or_404(request, code))
    acts.remove_point(item, by=request.user, at=request.now)
    return redirect("steering:review", code)


@login_required
@require_POST
def review_comment(request: Request, code: str) -> HttpResponse:
    acts.comment(
        found_or_404(request, code), request.POST.get("text", ""), by=request.user, at=request.now,
        indicator=request.POST.get("indicator", "")[:80],
    )  # fmt: skip
    return redirect("steering:review", code)


@login_required
@require_POST
def review_decision(request: Request, code: str) -> HttpResponse:
    owner = request.POST.get("owner", "")
    acts.decide(
        found_or_404(request, code), request.POST.get("title", ""), by=request.user, at=request.now,
        owner=Person.objects.filter(pk=int(owner), is_active=True).first() if owner.isdecimal() else None,
        due_on=_day(request, "due_on"), indicator=request.POST.get("indicator", "")[:80],
    )  # fmt: skip
    messages.success(request, "La décision est inscrite ; elle reviendra à la prochaine revue.")
    return redirect("steering:review", code)


@login_required
@require_POST
def decision_move(request: Request, number: int, step: str) -> HttpResponse:
    decision = get_object_or_404(queries.decisions(request.user), pk=number)
    if step not in {move.code for move in Decision.WORKFLOW.moves}:
        raise Http404
    acts.settle(decision, step, by=request.user, at=request.now, reason=request.POST.get("reason", ""))
    return redirect("steering:review", decision.review.code)


def found_or_404(request: Request, code: str) -> Review:
    return get_object_or_404(queries.visible(request.user), code=code)
