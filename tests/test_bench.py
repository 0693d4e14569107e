"""A measure tells the truth: a missed target is missed, what does not exist is « à venir », what breaks is « en panne »."""

import pytest
from bench import reporting
from bench.children import _is_met
from bench.measuring import Operation, duration, measure, percentile

pytestmark = pytest.mark.django_db


def operation(run=lambda: None, **bounds) -> Operation:
    return Operation("op", "opération", "1", run, repeats=3, **bounds)


def asking(times: int):
    from django.db import connection

    def run() -> None:
        with connection.cursor() as cursor:
            for _ in range(times):
                cursor.execute("SELECT 1")

    return run


def test_queries_are_counted_and_held_to_their_bound():
    assert measure(operation(asking(3), most_queries=3), {}).verdict == "tenu"
    assert measure(operation(asking(4), most_queries=3), {}).verdict == "manqué"


def test_more_rows_must_not_take_more_queries():
    taken: dict[str, int] = {}
    measure(operation(asking(2)), taken)
    assert measure(Operation("big", "opération", "50", asking(2), same_queries_as="op"), taken).verdict == "tenu"
    assert measure(Operation("big", "opération", "50", asking(9), same_queries_as="op"), taken).verdict == "manqué"


def test_time_and_memory_are_held_to_their_bounds():
    assert measure(operation(most_ms=0), {}).verdict == "manqué"
    hungry = measure(operation(lambda: bytearray(3_000_000), most_mb=2), {})
    assert (hungry.verdict, round(hungry.peak_mb)) == ("manqué", 3)


def test_what_does_not_exist_yet_is_not_measured():
    result = measure(operation(None, most_ms=300), {})
    assert (result.verdict, result.median_ms, result.target) == ("à venir", None, "< 300 ms")


def test_what_breaks_is_told(capsys):
    assert measure(operation(lambda: 1 / 0), {}).verdict == "en panne"
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_comparison_with_bare_duckdb_is_a_ratio_of_medians():
    assert measure(operation(asking(50), bare=lambda: None), {}).ratio > 1


@pytest.mark.parametrize(("times", "expected"), [([1], 1), (list(range(1, 21)), 19), (list(range(1, 101)), 95)])
def test_the_95th_percentile_is_a_time_that_was_measured(times, expected):
    assert percentile(times[::-1], 95) == expected


@pytest.mark.parametrize(
    ("ms", "words"), [(None, "–"), (3.94, "3,9 ms"), (42, "42 ms"), (1234, "1,23 s"), (5000, "5 s")]
)
def test_durations_read_in_french(ms, words):
    assert duration(ms) == words


@pytest.mark.parametrize(
    ("seconds", "peak_mb", "is_met"), [(19.9, 499, True), (20, 499, False), (19.9, 500, False), (1, None, True)]
)
def test_a_target_in_words_is_held(seconds, peak_mb, is_met):
    assert _is_met({"seconds": seconds, "peak_mb": peak_mb, "target": "20 s, 500 Mo"}) is is_met


def test_the_table_is_rewritten_between_its_marks_and_nothing_else_is(tmp_path, monkeypatch):
    page = tmp_path / "README.md"
    page.write_text(f"avant\n{reporting.START}\nancien\n{reporting.END}\naprès\n", encoding="utf-8")
    monkeypatch.setattr(reporting, "FOLDER", tmp_path)
    from datetime import UTC, datetime

    reporting.write([measure(operation(asking(1)), {})], reporting.machine(datetime(2026, 11, 24, tzinfo=UTC)))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("avant\n")
    assert text.endswith("\naprès\n")
    assert "ancien" not in text
    assert "| opération | 1 |" in text
    assert (tmp_path / "results" / "latest.json").exists()
