"""A point is located in each layer as it stood on a day: zone, method, precision, vintage; never a guess."""

from datetime import date

import numpy
import pytest
import shapely
from drawn_zones import quarters
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.kernel.territories import locating, zones
from parvis.kernel.territories.models import Kind, Zone

TODAY = date(2026, 11, 24)
TOWN_HALL = (2.3522, 48.8566)
LYON = (4.8357, 45.7640)


def test_the_town_hall_stands_in_its_arrondissement_sector_and_quarter(real_layers):
    found = locating.locate(*TOWN_HALL, on=TODAY)
    assert found["arrondissement"].code == "75104"
    assert found["sector"].code == "centre"
    assert found["sector"].name == "Paris Centre"
    assert found["quarter"].name == "Saint-Merri"
    assert found["iris"].code.startswith("75104")
    assert found["priority_neighbourhood"].is_outside


def test_the_answer_says_method_precision_and_vintage(real_layers):
    found = locating.locate_many([TOWN_HALL], ["neighbourhood_council"], on=TODAY, precision="street")[0]
    council = found["neighbourhood_council"]
    assert (council.method, council.precision, council.vintage) == (locating.CONTAINED, "street", "2014")
    assert council.says == "point dans la zone"


@pytest.mark.parametrize("point", [LYON, (2.22, 48.92), (-2.3522, 48.8566), (48.8566, 2.3522)])
def test_a_point_outside_paris_is_outside_in_every_layer(real_layers, point):
    found = locating.locate(*point, on=TODAY)
    assert {answer.method for answer in found.values()} == {locating.OUTSIDE}


@pytest.mark.parametrize("point", [(None, None), (2.35, None), (float("nan"), 48.85), (float("inf"), 48.85)])
def test_a_point_without_coordinates_is_said_to_have_none(real_layers, point):
    assert locating.locate_many([point], ["sector"], on=TODAY)[0]["sector"].method == locating.NO_POINT


def test_without_a_loaded_layer_nothing_is_located_and_the_schema_is_never_asked(db):
    found = locating.locate(*TOWN_HALL, on=TODAY)
    assert {answer.method for answer in found.values()} == {locating.NOT_LOADED}
    assert not any(answer.code for answer in found.values())


def test_the_boundaries_of_the_day_asked_are_those_used(load):
    load("quarter", quarters((2.34, 48.85)), "2014")
    load("quarter", quarters((2.36, 48.86)), "2026")
    spot = (2.345, 48.855)
    answers = [locating.locate(*spot, ["quarter"], on=day)["quarter"] for day in (date(2020, 1, 1), TODAY)]
    assert [(a.code, a.vintage) for a in answers] == [("7510101", "2014"), ("", "2026")]
    assert locating.locate(*spot, ["quarter"], on=date(2000, 1, 1))["quarter"].method == locating.NOT_LOADED


@given(order=st.permutations([(2.34, 48.85), (2.35, 48.85), (2.34, 48.86)]))
@settings(max_examples=6)
def test_a_point_on_a_border_belongs_to_the_lowest_code_whatever_the_order(order):
    shapes = shapely.box([2.34, 2.35, 2.34], [48.85, 48.85, 48.86], [2.35, 2.36, 2.35], [48.86, 48.86, 48.87])
    layer = locating.Layer(shapes, (("A", ""), ("B", ""), ("C", "")), "1")
    spots = [(2.35, 48.855), (2.345, 48.86), (2.35, 48.86), *order]
    answers = _ask(layer, spots)
    assert [answers[0].code, answers[1].code, answers[2].code] == ["A", "A", "A"]
    assert answers[3:] == [_ask(layer, [spot])[0] for spot in order]


def _ask(layer: locating.Layer, spots) -> list[locating.Found]:
    """Ask a layer that no database holds, through the very code that answers for loaded ones."""
    zone_set = type("Set", (), {"pk": -1, "sha256": "test", "vintage": layer.vintage})
    kept, locating._layer = locating._layer, lambda *_: layer
    try:
        points, is_placed = locating._spots(spots)
        return locating._column(shapely.STRtree(points), is_placed, zone_set, "point")
    finally:
        locating._layer = kept


COORDINATES = st.tuples(st.floats(2.20, 2.50), st.floats(48.80, 48.92))


@given(spots=st.lists(COORDINATES, max_size=30), seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_index_agrees_with_looking_at_every_zone(spots, seed):
    random = numpy.random.default_rng(seed)
    seeds = random.uniform((2.22, 48.81), (2.47, 48.91), (12, 2))
    cells = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=shapely.box(2.2, 48.8, 2.5, 48.92))
    shapes = numpy.array([cell & shapely.box(2.22, 48.81, 2.47, 48.91) for cell in cells.geoms])
    layer = locating.Layer(shapes, tuple((f"{n:02d}", "") for n in range(len(shapes))), "1")
    expected = [
        next(
            (code for (code, _), shape in zip(layer.names, shapes, strict=True) if shape.intersects(shapely.Point(s))),
            "",
        )
        for s in spots
    ]
    assert [answer.code for answer in _ask(layer, spots)] == expected


def test_the_real_layers_agree_with_looking_at_every_zone(real_layers):
    spots = numpy.random.default_rng(7).uniform((2.22, 48.81), (2.47, 48.91), (300, 2)).tolist()
    answers = locating.locate_many([tuple(s) for s in spots], on=TODAY)
    for kind, zone_set in zones.in_force(Kind.values, TODAY).items():
        rows = list(Zone.objects.filter(zone_set=zone_set).order_by("code"))
        inside = shapely.intersects(zones.shapes_of(rows)[:, None], shapely.points(spots)[None, :])
        expected = [rows[column.argmax()].code if column.any() else "" for column in inside.T]
        assert [answer[kind].code for answer in answers] == expected


def test_ten_thousand_points_in_five_layers_take_one_query(
    real_layers, django_assert_num_queries
):  # fmt: skip
    spots = [tuple(s) for s in numpy.random.default_rng(3).uniform((2.25, 48.81), (2.42, 48.90), (10_000, 2)).tolist()]
    kinds = ["arrondissement", "quarter", "neighbourhood_council", "priority_neighbourhood", "iris"]
    locating.locate_many(spots[:1], kinds, on=TODAY)
    with django_assert_num_queries(1):
        answers = locating.locate_many(spots, kinds, on=TODAY)
    assert len(answers) == 10_000


def test_no_points_have_no_answers(db):
    assert locating.locate_many([], on=TODAY) == []


def test_no_layers_asked_is_an_empty_answer_for_each_point(db):
    assert locating.locate_many([TOWN_HALL], [], on=TODAY) == [{}]
