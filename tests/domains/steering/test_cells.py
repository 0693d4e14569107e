"""The cells of a measurement, its parts and its sentence are the same wherever they are told."""

from datetime import date

import pyarrow.compute as pc
import pytest
from tests.domains.steering.invented_files import a_file, amounts, settle_in

from parvis.domains.steering import arithmetic
from parvis.domains.steering.actions import measuring
from parvis.domains.steering.queries import cells, figures, parts
from parvis.kernel import Refusal
from parvis.kernel.indicators import cells as kernel
from parvis.kernel.indicators.indicator import AGGREGATIONS
from parvis.kernel.lake import snapshots

pytestmark = pytest.mark.django_db
ROWS = [a_file("a"), a_file("b", "20", cents=50_00, team="DEVE"), a_file("c", None)]


@pytest.fixture(autouse=True)
def own_lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"


@pytest.fixture
def figure(monkeypatch, now):
    def make(rows=ROWS, **more):
        snapshots.take(settle_in(monkeypatch, rows, amounts(**more)), by=None, at=now)
        measuring.measure_all(by=None, at=now)
        return figures.figures()["test.amounts"]

    return make


def test_cells_come_under_the_schema_of_evaluations_with_what_is_hidden(figure):
    found = cells.cells_of(figure().measurement)
    assert found.schema.names == [*kernel.SCHEMA.names, "hidden"]
    assert not pc.any(found["hidden"]).as_py()


def test_nothing_measured_gives_no_cells_under_the_same_schema(figure):
    found = cells.cells_of(figure(rows=[]).measurement)
    assert (found.num_rows, found.schema) == (0, cells.SCHEMA)


def test_the_headline_is_the_cell_of_the_whole(figure):
    held = figure().measurement
    one = cells.cell_of(held)
    assert (one["value"], one["numerator"], one["counted"]) == (held.value, held.numerator, held.counted)


def test_the_places_at_a_glance_are_the_parts_by_sector(figure):
    told = figure()
    assert {p["member"]: p["value"] for p in parts.parts(told, "sector")} == {k: v[0] for k, v in told.places.items()}


def test_parts_by_a_dimension_add_up_to_the_whole(figure):
    told = figure()
    found = parts.parts(told, "team")
    assert sum(p["numerator"] for p in found) == told.measurement.numerator
    assert {p["member"] for p in found} == {"DVD", "DEVE"}


def test_a_cut_that_an_indicator_does_not_have_is_refused_with_those_it_has(figure):
    with pytest.raises(Refusal, match="Essayez : sector, team"):
        parts.parts(figure(), "directorate")


def test_small_cells_are_hidden_in_the_cells_the_places_and_the_parts_alike(figure):
    rows = (
        [a_file(f"a{n}") for n in range(9)]
        + [a_file(f"b{n}", "20") for n in range(2)]
        + [a_file(f"c{n}", "18") for n in range(6)]
    )
    told = figure(rows, aggregation="count", scale=1, counts_people=True)
    hidden = {p["member"]: p["hidden"] for p in parts.parts(told, "sector")}
    assert hidden == {"18": True, "19": False, "20": True}  # the 18th goes too: 17 − 9 − 6 would tell the 20th
    assert {place for place, held in told.places.items() if held[0] is None} == {"18", "20"}
    assert told.value == 17


def test_everything_that_is_declared_is_told_to_programs(figure):
    told = parts.told(figure())
    assert told["value"] == 250
    assert told["period"] == str(date(2026, 9, 1))
    assert told["snapshots"][0]["dataset"] == "test.files"
    assert len(told["fingerprint"]) == 64


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_each_aggregation_says_its_arithmetic(aggregation):
    cell = {"value": 12.5, "numerator": 25, "denominator": 2, "counted": 2, "hidden": False}
    said = arithmetic.told(amounts(aggregation=aggregation, unit="jours", scale=1), cell)
    assert "12,5\u00a0jours" in said
    assert "2" in said


def test_a_sum_of_cents_is_told_in_euros():
    cell = {"value": 2500.0, "numerator": 250_000, "denominator": None, "counted": 4, "hidden": False}
    assert "4 lignes" in arithmetic.told(amounts(), cell)


def test_a_duration_that_is_not_reached_says_why():
    cell = {"value": None, "numerator": None, "denominator": None, "counted": 7, "hidden": False}
    assert "encore ouverts" in arithmetic.told(amounts(aggregation="km_median"), cell)
    assert "Rien à mesurer" in arithmetic.told(amounts(aggregation="mean"), cell)
