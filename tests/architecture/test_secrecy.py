"""What never leaves the house: the names of its people to those outside, and its private pages to any cache."""

import re

import pytest

from parvis.domains.roadmaps.models import Action, GatePass
from parvis.kernel.organisation.models import Assignment

from . import city

PAGE = "/feuilles-de-route/actions/fdr-published-a0/"


@pytest.fixture
def owner(person, now):
    """Someone without a written name, whom the house would call by her address."""
    plans = city.build()
    someone = person("contributor", "directorate", "DVD", email="camille.secrete@example.org")
    Action.objects.filter(code="fdr-published-a0").update(owner=someone, project_lead=someone)
    GatePass.objects.create(
        plan=plans["published"], gate="operational", version=1, reason="Décidé en comité.", by=someone, at=now
    )
    return someone


PUBLIC_PAGES = (
    PAGE, "/feuilles-de-route/actions/", "/feuilles-de-route/actions/tableau/", "/feuilles-de-route/actions/frise/",
    "/feuilles-de-route/multi-directions/", "/feuilles-de-route/plans/fdr-published/", "/feuilles-de-route/actions/tableur.csv",
    "/feuilles-de-route/plans/fdr-published/versions/", "/feuilles-de-route/plans/fdr-published/stratml.xml",
    "/feuilles-de-route/plans/fdr-published/echeances.ics", "/carte/couches/roadmaps.actions.geojson", "/recherche/?q=secrete",
    "/secteurs/7/", "/",
)  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_the_public_never_reads_who_in_the_house_holds_an_action(client, owner, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "camille" not in answer.content.decode().replace("q=secrete", "")


def test_an_elected_reader_reads_directorates_and_no_names(client, person, owner):
    client.force_login(person("elected-reader"))
    assert "camille" not in client.get(PAGE).content.decode()


def test_a_colleague_reads_who_holds_the_action(client, person, owner):
    client.force_login(person("sector-chief", "sector", "19"))
    assert "camille" in client.get(PAGE).content.decode()


def count(client, owner):
    page = client.get("/feuilles-de-route/actions/", {"owner": str(owner.pk)}).content.decode()
    return len(re.findall(r"fdr-published-a0", page))


def test_the_public_cannot_ask_for_the_actions_of_one_person_by_her_number(client, person, owner):
    assert count(client, owner) == 0
    client.force_login(person("roadmap-pilot"))
    assert count(client, owner) > 0


def test_a_page_read_signed_in_stays_in_no_cache_even_a_refused_or_an_absent_one(client, person, owner):
    client.force_login(person("auditor"))
    for path in ("/", PAGE, "/feuilles-de-route/actions/tableur.csv", "/nulle-part/", "/donnees/imports/"):
        kept = client.get(path).headers.get("Cache-Control", "")
        assert "private" in kept and "no-store" in kept, (path, kept)


def test_leaving_closes_the_door_at_once(client, person, owner, now):
    """Deactivated in the middle of a session, or her assignment ended: the very next page is the public's."""
    head = person("directorate-head")
    client.force_login(head)
    assert client.get("/feuilles-de-route/plans/fdr-other/").status_code == 200
    Assignment.objects.filter(person=head).delete()
    assert client.get("/feuilles-de-route/plans/fdr-other/").status_code == 404
    head.is_active = False
    head.save()
    assert client.get("/feuilles-de-route/campagnes/").status_code == 302
