"""OGC API – Features, part 1: what the standard requires of each address (requirement numbers of 17-069r4)."""

from datetime import date

import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from parvis.domains.datahub import features, open_files
from parvis.domains.datahub.features import BadQuery, asked
from parvis.domains.datahub.models import Edition
from parvis.domains.datahub.queries import features as queries
from parvis.domains.datahub.queries.features import typed
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Column, Dataset
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.territories.models import Zone, ZoneSet

BASE = "/donnees/ogc/"
ITEMS = f"{BASE}collections/marches/items"
TOWNS = Dataset(
    "essai.lieux", "Lieux", "Un lieu.", permission="datahub.view_open_data", key="arrondissement", owner="DDCT",
    columns=(Column("arrondissement", "string", "Où", place="arrondissement"),),
)  # fmt: skip


# What may be asked


@pytest.mark.parametrize(
    "text", ["1,2,3", "a,b,c,d", "1,2,3,4,5", "2,49,3,48", "2,48,nan,49", "-200,0,0,0", "", "1e400,0,0,0"]
)
def test_a_wrong_box_is_refused(text):
    with pytest.raises(BadQuery):
        asked({"bbox": text}, ())


def test_a_box_has_four_numbers_or_six_with_heights():
    assert asked({"bbox": "2,48,3,49"}, ()).bbox == (2, 48, 3, 49)
    assert asked({"bbox": "2,48,-10,3,49,100"}, ()).bbox == (2, 48, 3, 49)


@pytest.mark.parametrize(
    "text", ["demain", "2024-13-01", "2024-01-01/2023-01-01", "../..", "2024-01-01/2024-02-01/2024-03-01"]
)
def test_a_wrong_time_is_refused(text):
    with pytest.raises(BadQuery):
        asked({"datetime": text}, ())


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [("2024-03-02", "2024-03-02", "2024-03-02"), ("2024-03-02/..", "2024-03-02", "None"), ("/2024-03-02", "None", "2024-03-02"),
     ("2024-03-02T10:00:00Z/2024-03-04T00:00:00Z", "2024-03-02", "2024-03-04")],
)  # fmt: skip
def test_a_time_is_a_day_an_instant_or_an_interval_open_at_one_end(text, since, until):
    read = asked({"datetime": text}, ())
    assert (str(read.since), str(read.until)) == (since, until)


@pytest.mark.parametrize(
    "params", [{"limit": "0"}, {"limit": "-1"}, {"limit": "x"}, {"offset": "-1"}, {"inconnu": "1"}]
)
def test_a_parameter_unknown_or_out_of_range_is_refused(params):
    with pytest.raises(BadQuery):
        asked(params, ("secteur",))


def test_a_limit_past_the_most_is_the_most():
    assert asked({"limit": "999999"}, ()).limit == features.MOST


@given(st.dictionaries(st.sampled_from(features.KNOWN), st.text(max_size=30)))
def test_whatever_is_asked_is_read_or_refused_in_words(params):
    try:
        read = asked(params, ())
    except BadQuery as fault:
        assert str(fault).startswith("«") or "Paramètre" in str(fault)
    else:
        assert 1 <= read.limit <= features.MOST and read.offset >= 0


@pytest.mark.parametrize("kind", ["integer", "date", "boolean"])
def test_a_value_that_no_column_of_its_type_can_hold_is_refused(kind):
    with pytest.raises(BadQuery, match="n’est pas de ce type"):
        typed(kind, "annee", "9" * 30)


@given(st.integers(0, 60), st.integers(1, 20), st.integers(0, 60))
def test_the_links_of_pages_lead_through_every_row_once(matched, limit, offset):
    one = features.Asked(limit=limit, offset=offset)
    links = {link["rel"]: link["href"] for link in features.page_links("/x/items", {"secteur": "19"}, one, matched)}
    assert {"self", "alternate", "collection"} <= set(links)
    assert ("next" in links) == (offset + limit < matched)
    assert ("prev" in links) == (offset > 0)
    assert all("secteur=19" in href for rel, href in links.items() if rel != "collection")


# What is answered


@pytest.fixture
def ask(published, client):
    def get(path, **params):
        return client.get(path, params)

    return get


def rels(document):
    return {link["rel"] for link in document["links"]}


def test_the_landing_page_leads_to_the_description_the_conformance_and_the_data(ask):
    said = ask(BASE).json()  # req. 2
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= rels(said)


def test_every_link_of_the_landing_page_answers(ask, client):
    for link in ask(BASE).json()["links"]:
        path = link["href"].removeprefix("http://127.0.0.1:8000")
        answer = client.get(path)
        assert answer.status_code == 200 and answer["Content-Type"].startswith(link["type"].split(";")[0]), link


def test_the_conformance_names_core_geojson_html_and_openapi(ask):
    classes = ask(f"{BASE}conformance").json()["conformsTo"]  # req. 5-6
    assert {name.rsplit("/", 1)[1] for name in classes} == {"core", "geojson", "html", "oas30"}


def test_the_openapi_document_describes_every_address(ask):
    answer = ask(f"{BASE}api")  # req. 3
    said = answer.json()
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert said["openapi"].startswith("3.0.")
    assert {"/", "/conformance", "/collections", "/collections/marches", "/collections/marches/items",
            "/collections/marches/items/{featureId}"} <= set(said["paths"])  # fmt: skip
    names = {p["name"] for p in said["paths"]["/collections/marches/items"]["get"]["parameters"]}
    assert {"limit", "bbox", "datetime", "f", "secteur"} <= names


