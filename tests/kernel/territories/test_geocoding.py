"""An address becomes a point only when a geocoder is sure; else the arrondissement stands, and says so."""

import csv
import io
from datetime import date

import pytest

from geocoder_standin import KNOWN, serving
from parvis.kernel import Refusal
from parvis.kernel.territories import geocoding
from parvis.kernel.territories.geocoding import Address, NationalAddressApi, locate_addresses, place

TODAY = date(2026, 11, 24)


@pytest.fixture
def standin():
    with serving() as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def api(standin, pauses) -> NationalAddressApi:
    return NationalAddressApi(standin.url, pause=pauses.append)


def test_without_a_geocoder_a_project_is_located_to_its_arrondissement_with_no_point(settings):
    settings.GEOCODER_URL = ""
    found = place("4 place de l'Hôtel de Ville", "75004")
    assert (found.precision, found.method) == ("arrondissement", "declared")
    assert (found.arrondissement_code, found.sector_code) == ("75104", "centre")
    assert found.longitude is found.latitude is None


@pytest.mark.parametrize(
    ("spelled", "precision", "sector"),
    [("Paris Centre", "sector", "centre"), ("75056", "city", ""), ("75123", "unknown", ""), (None, "unknown", "")],
)
def test_the_precision_says_what_is_known_when_there_is_no_arrondissement(settings, spelled, precision, sector):
    settings.GEOCODER_URL = ""
    found = place("", spelled)
    assert (found.precision, found.sector_code, found.longitude) == (precision, sector, None)


def test_an_undocumented_code_is_noted_for_a_person(settings):
    settings.GEOCODER_URL = ""
    assert "75123" in place("", "75123").note


def test_a_sure_answer_gives_a_point_with_method_and_precision(api):
    found = place("4 place de l'Hôtel de Ville", "75004", geocoder=api)
    assert (found.longitude, found.latitude, found.precision, found.method) == (2.3522, 48.8566, "point", "ban")
    assert (found.arrondissement_code, found.sector_code) == ("75104", "centre")


def test_a_street_is_as_precise_as_a_street(api):
    assert place("rue de Rivoli", "75004", geocoder=api).precision == "street"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("quelque part à Paris", "non trouvée"),
        ("machin chouette", "incertaine"),
        ("rue de la République", "ailleurs"),
        ("12 rue du Bac", "ailleurs"),
        ("adresse que nul ne connaît", "non trouvée"),
    ],
)
def test_an_answer_that_is_vague_unsure_or_elsewhere_is_not_a_point(api, address, why):
    found = place(address, "75004", geocoder=api)
    assert (found.longitude, found.precision, found.arrondissement_code) == (None, "arrondissement", "75104")
    assert why in found.note


def test_the_geocoder_tells_the_arrondissement_when_the_file_did_not(api):
    found = place("12 rue du Bac", "", geocoder=api)
    assert (found.precision, found.arrondissement_code, found.sector_code) == ("point", "75107", "7")


def test_a_project_of_paris_centre_gets_its_arrondissement_from_its_address(api):
    assert place("rue de Rivoli", "Paris Centre", geocoder=api).arrondissement_code == "75104"
    assert place("12 rue du Bac", "Paris Centre", geocoder=api).longitude is None


def test_rows_without_an_address_are_not_sent_and_keep_their_place_in_the_answer(api, standin):
    found = locate_addresses([("", "75007"), ("rue de Rivoli", "75004"), ("  ", "16e")], geocoder=api)
    assert [f.arrondissement_code for f in found] == ["75107", "75104", "75116"]
    assert [f.precision for f in found] == ["arrondissement", "street", "arrondissement"]
    assert standin.asked[0]["data"].count("\n") == 2


def test_the_batch_is_sent_as_the_api_wants_it(api, standin):
    api.ask([Address("rue de  Rivoli\n", "75104"), Address('dite "la Halle", quai', "")])
    form = standin.asked[0]
    assert (form["columns"], form["citycode"]) == ("address", "citycode")
    assert list(csv.reader(io.StringIO(form["data"]))) == [
        ["address", "citycode"], ["rue de Rivoli", "75104"], ['dite "la Halle", quai', ""],
    ]  # fmt: skip


def test_a_long_list_goes_in_several_batches(api, standin, monkeypatch):
    monkeypatch.setattr(geocoding, "BATCH_ROWS", 2)
    assert len(api.ask([Address("rue de Rivoli")] * 5)) == 5
    assert len(standin.asked) == 3


def test_a_passing_failure_is_tried_again_a_bounded_number_of_times(api, standin, pauses):
    standin.statuses[:] = [503, 502]
    assert place("rue de Rivoli", "75004", geocoder=api).precision == "street"
    assert len(standin.asked) == 3
    assert pauses == [1.0, 2.0]


def test_a_lasting_failure_loses_nothing_and_is_said(api, standin):
    standin.statuses[:] = [503] * 9
    found = locate_addresses([("rue de Rivoli", "75004"), ("", "75007")], geocoder=api)
    assert [(f.precision, f.arrondissement_code) for f in found] == [
        ("arrondissement", "75104"),
        ("arrondissement", "75107"),
    ]
    assert "ne répond pas" in found[0].note
    assert not found[1].note
    assert len(standin.asked) == geocoding.ATTEMPTS


def test_a_server_that_is_not_there_is_the_same_as_one_that_is_down(pauses):
    api = NationalAddressApi("http://127.0.0.1:9/search/csv/", pause=pauses.append)
    with pytest.raises(Refusal, match="ne répond pas"):
        api.ask([Address("rue de Rivoli")])
    assert len(pauses) == geocoding.ATTEMPTS - 1


def test_a_refused_request_is_not_repeated(api, standin):
    standin.statuses[:] = [400]
    with pytest.raises(Refusal, match="refuse"):
        api.ask([Address("rue de Rivoli")])
    assert len(standin.asked) == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"<html>error</html>", b"address,citycode\n"])
def test_half_an_answer_is_no_answer(api, standin, content):
    standin.answer = lambda _: content
    with pytest.raises(Refusal):
        api.ask([Address("rue de Rivoli")])


def test_a_point_is_checked_against_the_loaded_boundaries_and_carries_their_vintage(api, real_layers, monkeypatch):
    found = place("4 place de l'Hôtel de Ville", "75004", on=TODAY, geocoder=api)
    assert (found.precision, found.vintage) == ("point", "2024")
    monkeypatch.setitem(KNOWN, "point faux", ("2.40", "48.88", "0.99", "housenumber", "75104"))
    wrong = place("point faux", "75004", on=TODAY, geocoder=api)
    assert (wrong.longitude, wrong.precision) == (None, "arrondissement")
    assert "75119" in wrong.note


def test_the_settings_name_the_geocoder(settings, standin):
    settings.GEOCODER_URL = standin.url
    assert place("rue de Rivoli", "75004").precision == "street"
    settings.GEOCODER_URL = ""
    assert geocoding.configured() is None
