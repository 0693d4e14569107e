"""An arrondissement is read however a file spells it, and never guessed."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.kernel.territories.spelling import arrondissement_of, sector_of


@pytest.mark.parametrize(
    "text",
    [
        "75007", "75107", "Mairie du 7eme", "PARIS 7EME ARRONDISSEMENT", "7", "7e", " 07 ", "7ème", "7ème Ardt", 7, 75107,
        75007.0, "75007.0", "Paris 7", "75007 Paris", "75007 PARIS 7e", "7 eme arrondissement", "Paris-7e", "Mairie du 7ᵉ",
    ],
)  # fmt: skip
def test_every_spelling_of_the_seventh_is_the_seventh(text):
    read = arrondissement_of(text)
    assert (read.code, read.known, read.sector) == ("75107", True, "7")


@pytest.mark.parametrize("text", ["75116", "75016", "75116.0", "16e", "Mairie du 16ème"])
def test_both_postal_codes_of_the_sixteenth_are_the_sixteenth(text):
    assert arrondissement_of(text).code == "75116"


@pytest.mark.parametrize("text", ["1er", "Mairie du 1er", "75001", "PARIS 1ER ARRONDISSEMENT"])
def test_the_first_belongs_to_paris_centre(text):
    read = arrondissement_of(text)
    assert (read.code, read.sector) == ("75101", "centre")


@pytest.mark.parametrize("text", ["Paris Centre", "CENTRE", "Mairie de Paris Centre", "Paris Centre (1er, 2e, 3e, 4e)"])
def test_paris_centre_is_a_sector_without_an_arrondissement(text):
    read = arrondissement_of(text)
    assert (read.code, read.known, read.sector) == (None, True, "centre")
    assert "Paris Centre" in read.note


@pytest.mark.parametrize("text", ["75056", "Paris", "Tout Paris"])
def test_the_whole_city_is_known_and_has_no_arrondissement(text):
    read = arrondissement_of(text)
    assert (read.code, read.known, read.sector) == (None, True, None)


@pytest.mark.parametrize(
    "text", ["75123", "75121", "75100", "75021", "21", "0", "92100", "Lyon 7e", "7e bis", "pays de la Loire", "-"]
)
def test_what_is_not_an_arrondissement_is_flagged_and_never_guessed(text):
    read = arrondissement_of(text)
    assert (read.code, read.known, read.sector) == (None, False, None)
    assert read.note


@pytest.mark.parametrize("text", ["11e et 12e", "75007 Paris 8e", "Paris Centre 5e", "1er et 2e"])
def test_two_arrondissements_at_once_are_not_one(text):
    read = arrondissement_of(text)
    assert (read.code, read.known) == (None, False)
    assert "plusieurs" in read.note


@pytest.mark.parametrize("text", [None, "", "   "])
def test_nothing_written_is_said_as_such(text):
    assert arrondissement_of(text).note == "arrondissement non renseigné"


@given(st.text())
def test_any_text_at_all_is_answered_and_a_code_is_always_one_of_twenty(text):
    read = arrondissement_of(text)
    assert read.code is None or 1 <= int(read.code) - 75100 <= 20
    assert read.known or read.code is None


@given(st.integers(1, 20), st.sampled_from(["{}", "750{:02d}", "751{:02d}", "{}e", "Mairie du {}eme", "Paris {:02d}"]))
def test_all_twenty_are_read_in_all_spellings(number, pattern):
    assert arrondissement_of(pattern.format(number)).code == f"751{number:02d}"


def test_the_sector_follows_the_arrondissement():
    assert [sector_of(f"751{n:02d}") for n in (1, 2, 3, 4, 5, 20)] == ["centre"] * 4 + ["5", "20"]


@pytest.mark.parametrize("code", ["75123", "75100", "centre", ""])
def test_a_code_outside_the_twenty_has_no_sector(code):
    with pytest.raises(ValueError, match="arrondissement"):
        sector_of(code)


def test_the_codes_of_the_real_file_are_read_or_flagged_as_the_file_deserves(real_files):
    with (real_files / "participation/paris-bp-winners-2014-2023.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    column = next(c for c in rows[0] if {"75116", "75123"} <= {r[c] for r in rows})
    readings = [(row[column], arrondissement_of(row[column])) for row in rows]
    assert len(readings) == 1214
    assert sum(1 for text, read in readings if text == "75116" and read.code == "75116") == 11
    assert [text for text, read in readings if not read.known and text].count("75123") == 33
