"""The page of one action, and the small gestures made on it: report, measure, review, say one's confidence, comment, attach."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from parvis.domains.roadmaps import rules
from parvis.domains.roadmaps.actions import comments, commitments, editing, follow_up
from parvis.domains.roadmaps.models import Action, ActionIndicator, Commitment, Milestone, Review
from parvis.domains.roadmaps.queries import action_page, actions, history, ties
from parvis.domains.roadmaps.queries.filters import parse_day
from parvis.kernel import Forbidden, Refusal, access
from parvis.kernel.documents import storage
from parvis.kernel.documents.models import Document
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.organisation.requests import Request
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow import available_moves


@require_safe
def action(request: Request, code: str) -> HttpResponse:
    """Where it stands and why, who, where, when, with what, what proves it; today or as known on a past day."""
    found = _found(request, code)
    asked = parse_day(request.GET.get("le", ""))
    on = min(asked, request.today) if asked else request.today
    known = action_page.known(found, on, is_today=on == request.today)
    standing = action_page.placements(found, request.user)
    return render(
        request, "roadmaps/action.html",
        {
            "action": found, "known": known, "on": on, "is_past": on != request.today, "chart": action_page.line(found, known),
            "partners": action_page.partners(found), "placements": standing,
            "sector": Sector.objects.filter(code=found.sector_code).first() if found.sector_code else None,
            "means": list(found.means.order_by("year")), "extra": action_page.own_fields(found, request.user, standing),
            "lacks": action_page.lacks(found), "documents": list(storage.of(found.reference())),
            "objectives": ties.objective_cards(found, request.user), "needs": ties.waits_for(found, request.user),
            "awaited_by": ties.awaited_by(found, request.user), **_gestures(request, found),
        },
    )  # fmt: skip


def _gestures(request: Request, found: Action) -> dict:
    """What this person may do here, and what only those inside read."""
    may_edit = access.may(request.user, "roadmaps.edit_action", found)
    inside = access.may(request.user, "roadmaps.view_discussion", found)
    waiting = list(found.commitments.all()) if request.user.is_authenticated else []
    return {
        "may_edit": may_edit and found.state == "live",
        "may_touch": may_edit,
        "may_comment": access.may(request.user, "roadmaps.comment_action", found),
        "answerable": action_page.answerable(request.user, waiting) if waiting else set(),
        "may_ask": may_edit and access.may_anywhere(request.user, "roadmaps.ask_commitment"),
        "directorates": list(Directorate.objects.all()) if may_edit else [],
        "moves": available_moves(found, request.user) if may_edit else [],
        "levels": [(v, label) for v, label in Action.Confidence.choices if v],
        "inside": inside,
        "names_people": rules.reads_names(request.user),
        "comments": list(found.comments.select_related("author")) if inside else [],
        "reviews": list(Review.objects.filter(action=found).select_related("by")) if inside else [],
        "history": history.lines(found) if inside else [],
        "revisions": history.revisions(found) if inside else [],
    }


# Gestures: each is one call to one action, then back to the page


def _found(request: Request, code: str) -> Action:
    found = actions.found(request.user, code)
    if found is None:
        raise Http404
    return found


def gesture(said: str, anchor: str = ""):
    """A POST on an action: do it, say it, come back to the same part of the page. A refusal comes back too, in words."""

    def wrap(act: Callable[[Request, Action], None]):
        @login_required
        @require_POST
        def view(request: Request, code: str) -> HttpResponse:
            found = _found(request, code)
            try:
                act(request, found)
                messages.success(request, said)
            except Forbidden:
                raise
            except Refusal as refused:
                messages.error(request, str(refused))
            return _back(request, found, anchor)

        view.__name__, view.__doc__ = act.__name__, act.__doc__
        return view

    return wrap


def _back(request: Request, found: Action, anchor: str) -> HttpResponse:
    """Back to the address asked, a path of this house and nothing else, or to the action."""
    asked = request.POST.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return HttpResponseRedirect(asked)
    response = redirect("roadmaps:action", found.code)
    response["Location"] += f"#{anchor}" if anchor else ""
    return response


@gesture("Le jalon est rapporté.", "quand")
def report_milestone(request: Request, found: Action) -> None:
    """Held on a day, or now expected on another; never silently undone."""
    milestone = _part(Milestone, request, found, "milestone")
    done = request.POST.get("done")
    follow_up.report_milestone(
        milestone, actual_on=_day(request, "actual_on"), forecast_on=_day(request, "forecast_on"),
        is_done={"oui": True, "non": False}.get(done or ""), by=request.user, at=request.now,
    )  # fmt: skip


@gesture("La mesure est notée.", "preuves")
def report_value(request: Request, found: Action) -> None:
    indicator = _part(ActionIndicator, request, found, "indicator")
    measured_on = _day(request, "measured_on") or request.today
    follow_up.report_value(
        indicator,
        value=_decimal(request.POST.get("value", "")),
        measured_on=measured_on,
        by=request.user,
        at=request.now,
    )


@gesture("La revue est notée.", "revues")
def hold_review(request: Request, found: Action) -> None:
    held_on = _day(request, "held_on") or request.today
    decisions = request.POST.get("decisions", "")[:5000]
    follow_up.hold_review(found, held_on=held_on, decisions=decisions, by=request.user, at=request.now)


@gesture("Votre météo est notée.")
def say_confidence(request: Request, found: Action) -> None:
    note = request.POST.get("note", "")[:2000]
    follow_up.set_confidence(found, request.POST.get("level", ""), note=note, by=request.user, at=request.now)


@gesture("Le commentaire est publié.", "echanges")
def comment(request: Request, found: Action) -> None:
    comments.comment(found, request.POST.get("text", ""), by=request.user, at=request.now)


@gesture("La direction est sollicitée.", "partenaires")
def ask_partner(request: Request, found: Action) -> None:
    directorate = Directorate.objects.filter(code=request.POST.get("directorate", "")).first()
    if directorate is None:
        raise Refusal("Choisissez une direction.", remedy="Elle se choisit dans la liste.")
    part = request.POST.get("part", "")[:300]
    commitments.ask(found, directorate, part, _day(request, "due"), by=request.user, at=request.now)


@gesture("La réponse est notée.", "partenaires")
def answer_partner(request: Request, found: Action) -> None:
    commitment = _part(Commitment, request, found, "commitment")
    reason = request.POST.get("reason", "")[:2000]
    commitments.answer(commitment, request.POST.get("answer", ""), by=request.user, at=request.now, reason=reason)


@gesture("C’est fait.")
def move(request: Request, found: Action) -> None:
    """Drop it, or take it up again, with the reason."""
    acts = {"drop": editing.drop, "take_up": editing.take_up}
    act = acts.get(request.POST.get("move", ""))
    if act is None:
        raise Refusal("Ce geste n’existe pas.", remedy="Rechargez la page.")
    act(found, request.POST.get("reason", "")[:2000], by=request.user, at=request.now)


@gesture("Le document est joint.", "documents")
def attach(request: Request, found: Action) -> None:
    access.require(request.user, "roadmaps.edit_action", found)
    uploaded = request.FILES.get("file")
    if uploaded is None:
        raise Refusal("Aucun fichier n’a été choisi.", remedy="Choisissez un fichier, puis joignez-le.")
    storage.store(found.reference(), uploaded, by=request.user, at=request.now)


@gesture("Le document est retiré.", "documents")
def detach(request: Request, found: Action) -> None:
    access.require(request.user, "roadmaps.edit_action", found)
    storage.remove(_document(request, found, request.POST.get("document", "")), by=request.user, at=request.now)


@require_safe
def download(request: Request, code: str, number: int) -> FileResponse:
    """The file itself, always as an attachment: whoever may see the action may read what proves it."""
    document = _document(request, _found(request, code), str(number))
    response = FileResponse(
        storage.opened(document), as_attachment=True, filename=document.name, content_type=document.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _document(request: Request, found: Action, number: str) -> Document:
    reference = found.reference()
    rows = Document.objects.filter(owner_kind=reference.kind, owner_id=reference.id)
    document = rows.filter(pk=int(number)).first() if _is_number(number) else None
    if document is None:
        raise Http404
    return document


def _part(model, request: Request, found: Action, name: str):
    """A part of this action and of no other: a forged number is not found."""
    number = request.POST.get(name, "")
    part = model.objects.filter(action=found, pk=int(number)).first() if _is_number(number) else None
    if part is None:
        raise Http404
    return part


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


def _day(request: Request, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    if text and parse_day(text) is None:
        raise Refusal("Cette date ne se lit pas.", remedy="Écrivez-la ainsi : 2026-12-31.")
    return parse_day(text)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal("".join(text.replace(",", ".").split()))
    except InvalidOperation as unread:
        raise Refusal("La valeur doit être un nombre.", remedy="Écrivez par exemple 1234,5.") from unread
