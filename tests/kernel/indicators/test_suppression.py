"""A number of people under five is neither shown nor found by subtraction."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_facts import cell, declared, evaluated, fact

from parvis.kernel.indicators import cells
from parvis.kernel.indicators.suppression import SAID, SMALLEST, suppressed

PLACES, TEAMS = ["18", "19", "20", None], ["DEVE", "DVD", "DPE"]
tables = st.lists(st.integers(0, 12), min_size=12, max_size=12)


def people(numbers, *, places=PLACES, **more):
    """Facts: so many people for each place × team, in their order."""
    pairs = [(place, team) for place in places for team in TEAMS]
    return [fact(place=p, team=t, **more) for (p, t), n in zip(pairs, numbers, strict=True) for _ in range(n)]


def shown(rows, aggregation="count", **more):
    indicator = declared(aggregation, counts_people=True, **more)
    return suppressed(indicator, evaluated(indicator, rows))


def finest(rows):
    """What an attacker does not know: the number of people of each place × team that has any."""
    return sorted({(str(row["place"]), row["team"]) for row in rows})


def equation(one, unknowns):
    """A cell as a sum of unknowns."""
    return [
        Fraction(
            (not one["place"] or one["place"] == place) and (not one["dimension"] or one["member"] == team)
        )
        for place, team in unknowns
    ]  # fmt: skip


def rank(rows):
    """Of a system of sums, by exact elimination."""
    basis = []
    for row in rows:
        for pivot, held in basis:
            row = [a - row[pivot] * b for a, b in zip(row, held, strict=True)]
        pivot = next((i for i, a in enumerate(row) if a), None)
        if pivot is not None:
            basis.append((pivot, [a / row[pivot] for a in row]))
    return len(basis)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_no_small_number_can_be_computed_from_what_is_shown(numbers):
    rows = people(numbers)
    indicator = declared("count", counts_people=True)
    raw, seen = evaluated(indicator, rows).to_pylist(), shown(rows).to_pylist()
    unknowns = finest(rows)
    known = [equation(one, unknowns) for one in seen if not one["hidden"]]
    for one in raw:
        if 0 < one["counted"] < SMALLEST:
            assert rank([*known, equation(one, unknowns)]) == rank(known) + 1


@settings(max_examples=60, deadline=None)
@given(tables)
def test_the_hidden_cells_of_a_shown_total_make_five_people_together(numbers):
    rows = people(numbers, places=["17", "18", "19", "20"])
    seen = shown(rows)
    for margin in seen.to_pylist():
        if margin["hidden"] or margin["dimension"]:
            continue
        parts = [r for r in seen.to_pylist() if r["place"] == margin["place"] and r["dimension"]]
        rest = margin["counted"] - sum(r["counted"] or 0 for r in parts)
        assert not 0 < rest < SMALLEST


@settings(max_examples=40, deadline=None)
@given(tables)
def test_what_is_shown_is_told_exactly_and_what_is_hidden_not_at_all(numbers):
    rows = people(numbers)
    indicator = declared("share", counts_people=True)
    raw, seen = evaluated(indicator, rows).to_pylist(), shown(rows, "share").to_pylist()
    assert len(raw) == len(seen)
    for before, after in zip(raw, seen, strict=True):
        assert [before[k] for k in cells.SCHEMA.names[:5]] == [after[k] for k in cells.SCHEMA.names[:5]]
        if after["hidden"]:
            assert [after[name] for name in SAID] == [None] * len(SAID)
        else:
            assert {name: after[name] for name in before} == before


def test_an_indicator_that_does_not_count_people_hides_nothing():
    indicator = declared("count")
    assert not any(suppressed(indicator, evaluated(indicator, people([1] * 12)))["hidden"].to_pylist())


@pytest.mark.parametrize(("number", "is_hidden"), [(1, True), (4, True), (5, False), (6, False)])
def test_under_five_is_hidden_and_five_is_shown(number, is_hidden):
    seen = shown([fact(team="DVD")] * number)
    assert cell(seen)["hidden"] is is_hidden


def test_a_single_hidden_place_takes_the_smallest_other_with_it():
    seen = shown(people([3, 0, 0, 7, 0, 0, 40, 0, 0, 0, 0, 0]))
    assert cell(seen, place="18")["hidden"]
    assert cell(seen, place="19")["hidden"]
    assert not cell(seen, place="20")["hidden"]
    assert cell(seen)["value"] == 50


def test_two_hidden_places_of_three_people_together_take_a_third():
    rows = people([1, 0, 0, 2, 0, 0, 30, 0, 0, 40, 0, 0], places=["17", "18", "19", "20"])
    seen = shown(rows)
    assert [cell(seen, place=p)["hidden"] for p in ("17", "18", "19", "20")] == [True, True, True, False]


def test_a_place_alone_under_its_total_hides_the_total_with_it():
    seen = shown(people([3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
    assert cell(seen)["hidden"]
    assert cell(seen, place="18")["hidden"]


def test_a_share_hides_when_either_side_is_small():
    most = [fact(1, team="DVD")] * 47 + [fact(0, team="DVD")] * 3
    assert cell(shown(most, "share"))["hidden"]
    assert not cell(shown([*most, *[fact(0, team="DVD")] * 2], "share"))["hidden"]


def test_a_median_of_four_people_is_hidden():
    seen = shown([fact(30, team="DVD")] * 4, "median")
    assert cell(seen)["hidden"]
    assert cell(seen)["value"] is None


def test_a_month_of_few_people_does_not_hide_the_others():
    rows = [fact(team="DVD")] * 2 + [fact(at=date(2026, 4, 2), team="DVD")] * 9
    seen = shown(rows)
    assert cell(seen, period=date(2026, 3, 1))["hidden"]
    assert cell(seen, period=date(2026, 4, 1))["value"] == 9


def test_a_zone_hidden_in_one_vintage_is_hidden_in_the_other():
    rows = [fact(place="QPV-1", vintage=v, team="DVD") for v in ("2015", "2024") for _ in range(3)]
    rows += [
        fact(place=p, vintage=v, team="DVD") for p in ("QPV-2", "QPV-3") for v in ("2015", "2024") for _ in range(9)
    ]
    seen = shown(rows).to_pylist()
    for place in ("QPV-1", "QPV-2", "QPV-3"):
        assert len({r["hidden"] for r in seen if r["place"] == place and not r["dimension"]}) == 1
    assert cell(shown(rows))["value"] == 21


def test_two_dimensions_are_both_kept():
    rows = [fact(team="DVD", kind="a")] * 3 + [fact(team="DPE", kind="a")] * 20 + [fact(team="DEVE", kind="b")] * 20
    seen = shown(rows, dimensions=("team", "kind"))
    assert cell(seen, dimension="team", member="DVD")["hidden"]
    assert sum(r["hidden"] for r in seen.to_pylist() if r["dimension"] == "team" and not r["place"]) == 2


def test_an_empty_cell_shows_that_nobody_counts():
    seen = shown([fact(team="DVD")] * 9 + [fact(team="DPE", left_out="hors champ")])
    assert cell(seen, dimension="team", member="DPE")["value"] == 0
