"""The map shows what a person may see, where it is known to be, and says the same in a table."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.domains.atlas import queries
from parvis.domains.roadmaps.models import Action, Axis, Placement, Plan
from parvis.kernel import faces
from parvis.kernel.faces import Face, House, Layer
from parvis.kernel.territories import zones
from parvis.kernel.territories.models import Sector

BORN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
LAYER = "roadmaps.actions"


@pytest.fixture
def plan(db):
    def make(sector: str = "19", state: str = "in_execution", year: int = 2026) -> Plan:
        made = Plan.objects.create(
            code=f"fdr-{sector}-{year}", kind="roadmap", title=f"Feuille de route {sector}", year=year, state=state,
            sector=Sector.objects.get(code=sector), created_at=BORN,
        )  # fmt: skip
        Axis.objects.create(plan=made, code="A1", title="Axe")
        return made

    return make


def actions(
    plan: Plan, count: int = 1, *, point: tuple[float, float] | None = (2.385, 48.887), **fields
) -> list[Action]:
    fields = {"sector_code": plan.sector.code, "precision": "point" if point else "arrondissement"} | fields
    longitude, latitude = point or (None, None)
    made = Action.objects.bulk_create(
        Action(
            code=f"{plan.code}-{Action.objects.count()}-{n}", title=fields.get("title", f"Action {n} du {plan.sector.code}"),
            longitude=longitude, latitude=latitude, created_at=BORN, changed_at=BORN,
            **{name: value for name, value in fields.items() if name != "title"},
        )
        for n in range(count)
    )  # fmt: skip
    Placement.objects.bulk_create(Placement(plan=plan, action=action, order=n) for n, action in enumerate(made))
    return made


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def points(client: Client, query: str = "") -> list[dict]:
    answer = client.get(reverse("atlas:layer", args=[LAYER]) + query)
    assert answer.headers["Content-Type"] == "application/geo+json"
    return json.loads(answer.content)["features"]


def page(client: Client, query: str = "", name: str = "atlas:map") -> str:
    answer = client.get(reverse(name) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_public_sees_published_actions_and_nothing_of_a_draft(plan):
    (shown,) = actions(plan("19"), title="Publiée")
    actions(plan("20", state="draft"), title="Brouillon secret")
    assert [f["properties"]["code"] for f in points(Client())] == [shown.code]
    for name in ("atlas:map", "atlas:table"):
        html = page(Client(), name=name)
        assert "Publiée" in html
        assert "Brouillon secret" not in html
        assert "1 en tout" in html


def test_a_sector_chief_sees_her_own_drafts_and_not_her_neighbour_s(plan, person):
    actions(plan("19", state="draft"), title="Brouillon du 19e")
    actions(plan("20", state="draft"), title="Brouillon du 20e")
    client = signed_in(person("sector-chief", "sector", "19"))
    assert [f["properties"]["title"] for f in points(client)] == ["Brouillon du 19e"]
    assert "Brouillon du 20e" not in page(client)


def test_points_table_and_counts_agree_under_the_filters_of_the_address(plan):
    roadmap = plan("19")
    actions(roadmap, 2, status="late", title="En retard")
    actions(roadmap, 3, status="on_time", title="À l’heure")
    actions(roadmap, 1, status="late", title="En retard sans adresse", point=None)
    assert len(points(Client(), "?status=late")) == 2
    html = page(Client(), "?status=late")
    assert "3 actions" in html
    assert "2 à une adresse, 1 à l’arrondissement" in html
    assert "À l’heure" not in html.split('id="tableau"')[1]
    assert f'data-features="{reverse("atlas:layer", args=[LAYER])}?status=late"' in html


def test_a_filter_of_the_list_keeps_its_choice_on_the_map(plan):
    actions(plan("19"))
    html = page(Client(), "?sector=19")
    assert '<option value="19" selected>' in html
    assert html.count('class="here"') == 1


def test_what_has_no_address_is_counted_in_its_sector_and_never_at_a_point(plan):
    actions(plan("19"), 12, point=None)
    assert points(Client()) == []
    html = page(Client())
    assert "12 actions sans adresse connue sont comptées dans leur secteur" in html
    view = queries.overview([{"sector": "19", "is_located": False}] * 12)
    assert (view.sectors["19"].unpointed, view.sectors["19"].pointed, view.pointed) == (12, 0, 0)


def test_what_concerns_the_whole_city_is_said_apart():
    rows = [
        {"sector": "", "is_located": False},
        {"sector": "19", "is_located": True},
        {"sector": "", "is_located": True},
    ]
    view = queries.overview(rows)
    assert (view.adrift, view.pointed, view.unpointed, view.total) == (1, 2, 0, 3)
    assert view.sectors["19"].total == 1


def test_a_feature_tells_its_status_by_word_and_tone_and_leads_to_its_page(plan):
    (action,) = actions(plan("19"), status="late")
    (feature,) = points(Client())
    assert feature["geometry"] == {"type": "Point", "coordinates": [2.385, 48.887]}
    told = feature["properties"]
    assert (told["status_label"], told["tone"], told["sector"], told["precision"]) == (
        "en retard",
        "bad",
        "19",
        "point",
    )
    assert told["url"] == reverse("roadmaps:action", args=[action.code])


def test_without_script_the_drawn_map_and_the_table_say_it_all(plan):
    actions(plan("19"), title="Rue aux écoles")
    html = page(Client())
    assert html.count("data-code=") == 17
    assert "data-atlas data-features=" in html
    assert html.split("data-atlas data-features=")[1].split(">")[0].endswith("hidden")
    assert "Rue aux écoles</a>" in html


def test_the_map_says_that_its_boundaries_are_a_schema_until_some_are_loaded(plan, real_files, now):
    assert '<span class="pill">schéma</span>' in page(Client())
    file = (real_files / "territories" / "arrondissements.geojson").read_bytes()
    zones.load("arrondissement", file, vintage="2024", valid_from=None, source="Ville de Paris", by=None, at=now)
    html = page(Client())
    assert "Limites de 2024. Source : Ville de Paris." in html
    assert '<span class="pill">schéma</span>' not in html
    assert "?v=2024" in html


def test_the_sectors_are_served_once_for_the_day_with_the_place_of_their_labels(db):
    answer = Client().get(reverse("atlas:sectors"))
    features = json.loads(answer.content)["features"]
    assert len(features) == 17
    assert all(2.2 < f["properties"]["longitude"] < 2.5 for f in features)
    assert "max-age" in answer.headers["Cache-Control"]


def test_what_a_person_sees_is_never_kept_by_a_cache_for_another(plan):
    answer = Client().get(reverse("atlas:layer", args=[LAYER]))
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/carte/couches/roadmaps.secrets.geojson", "/carte/?layer=inconnue"])
def test_a_layer_that_does_not_exist_is_not_found(db, address):
    assert Client().get(address).status_code == 404


def test_a_layer_that_is_not_hers_does_not_exist_for_her(db, monkeypatch):
    hidden = Layer("incidents.places", "Incidents", "incidents.view", lambda *_: [{}], lambda *_: [])
    house = faces.house()
    more = House((*house.faces, replace(Face("x", "x"), layers=(hidden,))))
    monkeypatch.setattr(faces, "house", lambda: more)
    assert "incidents.places" not in [layer.code for layer in queries.layers_for(None)]
    assert Client().get("/carte/couches/incidents.places.geojson").status_code == 404
    assert Client().get("/carte/?layer=incidents.places").status_code == 404


def test_a_hostile_title_is_text_in_the_page_and_in_the_layer(plan):
    actions(plan("19"), title="</script><img src=x onerror=alert(1)>")
    assert "<img src=x" not in page(Client())
    assert points(Client())[0]["properties"]["title"].startswith("</script>")


@pytest.mark.parametrize(
    "query", ["?page=999", "?page=x", "?sector=nulle-part", "?status=", "?due_after=hier", "?x.1=2"]
)
def test_an_odd_address_still_shows_a_page(plan, query):
    actions(plan("19"))
    page(Client(), query)
    points(Client(), query)


def test_the_number_of_queries_is_the_same_for_one_action_and_for_fifty(plan, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(address).status_code == 200
        return len(seen)

    addresses = [reverse("atlas:map"), reverse("atlas:table"), reverse("atlas:layer", args=[LAYER])]
    roadmap = plan("19")
    actions(roadmap, 1)
    before = [count(address) for address in addresses]
    actions(roadmap, 49)
    assert [count(address) for address in addresses] == before
    assert max(before) <= 15


def test_two_thousand_actions_are_all_on_the_map(plan):
    actions(plan("19"), 2000)
    answer = Client().get(reverse("atlas:layer", args=[LAYER]))
    assert len(json.loads(answer.content)["features"]) == 2000


def test_the_page_says_the_date_of_what_is_known(db):
    assert "Tel que connu le" in page(Client())
    assert str(timezone.localdate().year) in page(Client())
