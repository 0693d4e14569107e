"""The journal of the house, read by auditors and by the head: who did what, when, and whether the day is sealed."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from parvis.kernel import Forbidden, access
from parvis.kernel.journal.models import Entry, Seal
from parvis.kernel.organisation.models import Person
from parvis.kernel.organisation.requests import Request

PER_PAGE = 50


def journal(request: Request) -> HttpResponse:
    if not access.reach(request.user, "web.read_journal").everywhere:
        raise Forbidden(
            "Le journal est ouvert aux auditeurs et à la direction.", remedy="Demandez-leur l’extrait utile."
        )
    chosen = {name: request.GET.get(name, "").strip() for name in ("day", "person", "subject", "verb")}
    page = Paginator(_chosen_entries(chosen), PER_PAGE).get_page(request.GET.get("page"))
    seals = {seal.day: seal for seal in Seal.objects.filter(day__in={entry.day for entry in page})}
    people = {person.pk: person for person in Person.objects.filter(pk__in={entry.actor_id for entry in page})}
    rows = [{"entry": e, "seal": seals.get(e.day), "person": people.get(e.actor_id)} for e in page]
    latest = Seal.objects.order_by("-day").first()
    return render(request, "web/journal.html", {"rows": rows, "page": page, "chosen": chosen, "latest": latest})


def _chosen_entries(chosen: dict[str, str]):
    entries = Entry.objects.order_by("-id")
    if day := _day(chosen["day"]):
        entries = entries.filter(day=day)
    if chosen["person"]:
        entries = entries.filter(actor__in=Person.objects.filter(email__icontains=chosen["person"]))
    if chosen["verb"]:
        entries = entries.filter(verb__startswith=chosen["verb"])
    kind, _, subject = chosen["subject"].partition(":")
    if kind:
        entries = entries.filter(subject_kind=kind)
    return entries.filter(subject_id=subject) if subject else entries


def _day(words: str):
    try:
        return parse_date(words)
    except ValueError:
        return None
