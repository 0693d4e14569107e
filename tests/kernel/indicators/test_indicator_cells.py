"""One evaluation: every period × place × dimension, with numerators and denominators."""

import math
import statistics
from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_facts import UNBOUND, cell, declared, engine, evaluated, fact

from parvis.kernel.indicators import cells, survival

days = st.dates(date(2024, 1, 1), date(2025, 12, 31))
facts = st.lists(
    st.fixed_dictionaries({
        "subject": st.just("x"), "at": days, "place": st.sampled_from(["19", "20", "centre", None]),
        "value": st.integers(-(10**12), 10**12) | st.none(), "base": st.integers(0, 10**6),
        "left_out": st.sampled_from([None, None, None, "abandonnée"]), "team": st.sampled_from(["DEVE", "DVD", None]),
    }),
    max_size=40,
)  # fmt: skip
ADDITIVE = ["sum", "count", "mean", "ratio", "share"]
slow = settings(max_examples=12, deadline=None)


def expected(aggregation, rows):
    """(numerator, denominator) of counted rows, said the plain way."""
    held = [row for row in rows if row["left_out"] is None]
    values = [row["value"] for row in held if row["value"] is not None]
    top = len(held) if aggregation == "count" else sum(values)
    if aggregation == "ratio":
        return top, sum(row["base"] for row in held)
    return top, len(values) if aggregation in ("mean", "share") else None


@slow
@pytest.mark.parametrize("aggregation", ADDITIVE)
@given(rows=facts)
def test_each_cell_sums_its_own_facts_and_divides_once(aggregation, rows):
    found = evaluated(declared(aggregation), rows)
    for one in found.to_pylist():
        mine = [
            r for r in rows
            if date(r["at"].year, r["at"].month, 1) == one["period"]
            and (not one["place"] or r["place"] == one["place"])
            and (not one["dimension"] or (r["team"] or "sans objet") == one["member"])
        ]  # fmt: skip
        top, bottom = expected(aggregation, mine)
        assert (one["numerator"], one["denominator"]) == (top, bottom)
        assert one["counted"] + one["left_out"] == len(mine)
        if bottom == 0:
            assert one["value"] is None
        elif bottom:
            assert math.isclose(one["value"], top / bottom * (100 if aggregation == "share" else 1), rel_tol=1e-12)
        else:
            assert one["value"] == top


@slow
@pytest.mark.parametrize("aggregation", ADDITIVE)
@given(rows=facts)
def test_a_total_is_the_sum_of_its_parts_never_an_average_of_averages(aggregation, rows):
    found = evaluated(declared(aggregation), rows).to_pylist()
    parts = defaultdict(lambda: [0, 0, 0, 0])
    for one in found:
        if one["dimension"]:
            told = parts[one["period"], one["place"]]
            for i, name in enumerate(cells.SUMS):
                told[i] += one[name] or 0
    for one in found:
        if not one["dimension"]:
            assert [one[name] or 0 for name in cells.SUMS] == parts[one["period"], one["place"]]


@slow
@pytest.mark.parametrize(("aggregation", "share"), [("median", 0.5), ("p90", 0.9)])
@given(rows=facts)
def test_an_order_statistic_is_asked_of_the_facts_of_each_margin(aggregation, share, rows):
    for one in evaluated(declared(aggregation), rows).to_pylist():
        values = sorted(
            r["value"] for r in rows
            if r["left_out"] is None and r["value"] is not None
            and date(r["at"].year, r["at"].month, 1) == one["period"]
            and (not one["place"] or r["place"] == one["place"])
            and (not one["dimension"] or (r["team"] or "sans objet") == one["member"])
        )  # fmt: skip
        if not values:
            assert one["value"] is None
        elif aggregation == "median":
            assert math.isclose(one["value"], statistics.median(values), rel_tol=1e-9, abs_tol=1e-6)
        else:
            at = share * (len(values) - 1)
            low, high = values[math.floor(at)], values[math.ceil(at)]
            assert math.isclose(one["value"], low + (high - low) * (at - math.floor(at)), rel_tol=1e-9, abs_tol=1e-3)


@slow
@pytest.mark.parametrize(("aggregation", "share"), [("km_median", 0.5), ("km_p90", 0.1)])
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 60), st.booleans(), st.sampled_from(["19", None]), st.booleans()), max_size=30
    )
)
def test_a_survival_time_counts_the_cases_still_open_in_each_margin(aggregation, share, rows):
    told = [
        fact(value=d, event=ended, place=place, left_out="hors champ" if out else None) for d, ended, place, out in rows
    ]
    found = evaluated(declared(aggregation), told)
    for place in ("", "19"):
        mine = [(d, ended, 1) for d, ended, where, out in rows if not out and (not place or where == place)]
        one = cell(found, place=place)
        assert (one["value"] if one else None) == survival.time_until(mine, share)


