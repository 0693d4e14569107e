"""Questions about a dataset: asked, answered, closed, reopened; what people write stays in its record."""

import pytest

from parvis.domains.datahub.actions import discussions
from parvis.domains.datahub.models import Message, Thread
from parvis.domains.datahub.queries import cards
from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.journal.models import Entry

CODE = "datahub.freshness"
PAGE = f"/donnees/catalogue/{CODE}/"


@pytest.fixture
def dataset(db):
    return faces.house().datasets[CODE]


@pytest.fixture
def chief(person):
    return person("sector-chief", "sector", "19")


@pytest.fixture
def thread(dataset, chief, now):
    return discussions.ask(dataset, "Pourquoi 40 jours ?", "L’âge me paraît long.", column="age_days", by=chief, at=now)


def test_an_officer_answers_a_word_of_the_asker_reopens_and_the_officer_closes(thread, chief, officer, now):
    discussions.reply(thread, "Le fichier est annuel.", by=officer, at=now)
    thread.refresh_from_db()
    assert thread.state == "answered"
    discussions.reply(thread, "Alors son rythme est faux.", by=chief, at=now)
    thread.refresh_from_db()
    assert thread.state == "open"
    discussions.step(thread, "close", by=officer, at=now)
    assert Thread.objects.get().state == "closed"
    discussions.reply(thread, "C’est revenu.", by=chief, at=now)
    assert Thread.objects.get().state == "open"


def test_the_journal_has_numbers_and_no_word_of_what_was_written(thread, officer, now):
    discussions.reply(thread, "Le fichier est annuel.", by=officer, at=now)
    entries = Entry.objects.filter(subject_kind="dataset-thread")
    assert {e.verb for e in entries} == {"dataset-thread.open", "dataset-thread.reply", "dataset-thread.answer"}
    assert not any("annuel" in str(e.codes) or "40" in str(e.codes) for e in entries)


@pytest.mark.parametrize(("title", "text", "column"), [
    ("", "texte", ""), ("titre", "  ", ""), ("x" * 141, "texte", ""), ("titre", "x" * 2001, ""), ("titre", "texte", "nulle"),
])  # fmt: skip
def test_an_empty_or_endless_question_or_one_on_no_column_is_refused(dataset, chief, now, title, text, column):
    with pytest.raises(Refusal):
        discussions.ask(dataset, title, text, column=column, by=chief, at=now)
    assert not Thread.objects.exists()


@pytest.mark.parametrize("role", ["elected-reader", "auditor"])
def test_who_changes_nothing_in_the_house_asks_nothing(dataset, thread, person, now, role):
    reader = person(role)
    with pytest.raises(Forbidden):
        discussions.ask(dataset, "Titre", "Texte", by=reader, at=now)
    with pytest.raises(Forbidden):
        discussions.reply(thread, "Texte", by=reader, at=now)


def test_only_who_answers_for_the_data_closes(thread, chief, now):
    with pytest.raises(Forbidden):
        discussions.step(thread, "close", by=chief, at=now)
    with pytest.raises(Refusal):
        discussions.step(thread, "answer", by=chief, at=now)


def test_a_button_clicked_twice_asks_and_answers_once(dataset, thread, chief, officer, now):
    again = discussions.ask(dataset, thread.title, "L’âge me paraît long.", column="age_days", by=chief, at=now)
    discussions.reply(thread, "Oui.", by=officer, at=now)
    discussions.reply(thread, "Oui.", by=officer, at=now)
    assert again.pk == thread.pk
    assert Message.objects.count() == 2


def test_an_open_question_waits_on_the_desk_of_who_answers(thread, officer, chief, now):
    assert [todo.sentence for todo in cards.todos(officer, now.date())] == ["Répondre : « Pourquoi 40 jours ? »"]
    assert cards.todos(chief, now.date()) == []
    discussions.reply(thread, "Oui.", by=officer, at=now)
    assert cards.todos(officer, now.date()) == []


def test_the_page_asks_answers_and_keeps_what_was_typed(client, chief, officer, person, lake):
    client.force_login(chief)
    wrong = client.post(f"{PAGE}questions/", {"title": "", "text": "Un long texte déjà tapé."})
    assert (wrong.status_code, "déjà tapé" in wrong.content.decode()) == (422, True)
    client.post(f"{PAGE}questions/", {"title": "D’où vient ce nombre ?", "text": "Il a doublé.", "column": "row_count"})
    thread = Thread.objects.get()
    client.force_login(officer)
    client.post(f"/donnees/questions/{thread.pk}/repondre/", {"text": "D’un second fichier."})
    page = client.get(PAGE).content.decode()
    assert "D’un second fichier." in page and "répondue" in page and str(chief) in page
    client.force_login(person("elected-reader"))
    assert str(chief) not in client.get(PAGE).content.decode()


def test_a_question_on_a_dataset_that_is_not_hers_is_not_there(client, person, officer, now):
    hidden = discussions.ask(faces.house().datasets["datahub.imports"], "Titre", "Texte", by=officer, at=now)
    office = person("district-office", "sector", "19")
    client.force_login(office)
    assert client.post(f"/donnees/questions/{hidden.pk}/repondre/", {"text": "Lu."}).status_code == 404
    assert cards.thread_cards([str(hidden.pk)], office) == []
    assert len(cards.thread_cards([str(hidden.pk)], officer)) == 1
