"""What everyone may take: pages, files and catalogues, the same for a program and for a reader."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from django.core.cache import cache
from django.test.utils import CaptureQueriesContext
from rdflib import RDF, Graph
from rdflib.namespace import DCAT
from tests.domains.datahub.markets import WORDS

from parvis.domains.datahub import dcat, open_files
from parvis.domains.datahub.actions import contract_drafts, publications
from parvis.domains.datahub.models import Edition

pytestmark = pytest.mark.django_db
ADDRESS = "/donnees/ouvertes/marches"


def content(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_csv_says_euros_and_days_and_no_formula_runs(published, client):
    rows = list(csv.DictReader(io.StringIO(content(client.get(f"{ADDRESS}.csv")).decode())))
    assert len(rows) == 24
    assert rows[0] == {
        "code": "001", "marche": "Marché 1", "secteur": "centre", "redevance": "1200.50", "ouvert_le": "2024-03-02",
        "longitude": "2.31", "latitude": "48.81",
    }  # fmt: skip


def test_a_cell_that_begins_like_a_formula_leaves_neutralised(lake, officer, head, drop, now, client):
    draft = contract_drafts.begin(drop("Code;Note\nA1;=1+1\nA2;rien\n", "notes.csv"), by=officer, at=now)
    contract_drafts.write(draft, draft.typed | {"sentence": "Une note.", "owner": "DDCT", "audience": "public"})
    made = publications.prepare(contract_drafts.confirm(draft, by=officer, at=now).code, by=officer, at=now)
    publications.describe(made, WORDS, by=officer, at=now)
    made.refresh_from_db()
    publications.propose(made, by=officer, at=now)
    made.refresh_from_db()
    publications.publish(made, by=head, at=now)
    assert b"'=1+1" in content(client.get(f"/donnees/ouvertes/{made.slug}.csv"))
    assert client.get(f"/donnees/ouvertes/{made.slug}.geojson").status_code == 404, "it has no place"


def test_the_parquet_holds_exact_euros(published, client):
    table = pq.read_table(io.BytesIO(content(client.get(f"{ADDRESS}.parquet"))))
    assert table["redevance"][0].as_py() == Decimal("1200.50")
    assert table.num_rows == 24


def test_the_geojson_has_a_point_a_row(published, client):
    held = json.loads(content(client.get(f"{ADDRESS}.geojson")))
    assert held["type"] == "FeatureCollection" and len(held["features"]) == 24
    first = held["features"][0]
    assert (first["id"], first["geometry"]) == ("001", {"type": "Point", "coordinates": [2.31, 48.81]})
    assert first["properties"]["redevance"] == 1200.5


def test_the_schema_describes_the_file_as_it_is(published, client):
    said = client.get(f"{ADDRESS}/schema.json").json()
    assert said["primaryKey"] == "code"
    assert [field["type"] for field in said["fields"]] == [
        "string",
        "string",
        "string",
        "number",
        "date",
        "number",
        "number",
    ]


def test_a_file_is_kept_by_its_fingerprint_and_not_sent_twice(published, client):
    first = client.get(f"{ADDRESS}.csv")
    assert first["ETag"] and first["Access-Control-Allow-Origin"] == "*" and "public" in first["Cache-Control"]
    assert client.get(f"{ADDRESS}.csv", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_file_that_is_gone_is_made_again_the_same(published, client):
    edition = Edition.objects.get()
    before = content(client.get(f"{ADDRESS}.csv"))
    open_files.path_of(edition, "csv").unlink()
    assert content(client.get(f"{ADDRESS}.csv")) == before


def test_the_catalogues_describe_what_is_online_and_are_valid(published, client):
    turtle = Graph().parse(data=client.get("/donnees/ouvertes/catalogue.ttl").content, format="turtle")
    linked = Graph().parse(data=client.get("/donnees/ouvertes/catalogue.jsonld").content, format="json-ld")
    assert len(turtle) == len(linked) > 40
    assert len(list(turtle.subjects(RDF.type, DCAT.Distribution))) == 3
    assert dcat.findings(turtle) == ()
    (line,) = csv.DictReader(io.StringIO(client.get("/donnees/ouvertes/catalogue.csv").content.decode()))
    assert (line["TITRE"], line["FORMAT_RESSOURCES"]) == ("Marchés découverts", "csv;parquet;geojson")


def test_the_page_of_a_dataset_says_what_it_is_how_to_take_it_and_how_to_cite_it(published, client):
    page = client.get(f"{ADDRESS}/").content.decode()
    for said in ("Marchés découverts", "Licence Ouverte 2.0", "chaque mois", f"{ADDRESS}.csv", "édition 1",
                 "donnees@example.org", "Lignes par secteur", "/donnees/ogc/collections/marches/items"):  # fmt: skip
        assert said in page, said


def test_without_any_publication_the_page_says_so(client, db):
    assert "Rien n’est encore publié" in client.get("/donnees/ouvertes/").content.decode()
    assert client.get("/donnees/ouvertes/catalogue.ttl").status_code == 200


def test_what_is_only_in_preparation_is_at_no_address(added, officer, now, client):
    made = publications.prepare(added.code, by=officer, at=now)
    for path in ("/", ".csv", "/schema.json"):
        assert client.get(f"/donnees/ouvertes/{made.slug}{path}").status_code == 404, path


@pytest.mark.parametrize("path", ["/donnees/ouvertes/", "/donnees/ouvertes/catalogue.ttl", "/donnees/ogc/collections"])
def test_a_catalogue_of_two_asks_no_more_than_a_catalogue_of_one(published, officer, head, drop, now, client, path):
    from django.db import connection

    def asked() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured.captured_queries)

    cache.clear()
    one, later = asked(), now + timedelta(hours=1)
    draft = contract_drafts.begin(drop(name="foires.csv"), by=officer, at=later)
    typed = draft.typed | {"sentence": "Une foire.", "owner": "DDCT", "audience": "public"}
    typed["columns"][-1]["is_dropped"] = True
    contract_drafts.write(draft, typed)
    made = publications.prepare(contract_drafts.confirm(draft, by=officer, at=later).code, by=officer, at=later)
    publications.describe(made, WORDS | {"title": "Foires"}, by=officer, at=later)
    made.refresh_from_db()
    publications.propose(made, by=officer, at=later)
    made.refresh_from_db()
    publications.publish(made, by=head, at=later)
    assert asked() == one


def test_a_visitor_takes_no_more_files_than_her_share(published, client):
    answers = [client.get(f"{ADDRESS}.parquet").status_code for _ in range(25)]
    assert answers[0] == 200 and answers[-1] == 429
