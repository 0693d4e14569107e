"""How datasets, questions and entries of the register show themselves elsewhere: cards, answers to a search, to-dos."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from parvis.domains.datahub.models import ProcessingVersion, Thread
from parvis.domains.datahub.queries.catalogue import mine
from parvis.kernel import access
from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts.headers import letters
from parvis.kernel.faces import Hit, Todo
from parvis.kernel.references import Card, Reference


def dataset_cards(codes: Iterable[str], person) -> list[Card]:
    wanted = set(codes)
    return [
        Card(Reference("dataset", d.code), d.title, reverse("datahub:dataset", args=[d.code]), "jeu de données")
        for d in _hers(person) if d.code in wanted
    ]  # fmt: skip


def thread_cards(numbers: Iterable[str], person) -> list[Card]:
    rows = Thread.objects.filter(
        pk__in=[n for n in numbers if n.isdecimal()], dataset__in=[d.code for d in _hers(person)]
    )
    return [Card(row.reference(), row.title, _address(row), "question") for row in rows]


def processing_cards(codes: Iterable[str], person) -> list[Card]:
    if not access.may_anywhere(person, "datahub.view_register"):
        return []
    rows = ProcessingVersion.objects.filter(processing__code__in=list(codes)).select_related("processing")
    newest = rows.order_by("processing_id", "-number").distinct("processing_id")
    return [
        Card(v.processing.reference(), v.title, reverse("datahub:processing", args=[v.processing.code]), "traitement")
        for v in newest
    ]


def search(person, words: str, limit: int) -> list[Hit]:
    """Datasets by their title, sentence or code."""
    asked = letters(words)
    found = [d for d in _hers(person) if asked and asked in letters(f"{d.title} {d.sentence} {d.code}")]
    return [
        Hit(d.title, reverse("datahub:dataset", args=[d.code]), "jeu de données", d.sentence) for d in found[:limit]
    ]


def todos(person, today: date) -> list[Todo]:
    """The questions that wait for whoever answers for the data, on the datasets that she opens."""
    if not access.may_anywhere(person, "datahub.answer_discussion"):
        return []
    rows = Thread.objects.filter(state="open", dataset__in=[d.code for d in _hers(person)]).order_by("opened_at")[:20]
    return [
        Todo(
            f"Répondre : « {row.title} »", _address(row), since_on=paris_day(row.opened_at), kind="dataset-thread",
            key=f"dataset-thread:{row.pk}",
        )
        for row in rows
    ]  # fmt: skip


def _hers(person) -> list:
    return mine(person) if access.may_anywhere(person, "datahub.view_catalogue") else []


def _address(thread: Thread) -> str:
    return f"{reverse('datahub:dataset', args=[thread.dataset])}#questions"
