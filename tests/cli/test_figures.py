"""The command line tells the same figures as the pages."""

import json
from datetime import date

import psycopg
import pytest
from django.db import connection
from tests.domains.steering.invented_files import a_file, amounts, settle_in

from parvis.cli import boot, indicator, indicators, measure
from parvis.domains.steering.actions import measuring
from parvis.domains.steering.models import Evaluation
from parvis.domains.steering.queries import cells, figures
from parvis.kernel.lake import snapshots

pytestmark = pytest.mark.django_db
ROWS = [a_file("a"), a_file("b", "20", cents=50_00, team="DEVE"), a_file("c", None)]


@pytest.fixture(autouse=True)
def house(settings, tmp_path, monkeypatch, now):
    settings.LAKE = tmp_path / "lake"
    monkeypatch.setattr(boot, "prepare", lambda: None)  # the test house is ready
    snapshots.take(settle_in(monkeypatch, ROWS, amounts()), by=None, at=now)


def run(verb, *words) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    return verb.run(parser.parse_args(words))


@pytest.fixture
def told(capsys):
    """Run a verb and give (exit status, what it said, what it said of faults)."""

    def ask(verb, *words):
        status = run(verb, *words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return ask


def test_measure_tells_each_value_with_its_unit_and_period(told):
    status, said, _ = told(measure, "--as-of", "2026-11-24")
    assert status == 0
    assert "test.amounts" in said
    assert "250\u00a0€  septembre 2026" in said


def test_measure_for_programs_tells_the_evaluation_and_every_indicator(told):
    _, said, _ = told(measure, "--json")
    found = json.loads(said)
    assert found["evaluation"] == Evaluation.objects.get().pk
    assert [one["code"] for one in found["indicators"]] == ["test.amounts"]


def test_a_second_evaluation_at_once_is_refused_plainly(told):
    parts = connection.get_connection_params()
    with psycopg.connect(host=parts["host"], user=parts["user"], dbname=parts["dbname"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [measuring.TURN])
        status, said, faults = told(measure)
        other.rollback()
    assert (status, said) == (1, "")
    assert "Une autre évaluation est en cours." in faults


def test_indicators_lists_everything_declared_before_any_measure(told):
    _, said, _ = told(indicators, "--json")
    (one,) = json.loads(said)
    assert one["question"] == "Combien ?"
    assert one["cuts"] == ["sector", "team"]
    assert (one["value"], one["note"]) == (None, "Jamais mesuré.")
    assert "jamais mesuré" in told(indicators)[1]


def test_a_figure_is_the_one_of_the_page_with_its_parts(told):
    told(measure)
    page = figures.figures()["test.amounts"]
    _, said, _ = told(indicator, "test.amounts", "--by", "sector", "--json")
    found = json.loads(said)
    assert (found["value"], found["numerator"], found["period"]) == (
        page.value, page.measurement.numerator, str(page.measurement.period),
    )  # fmt: skip
    assert {p["member"]: p["value"] for p in found["parts"]} == {place: row[0] for place, row in page.places.items()}
    (of_team,) = [
        p
        for p in json.loads(told(indicator, "test.amounts", "--by", "team", "--json")[1])["parts"]
        if p["member"] == "DEVE"
    ]
    assert of_team["value"] == cells.cell_of(page.measurement, dimension="team", member="DEVE")["value"]


def test_a_figure_is_told_in_french_with_its_arithmetic_lineage_and_replay(told):
    told(measure)
    status, said, _ = told(indicator, "test.amounts", "--by", "sector", "--replay")
    page = figures.figures()["test.amounts"].measurement
    assert status == 0
    assert "Somme de 3 lignes" in said
    assert "Rejoué à l’identique" in said
    assert page.snapshots["test.files"][1] in said
    assert page.fingerprint in said


def test_a_past_figure_is_told_as_of_its_day(told):
    told(measure)
    assert "Jamais mesuré" in told(indicator, "test.amounts", "--as-of", str(date(2026, 1, 1)))[1]


def test_an_unknown_code_names_those_near(told):
    status, _, faults = told(indicator, "test.amount")
    assert status == 2
    assert "Proches : test.amounts." in faults


def test_a_cut_that_is_not_there_names_those_that_are(told):
    told(measure)
    status, _, faults = told(indicator, "test.amounts", "--by", "directorate")
    assert status == 1
    assert "Essayez : sector, team." in faults


def test_few_people_are_not_told_either(told, monkeypatch, now):
    snapshots.take(
        settle_in(monkeypatch, ROWS, amounts(aggregation="count", scale=1, counts_people=True)), by=None, at=now
    )
    told(measure)
    _, said, _ = told(indicator, "test.amounts", "--by", "sector")
    assert "moins de cinq personnes" in said
    assert "Moins de cinq personnes" in said
    assert json.loads(told(indicator, "test.amounts", "--json")[1])["value"] is None
