"""Addresses of an imported file become points when a geocoder is sure; a silent one loses nothing and is said once."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from drafts import plan

from geocoder_standin import serving
from parvis.domains.roadmaps.contracts import actions
from parvis.domains.roadmaps.contracts.winning_projects import CONTRACT
from parvis.domains.roadmaps.models import Action
from parvis.kernel.contracts import quarantine
from parvis.kernel.contracts.importing import run_import
from parvis.kernel.contracts.models import QuarantinedRow
from parvis.kernel.territories import geocoding

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HEAD = "Identifiant;Édition;Titre;Budget;Échelle;Arrondissement;Avancement;Adresse\n"
RIVOLI = "1;2019;Un banc;1000;arrondissement;75004;FIN;rue de Rivoli\n"
UNSURE = "2;2019;Un arbre;1000;arrondissement;75004;FIN;machin chouette\n"
CITYWIDE = "3;2019;Des vélos;1000;Budget participatif parisien;75004;FIN;4 place de l'Hôtel de Ville\n"
NOWHERE = "4;2019;Un kiosque;1000;arrondissement;75019;FIN;\n"
REFUSED = "5;2019;;1000;arrondissement;75004;FIN;rue de Rivoli\n"


@pytest.fixture
def standin(settings):
    with serving() as server:
        settings.GEOCODER_URL = server.url
        yield server


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(geocoding.time, "sleep", lambda seconds: None)


@pytest.fixture
def bring(tmp_path):
    def import_(*lines, **options):
        path = tmp_path / "projets.csv"
        path.write_text(HEAD + "".join(lines), encoding="utf-8")
        return run_import(CONTRACT, path, by=None, at=AT, **options)

    return import_


def place_of(code):
    action = Action.objects.get(code=code)
    return action.precision, action.longitude, action.location_method


def rules(report):
    return [issue.rule for issue in report.issues if issue.rule.startswith(("geocoder", "address-not"))]


def test_a_sure_answer_is_a_point_and_an_unsure_one_is_flagged(standin, bring):
    report = bring(RIVOLI, UNSURE)
    assert place_of("BP-1") == ("street", pytest.approx(2.355), "ban")
    assert place_of("BP-2") == ("arrondissement", None, "fichier")
    assert rules(report) == ["address-not-located"]


def test_citywide_rows_rows_without_address_and_refused_rows_are_never_sent(standin, bring):
    bring(CITYWIDE, NOWHERE, REFUSED)
    assert standin.asked == []
    bring(RIVOLI, CITYWIDE, NOWHERE, REFUSED)
    assert standin.asked[0]["data"].splitlines() == ["address,citycode", "rue de Rivoli,75104"]


def test_rows_that_did_not_change_are_not_sent_again(standin, bring):
    bring(RIVOLI)
    assert (bring(RIVOLI).unchanged, len(standin.asked)) == (1, 1)
    assert place_of("BP-1")[0] == "street"


def test_a_silent_geocoder_loses_nothing_and_is_said_once(standin, bring, settings):
    settings.GEOCODER_URL = "http://127.0.0.1:9/search/csv/"
    report = bring(RIVOLI, UNSURE, NOWHERE)
    assert (report.accepted, rules(report)) == (3, ["geocoder-silent"])
    assert place_of("BP-1") == ("arrondissement", None, "fichier")


def test_after_a_silence_nobody_asks_again(standin, bring, monkeypatch):
    monkeypatch.setattr("parvis.kernel.contracts.places.ASKED_AT_ONCE", 1)
    standin.statuses[:] = [400]
    assert rules(bring(RIVOLI, UNSURE)) == ["geocoder-silent"]
    assert len(standin.asked) == 1


def test_the_geocoder_is_asked_before_the_import_takes_its_turn(standin, bring, monkeypatch):
    held = []
    depth = len(connection.savepoint_ids)
    asked = geocoding.locate_addresses
    monkeypatch.setattr(
        geocoding, "locate_addresses", lambda *a, **k: held.append(len(connection.savepoint_ids)) or asked(*a, **k)
    )
    bring(RIVOLI)
    assert held == [depth]


def test_a_dry_run_says_the_same_of_the_addresses(standin, bring):
    dry, real = bring(RIVOLI, UNSURE, dry_run=True), bring(RIVOLI, UNSURE)
    assert dry.as_dict() == real.as_dict()


def test_a_corrected_row_is_located_too(standin, bring):
    bring(REFUSED)
    assert not quarantine.correct(QuarantinedRow.objects.get(), {"title": "Un banc"}, by=None, at=AT).is_refused
    assert place_of("BP-5")[0] == "street"


def test_without_a_geocoder_nothing_changes(bring, settings):
    settings.GEOCODER_URL = ""
    assert rules(bring(RIVOLI, UNSURE)) == []
    assert place_of("BP-1") == ("arrondissement", None, "fichier")


def test_an_action_of_a_plan_is_located_by_its_address_and_keeps_its_point(standin, tmp_path):
    draft = plan("centre")
    path = tmp_path / "actions.csv"
    head = "Code du plan;Code de l’action;Titre;Adresse;Arrondissement;Livrable\n"
    for deliverable in ("Un square", "Deux squares"):
        path.write_text(f"{head}{draft.code};A-9;Planter;rue de Rivoli;4;{deliverable}\n", encoding="utf-8")
        assert run_import(actions.CONTRACT, path, by=None, at=AT).accepted == 1
    assert place_of("A-9") == ("street", pytest.approx(2.355), "ban")
    assert Action.objects.get(code="A-9").revision == 2
