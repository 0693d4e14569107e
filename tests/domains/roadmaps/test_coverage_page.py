"""The coverage matrix on screen: each number opens what it counts, each hole is a word and not a colour alone."""

import pytest
from django.urls import reverse
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.models import Action, Mandate, PublicPolicy

pytestmark = pytest.mark.django_db


@pytest.fixture
def roadmaps():
    """The 19th does sport twice and the 5th once; nobody else is signed."""
    mandate, sport = Mandate.objects.get(code="2026-2032"), PublicPolicy.objects.get(code="sport")
    for sector, actions in (("19", 2), ("5", 1)):
        plan = drafts.plan(sector, actions=0, mandate=mandate)
        for number in range(actions):
            drafts.action(plan, f"S-{sector}-{number}", policy=sport, lead="DJS")
        drafts.walk(plan, *drafts.WAY, "sign", "start")


@pytest.fixture
def matrix_of(client, roadmaps):
    return lambda **asked: client.get(reverse("roadmaps:coverage"), {"period": "2026.2026-2032"} | asked)


def square(page, sector, policy):
    row = next(row for row in page.context["rows"] if row.line.row.code == sector)
    return next(each for each in row.squares if each.cell.column.code == policy)


def test_a_number_leads_to_the_very_list_it_counts(client, matrix_of):
    found = square(matrix_of(), "19", "sport")
    assert found.cell.count == 2
    listed = client.get(found.url)
    assert listed.context["page"].paginator.count == 2


def test_with_a_directorate_the_number_and_its_list_still_agree(client, matrix_of):
    drafts.asked(Action.objects.get(code="S-19-0"), "DEVE", state="accepted")
    found = square(matrix_of(directorate="DEVE"), "19", "sport")
    assert found.cell.count == 1
    assert client.get(found.url).context["page"].paginator.count == 1


def test_a_hole_is_written_in_words(matrix_of):
    page = matrix_of()
    found = square(page, "19", "logement")
    assert (found.url, found.shade) == ("", "c0")
    assert found.cell.hole.sentence in page.content.decode()


def test_a_sector_not_yet_published_has_no_number_and_no_hole(matrix_of):
    page = matrix_of()
    assert square(page, "8", "sport").cell.count is None
    assert not any("dans le 8e" in hole.sentence for hole in page.context["holes"])
    assert "pas encore publiée" in page.content.decode()


def test_the_sentence_gives_the_share_and_the_number_of_holes(matrix_of):
    assert matrix_of().context["sentence"] == (
        "Les 2 feuilles de route couvrent en moyenne 7\u202f% des 14 politiques publiques ; "
        "26 croisements n’ont aucune action."
    )


def test_every_policy_says_how_many_sectors_cover_it(matrix_of):
    columns = {column.heading.code: column for column in matrix_of().context["columns"]}
    assert (columns["sport"].covered, columns["sport"].total) == (2, 2)
    assert columns["logement"].covered == 0


def test_an_unknown_directorate_or_period_narrows_nothing(matrix_of):
    assert square(matrix_of(directorate="XXX"), "19", "sport").cell.count == 2
    assert matrix_of(period="n’importe quoi").status_code == 200


def test_nothing_published_is_said(client, db):
    page = client.get(reverse("roadmaps:coverage"))
    assert page.context["sentence"] == "Aucune feuille de route n’est encore publiée pour cette période."
