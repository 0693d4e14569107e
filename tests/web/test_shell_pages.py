"""The pages of the shell: search, journal, health, what the house says of itself."""

from datetime import date, timedelta

import pytest
from django.db import connection

from parvis.kernel.journal import entries, seals
from parvis.kernel.references import Reference


@pytest.fixture
def as_(client, person):
    def sign_in(role: str, kind: str = "house", scope: str = ""):
        session_person = person(role, kind, scope)
        client.force_login(session_person)
        return session_person

    return sign_in


def test_the_search_says_what_it_needs(client, db):
    assert "au moins deux lettres" in client.get("/recherche/?q=a").content.decode()
    assert "Rien ne correspond" in client.get("/recherche/?q=zzzzzz").content.decode()


def test_a_search_shows_its_words_back_unharmed(client, db):
    page = client.get("/recherche/", {"q": '<script>alert("x")</script>'}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("role", ["auditor", "directorate-head"])
def test_auditors_and_the_head_read_the_journal(client, as_, role, now):
    someone = as_(role)
    entries.record("plan.sign", Reference("plan", "fdr-2026-19"), by=someone, at=now, codes={"to": "signed"})
    page = client.get("/journal/")
    assert page.status_code == 200
    assert "plan.sign" in page.content.decode() and "pas encore" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "kind", "scope"),
    [("sector-chief", "sector", "19"), ("directorate-head", "directorate", "DEVE"), ("elected-reader", "house", "")],
)
def test_the_journal_is_closed_to_the_others_even_a_head_of_one_directorate(client, as_, role, kind, scope):
    as_(role, kind, scope)
    assert client.get("/journal/").status_code == 403


def test_the_journal_is_closed_to_a_visitor(client, db):
    assert client.get("/journal/").status_code == 403


def test_the_journal_filters_by_day_person_subject_and_verb(client, as_, person, now):
    someone = as_("auditor")
    other = person("contributor", "directorate", "DEVE")
    entries.record("plan.sign", Reference("plan", "a"), by=someone, at=now)
    entries.record("action.edit", Reference("action", "b"), by=other, at=now - timedelta(days=3))

    def verbs(**query):
        return [row["entry"].verb for row in client.get("/journal/", query).context["rows"]]

    assert verbs() == ["action.edit", "plan.sign"]
    assert verbs(day="2026-11-24") == ["plan.sign"]
    assert verbs(person=other.email) == ["action.edit"]
    assert verbs(subject="plan:a") == ["plan.sign"]
    assert verbs(subject="action") == ["action.edit"]
    assert verbs(verb="action.") == ["action.edit"]
    assert verbs(day="2026-13-45") == ["action.edit", "plan.sign"]


def test_a_sealed_day_shows_its_seal(client, as_, now):
    entries.record("plan.sign", Reference("plan", "a"), by=as_("auditor"), at=now)
    seals.seal_until(date(2026, 11, 24), at=now)
    assert "jusqu’au" in client.get("/journal/").content.decode()


def test_the_house_is_unwell_without_a_worker_and_well_with_one(client, db):
    answer = client.get("/sante/")
    assert answer.status_code == 503
    assert answer.json()["database"]["is_well"] and not answer.json()["worker"]["is_well"]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    answer = client.get("/sante/")
    assert answer.status_code == 200 and answer.json()["is_well"]
    assert set(answer.json()) == {"is_well", "database", "worker", "disk"}


def test_the_register_of_personal_data_lists_what_every_face_keeps(client, db):
    from parvis.kernel import faces

    page = client.get("/donnees-personnelles/").content.decode()
    for face in faces.house().faces:
        for retention in face.retentions:
            assert retention.subject in page


def test_every_page_leads_to_the_accessibility_statement(client, db):
    assert 'href="/accessibilite/"' in client.get("/").content.decode()
    assert client.get("/accessibilite/").status_code == 200
