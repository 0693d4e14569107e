"""An evaluation measures each indicator by itself, says why one has no figure, and can be replayed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import ibis
import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.domains.steering.invented_files import a_file, amounts, settle_in

from parvis.domains.steering.actions import measuring
from parvis.domains.steering.models import Evaluation, Measurement
from parvis.domains.steering.queries import cells, figures, replays
from parvis.kernel import Refusal
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Citation, Snapshot

pytestmark = pytest.mark.django_db
ROWS = [a_file("a"), a_file("b", "20", cents=50_00), a_file("c", None, opened_on=date(2026, 10, 3))]


@pytest.fixture(autouse=True)
def own_lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"


def measured(now, **options) -> dict[str, Measurement]:
    run = measuring.measure_all(by=None, at=now, **options)
    return {m.indicator: m for m in run.measurements.select_related("evaluation")}


def photographed(monkeypatch, now, rows=ROWS, *indicators):
    dataset = settle_in(monkeypatch, rows, *(indicators or (amounts(),)))
    snapshots.take(dataset, by=None, at=now)
    return dataset


def test_a_measurement_tells_the_last_complete_period_the_history_and_the_places(monkeypatch, now):
    photographed(monkeypatch, now)
    held = measured(now)["test.amounts"]
    assert (held.period, held.value, held.counted) == (date(2026, 10, 1), 100, 1)
    assert [row[:2] for row in held.history] == [["2026-09-01", 150.0], ["2026-10-01", 100.0]]
    assert held.places == {}
    assert held.business_on == date(2026, 10, 3)


def test_a_period_is_complete_once_it_is_over_and_its_facts_have_had_time_to_arrive(monkeypatch, now):
    photographed(monkeypatch, datetime(2026, 10, 5, 6, tzinfo=UTC), ROWS, amounts(delay_days=5))
    assert measured(datetime(2026, 10, 4, 6, tzinfo=UTC))["test.amounts"].period is None
    assert measured(datetime(2026, 10, 5, 6, tzinfo=UTC))["test.amounts"].period == date(2026, 9, 1)
    assert not measuring.is_complete(amounts(delay_days=5), date(2026, 9, 1), date(2026, 10, 4))
    assert measuring.is_complete(amounts(delay_days=5), date(2026, 9, 1), date(2026, 10, 5))


def test_what_speaks_of_days_to_come_waits_for_them(monkeypatch, now):
    photographed(monkeypatch, now, [*ROWS, a_file("d", opened_on=date(2027, 1, 1))])
    held = measured(now)["test.amounts"]
    assert "2027-01-01" not in [row[0] for row in held.history]
    assert max(cells.cells_of(held)["period"].to_pylist()) == date(2026, 10, 1)


def test_one_indicator_that_fails_says_so_and_stops_no_other(monkeypatch, now):
    def broken(tables):
        return tables["test.files"].select(subject="no_such_column")

    def overflowing(tables):
        rows = tables["test.files"]
        return rows.select(
            subject=rows.code, at=rows.opened_on, place=rows.sector, value=rows.name.cast("int64"),
            left_out=ibis.null("string"), team=rows.team,
        )  # fmt: skip

    photographed(
        monkeypatch, now, ROWS, amounts(code="test.broken", facts=broken), amounts(code="test.engine", facts=overflowing),
        amounts(),
    )  # fmt: skip
    found = measured(now)
    assert found["test.amounts"].outcome == "measured"
    for code in ("test.broken", "test.engine"):
        assert found[code].outcome == "failed"
        assert "Le calcul a échoué" in found[code].note
        assert "Nom" not in found[code].note  # a message of the engine may quote someone's record


def test_a_dataset_that_was_never_photographed_is_named(monkeypatch, now):
    settle_in(monkeypatch, ROWS, amounts())
    held = measured(now)["test.amounts"]
    assert (held.outcome, held.note) == ("no-facts", "Aucune photographie de « Dossiers d’essai » à cette date.")


def test_a_dataset_that_was_withdrawn_is_named(monkeypatch, now):
    photographed(monkeypatch, now, ROWS, amounts(code="test.gone", datasets=("test.withdrawn",)), amounts())
    found = measured(now)
    assert found["test.gone"].note == "Le jeu de données « test.withdrawn » a été retiré du catalogue."
    assert found["test.amounts"].value == 100


@pytest.mark.parametrize(("harm", "word"), [("missing", "manque"), ("damaged", "est abîmée")])
def test_a_snapshot_whose_file_is_missing_or_damaged_is_named_and_loses_nothing(monkeypatch, now, harm, word):
    photographed(monkeypatch, now)
    before = measured(now)["test.amounts"]
    path = snapshots.path_of(Snapshot.objects.get().sha256)
    path.unlink()
    if harm == "damaged":
        path.write_bytes(b"PAR1 nothing PAR1")
    settle_in(monkeypatch, ROWS, amounts(scale=1))  # another definition: the cells must be computed again
    held = measured(now)["test.amounts"]
    assert held.outcome == "failed"
    assert held.note == f"La photographie de « test.files » du 24/11/2026 {word} : restaurez-la."
    assert cells.cells_of(before).num_rows


def test_no_facts_at_all_is_said(monkeypatch, now):
    photographed(monkeypatch, now, [])
    held = measured(now)["test.amounts"]
    assert (held.outcome, held.note) == ("no-facts", "Les jeux de données ne contiennent aucun fait.")


def test_two_evaluations_at_once_are_refused_and_the_second_leaves_nothing(monkeypatch, now):
    photographed(monkeypatch, now)
    parts = connection.get_connection_params()
    with psycopg.connect(host=parts["host"], user=parts["user"], dbname=parts["dbname"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [measuring.TURN])
        with pytest.raises(Refusal, match="Une autre évaluation est en cours"):
            measuring.measure_all(by=None, at=now)
        assert not Evaluation.objects.exists()
        other.rollback()
    assert measuring.measure_all(by=None, at=now).finished_at


def test_an_evaluation_is_journalled(monkeypatch, now):
    photographed(monkeypatch, now)
    run = measuring.measure_all(by=None, at=now)
    assert Entry.objects.filter(verb="evaluation.run", subject_id=str(run.pk)).count() == 1


def test_what_has_not_moved_is_not_computed_again(monkeypatch, now):
    photographed(monkeypatch, now)
    first = measured(now)["test.amounts"]

    def never(*args):
        raise AssertionError("computed again")

    monkeypatch.setattr(measuring.cells, "evaluate", never)
    again = measured(now)["test.amounts"]
    assert (again.cells_sha256, again.value, again.history) == (first.cells_sha256, first.value, first.history)


def test_a_changed_definition_or_snapshot_is_computed_again(monkeypatch, now):
    photographed(monkeypatch, now)
    first = measured(now)["test.amounts"]
    settle_in(monkeypatch, ROWS, amounts(aggregation="count"))
    assert measured(now)["test.amounts"].fingerprint != first.fingerprint
    photographed(monkeypatch, now, [*ROWS, a_file("d", cents=1_00)])
    held = measured(now)["test.amounts"]
    assert held.history[0][1] == 151
    assert held.snapshots != first.snapshots


def test_lost_cells_are_computed_again(monkeypatch, now):
    photographed(monkeypatch, now)
    first = measured(now)["test.amounts"]
    snapshots.path_of(first.cells_sha256).unlink()
    with pytest.raises(Refusal, match="manque dans le lac"):
        cells.cells_of(first)
    assert measured(now)["test.amounts"].cells_sha256 == first.cells_sha256
    assert cells.cells_of(first).num_rows


def test_a_past_day_is_measured_on_the_snapshots_known_then(monkeypatch, now):
    then = datetime(2026, 10, 31, 6, tzinfo=UTC)
    photographed(monkeypatch, then, ROWS[:1])
    photographed(monkeypatch, now, ROWS)
    assert measured(now, as_of=date(2026, 10, 31))["test.amounts"].history == [["2026-09-01", 100.0, 10000.0, None, 1]]
    assert measured(now)["test.amounts"].history[0][1] == 150
    assert figures.figures(date(2026, 11, 1))["test.amounts"].value == 100


def test_a_past_figure_is_replayed_to_the_same_cells(monkeypatch, now):
    photographed(monkeypatch, now)
    held = measured(now)["test.amounts"]
    photographed(monkeypatch, now, [a_file("z", cents=9_999_00)])
    assert replays.replay(held).is_identical


def test_a_replay_says_that_the_definition_changed_or_is_gone(monkeypatch, now):
    photographed(monkeypatch, now)
    held = measured(now)["test.amounts"]
    settle_in(monkeypatch, ROWS, amounts(aggregation="count"))
    assert "définition a changé" in replays.replay(held).sentence
    settle_in(monkeypatch, ROWS)
    assert "n’existe plus" in replays.replay(held).sentence


def test_a_replay_counts_the_cells_that_differ(monkeypatch, now):
    photographed(monkeypatch, now)
    held = measured(now)["test.amounts"]
    held.cells_sha256 = snapshots.keep_table(cells.all_cells(held).slice(1))
    found = replays.replay(held)
    assert not found.is_identical
    assert "1 cellule diffère" in found.sentence


def test_a_replay_refuses_when_the_snapshot_is_no_longer_kept(monkeypatch, now):
    photographed(monkeypatch, now)
    held = measured(now)["test.amounts"]
    Snapshot.objects.update(removed_at=now)
    with pytest.raises(Refusal, match="n’est plus gardée"):
        replays.replay(held)


def test_few_people_are_hidden_in_the_headline_the_history_and_the_places(monkeypatch, now):
    rows = [a_file(str(n), "19") for n in range(3)]
    photographed(monkeypatch, now, rows, amounts(aggregation="count", scale=1, counts_people=True))
    held = measured(now)["test.amounts"]
    assert (held.value, held.numerator, held.counted, held.note) == (None, None, 0, measuring.HIDDEN)
    assert held.history[0][1:] == [None, None, None, None]
    assert held.places["19"] == [None, None, None, None]
    assert not pc_any(cells.cells_of(held)["value"])


def pc_any(column):
    return [value for value in column.to_pylist() if value is not None]


def test_cells_written_before_an_indicator_was_known_to_count_people_are_hidden_when_read(monkeypatch, now):
    rows = [a_file(str(n), "19") for n in range(3)]
    counting = amounts(aggregation="count", scale=1)
    photographed(monkeypatch, now, rows, counting)
    held = measured(now)["test.amounts"]
    settle_in(monkeypatch, rows, replace(counting, counts_people=True))
    assert all(cells.cells_of(held)["hidden"].to_pylist())


def test_measuring_asks_as_often_for_one_indicator_as_for_thirty(monkeypatch, now):
    photographed(monkeypatch, now)
    with CaptureQueriesContext(connection) as few:
        measuring.measure_all(by=None, at=now)
    settle_in(monkeypatch, ROWS, *(amounts(code=f"test.n{n}", scale=n + 1) for n in range(30)))
    with CaptureQueriesContext(connection) as many:
        measuring.measure_all(by=None, at=now)
    assert len(many) <= len(few)


def test_old_nights_go_but_the_last_of_each_month_and_what_something_rests_on(monkeypatch, now):
    photographed(monkeypatch, now)
    days = [date(2026, 8, 30), date(2026, 8, 31), date(2026, 9, 15), date(2026, 9, 30), date(2026, 11, 1)]
    runs = {day: measuring.measure_all(by=None, at=now, as_of=day) for day in days}
    cited = Citation(
        snapshot=Snapshot.objects.get(), kind="evaluation", subject=str(runs[date(2026, 8, 30)].pk), at=now
    )
    cited.save()
    assert measuring.forget_old(at=now) == 1
    assert set(Evaluation.objects.values_list("as_of", flat=True)) == set(days) - {date(2026, 9, 15)}
    assert measuring.forget_old(at=now) == 0
