"""A layer is loaded whole or not at all; a new vintage closes the old one and never overwrites it."""

import json
from datetime import date

import pytest
from django.db.models import Sum
from drawn_zones import FILES, quarters, square

from parvis.cli import main
from parvis.kernel import Refusal
from parvis.kernel.journal.models import Entry
from parvis.kernel.territories import boundaries, drawing, zones
from parvis.kernel.territories.models import Zone, ZoneSet, ZoneShare

HERE = (2.34, 48.85)
THERE = (2.36, 48.86)


def nothing_written() -> bool:
    return not ZoneSet.objects.exists() and not Zone.objects.exists() and not Entry.objects.exists()


def test_the_public_files_hold_the_zones_they_are_known_for(real_layers):
    assert {kind: layer.count for kind, layer in real_layers.items()} == {
        "arrondissement": 20, "quarter": 80, "neighbourhood_council": 121, "priority_neighbourhood": 21, "iris": 992,
    }  # fmt: skip


def test_loading_arrondissements_makes_the_seventeen_sectors(real_layers):
    sectors = ZoneSet.objects.get(kind="sector")
    assert sectors.zones.count() == 17
    assert sectors.vintage == "2024"
    centre, parts = sectors.zones.get(code="centre"), Zone.objects.filter(zone_set__kind="arrondissement")
    four = parts.filter(code__in=["75101", "75102", "75103", "75104"]).aggregate(Sum("area_m2"))["area_m2__sum"]
    assert centre.area_m2 == pytest.approx(four, rel=1e-4)


def test_areas_are_those_that_the_city_publishes(real_layers, real_files):
    file = json.loads((real_files / "territories" / "arrondissements.geojson").read_text())
    published = {str(f["properties"]["c_arinsee"]): f["properties"]["surface"] for f in file["features"]}
    for zone in real_layers["arrondissement"].zone_set.zones.all():
        assert zone.area_m2 == pytest.approx(published[zone.code], rel=0.002)


def test_the_parts_of_a_zone_in_the_arrondissements_make_it_whole(real_layers):
    for kind in ("quarter", "priority_neighbourhood", "iris"):
        sums = Zone.objects.filter(zone_set__kind=kind).annotate(total=Sum("shares__share"))
        assert all(zone.total == pytest.approx(1, abs=0.06) for zone in sums), kind


def test_a_priority_neighbourhood_may_span_arrondissements(real_layers):
    spanning = Zone.objects.filter(zone_set__kind="priority_neighbourhood", shares__share__lt=0.9)
    assert spanning.exists()
    assert all(zone.shares.count() >= 2 for zone in spanning.distinct())


def test_shares_are_the_same_whichever_file_comes_first(load, real_files):
    for kind in ("priority_neighbourhood", "arrondissement"):
        name, vintage = FILES[kind]
        load(kind, (real_files / "territories" / name).read_bytes(), vintage)
    assert ZoneShare.objects.filter(within__zone_set__kind="arrondissement").count() >= 21


def test_the_map_is_drawn_from_the_loaded_boundaries_and_says_their_vintage(real_layers):
    sheet = drawing.current()
    assert not sheet.is_schematic
    assert "2024" in sheet.origin
    assert [shape.code for shape in sheet.shapes] == ["centre", *map(str, range(5, 21))]


def test_the_same_file_twice_changes_nothing(load):
    first = load("quarter", quarters(HERE), "2024")
    again = load("quarter", quarters(HERE), "2024")
    assert (first.is_new, again.is_new) == (True, False)
    assert ZoneSet.objects.count() == Zone.objects.count() == Entry.objects.count() == 1


def test_a_vintage_is_never_overwritten_by_another_file(load):
    load("quarter", quarters(HERE), "2024")
    with pytest.raises(Refusal, match="déjà chargé"):
        load("quarter", quarters(HERE, THERE), "2024")
    assert Zone.objects.count() == 1


def test_a_new_vintage_closes_the_old_one_on_its_own_first_day(load):
    load("quarter", quarters(HERE), "2014")
    load("quarter", quarters(THERE), "2026-07")
    old, new = ZoneSet.objects.order_by("valid_from")
    assert (old.valid_from, old.valid_to) == (date(2014, 1, 1), date(2026, 7, 1))
    assert (new.valid_from, new.valid_to) == (date(2026, 7, 1), None)
    assert old.zones.count() == 1


def test_an_older_vintage_loaded_late_fits_between_and_leaves_the_newest_open(load):
    for vintage in ("2014", "2026", "2020"):
        load("quarter", quarters(HERE), vintage)
    spans = list(ZoneSet.objects.order_by("valid_from").values_list("vintage", "valid_to"))
    assert spans == [("2014", date(2020, 1, 1)), ("2020", date(2026, 1, 1)), ("2026", None)]


@pytest.mark.parametrize(
    ("day", "vintage"),
    [(date(2013, 12, 31), None), (date(2014, 1, 1), "2014"), (date(2025, 12, 31), "2014"), (date(2026, 1, 1), "2026")],
)
def test_one_vintage_holds_on_each_day_and_none_before_the_first(load, day, vintage):
    load("quarter", quarters(HERE), "2014")
    load("quarter", quarters(HERE), "2026")
    held = zones.in_force(["quarter", "iris"], day)
    assert {kind: row.vintage for kind, row in held.items()} == ({"quarter": vintage} if vintage else {})


