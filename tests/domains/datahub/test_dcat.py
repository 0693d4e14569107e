"""The description of what is open, checked by our shapes of DCAT-AP 3, and the same in the SCDL catalogue."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS

from parvis.domains.datahub import dcat, scdl_catalogue
from parvis.domains.datahub.dcat import Description, Distribution, Publisher

HERE = "https://parvis.example/donnees/ouvertes/"
PUBLISHER = Publisher("Ville", HERE, "Données ouvertes", "Les jeux publiés", HERE, f"{HERE}ogc/")
WHOLE = Description(
    address=f"{HERE}marches/", identifier="marches", title="Marchés", description="Les marchés de la ville.",
    licence="etalab-2.0", contact="donnees@example.org", contact_name="Mission données", rhythm="MONTHLY", theme="ECON",
    keywords=("marchés",), issued_on=date(2026, 1, 5), modified_on=date(2026, 11, 24), covers_from=date(2024, 1, 1),
    covers_to=date(2026, 11, 1), schema_url=f"{HERE}marches/schema.json",
    distributions=(Distribution("csv", f"{HERE}marches.csv", 1200), Distribution("geojson", f"{HERE}marches.geojson")),
)  # fmt: skip


def found(**changes):
    return dcat.findings(dcat.catalogue(PUBLISHER, [replace(WHOLE, **changes)]))


def test_a_whole_description_is_valid():
    assert found() == ()


@pytest.mark.parametrize(
    ("changes", "path", "is_fault"),
    [
        ({"title": ""}, "title", True),
        ({"description": ""}, "description", True),
        ({"contact": "pas une adresse"}, "hasEmail", True),
        ({"theme": "inconnu"}, "theme", True),
        ({"covers_to": date(2020, 1, 1)}, "startDate", True),
        ({"licence": ""}, "license", False),
        ({"contact": ""}, "contactPoint", False),
        ({"rhythm": ""}, "accrualPeriodicity", False),
        ({"theme": ""}, "theme", False),
        ({"keywords": ()}, "keyword", False),
        ({"distributions": ()}, "distribution", False),
        ({"covers_from": None, "covers_to": None}, "temporal", False),
    ],
)
def test_what_is_missing_or_wrong_is_named_in_french(changes, path, is_fault):
    wrong = [finding for finding in found(**changes) if finding.path == path]
    assert wrong and {finding.is_fault for finding in wrong} == {is_fault}
    assert all(finding.message.endswith(".") for finding in wrong)


def test_a_catalogue_without_a_name_is_refused():
    nameless = replace(PUBLISHER, name="", title="")
    paths = {finding.path for finding in dcat.findings(dcat.catalogue(nameless, [WHOLE])) if finding.is_fault}
    assert paths == {"title", "name"}


def test_a_catalogue_without_any_dataset_is_still_one():
    assert not [f for f in dcat.findings(dcat.catalogue(PUBLISHER, [])) if f.is_fault]


@pytest.mark.parametrize("written", ["turtle", "json-ld"])
def test_what_is_written_is_read_back_the_same(written):
    graph = dcat.catalogue(PUBLISHER, [WHOLE])
    again = Graph().parse(data=graph.serialize(format=written), format=written)
    assert len(again) == len(graph)
    (dataset,) = again.subjects(RDF.type, DCAT.Dataset)
    assert again.value(dataset, DCTERMS.accrualPeriodicity) == URIRef(f"{dcat.AUTHORITY}frequency/MONTHLY")
    assert len(list(again.objects(dataset, DCAT.distribution))) == 2


def test_the_service_of_places_is_in_the_catalogue_and_serves_the_dataset():
    graph = dcat.catalogue(PUBLISHER, [WHOLE])
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    assert graph.value(service, DCAT.endpointURL) == URIRef(f"{HERE}ogc/")
    assert list(graph.objects(service, DCAT.servesDataset)) == [URIRef(f"{WHOLE.address}#jeu")]


def test_the_scdl_catalogue_has_the_columns_of_its_schema_and_a_line_a_dataset():
    body = scdl_catalogue.Body("Ville", "21750001600019", "Direction", "21750001600019")
    text = io.StringIO()
    csv.writer(text).writerows(scdl_catalogue.lines(body, [WHOLE]))
    (line,) = csv.DictReader(io.StringIO(text.getvalue()))
    assert tuple(line) == scdl_catalogue.COLUMNS
    assert line["FREQ_MAJ"] == "Mensuelle ou plusieurs fois par mois"
    assert (line["LICENCE"], line["NOMBRE_RESSOURCES"], line["FORMAT_RESSOURCES"]) == (
        "LO - Licence Ouverte",
        "2",
        "csv;geojson",
    )
    assert (line["COUV_TEMP_DEBUT"], line["DATE_MAJ"], line["MOTS_CLES"]) == ("2024-01-01", "2026-11-24", "marches")


def test_every_mandatory_cell_of_the_scdl_catalogue_is_filled_even_without_a_period():
    body = scdl_catalogue.Body("Ville", "21750001600019", "Direction", "21750001600019")
    line = scdl_catalogue.lines(body, [replace(WHOLE, covers_from=None, covers_to=None)])[1]
    assert "" not in line
