"""What the lake photographs of the house: the columns that are described, those rows that exist, what was known then."""

from datetime import UTC, date, datetime

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.datasets import DATASETS, months
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Campaign,
    CampaignStage,
    IndicatorValue,
    Plan,
    Review,
)
from parvis.domains.roadmaps.queries.facts import status_on
from parvis.kernel import faces
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import snapshots
from parvis.kernel.workflow import move

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FREE = {"title", "description", "deliverable", "reason", "decisions", "sentence", "note", "comment", "text"}

pytestmark = pytest.mark.django_db


def photographed(code, as_of=None):
    snapshot = snapshots.take(faces.house().datasets[code], by=None, at=NOW, as_of=as_of)
    return pq.read_table(snapshots.path_of(snapshot.sha256))


@pytest.fixture
def house():
    """A roadmap of the 19th with three actions, one reviewed, one measured, one asked of a partner."""
    own = drafts.plan("19", actions=3)
    opened = Campaign.objects.create(code="c-2026", title="2026", year=2026, opens_on=date(2025, 11, 3))
    for order, (state, due) in enumerate([("consultation", date(2026, 1, 31)), ("finalised", date(2026, 3, 31))]):
        CampaignStage.objects.create(
            campaign=opened, code=state, label=state, target_state=state, order=order, working_days=15, due_on=due
        )
    Plan.objects.update(campaign=opened)
    first = Action.objects.get(code="roadmap-19-2026-1")
    drafts.asked(first)
    Review.objects.create(action=first, held_on=date(2026, 9, 1))
    series = ActionIndicator.objects.get(action=first)
    IndicatorValue.objects.create(indicator=series, measured_on=date(2026, 6, 30), value="12.5", reported_at=NOW)
    return own


def test_every_dataset_of_the_house_can_be_photographed_empty_and_has_the_columns_that_it_describes():
    for dataset in faces.house().datasets.values():
        if dataset.rows:
            assert photographed(dataset.code).schema.equals(dataset.arrow), dataset.code


def test_every_dataset_of_a_small_house_has_its_columns_and_one_row_per_key(house):
    for dataset in faces.house().datasets.values():
        if dataset.rows:
            table = photographed(dataset.code)
            assert table.schema.equals(dataset.arrow), dataset.code
            assert pc.count_distinct(table[dataset.key], mode="all").as_py() == table.num_rows, dataset.code


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.code)
def test_a_dataset_of_the_roadmaps_says_each_column_in_french_and_holds_no_free_text_and_no_person(dataset):
    assert dataset.title and dataset.sentence.endswith(".") and dataset.owner
    assert all(column.sentence for column in dataset.columns)
    assert not dataset.is_personal
    assert dataset.licence or FREE.isdisjoint(dataset.by_name)  # a file already public keeps the titles it published
    assert not dataset.business_date or dataset.business_date in dataset.by_name


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("roadmaps.actions", 3), ("roadmaps.placements", 3), ("roadmaps.milestones", 3), ("roadmaps.means", 3),
        ("roadmaps.indicator-values", 1), ("roadmaps.commitments", 1), ("roadmaps.project-reviews", 1),
        ("roadmaps.plans", 1), ("roadmaps.stages", 2), ("roadmaps.signatures", 0), ("roadmaps.gate-passes", 0),
        ("roadmaps.deployments", 0), ("roadmaps.action-months", 33),
    ],
)  # fmt: skip
def test_a_dataset_has_one_row_per_thing(house, code, rows):
    assert photographed(code).num_rows == rows  # eleven months since January, three actions


def test_a_measure_keeps_its_decimals_as_an_integer(house):
    row = photographed("roadmaps.indicator-values").to_pylist()[0]
    assert (row["ten_thousandths"], row["target_ten_thousandths"]) == (125_000, 12_000_000)


def test_a_part_still_asked_says_until_when_it_was_known_to_wait(house):
    row = photographed("roadmaps.commitments").to_pylist()[0]
    assert (row["asked_on"], row["answered_on"], row["known_on"]) == (date(2026, 1, 12), None, date(2026, 11, 24))


def test_the_stages_of_a_past_day_do_not_know_what_was_reached_later(house):
    Entry.objects.create(
        at=datetime(2026, 2, 10, 9, tzinfo=UTC), day=date(2026, 2, 10), verb="plan.consult", subject_kind="plan",
        subject_id=house.code, codes={"from": "draft", "to": "consultation"},
    )  # fmt: skip
    now = photographed("roadmaps.stages").to_pylist()
    then = photographed("roadmaps.stages", as_of=date(2026, 2, 9)).to_pylist()
    assert [row["reached_on"] for row in now] == [date(2026, 2, 10), None]
    assert [row["reached_on"] for row in then] == [None, None]


def test_each_month_tells_the_status_that_was_computed_for_its_last_day(house):
    table = photographed("roadmaps.action-months")
    for row in table.filter(pc.field("on_day") == date(2026, 7, 31)).to_pylist():
        action = Action.objects.filter(code=row["code"])
        assert row["status"] == status_on(action, date(2026, 7, 31))[action.get().pk].status.value


def test_a_month_before_an_action_was_given_up_still_follows_it(house):
    action = Action.objects.get(code="roadmap-19-2026-2")
    move(action, "drop", by=None, at=datetime(2026, 8, 3, 9, tzinfo=UTC), reason="terrain vendu")
    rows = {
        r["on_day"]: r["status"] for r in photographed("roadmaps.action-months").to_pylist() if r["code"] == action.code
    }
    assert rows[date(2026, 7, 31)] != "dropped"
    assert rows[date(2026, 8, 31)] == "dropped"


def test_an_action_put_on_the_map_later_was_not_there_before(house):
    action = Action.objects.get(code="roadmap-19-2026-3")
    for number, day, precision in ((1, date(2026, 1, 5), "arrondissement"), (2, date(2026, 5, 11), "point")):
        action.revisions.create(
            number=number, at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC), content={"precision": precision}
        )
    Action.objects.filter(pk=action.pk).update(precision="point")
    rows = {
        r["on_day"]: r["is_located"]
        for r in photographed("roadmaps.action-months").to_pylist()
        if r["code"] == action.code
    }
    assert not rows[date(2026, 4, 30)]
    assert rows[date(2026, 5, 31)]


@pytest.mark.parametrize(
    ("day", "first", "last_but_one"),
    [
        (date(2026, 11, 24), date(2024, 12, 31), date(2026, 10, 31)),
        (date(2026, 10, 31), date(2024, 11, 30), date(2026, 9, 30)),
        (date(2026, 3, 1), date(2024, 4, 30), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2022, 3, 31), date(2024, 1, 31)),
    ],
)
def test_two_years_of_months_end_with_the_day_asked(day, first, last_but_one):
    ends = months.month_ends(day)
    assert (len(ends), ends[0], ends[-2], ends[-1]) == (24, first, last_but_one, day)


def test_months_are_read_in_as_many_queries_for_one_action_as_for_many(house, django_assert_max_num_queries):
    for _ in months._replayed(date(2026, 10, 31), months._standings()).to_batches():
        pass
    with django_assert_max_num_queries(20):
        months._replayed(date(2026, 10, 31), months._standings())
