"""What a file holds, column by column, and what it never says of people."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.domains.datahub import profile_drawing, profiling
from parvis.kernel.lake.dataset import Column, Dataset

COLUMNS = (
    Column("code", "string", "Identifiant"), Column("sector", "string", "Secteur", place="sector"),
    Column("cents", "cents", "Montant"), Column("on", "date", "Jour"), Column("ok", "boolean", "Tenu"),
    Column("email", "string", "Adresse", is_personal=True),
)  # fmt: skip
DATASET = Dataset("t.rows", "Lignes", "Une ligne.", COLUMNS, key="code", permission="t.view", owner="DDCT")
ROWS = [
    {"code": f"c{n}", "sector": ["19", "5", None][n % 3], "cents": n * 100, "on": date(2026, 1 + n % 3, 1), "ok": n % 2 == 0,
     "email": f"p{n}@example.org" if n < 3 else None}
    for n in range(12)
]  # fmt: skip


@pytest.fixture
def told(tmp_path):
    return lambda rows, dataset=DATASET: profiling.profile(dataset, written(tmp_path, rows, dataset), memory="256MB")


def written(folder, rows, dataset=DATASET):
    path = folder / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=dataset.arrow), path)
    return path


def test_each_column_says_how_much_is_filled_its_ends_and_its_frequent_values(told):
    found = told(ROWS)
    assert (found["rows"], found["duplicates"], found["sectors"], found["unplaced"]) == (12, 0, 2, 4)
    sector, cents, on = (found["columns"][name] for name in ("sector", "cents", "on"))
    assert (sector["filled"], sector["distinct"], sector["frequent"]) == (8, 2, [["19", 4], ["5", 4]])
    assert (cents["min"], cents["max"], cents["quantiles"][2]) == (0, 1100, 500)
    assert sum(count for *_, count in cents["bars"]) == 12
    assert [bar[2] for bar in on["bars"]] == [4, 4, 4]
    assert on["max"] == "2026-03-01"


def test_a_personal_column_says_how_much_is_filled_and_nothing_of_what(told):
    found = told([row | {"email": f"p{n}@example.org"} for n, row in enumerate(ROWS)])
    assert found["columns"]["email"] == {"filled": 12, "is_personal": True}
    assert "example.org" not in str(found)


def test_fewer_than_five_people_are_not_counted(told):
    assert told(ROWS)["columns"]["email"]["filled"] is None


def test_keys_missing_or_shared_are_counted(told):
    twice = [*ROWS, ROWS[0], {**ROWS[1], "code": None}]
    assert told(twice)["duplicates"] == 2


def test_an_empty_file_has_a_profile(told):
    found = told([])
    assert found["rows"] == 0
    assert found["columns"]["cents"] == {"filled": 0, "distinct": 0}


def test_a_column_said_personal_later_asks_for_another_profile():
    later = Dataset(
        "t.rows", "Lignes", "Une ligne.", (*COLUMNS[:-1], Column("email", "string", "")), "code", "t.view", "DDCT"
    )
    assert profiling.shape(later) != profiling.shape(DATASET)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | st.integers(-(2**60), 2**60), min_size=1, max_size=40))
def test_the_bars_of_a_number_count_every_value_once(tmp_path, values):
    rows = [{"code": str(n), "cents": value} for n, value in enumerate(values)]
    found = profiling.profile(DATASET, written(tmp_path, rows), memory="256MB")["columns"]["cents"]
    known = [v for v in values if v is not None]
    assert found["filled"] == len(known)
    assert sum(count for *_, count in found.get("bars", [])) == len(known)


def test_the_smallest_bar_is_seen_and_the_tallest_fits():
    drawn = profile_drawing.bars({"bars": [[0, 1, 1_000_000], [1, 2, 1], [2, 3, 0]]})
    assert [float(bar["height"]) for bar in drawn] == [profile_drawing.BAR_HEIGHT, 1.0, 0.0]


def test_past_eight_boxes_the_picture_says_how_many_more():
    class Node:
        kind, title = "indicateur", "Un titre bien trop long pour tenir dans sa boîte"

    drawn = profile_drawing.lineage("Jeu", [], [Node] * 12)
    assert [box["title"] for box in drawn["boxes"]][-1] == "5 autres, dans le tableau"
    assert len(drawn["boxes"]) == len(drawn["lines"]) == 8
    assert all(len(box["title"]) <= profile_drawing.LONGEST for box in drawn["boxes"])
