"""A spreadsheet of actions gives no right that the pages refuse, and no code or day that they could not show."""

from datetime import date

import pytest
from drafts import plan

from parvis.domains.roadmaps.contracts.actions import CONTRACT
from parvis.domains.roadmaps.models import Action
from parvis.kernel.contracts.importing import run_import

HEADINGS = "Code du plan;Code de l’action;Titre;Direction pilote;Échéance"


@pytest.fixture
def bring(db, tmp_path, now):
    """Bring one row into the draft of the 19th, whose action is led by the DVD."""
    plan("19")

    def one(by, code="19-nouvelle", lead="DVD", due="30/11/2026"):
        file = tmp_path / "actions.csv"
        file.write_text(f"{HEADINGS}\nroadmap-19-2026;{code};Une rue aux écoles;{lead};{due}\n", encoding="utf-8")
        return run_import(CONTRACT, file, by=by, at=now)

    return one


def rules(report):
    return {issue.rule for issue in report.issues if issue.severity == "error"}


def test_a_contributor_brings_actions_of_her_directorate_alone(bring, person):
    hers = person("contributor", "directorate", "DVD")
    assert rules(bring(hers, lead="DEVE")) == {"lead-out-of-reach"}
    assert rules(bring(hers, lead="")) == {"lead-out-of-reach"}
    assert bring(hers, lead="DVD").accepted == 1


def test_the_chief_of_the_sector_brings_actions_of_any_directorate(bring, person):
    assert bring(person("sector-chief", "sector", "19"), lead="DEVE").accepted == 1


@pytest.mark.parametrize(
    ("code", "rule"),
    [("lot", "reserved-code"), ("vues", "reserved-code"), ("a/b", "pattern"), ("../..", "pattern")],
)
def test_a_code_that_would_hide_behind_another_page_waits_in_quarantine(bring, person, code, rule):
    assert rules(bring(person("roadmap-pilot"), code=code)) >= {rule}
    assert not Action.objects.filter(code=code).exists()


def test_a_day_at_the_end_of_the_calendar_is_refused_in_a_file_and_in_a_form(bring, person, client):
    pilot = person("roadmap-pilot")
    assert bring(pilot, due="31/12/9999").accepted == 0
    client.force_login(pilot)
    given = {"title": "Trop loin", "lead": "DVD", "place": "75119", "weight": "1", "due_on": "9999-12-31"}
    answer = client.post("/feuilles-de-route/plans/roadmap-19-2026/nouvelle-action/", given)
    assert answer.status_code == 422 and "improbable" in answer.content.decode()
    assert not Action.objects.filter(due_on__gt=date(2200, 1, 1)).exists()


def test_an_address_to_come_back_to_is_a_path_of_this_house(bring, person, client):
    client.force_login(person("roadmap-pilot"))
    path = "/feuilles-de-route/actions/roadmap-19-2026-1/"
    for asked in (
        "//ailleurs.example",
        "https://ailleurs.example/",
        "javascript:alert(1)",
        "NaN",
        "/\\ailleurs.example",
        "home",
    ):
        answer = client.post(path + "commentaire/", {"text": "Vu.", "next": asked})
        assert answer["Location"] == f"{path}#echanges", asked
    assert client.post(path + "commentaire/", {"text": "Vu.", "next": "/recherche/"})["Location"] == "/recherche/"
