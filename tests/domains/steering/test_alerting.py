"""After an evaluation: raised once, verified by the figure alone, silenced, escalated in working days."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.domains.steering.alerts_scene import CODE, evaluation

from parvis.domains.steering.actions import alerting, alerts, silences
from parvis.domains.steering.models import Alert, AlertStep, Silence
from parvis.domains.steering.queries import alerts as queries
from parvis.kernel import Forbidden, faces
from parvis.kernel.calendar import paris_day
from parvis.kernel.journal.models import Entry
from parvis.kernel.workflow.moves import move

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot(person):
    return person("roadmap-pilot", first_name="Karim")


def run(at, **scene):
    """A new evaluation and what it raises."""
    evaluation(at, **scene)
    return alerting.raise_alerts(at=at)


def the_alert(cause="threshold"):
    return Alert.objects.get(subject=CODE, cause=cause)


def test_a_crossed_threshold_raises_one_alert_owned_dated_and_journaled(now, pilot):
    done = run(now)
    alert = the_alert()
    assert done.count("raised") == 1 and alert.level == "watch" and alert.places == [""]
    assert alert.owner == pilot and alert.due_on == date(2026, 11, 26)
    entry = Entry.objects.get(verb="alert.raise")
    assert entry.codes == {"on": CODE, "cause": "threshold"}


def test_twice_is_the_same_as_once(now, pilot):
    run(now)
    before = list(Alert.objects.values()), AlertStep.objects.count(), Entry.objects.count()
    assert alerting.raise_alerts(at=now).steps == []
    run(now + timedelta(hours=1))
    assert (list(Alert.objects.values()), AlertStep.objects.count(), Entry.objects.count()) == before


def test_without_an_evaluation_nothing_happens(now):
    assert alerting.raise_alerts(at=now).steps == [] and not Alert.objects.exists()


def test_seventeen_sectors_are_one_alert_and_the_total_stands_for_them(now, pilot):
    run(now, hits=95, places={str(n): 70 for n in range(5, 21)})
    assert len(the_alert().places) == 16
    run(now + timedelta(days=1), hits=60, places={str(n): 70 for n in range(5, 21)})
    assert the_alert().places == [""]


def test_the_alert_follows_its_places_and_says_that_they_changed(now, pilot):
    run(now, hits=95, places={"19": 70})
    done = run(now + timedelta(days=1), hits=95, places={"19": 70, "20": 60})
    assert done.count("changed") == 1 and set(the_alert().places) == {"19", "20"}


def test_an_alert_nobody_treated_falls_when_the_figure_is_well_again(now, pilot):
    run(now)
    done = run(now + timedelta(days=1), hits=95)
    assert done.count("subside") == 1 and the_alert().state == "subsided"
    run(now + timedelta(days=2))
    assert Alert.objects.filter(subject=CODE).count() == 2


def resolved(now, pilot):
    run(now)
    alert = the_alert()
    alerts.acknowledge(alert, by=pilot, at=now)
    alerts.resolve(alert, reason="Les fiches sont complétées.", by=pilot, at=now)
    return alert


def test_what_is_said_to_be_treated_is_verified_by_the_figure(now, pilot):
    resolved(now, pilot)
    later = now + timedelta(days=30)
    assert run(later, hits=95).count("verify") == 1
    assert the_alert().state == "verified" and the_alert().ended_on == paris_day(later)


def test_the_same_month_proves_nothing_and_the_next_one_reopens(now, pilot):
    resolved(now, pilot)
    run(now + timedelta(days=1))
    assert the_alert().state == "resolved"
    done = run(now + timedelta(days=30))
    assert done.count("reopen") == 1 and the_alert().state == "open"
    assert "signale encore" in AlertStep.objects.get(kind="reopen").text


def test_a_figure_that_is_no_longer_known_verifies_nothing(now, pilot):
    resolved(now, pilot)
    run(now + timedelta(days=30), outcome="failed")
    assert the_alert().state == "resolved"
    assert the_alert("missing").level == "alert"


def test_an_action_planned_is_not_forgotten_because_the_figure_recovers(now, pilot):
    run(now)
    alert = the_alert()
    alerts.plan(alert, "Revoir les cas", who=pilot, due_on=date(2026, 12, 10), by=pilot, at=now)
    run(now + timedelta(days=1), hits=95)
    assert the_alert().state == "planned"


def test_nobody_verifies_by_hand_neither_a_person_nor_the_database(now, pilot, person):
    alert = resolved(now, pilot)
    for someone in (pilot, person("directorate-head"), person("data-officer")):
        with pytest.raises(Forbidden):
            move(alert, "verify", by=someone, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(state="verified")


def test_a_silenced_indicator_or_objective_raises_nothing_until_its_silence_ends(now, pilot):
    for kind, subject in (("indicator", CODE), ("objective", "P2")):
        held = silences.silence(
            kind, subject, starts_on=paris_day(now), ends_on=paris_day(now) + timedelta(days=5), reason="Travaux", by=pilot, at=now
        )  # fmt: skip
        run(now)
        assert not Alert.objects.exists()
        silences.end(held, by=pilot, at=now - timedelta(days=1))  # before it began: withdrawn
        assert not Silence.objects.exists()
    run(now)
    assert Alert.objects.count() == 1


def test_a_live_alert_silenced_neither_climbs_nor_falls(now, pilot):
    run(now)
    silences.silence(
        "indicator", CODE, starts_on=paris_day(now), ends_on=date(2027, 6, 1), reason="Travaux", by=pilot, at=now
    )
    run(now + timedelta(days=40), hits=95)
    assert the_alert().state == "open" and the_alert().rung == 0


@pytest.mark.parametrize(("days", "rung"), [(2, 0), (3, 1), (7, 1), (8, 2), (14, 2), (15, 3), (60, 3)])
def test_an_alert_nobody_takes_climbs_after_two_five_and_ten_working_days(now, pilot, days, rung):
    run(now)  # a Tuesday
    done = alerting.raise_alerts(at=now + timedelta(days=days))
    assert the_alert().rung == rung and done.count("escalated") == bool(rung)


def test_taking_it_starts_the_ladder_again(now, pilot):
    run(now)
    alerting.raise_alerts(at=now + timedelta(days=9))
    alerts.acknowledge(the_alert(), by=pilot, at=now + timedelta(days=9))
    assert the_alert().rung == 0 and the_alert().due_on > paris_day(now + timedelta(days=9))


def test_an_alert_raised_by_hand_is_checked_by_a_later_figure(now, pilot, person):
    evaluation(now, hits=95)
    author = person("contributor", "directorate", "DEVE")
    alert = alerts.raise_by_hand(faces.house().indicators[CODE], "Trois fiches ont disparu.", by=author, at=now)
    alerts.acknowledge(alert, by=pilot, at=now)
    alerts.resolve(alert, reason="Retrouvées.", by=pilot, at=now)
    alerting.raise_alerts(at=now)
    assert the_alert("raised").state == "resolved"
    run(now + timedelta(days=1), hits=95)
    assert the_alert("raised").state == "verified"


def test_the_number_of_queries_does_not_grow_with_the_places(now, pilot):
    def asked(places):
        Alert.objects.all().delete()
        evaluation(now, hits=95, places=places)
        with CaptureQueriesContext(connection) as captured:
            alerting.raise_alerts(at=now)
        return len(captured)

    asked({"19": 70})
    assert asked({str(n): 70 for n in range(5, 21)}) <= asked({"19": 70})


def test_the_digest_groups_what_is_new(now, pilot):
    run(now)
    alerting.raise_alerts(at=now + timedelta(days=4))
    told = queries.changes(pilot, now - timedelta(hours=1), now + timedelta(days=5))
    assert [todo.sentence.split(" : ")[0] for todo in told] == ["1 nouvelle alerte", "1 alerte monte d’un cran"]
    assert queries.changes(pilot, now + timedelta(days=5), now + timedelta(days=6)) == []
