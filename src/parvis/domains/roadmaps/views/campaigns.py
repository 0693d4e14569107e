"""The campaigns: their list, where one opens the next, and each campaign's grid as of a day."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from parvis.domains.roadmaps.actions.campaigns import open_campaign
from parvis.domains.roadmaps.models import Campaign
from parvis.domains.roadmaps.queries import campaigns as queries
from parvis.domains.roadmaps.views.steps import day_or_none
from parvis.kernel import Refusal, access
from parvis.kernel.organisation.requests import Request

EARLIEST = date(2014, 1, 1)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaigns(request: Request) -> HttpResponse:
    access.require(request.user, "roadmaps.see_campaign")
    if request.method == "POST":
        return _open(request)
    found = list(queries.listed_campaigns(request.user))
    return render(request, "roadmaps/campaigns.html", {
        "campaigns": found, "may_open": access.may_anywhere(request.user, "roadmaps.run_campaign"),
        "next_year": max([c.year + 1 for c in found], default=request.today.year),
    })  # fmt: skip


def _open(request: Request) -> HttpResponse:
    year, opens_on = request.POST.get("year", ""), day_or_none(request.POST.get("opens_on", ""))
    if not (year.isdecimal() and len(year) == 4 and opens_on):
        raise Refusal("Il faut une année et une date d’ouverture.", remedy="Remplissez les deux champs.")
    made = open_campaign(int(year), opens_on, by=request.user, at=request.now)
    messages.success(request, f"La campagne {made.year} est ouverte.")
    return redirect("roadmaps:campaign", made.code)


@login_required
@require_safe
def campaign(request: Request, code: str) -> HttpResponse:
    access.require(request.user, "roadmaps.see_campaign")
    shown = _found(request, code)
    as_of = _as_of(request)
    stages = list(shown.stages.order_by("order"))
    rows = queries.rows(shown, stages, as_of, request.today)
    q1 = queries.compliance(shown, rows, as_of)
    reminders, reminder_count = queries.reminders_sent(shown, as_of)
    return render(request, "roadmaps/campaign.html", {
        "campaign": shown, "stages": stages, "rows": rows, "q1": q1, "as_of": as_of, "is_past": as_of < request.today,
        "sentence": queries.sentence(rows, q1, as_of), "late": sum(row.late is not None for row in rows),
        "signed": sum(any(c.stage == "signed" and c.is_done for c in row.cells) for row in rows),
        "stopped": [row for row in rows if row.blockers],
        "deadlines": queries.next_deadlines(stages, rows, as_of),
        "reminders": reminders, "reminder_count": reminder_count,
    })  # fmt: skip


def _found(request: Request, code: str) -> Campaign:
    """By its code, or by its year."""
    rows = queries.visible_campaigns(request.user)
    found = rows.filter(year=int(code)) if code.isdecimal() and len(code) == 4 else rows.filter(code=code)
    shown = found.first()
    if shown is None:
        raise Http404
    return shown


def _as_of(request: Request) -> date:
    """The day asked, today when none or when it is still to come."""
    asked = day_or_none(request.GET.get("au", "")) or request.today
    return min(max(asked, EARLIEST), request.today)