def test_a_collection_says_its_extent_and_where_its_rows_are(ask):
    (one,) = ask(f"{BASE}collections").json()["collections"]  # req. 11-17
    assert one == ask(f"{BASE}collections/marches").json()
    assert one["extent"]["spatial"]["bbox"] == [[2.3, 48.8, 2.39, 48.89]]
    assert one["extent"]["temporal"]["interval"][0][0].startswith("2024-03-01")
    assert {"self", "alternate", "items", "license"} <= rels(one)


def test_a_page_of_rows_says_how_many_match_and_leads_to_the_next(ask, client):
    answer = ask(ITEMS, limit=10)  # req. 18-31
    said = answer.json()
    assert answer["Content-Type"] == "application/geo+json"
    assert (said["type"], said["numberMatched"], said["numberReturned"], len(said["features"])) == (
        "FeatureCollection",
        24,
        10,
        10,
    )
    assert {"self", "alternate", "next"} <= rels(said) and "prev" not in rels(said)
    seen, following = [], said
    while True:
        seen += [feature["id"] for feature in following["features"]]
        nexts = [link["href"] for link in following["links"] if link["rel"] == "next"]
        if not nexts:
            break
        following = client.get(nexts[0].removeprefix("http://127.0.0.1:8000")).json()
    assert seen == [f"{n:03d}" for n in range(1, 25)]


def test_a_box_keeps_the_points_inside_it(ask):
    said = ask(ITEMS, bbox="2.305,48.805,2.325,48.825").json()
    assert {feature["geometry"]["coordinates"][0] for feature in said["features"]} == {2.31, 2.32}
    assert said["numberMatched"] == len(said["features"]) == 6
    assert ask(ITEMS, bbox="10,10,11,11").json()["numberMatched"] == 0


def test_a_box_past_the_antimeridian_is_two(ask):
    assert ask(ITEMS, bbox="170,48,2.315,49").json()["numberMatched"] == 5


def test_a_time_keeps_the_rows_of_its_days(ask):
    said = ask(ITEMS, datetime="2024-03-02").json()
    assert {feature["properties"]["ouvert_le"] for feature in said["features"]} == {"2024-03-02"}
    assert ask(ITEMS, datetime="2024-03-05/..").json()["numberMatched"] == sum(n % 9 + 1 >= 5 for n in range(1, 25))


def test_a_time_may_end_on_the_last_day_that_there_is(ask):
    assert ask(ITEMS, datetime="2024-03-02/9999-12-31").json()["numberMatched"] > 0
    assert ask(ITEMS, datetime="9999-12-31").json()["numberMatched"] == 0


def test_a_property_may_be_asked_to_equal_a_value(ask):
    assert ask(ITEMS, secteur="19").json()["numberMatched"] == 6


@pytest.mark.parametrize(
    "params",
    [{"bbox": "a"}, {"limit": "0"}, {"datetime": "hier"}, {"inconnu": "1"}, {"f": "xml"}, {"ouvert_le": "9" * 30}],
)
def test_a_wrong_parameter_is_a_plain_400_in_json(ask, params):
    answer = ask(ITEMS, **params)
    assert answer.status_code == 400 and answer["Content-Type"] == "application/json"
    assert answer.json()["description"]


def test_one_row_is_at_its_own_address(ask):
    said = ask(f"{ITEMS}/007").json()  # req. 32-34
    assert (said["type"], said["id"], said["properties"]["marche"]) == ("Feature", "007", "Marché 7")
    assert {"self", "alternate", "collection"} <= rels(said)


@pytest.mark.parametrize("path", [f"{ITEMS}/absent", f"{BASE}collections/absente", f"{BASE}collections/absente/items"])
def test_what_does_not_exist_is_a_plain_404(ask, path):
    answer = ask(path)
    assert answer.status_code == 404 and answer.json()["code"] == "NotFound"


@pytest.mark.parametrize(
    "path",
    [
        BASE,
        f"{BASE}conformance",
        f"{BASE}api",
        f"{BASE}collections",
        f"{BASE}collections/marches",
        ITEMS,
        f"{ITEMS}/007",
    ],
)
def test_every_address_is_a_page_too_for_who_reads(ask, client, path):
    assert ask(path, f="html")["Content-Type"].startswith("text/html")
    assert client.get(path, headers={"Accept": "text/html,*/*"})["Content-Type"].startswith("text/html")
    assert "json" in client.get(path, headers={"Accept": "*/*"})["Content-Type"]


def test_any_site_may_read_it(ask):
    assert ask(ITEMS)["Access-Control-Allow-Origin"] == "*"


def test_a_page_of_rows_draws_the_zones_that_its_rows_name_and_no_other(lake, db, now):
    drawn = ZoneSet.objects.create(
        kind="arrondissement",
        vintage="2024",
        valid_from=date(2024, 1, 1),
        source="essai",
        sha256="0" * 64,
        loaded_at=now,
    )
    for code, west in (("75119", 2.3), ("75120", 2.4)):
        square = shapely.box(west, 48.8, west + 0.1, 48.9).wkb
        Zone.objects.create(
            zone_set=drawn, code=code, name=code, geometry=square, longitude=west, latitude=48.8, area_m2=1.0
        )
    columns = [{"name": "arrondissement", "type": "string", "sentence": "Où", "unit": "", "place": "arrondissement"}]
    edition = Edition(columns=columns, content=Snapshot(as_of=date(2026, 11, 24), sha256="f" * 64))
    edition.content.sha256 = snapshots.write(TOWNS, pa.table({"arrondissement": ["75119"]}).to_batches()).sha256
    assert set(open_files.shapes_of(edition)) == {"75119", "75120"}
    (found,) = queries.found(edition, features.Asked()).features
    assert found["geometry"]["type"] == "Polygon"
    assert set(open_files.shapes_of(edition, {"75119", ""})) == {"75119"}
