"""What a table seems to hold, told from every value."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.datahub import schema_proposal, table_schema
from parvis.domains.datahub.schema_proposal import NUMBERED, names_of, propose, values_of


def column(title, *cells):
    return propose([values_of(title, cells)]).columns[0]


@pytest.mark.parametrize(
    ("title", "cells", "kind"),
    [
        ("Effectif", ("1", "12", "1 200"), "integer"),
        ("Montant", ("12", "1 200,50"), "cents"),
        ("Coût", ("12 €", "8"), "cents"),
        ("Taux", ("12,5 %", "8 %"), "number"),
        ("Part du budget", ("12,5", "8"), "number"),
        ("Ouvert le", ("31/12/2024", "01/02/2023"), "date"),
        ("Le", ("2024-12-31", ""), "date"),
        ("Le", ("31/02/2024",), "string"),
        ("Couvert", ("oui", "Non", "OUI"), "boolean"),
        ("Code", ("001", "012"), "string"),
        ("Identifiant", ("12", "13"), "string"),
        ("Année", ("2023", "2024"), "integer"),
        ("Tout vide", ("", " "), "string"),
    ],
)
def test_a_type_is_the_narrowest_that_every_value_has(title, cells, kind):
    assert column(title, *cells).type == kind


def test_one_cell_that_is_no_date_keeps_the_whole_column_in_text_and_says_how_near_it_was():
    found = column("Le", *(f"{day:02d}/01/2024" for day in range(1, 30)), "à venir")
    assert found.type == "string"
    assert any("97%" in note and "date" in note for note in found.notes)


def test_codes_that_begin_with_zero_keep_their_zeros():
    assert "zéro" in column("N°", "007", "012").notes[0]


@pytest.mark.parametrize(
    ("title", "cells", "place"),
    [
        ("Arrondissement", ("7e", "Paris 12e", "75119"), "arrondissement"),
        ("Lieu", ("75007", "75108"), "arrondissement"),
        ("Note", ("7", "12"), ""),
        ("Secteur", ("centre", "19"), "sector"),
        ("Secteur d’activité", ("culture", "sport"), ""),
        ("IRIS", ("751197301", "751051801"), "iris"),
        ("Longitude", ("2,35", "2,36"), "longitude"),
        ("Latitude", ("48.85", "48.86"), "latitude"),
        ("Commune", ("93066", "94080"), "commune"),
    ],
)
def test_a_place_is_read_when_title_and_values_agree(title, cells, place):
    assert column(title, *cells).place == place


@pytest.mark.parametrize(
    ("title", "cells", "is_personal"),
    [
        ("Contact de l’association", ("mairie@example.org",), True),
        ("Observations", ("appeler le 06 12 34 56 78", "rien"), True),
        ("Prénom", ("Ada", "Grace"), True),
        ("Nom", ("Lovelace", "Hopper"), True),
        ("Nom de l’association", ("Les Amis", "Le Foyer"), False),
        ("SIRET", ("21750001600019", "26750045200011"), False),
        ("RNA", ("W751234567", "W751234568"), False),
    ],
)
def test_what_tells_of_people_is_said_at_once(title, cells, is_personal):
    assert column(title, *cells).is_personal == is_personal


def test_a_few_values_that_come_back_are_proposed_as_a_list():
    assert column("Jour", *(["mardi", "jeudi"] * 15)).choices == ("jeudi", "mardi")
    assert column("Jour", *(["mardi", "jeudi"] * 4)).choices == ()


def test_the_key_is_a_code_that_never_comes_twice_and_else_the_lines_are_numbered():
    held = [values_of("Objet", ["fête", "fête du quartier"]), values_of("Numéro", ["A1", "A2"])]
    assert propose(held).key == "numero"
    assert propose(held[:1]).key == NUMBERED
    assert propose([values_of("Courriel", ["a@b.fr", "c@d.fr"])]).key == NUMBERED


def test_of_two_columns_of_arrondissements_the_second_keeps_its_words():
    found = propose([values_of("INSEE", ["75101", "75102"]), values_of("Arrondissement", ["1er", "2e"])])
    assert [c.place for c in found.columns] == ["arrondissement", ""]


@given(st.lists(st.text(max_size=60), max_size=30))
def test_names_are_plain_and_never_twice_the_same(titles):
    names = names_of(titles)
    assert len(set(names)) == len(titles)
    assert all(name.isidentifier() and name.isascii() and name != NUMBERED for name in names)


@given(st.lists(st.text(alphabet="0123456789 ,.-/€eE+%ouinabc@", max_size=12), min_size=1, max_size=20))
def test_whatever_the_cells_the_contract_proposed_can_be_kept_by_a_schema(cells):
    found = propose([values_of("Valeur", cells)])
    assert table_schema.faults(found.columns, found.key, found.business_date) == {}
    schema = table_schema.descriptor(found.columns, found.key)
    bare = [replace(c, notes=()) for c in found.columns]
    assert list(table_schema.columns_of(schema)) == bare


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"type": "integer", "minimum": "5", "maximum": "3"}, "dépasse le maximum"),
        ({"type": "string", "pattern": "[a-"}, "crochet"),
        ({"type": "string", "pattern": "(a"}, "parenthèse"),
        ({"type": "string", "pattern": "(a+)+"}, "trop compliquée"),
        ({"type": "integer", "pattern": "a"}, "du texte"),
        ({"type": "integer", "choices": ("1", "deux")}, "« deux »"),
        ({"type": "date", "minimum": "31/12/2024"}, "date (AAAA-MM-JJ)"),
        ({"type": "string", "minimum": "3"}, "ni minimum ni maximum"),
        ({"type": "integer", "choices": ("1", "2"), "minimum": "5"}, "entre le minimum et le maximum"),
        ({"type": "string", "choices": ("abc",), "pattern": "x+"}, "n’a pas la forme"),
        ({"title": " "}, "libellé est vide"),
        ({"type": "nombre"}, "type n’existe pas"),
    ],
)
def test_an_impossible_rule_is_told_in_french_beside_its_column(wrong, said):
    one = schema_proposal.Column(**({"name": "a", "title": "A"} | wrong))
    assert said in table_schema.faults([one], NUMBERED, "")["a"][0]


def test_a_key_that_is_no_column_or_tells_of_a_person_is_refused():
    one = schema_proposal.Column("mail", "Courriel", is_personal=True)
    assert "donnée personnelle" in table_schema.faults([one], "mail", "")[""][0]
    assert "aucune des colonnes" in table_schema.faults([one], "absente", "")[""][0]
    assert "colonne de dates" in table_schema.faults([one], NUMBERED, "mail")[""][0]