def test_the_mean_of_two_places_weighs_their_rows():
    rows = [fact(8), fact(8), fact(8), fact(0, place="20")]
    found = evaluated(declared("mean"), rows)
    assert cell(found)["value"] == 6
    assert [cell(found, place=p)["value"] for p in ("19", "20")] == [8, 0]


def test_a_fact_without_a_place_counts_in_the_total_and_in_no_place():
    found = evaluated(declared("count"), [fact(), fact(place=None)])
    assert cell(found)["value"] == 2
    assert {row["place"] for row in found.to_pylist()} == {"", "19"}


def test_a_redrawn_zone_shows_both_series_and_the_total_counts_each_fact_once():
    rows = [
        fact(place="QPV-1", vintage="2015"), fact(place="QPV-1", vintage="2024"), fact(place="QPV-2", vintage="2024"),
        fact(place="19"),
    ]  # fmt: skip
    found = evaluated(declared("count"), rows)
    assert cell(found, place="QPV-1", vintage="2015")["value"] == 1
    assert cell(found, place="QPV-1", vintage="2024")["value"] == 1
    assert cell(found)["value"] == 3


@pytest.mark.parametrize(
    ("rhythm", "day", "period", "after"),
    [
        ("month", date(2024, 2, 29), date(2024, 2, 1), date(2024, 3, 1)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        ("quarter", date(2024, 2, 29), date(2024, 1, 1), date(2024, 4, 1)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
        ("year", date(2024, 2, 29), date(2024, 1, 1), date(2025, 1, 1)),
        ("year", date(2026, 1, 1), date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_day_falls_in_its_period_and_ends_are_exclusive(rhythm, day, period, after):
    assert cells.period_of(day, rhythm) == period
    assert cells.next_period(period, rhythm) == after
    found = evaluated(declared("count", rhythm=rhythm), [fact(at=day), fact(at=after)])
    assert [row["period"] for row in found.to_pylist() if not row["place"] and not row["dimension"]] == [period, after]


def test_a_leap_day_counts_in_february():
    found = evaluated(declared("count"), [fact(at=date(2024, 2, 29)), fact(at=date(2024, 3, 1))])
    assert cell(found, period=date(2024, 2, 1))["value"] == 1


def test_a_row_left_out_is_counted_apart_and_moves_no_figure():
    found = evaluated(declared("mean"), [fact(4), fact(100, left_out="abandonnée")])
    one = cell(found)
    assert (one["value"], one["counted"], one["left_out"]) == (4, 1, 1)


def test_nothing_to_divide_by_gives_no_value():
    found = evaluated(declared("ratio"), [fact(4, base=0)])
    assert cell(found)["value"] is None


def test_cents_come_out_in_euros_to_the_cent():
    found = evaluated(declared("sum", scale=100), [fact(10**15 + 1), fact(1)])
    assert cell(found)["numerator"] == 10**15 + 2
    assert cell(found)["value"] == (10**15 + 2) / 100


def test_no_facts_give_no_cells_under_the_same_schema():
    found = evaluated(declared("mean"), [])
    assert found.num_rows == 0
    assert found.schema == cells.SCHEMA


@pytest.mark.parametrize("aggregation", [*ADDITIVE, "median", "p90", "km_median", "km_p90"])
def test_every_aggregation_answers_under_the_schema_sorted(aggregation):
    rows = [
        fact(3, base=2, event=True, team="DVD"),
        fact(5, base=1, event=False, place="20"),
        fact(1, base=1, place=None),
    ]
    found = evaluated(declared(aggregation), rows)
    assert found.schema == cells.SCHEMA
    keys = [tuple(row.values())[:5] for row in found.to_pylist()]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_a_total_of_two_dimensions_has_a_margin_for_each_and_none_for_both():
    found = evaluated(declared("count", dimensions=("team", "kind")), [fact(team="DVD", kind="a"), fact(kind="b")])
    assert {row["dimension"] for row in found.to_pylist()} == {"", "team", "kind"}


@slow
@given(rows=facts)
def test_the_rows_of_a_cell_are_those_that_it_counts_and_leaves_out(rows):
    indicator = declared("count")
    for one in evaluated(indicator, rows).to_pylist():
        asked = cells.facts_of(
            indicator, {"test.facts": UNBOUND}, one["period"], place=one["place"], vintage=one["vintage"],
            dimension=one["dimension"], member=one["member"],
        )  # fmt: skip
        told = engine(rows)(asked.select("left_out"))["left_out"]
        assert (told.null_count, len(told) - told.null_count) == (one["counted"], one["left_out"])
