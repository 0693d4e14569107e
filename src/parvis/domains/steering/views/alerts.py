"""Pages of the alerts: their list, one alert with its figure, what is done about it, silences and rebases."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.domains.steering import sentences
from parvis.domains.steering.actions import alerts as acts
from parvis.domains.steering.actions import silences as quiet
from parvis.domains.steering.models import Alert, Objective, Rebase, Silence, Subject
from parvis.domains.steering.queries import alerts as queries
from parvis.domains.steering.queries import figures, signals, silences
from parvis.kernel import Refusal, access, faces
from parvis.kernel.organisation.models import Person
from parvis.kernel.organisation.requests import Request
from parvis.kernel.references import links
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow.moves import available_moves

DONE = {
    "acknowledge": "L’alerte est à vous.", "plan": "L’action est inscrite.",
    "resolve": "C’est noté : le chiffre le vérifiera à la prochaine évaluation.",
}  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: Request) -> HttpResponse:
    access.require(request.user, "steering.view_alerts")
    if request.method == "POST":
        return _raise(request)
    found = queries.listed(request.user, request.GET)
    indicators = faces.house().indicators
    return render(request, "steering/alerts.html", {
        "lines": queries.lines(found, _names(), request.today), "sentence": sentence(found), "asked": request.GET,
        "causes": Alert.Cause.choices, "states": Alert.WORKFLOW.states, "sectors": Sector.objects.all(),
        "objectives": sorted({i.objective for i in indicators.values()}), "owners": queries.owners(request.user),
        "evaluation": figures.last_evaluation(request.today),
        "indicators": sorted((i.title, code) for code, i in indicators.items()),
        "may_raise": access.may_anywhere(request.user, "steering.raise_alert"),
    })  # fmt: skip


@login_required
@require_safe
def alert(request: Request, number: int) -> HttpResponse:
    shown = _found(request, number)
    figure = figures.figures(request.today).get(shown.indicator) if shown.indicator else None
    place = request.GET.get("lieu", shown.places[0] if len(shown.places) == 1 else "")
    names = _names()
    return render(request, "steering/alert.html", {
        "alert": shown, "turn": queries.turn(shown, request.today), "tone": queries.tone(shown), "figure": figure,
        "places": queries.places_words(shown, names), "chart": signals.chart_of(figure, place) if figure else None,
        "place": place, "place_name": names.get(place, ""), "steps": queries.with_steps(shown),
        "signals": [(names.get(p, p) or "l’ensemble", p, level, said) for p, level, said in shown.signals],
        "values": {code: row[0] for code, row in figure.places.items()} if figure else {},
        "moves": {move.code for move in available_moves(shown, request.user)}, "people": _people(),
        "may_comment": access.may_anywhere(request.user, "steering.raise_alert"),
        "treated_by": _treated_by(request, shown), "dataset": shown.subject if not shown.indicator else "",
    })  # fmt: skip


@login_required
@require_POST
def alert_move(request: Request, number: int, step: str) -> HttpResponse:
    shown = _found(request, number)
    if step == "acknowledge":
        acts.acknowledge(shown, by=request.user, at=request.now)
    elif step == "plan":
        acts.plan(
            shown, request.POST.get("plan", ""), who=_person(request), due_on=_day(request, "due_on"),
            action=request.POST.get("action", ""), by=request.user, at=request.now,
        )  # fmt: skip
    elif step == "resolve":
        acts.resolve(shown, reason=request.POST.get("reason", ""), by=request.user, at=request.now)
    else:
        raise Http404
    messages.success(request, DONE[step])
    return redirect("steering:alert", number)


@login_required
@require_POST
def alert_comment(request: Request, number: int) -> HttpResponse:
    acts.comment(_found(request, number), request.POST.get("text", ""), by=request.user, at=request.now)
    return redirect("steering:alert", number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alert_silences(request: Request) -> HttpResponse:
    access.require(request.user, "steering.view_alerts")
    if request.method == "POST":
        return _decide(request)
    house = faces.house()
    return render(request, "steering/alert_silences.html", {
        "silences": [(row, row.starts_on <= request.today <= row.ends_on) for row in silences.silences()[:100]],
        "rebases": silences.rebases()[:100], "kinds": Subject.choices, "sectors": Sector.objects.all(),
        "indicators": sorted((i.title, code) for code, i in house.indicators.items()),
        "datasets": sorted((d.title, code) for code, d in house.datasets.items()),
        "objectives": Objective.objects.order_by("-year", "order")[:30],
        "may_silence": access.may_anywhere(request.user, "steering.silence_alerts"),
    })  # fmt: skip


@login_required
@require_POST
def silence_end(request: Request, number: int) -> HttpResponse:
    quiet.end(get_object_or_404(Silence, pk=number), by=request.user, at=request.now)
    messages.success(request, "Le silence prend fin ce soir.")
    return redirect("steering:alert_silences")


@login_required
@require_POST
def rebase_remove(request: Request, number: int) -> HttpResponse:
    quiet.remove_rebase(get_object_or_404(Rebase, pk=number), by=request.user, at=request.now)
    messages.success(request, "Les limites ne sont plus recalculées à partir de ce jour.")
    return redirect("steering:alert_silences")


def sentence(found: list[Alert]) -> str:
    """« 12 alertes vivent : 3 ouvertes, 4 montées d’un cran, 1 à vérifier. »"""
    if not found:
        return "Aucune alerte ne répond à cette demande."
    counts = [
        (sum(a.state == "open" for a in found), "ouverte", "ouvertes"),
        (sum(a.state in ("acknowledged", "planned") for a in found), "prise en charge", "prises en charge"),
        (sum(a.state == "resolved" for a in found), "à vérifier par le chiffre", "à vérifier par le chiffre"),
        (sum(bool(a.rung) and a.is_live for a in found), "montée d’un cran ou plus", "montées d’un cran ou plus"),
    ]  # fmt: skip
    told = [sentences.counted(number, one, many) for number, one, many in counts if number]
    return f"{sentences.counted(len(found), 'alerte')}" + (f" : {', '.join(told)}." if told else ".")


def _raise(request: Request) -> HttpResponse:
    made = acts.raise_by_hand(
        acts.indicator_or_refuse(request.POST.get("indicator", "")), request.POST.get("sentence", ""),
        places=(request.POST.get("place", ""),), by=request.user, at=request.now,
    )  # fmt: skip
    messages.success(request, "L’alerte est levée ; la personne qui répond de l’indicateur la verra.")
    return redirect("steering:alert", made.pk)


def _decide(request: Request) -> HttpResponse:
    """A silence, or limits calculated anew."""
    reason = request.POST.get("reason", "")
    if "on" in request.POST:
        quiet.rebase(
            request.POST.get("indicator", ""), _day_or_refuse(request, "on"), reason=reason,
            place=request.POST.get("place", ""), by=request.user, at=request.now,
        )  # fmt: skip
        messages.success(request, "Les limites seront recalculées à partir de ce jour.")
    else:
        kind, _, subject = request.POST.get("subject", "").partition(":")
        quiet.silence(
            kind, subject, starts_on=_day_or_refuse(request, "starts_on"), ends_on=_day_or_refuse(request, "ends_on"),
            reason=reason, by=request.user, at=request.now,
        )  # fmt: skip
        messages.success(request, "Ce sujet ne lèvera pas d’alerte pendant ces jours.")
    return redirect("steering:alert_silences")


def _found(request: Request, number: int) -> Alert:
    access.require(request.user, "steering.view_alerts")
    return get_object_or_404(queries.visible(request.user), pk=number)


def _treated_by(request: Request, shown: Alert) -> list:
    targets = links.targets([shown.reference()], acts.TREATED_BY).get(shown.reference(), [])
    return list(links.cards(targets, request.user).values())


def _person(request: Request) -> Person | None:
    asked = request.POST.get("who", "")
    return Person.objects.filter(pk=int(asked), is_active=True).first() if asked.isdecimal() else None


def _day(request: Request, name: str) -> date | None:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        return None


def _day_or_refuse(request: Request, name: str) -> date:
    found = _day(request, name)
    if found is None:
        raise Refusal("Il manque un jour.", remedy="Remplissez les dates demandées.")
    return found


def _names() -> dict[str, str]:
    return {sector.code: sector.short_name for sector in Sector.objects.all()}


def _people():
    return Person.objects.filter(is_active=True).order_by("last_name", "first_name")[:500]
