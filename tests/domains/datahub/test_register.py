"""The register of processing (GDPR art. 30): what it holds, who writes it, its history, and its holes."""

from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from python_calamine import CalamineWorkbook

from parvis.domains.datahub import reference
from parvis.domains.datahub.actions import register as actions
from parvis.domains.datahub.models import Processing, ProcessingVersion
from parvis.domains.datahub.queries import register as queries
from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.journal.models import Entry

PAGE = "/donnees/registre/"


def said(**changed):
    words = dict.fromkeys(("purpose", "people", "categories", "recipients", "retention", "security"), "Précisé.")
    return words | {
        "title": "Inscriptions aux conseils", "legal_basis": "public-task", "controller": "Ville", "transfers": "Aucun",
        "criteria": [], "assessment": "unneeded", "datasets": [], "is_ended": False,
    } | changed  # fmt: skip


def form(**changed):
    return {k: v for k, v in said(**changed).items() if v is not False}


@pytest.mark.django_db
def test_the_first_register_says_every_field_and_the_retentions_that_the_services_declare():
    entries = queries.entries()
    assert len(entries) >= 6
    for version in entries:
        for name in (*reference.FIELDS, "retention", "controller", "transfers"):
            assert getattr(version, name), (version.title, name)
        assert version.legal_basis in reference.legal_bases()
        assert set(version.criteria) <= set(reference.criteria())
    agents = next(v for v in entries if v.processing.code == "agents")
    declared = next(r for f in faces.house().faces for r in f.retentions if r.subject == "Comptes et rôles des agents")
    assert declared.subject in agents.retention and declared.then in agents.retention


@pytest.mark.django_db
def test_loading_again_writes_over_nothing(officer, now):
    held = Processing.objects.get(code="agents")
    actions.write(said(title="Comptes"), processing=held, seen=1, by=officer, at=now)
    reference.load()
    assert held.versions.count() == 2
    assert next(v for v in queries.entries() if v.processing == held).title == "Comptes"


def test_each_change_is_a_version_that_says_what_moved_and_who(officer, now):
    first = actions.write(said(), by=officer, at=now)
    actions.write(
        said(retention="Deux ans."), processing=first.processing, seen=1, reason="Avis du DPO", by=officer, at=now
    )
    history = queries.history(first.processing)
    assert [(v.number, changed) for v, changed in history] == [(2, ["conservation"]), (1, [])]
    assert history[0][0].made_by == officer
    entry = Entry.objects.filter(verb="register.write").latest("pk")
    assert entry.codes == {"version": 2, "criteria": 0} and entry.subject_id == "inscriptions-aux-conseils"


def test_what_changes_nothing_makes_no_version(officer, now):
    first = actions.write(said(), by=officer, at=now)
    same = actions.write(said(), processing=first.processing, seen=1, by=officer, at=now)
    assert same.pk == first.pk


def test_two_people_at_once_lose_nothing(officer, now):
    first = actions.write(said(), by=officer, at=now)
    actions.write(said(people="Habitants"), processing=first.processing, seen=1, by=officer, at=now)
    with pytest.raises(Refusal, match="entre-temps"):
        actions.write(said(people="Usagers"), processing=first.processing, seen=1, by=officer, at=now)


def test_a_version_is_never_rewritten_not_even_in_the_database(officer, now):
    made = actions.write(said(), by=officer, at=now)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE datahub_processingversion SET purpose = 'x' WHERE id = %s", [made.pk])


def test_two_criteria_of_nine_call_for_an_impact_assessment(officer, now):
    assert len(reference.criteria()) == 9
    one = actions.write(said(criteria=["sensitive"]), by=officer, at=now)
    assert queries.assessment(one).words == "analyse non requise"
    with pytest.raises(Refusal, match="requise"):
        actions.write(said(title="Autre", criteria=["sensitive", "vulnerable"]), by=officer, at=now)
    two = actions.write(
        said(title="Autre", criteria=["sensitive", "vulnerable"], assessment="to_do"), by=officer, at=now
    )
    told = queries.assessment(two)
    assert (told.is_needed, told.words, told.tone) == (True, "analyse à faire", "watch")


@pytest.mark.parametrize("role", ["directorate-head", "auditor", "roadmap-pilot"])
def test_only_the_data_officer_writes(person, now, role):
    with pytest.raises(Forbidden):
        actions.write(said(), by=person(role), at=now)


def test_a_personal_dataset_without_entry_is_a_hole_until_it_has_a_living_one(client, officer, kept_markets, now):
    assert kept_markets in queries.holes()
    client.force_login(officer)
    assert "Sans fiche" in client.get(PAGE).content.decode()
    assert "Aucune fiche du registre" in client.get(f"/donnees/catalogue/{kept_markets.code}/").content.decode()
    made = actions.write(said(datasets=[kept_markets.code]), by=officer, at=now)
    assert kept_markets not in queries.holes()
    assert f"{PAGE}{made.processing.code}/" in client.get(f"/donnees/catalogue/{kept_markets.code}/").content.decode()
    ended = said(datasets=[kept_markets.code], is_ended=True)
    actions.write(ended, processing=made.processing, seen=1, by=officer, at=now)
    assert kept_markets in queries.holes()


@pytest.mark.django_db
def test_the_personal_datasets_that_the_house_declares_itself_have_their_entry():
    assert queries.holes() == []


def test_an_entry_is_written_in_the_browser_and_what_was_typed_stays(client, officer, kept_markets):
    client.force_login(officer)
    page = client.get(f"{PAGE}nouvelle-fiche/", {"jeu": kept_markets.code}).content.decode()
    assert f'value="{kept_markets.code}"' in page and "checked" in page
    wrong = client.post(f"{PAGE}nouvelle-fiche/", form(purpose="", people="Les gérants des marchés"))
    assert (wrong.status_code, "Les gérants des marchés" in wrong.content.decode()) == (422, True)
    refused = client.post(f"{PAGE}nouvelle-fiche/", form(criteria=["sensitive", "matching"]))
    assert (refused.status_code, "requise" in refused.content.decode()) == (422, True)
    done = client.post(f"{PAGE}nouvelle-fiche/", form(datasets=[kept_markets.code]))
    assert done.status_code == 302
    changed = client.post(f"{done.url}modifier/", form(retention="Trois ans.", seen="1"))
    assert changed.status_code == 302
    assert "Trois ans." in client.get(done.url).content.decode()
    late = client.post(f"{done.url}modifier/", form(retention="Dix ans.", seen="1"))
    assert late.status_code == 422


def test_the_register_leaves_as_a_workbook_and_as_csv(client, person):
    client.force_login(person("auditor"))
    book = CalamineWorkbook.from_filelike(BytesIO(client.get("/donnees/registre.xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + ProcessingVersion.objects.count()
    assert rows[0][1] == "Traitement"
    content = client.get("/donnees/registre.csv").content.decode()
    assert "Comptes et accès des agents" in content and "RGPD art. 6.1.e" in content
    assert client.get("/donnees/registre.pdf").status_code == 404
