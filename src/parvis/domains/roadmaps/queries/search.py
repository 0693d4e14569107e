"""Find actions and plans by their words, and show those that others point at: only what the person may see."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from parvis.domains.roadmaps.models import Action, Plan
from parvis.domains.roadmaps.queries import statuses
from parvis.kernel import access
from parvis.kernel.contracts.text import plain
from parvis.kernel.faces import Hit
from parvis.kernel.references import Card, Reference


def search(person, words: str, limit: int) -> list[Hit]:
    """Actions whose text holds every word, whatever the accents, then plans by title. What a hidden field says is never searched."""
    asked = plain(words).split()
    return [*_actions(person, asked, limit), *_plans(person, asked, limit)] if asked else []


def _actions(person, words: list[str], limit: int) -> list[Hit]:
    rows = access.visible(person, "roadmaps.view_action", Action.objects.filter(_all("search_text__contains", words)))
    return [
        Hit(a.title, reverse("roadmaps:action", args=[a.code]), "Actions", f"{statuses.label(a.status)} · {a.status_reason}")
        for a in rows.order_by("code")[:limit]
    ]  # fmt: skip


def _plans(person, words: list[str], limit: int) -> list[Hit]:
    """Plans are few: their titles are compared here, without accents."""
    rows = access.visible(person, "roadmaps.view_plan", Plan.objects.all())
    found = [plan for plan in rows if all(word in plain(f"{plan.title} {plan.code}") for word in words)]
    return [
        Hit(p.title, reverse("roadmaps:plan", args=[p.code]), "Plans", p.get_state_display()) for p in found[:limit]
    ]


def _all(look_up: str, words: list[str]) -> Q:
    return Q(*(Q(**{look_up: word}) for word in words))


def action_cards(ids: Iterable[str], person) -> list[Card]:
    rows = access.visible(person, "roadmaps.view_action", Action.objects.filter(code__in=list(ids)))
    return [
        Card(Reference("action", a.code), a.title, reverse("roadmaps:action", args=[a.code]), "action") for a in rows
    ]


def plan_cards(ids: Iterable[str], person) -> list[Card]:
    rows = access.visible(person, "roadmaps.view_plan", Plan.objects.filter(code__in=list(ids)))
    return [Card(Reference("plan", p.code), p.title, reverse("roadmaps:plan", args=[p.code]), "plan") for p in rows]
