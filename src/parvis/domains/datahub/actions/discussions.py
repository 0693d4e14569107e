"""Ask about a dataset, answer, close, reopen. What people write stays in its record; the journal keeps numbers."""

from datetime import datetime

from django.db import transaction

from parvis.domains.datahub.models import Message, Thread
from parvis.kernel import Refusal, access
from parvis.kernel.journal import entries
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.workflow import move

LONGEST = 2_000


def ask(dataset: Dataset, title: str, text: str, *, column: str = "", by, at: datetime) -> Thread:
    """Open a thread on a dataset, or on one of its columns. The same question twice within the day is one thread."""
    access.require(by, "datahub.discuss")
    title, text = _written(title, "Votre question", 140), _written(text, "Le message", LONGEST)
    if column and column not in dataset.by_name:
        raise Refusal(f"La colonne « {column[:60]} » n’existe pas ici.", remedy="Choisissez-en une de la liste.")
    with transaction.atomic():
        asked = {"dataset": dataset.code, "column": column, "title": title, "opened_by": by}
        same = Thread.objects.filter(**asked, opened_at__date=at.date()).first()
        if same:
            return same
        thread = Thread.objects.create(**asked, opened_at=at)
        Message.objects.create(thread=thread, text=text, at=at, by=by)
        entries.record("dataset-thread.open", thread.reference(), by=by, at=at, codes={"dataset": dataset.code})
    return thread


def reply(thread: Thread, text: str, *, by, at: datetime) -> Message:
    """Add a message. From one who answers for the data it answers an open thread; a word after the end reopens it."""
    access.require(by, "datahub.discuss")
    text = _written(text, "Le message", LONGEST)
    with transaction.atomic():
        locked = Thread.objects.select_for_update(of=("self",)).get(pk=thread.pk)
        last = locked.messages.last()
        if last and (last.text, last.by_id) == (text, by.pk):
            return last
        message = Message.objects.create(thread=locked, text=text, at=at, by=by)
        entries.record("dataset-thread.reply", locked.reference(), by=by, at=at, codes={"message": message.pk})
        _turn(locked, by=by, at=at)
    return message


def _turn(thread: Thread, *, by, at: datetime) -> None:
    """Whose turn it is once someone has spoken."""
    answers = access.may_anywhere(by, "datahub.answer_discussion") and by.pk != thread.opened_by_id
    if thread.state == "open" and answers:
        move(thread, "answer", by=by, at=at)
    elif thread.state == "closed" or (thread.state == "answered" and not answers):
        move(thread, "reopen", by=by, at=at)


def step(thread: Thread, code: str, *, by, at: datetime) -> Thread:
    """Close or reopen."""
    if code not in ("close", "reopen"):
        raise Refusal("Ce geste n’existe pas.", remedy="Rechargez la page.")
    return move(thread, code, by=by, at=at)


def _written(text: str, what: str, longest: int) -> str:
    text = text.strip()
    if not text:
        raise Refusal(f"{what} est vide.", remedy="Écrivez une phrase.")
    if len(text) > longest:
        raise Refusal(f"{what} dépasse {longest} signes.", remedy="Raccourcissez, ou joignez un document.")
    return text
