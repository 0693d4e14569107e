"""The human confidence in an objective: said by those who steer, with a sentence, and never forgotten."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from parvis.domains.steering.actions.confidence import LONGEST, say
from parvis.domains.steering.models import Objective, ObjectiveConfidence
from parvis.domains.steering.queries import confidence as queries
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
ADDRESS = "/pilotage/objectifs/2025-2026/P2/confiance/"


@pytest.fixture
def objective():
    return Objective.objects.get(year="2025-2026", code="P2")


def test_what_was_said_before_stays_and_the_last_word_is_shown(objective, person, now):
    head = person("directorate-head")
    say(objective, "sunny", "Tout avance.", by=head, at=now)
    say(objective, "cloudy", "  Le logement   manque. ", by=head, at=now + timedelta(days=1))
    assert queries.latest([objective])[objective.pk].sentence == "Le logement manque."
    assert [said.level for said in queries.history(objective)] == ["cloudy", "sunny"]


def test_the_journal_keeps_the_level_and_not_the_sentence(objective, person, now):
    say(objective, "fair", "Un nom propre dans la phrase.", by=person("roadmap-pilot"), at=now)
    entry = Entry.objects.get(verb="objective.say_confidence")
    assert (entry.subject_id, entry.codes) == ("2025-2026/P2", {"level": "fair"})


def test_clicked_twice_it_is_said_once_and_said_again_later_it_counts_again(objective, person, now):
    head = person("directorate-head")
    for delay in (0, 30, 300):
        say(objective, "fair", "Pareil.", by=head, at=now + timedelta(seconds=delay))
    assert ObjectiveConfidence.objects.count() == 2


@pytest.mark.parametrize(
    ("level", "sentence"), [("", "Bien."), ("unknown", "Bien."), ("sunny", "  "), ("sunny", "x" * (LONGEST + 1))]
)
def test_a_level_that_does_not_exist_or_a_sentence_that_is_missing_or_too_long_is_refused(
    objective, person, now, level, sentence
):
    with pytest.raises(Refusal) as refused:
        say(objective, level, sentence, by=person("directorate-head"), at=now)
    assert refused.value.remedy
    assert not ObjectiveConfidence.objects.exists()


@pytest.mark.parametrize("role", ["sector-chief", "auditor", "data-officer", "elected-reader", None])
def test_whoever_does_not_steer_judges_nothing(objective, person, now, role):
    scope = ("sector", "19") if role == "sector-chief" else ()
    with pytest.raises(Forbidden):
        say(objective, "sunny", "Bien.", by=person(role, *scope), at=now)


def test_the_database_refuses_a_judgment_that_says_nothing(objective, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        ObjectiveConfidence.objects.create(objective=objective, level="sunny", sentence="", at=now)


def test_said_in_the_browser_it_shows_on_the_page_of_the_objective(objective, person, client):
    client.force_login(person("directorate-head"))
    answer = client.post(ADDRESS, {"level": "cloudy", "sentence": "Deux chefs de projet manquent."}, follow=True)
    assert "« Deux chefs de projet manquent. »" in answer.content.decode()
    client.logout()
    assert "Deux chefs" not in client.get("/pilotage/objectifs/2025-2026/P2/").content.decode()


def test_the_form_is_offered_to_those_who_steer_alone_and_never_on_a_past_day(objective, person, client):
    client.force_login(person("auditor"))
    assert 'name="sentence"' not in client.get("/pilotage/objectifs/2025-2026/P2/").content.decode()
    client.force_login(person("directorate-head"))
    assert 'name="sentence"' in client.get("/pilotage/objectifs/2025-2026/P2/").content.decode()
    assert 'name="sentence"' not in client.get("/pilotage/objectifs/2025-2026/P2/?le=2026-02-01").content.decode()
