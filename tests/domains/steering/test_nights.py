"""Each night the house is photographed and measured once, and what is old is let go."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.domains.roadmaps import drafts

from parvis.domains.steering import tasks
from parvis.domains.steering.models import Evaluation
from parvis.kernel.lake.models import Snapshot

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def lake(tmp_path, settings):
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


def test_a_night_photographs_and_measures_and_the_second_run_of_the_hour_does_nothing():
    drafts.plan("19", state="signed")
    assert tasks.night(NIGHT) >= 25
    assert tasks.night(NIGHT + timedelta(minutes=5)) == 0
    assert Evaluation.objects.count() == 1


def test_a_night_cut_after_its_figures_still_ends_with_its_alerts(monkeypatch):
    drafts.plan("19", state="signed")
    raised = []

    def cut(**said):
        raised.append(said["at"])
        if len(raised) == 1:
            raise OSError("the machine stops")

    monkeypatch.setattr(tasks.alerting, "raise_alerts", cut)
    with pytest.raises(OSError, match="stops"):
        tasks.night(NIGHT)
    assert tasks.night(NIGHT + timedelta(minutes=5)) == 0
    assert len(raised) == 2 and Evaluation.objects.count() == 1


def test_the_night_belongs_to_the_day_that_begins_in_paris_winter_and_summer():
    for at, day in ((NIGHT, 24), (datetime(2026, 7, 13, 23, 10, tzinfo=UTC), 14)):
        tasks.night(at)
        assert Evaluation.objects.order_by("-pk").first().as_of.day == day


def test_an_old_night_goes_and_takes_the_files_that_nothing_names(lake):
    drafts.plan("19", state="signed")
    tasks.night(NIGHT - timedelta(days=60))
    tasks.night(NIGHT)
    days = set(Snapshot.objects.filter(removed_at=None).values_list("as_of", flat=True))
    assert max(days) == NIGHT.date()
    standing = {p.stem for p in lake.glob("??/*.parquet")}
    assert set(Snapshot.objects.filter(removed_at=None).values_list("sha256", flat=True)) <= standing