def test_two_vintages_cannot_start_on_the_same_day(load):
    load("quarter", quarters(HERE), "2024")
    with pytest.raises(Refusal, match="vaut déjà depuis le 01/01/2024"):
        load("quarter", quarters(THERE), "bis", date(2024, 1, 1))


def test_a_vintage_that_says_no_date_needs_one(load):
    with pytest.raises(Refusal, match="valid-from"):
        load("quarter", quarters(HERE), "dernier découpage")
    assert load("quarter", quarters(HERE), "dernier découpage", date(2026, 3, 1)).is_new


def test_a_load_leaves_one_line_in_the_journal_without_free_text(load):
    load("quarter", quarters(HERE), "2024")
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_id, entry.codes["zones"]) == ("territories.load", "quarter:2024", 1)


def broken(**changes) -> bytes:
    feature = {"properties": {"c_quinsee": "7510101", "l_qu": "Un"}, "geometry": square(*HERE)} | changes
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "pas du GeoJSON"),
        (b"PK\x03\x04 not json", "pas du GeoJSON"),
        (quarters(HERE)[:-40], "pas du GeoJSON"),
        (b"[1, 2]", "aucune zone"),
        (b'{"type": "FeatureCollection", "features": []}', "aucune zone"),
        (b'{"type": "FeatureCollection", "features": [3]}', "aucune zone"),
        (broken(properties=None), "c_quinsee"),
        (broken(properties={"c_quinsee": "7510101"}), "l_qu"),
        (broken(properties={"c_quinsee": "6938201", "l_qu": "Lyon"}), "n’est pas celui"),
        (broken(geometry=None), "illisible"),
        (broken(geometry={"type": "Polygon", "coordinates": [[[2.3, 48.8]]]}), "illisible"),
        (broken(geometry={"type": "Point", "coordinates": [2.3, 48.8]}), "pas un polygone"),
        (broken(geometry=square(652_000, 6_862_000)), "hors de Paris"),
        (broken(geometry=square(4.83, 45.75)), "hors de Paris"),
        (quarters(HERE, THERE).replace(b"7510102", b"7510101"), "deux zones"),
    ],
)
def test_a_wrong_file_is_refused_in_plain_words_and_nothing_is_written(load, content, words):
    with pytest.raises(Refusal, match=words) as refusal:
        load("quarter", content, "2024")
    assert refusal.value.remedy
    assert nothing_written()


@pytest.mark.parametrize(("kind", "words"), [("sector", "se calculent"), ("planet", "Couche inconnue")])
def test_a_layer_that_cannot_be_loaded_is_refused(load, kind, words):
    with pytest.raises(Refusal, match=words):
        load(kind, quarters(HERE), "2024")


def test_arrondissements_that_are_not_twenty_are_refused_whole(load, real_files):
    tree = json.loads((real_files / "territories" / "arrondissements.geojson").read_text())
    tree["features"] = [f for f in tree["features"] if f["properties"]["c_ar"] != 19]
    with pytest.raises(Refusal, match="19e arrondissement"):
        load("arrondissement", json.dumps(tree).encode(), "2024")
    assert nothing_written()


def test_a_file_of_another_layer_is_recognised_as_such(load, real_files):
    for kind, (name, _) in FILES.items():
        if kind != "iris":
            with pytest.raises(Refusal):
                load("iris", (real_files / "territories" / name).read_bytes(), "2024")
    assert nothing_written()


@pytest.mark.parametrize("place", ["/nowhere/at/all.geojson", "http://example.org/a.geojson", "ftp://example.org/a"])
def test_a_file_that_is_not_there_or_not_safe_to_fetch_is_refused(place):
    with pytest.raises(Refusal):
        boundaries.fetch(place)


def test_the_command_loads_lists_and_says_what_it_did(db, tmp_path, capsys):
    file = tmp_path / "quartiers.geojson"
    file.write_bytes(quarters(HERE, THERE))
    assert main(["territories", "load", "quarter", str(file), "--vintage", "2024"]) == 0
    assert "2 zones" in capsys.readouterr().out
    assert main(["territories", "load", "quarter", str(file), "--vintage", "2024"]) == 0
    assert "Rien n’a changé" in capsys.readouterr().out
    assert main(["territories", "list"]) == 0
    assert "quartiers administratifs" in capsys.readouterr().out


def test_the_command_ends_with_2_and_writes_nothing_when_the_file_is_wrong(db, tmp_path, capsys):
    file = tmp_path / "photo.geojson"
    file.write_bytes(b"\x89PNG")
    assert main(["territories", "load", "quarter", str(file), "--vintage", "2024"]) == 2
    assert "Rien n’a été chargé" in capsys.readouterr().err
    assert nothing_written()


def test_with_no_layer_the_list_says_that_the_map_is_a_schema(db, capsys):
    assert main(["territories", "list"]) == 0
    assert "schéma" in capsys.readouterr().out
