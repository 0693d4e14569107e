"""What is said of an action is appended, journalled and believed at once; what cannot be is refused in plain words."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from parvis.domains.roadmaps.actions import follow_up
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Dependency,
    IndicatorValue,
    Milestone,
    MilestoneReport,
    Review,
)
from parvis.domains.roadmaps.queries.facts import status_on
from parvis.domains.roadmaps.status import Status
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.journal.models import Entry
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.workflow import move

pytestmark = pytest.mark.django_db
TODAY, TOMORROW, MARCH = date(2026, 11, 24), date(2026, 11, 25), date(2026, 3, 1)
BEGINNING = datetime(2026, 1, 2, 9, tzinfo=UTC)


@pytest.fixture
def action(db):
    return Action.objects.create(
        code="A1", title="Pistes", created_at=BEGINNING, changed_at=BEGINNING, starts_on=date(2026, 1, 1),
        due_on=date(2026, 12, 31), lead=Directorate.objects.get(code="DVD"),
    )  # fmt: skip


@pytest.fixture
def milestone(action):
    return Milestone.objects.create(action=action, title="marché", planned_on=MARCH)


@pytest.fixture
def indicator(action):
    return ActionIndicator.objects.create(
        action=action, name="km", baseline=0, baseline_on=date(2026, 1, 1), target=10, target_on=date(2026, 12, 31)
    )


@pytest.fixture
def agent(person):
    return person("contributor", "directorate", "DVD")


def status(action: Action) -> str:
    action.refresh_from_db()
    return action.status


# Milestones


def test_a_milestone_done_is_reported_journalled_and_changes_the_status(action, milestone, agent, now):
    report = follow_up.report_milestone(milestone, actual_on=date(2026, 11, 20), by=agent, at=now)
    milestone.refresh_from_db()
    assert (milestone.is_done, milestone.actual_on) == (True, date(2026, 11, 20))
    assert (report.is_done, report.by, report.reported_at) == (True, agent, now)
    entry = Entry.objects.get(verb="milestone.report")
    assert (entry.subject_id, entry.actor_id) == ("A1", agent.pk)
    assert entry.codes == {"milestone": milestone.pk, "is_done": True, "actual_on": "2026-11-20"}
    assert status(action) == Status.COMPLETE
    assert action.changed_at == now


def test_what_waits_for_it_is_derived_again(action, milestone, agent, now):
    Action.objects.filter(pk=action.pk).update(due_on=MARCH)
    waiting = Action.objects.create(code="A2", title="x", created_at=now, changed_at=now, starts_on=MARCH)
    Milestone.objects.create(action=waiting, title="bilan", planned_on=date(2026, 12, 1))
    Dependency.objects.create(action=waiting, needs=action)
    follow_up.report_milestone(milestone, forecast_on=TOMORROW, by=agent, at=now)
    assert status(waiting) == Status.WATCH
    follow_up.report_milestone(milestone, is_done=True, by=agent, at=now)
    assert status(waiting) == Status.ON_TIME


def test_saying_the_same_again_writes_nothing(milestone, agent, now):
    assert follow_up.report_milestone(milestone, is_done=True, by=agent, at=now)
    assert follow_up.report_milestone(milestone, is_done=True, by=agent, at=now) is None
    assert MilestoneReport.objects.count() == 1


def test_a_step_that_was_not_done_after_all_loses_its_date(action, milestone, agent, now):
    follow_up.report_milestone(milestone, actual_on=TODAY, by=agent, at=now)
    follow_up.report_milestone(milestone, is_done=False, by=agent, at=now + timedelta(hours=1))
    milestone.refresh_from_db()
    assert (milestone.is_done, milestone.actual_on) == (False, None)
    assert status(action) == Status.LATE


def test_what_was_known_before_the_first_report_can_still_be_replayed(action, milestone, agent, now):
    Milestone.objects.filter(pk=milestone.pk).update(is_done=True, actual_on=MARCH)
    follow_up.report_milestone(milestone, is_done=False, by=agent, at=now)
    yesterday = status_on(Action.objects.all(), TODAY - timedelta(days=1))[action.pk]
    assert (yesterday.status, status(action)) == (Status.COMPLETE, Status.LATE)


def test_with_month_precision_any_day_of_the_month_will_do(milestone, agent, now):
    Milestone.objects.filter(pk=milestone.pk).update(precision="month")
    follow_up.report_milestone(milestone, forecast_on=date(2028, 2, 3), by=agent, at=now)
    follow_up.report_milestone(milestone, actual_on=date(2026, 11, 30), by=agent, at=now)
    milestone.refresh_from_db()
    assert (milestone.forecast_on, milestone.actual_on) == (date(2028, 2, 29), date(2026, 11, 1))


def test_a_step_done_just_after_midnight_in_paris_is_done_today(milestone, agent):
    midnight = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert follow_up.report_milestone(milestone, actual_on=TOMORROW, by=agent, at=midnight).actual_on == TOMORROW


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"actual_on": TOMORROW}, "Un jalon ne peut pas être tenu à une date à venir : le 25 novembre"),
        ({"actual_on": TODAY, "is_done": False}, "sans être tenu"),
        ({"forecast_on": date(2025, 12, 31)}, "avant le début de l’action, le 1er janvier"),
        ({"forecast_on": date(2026, 11, 23)}, "déjà passée"),
        ({}, "Rien n’est dit"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(milestone, agent, now, said, words):
    with pytest.raises(Refusal, match=words) as refusal:
        follow_up.report_milestone(milestone, **said, by=agent, at=now)
    assert refusal.value.remedy
    assert not MilestoneReport.objects.exists()
    assert not Entry.objects.exists()


# Measures


def test_a_measure_is_kept_and_judged(action, indicator, agent, now):
    made = follow_up.report_value(indicator, value=Decimal("1.5"), measured_on=TODAY, by=agent, at=now)
    assert (made.value, made.by) == (Decimal("1.5"), agent)
    assert status(action) == Status.WATCH
    assert action.progress == Decimal(15)
    follow_up.report_value(indicator, value=Decimal(9), measured_on=TODAY, by=agent, at=now + timedelta(minutes=5))
    assert status(action) == Status.ON_TIME
    assert IndicatorValue.objects.count() == 2


@pytest.mark.parametrize(
    ("value", "measured_on", "words"),
    [
        (1, TOMORROW, "dans l’avenir"),
        (1, date(2025, 12, 31), "précède la valeur de départ, prise le 1er janvier 2026"),
        ("douze", TODAY, "un nombre"),
        ("NaN", TODAY, "dépasse|un nombre"),
        (Decimal(10) ** 12, TODAY, "dépasse"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(indicator, agent, now, value, measured_on, words):
    with pytest.raises(Refusal, match=words):
        follow_up.report_value(indicator, value=value, measured_on=measured_on, by=agent, at=now)
    assert not IndicatorValue.objects.exists()


# Reviews and confidence


def test_a_review_is_noted_once_a_day_and_never_ahead(action, agent, now):
    assert (
        follow_up.hold_review(action, held_on=TODAY, decisions=" On garde. ", by=agent, at=now).decisions == "On garde."
    )
    with pytest.raises(Refusal, match="déjà notée"):
        follow_up.hold_review(action, held_on=TODAY, by=agent, at=now)
    with pytest.raises(Refusal, match="une fois tenue"):
        follow_up.hold_review(action, held_on=TOMORROW, by=agent, at=now)
    assert Review.objects.count() == Entry.objects.filter(verb="action.review").count() == 1


def test_confidence_stands_beside_the_status_and_never_changes_it(action, milestone, agent, now):
    follow_up.report_milestone(milestone, is_done=True, by=agent, at=now)
    follow_up.set_confidence(action, "stormy", note="Le site est perdu.", by=agent, at=now)
    assert status(action) == Status.COMPLETE
    assert (action.confidence, action.confidence_note, action.confidence_at) == ("stormy", "Le site est perdu.", now)
    assert Entry.objects.get(verb="action.confidence").codes == {"from": "", "to": "stormy"}


def test_a_worry_without_a_word_or_an_unknown_sky_is_refused(action, agent, now):
    with pytest.raises(Refusal, match="ce qui inquiète"):
        follow_up.set_confidence(action, "cloudy", note=" ", by=agent, at=now)
    with pytest.raises(Refusal, match="n’existe pas"):
        follow_up.set_confidence(action, "foggy", by=agent, at=now)


# Who may


def acts(action, milestone, indicator):
    return (
        lambda who, at: follow_up.report_milestone(milestone, is_done=True, by=who, at=at),
        lambda who, at: follow_up.report_value(indicator, value=Decimal(1), measured_on=TODAY, by=who, at=at),
        lambda who, at: follow_up.hold_review(action, held_on=TODAY, by=who, at=at),
        lambda who, at: follow_up.set_confidence(action, "sunny", by=who, at=at),
    )


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize(
    "role",
    [("contributor", "directorate", "DJS"), ("auditor",), ("elected-reader",), ("district-office", "sector", "19"), ()],
)
def test_another_directorate_a_reader_or_an_auditor_changes_nothing(
    action, milestone, indicator, person, now, which, role
):
    with pytest.raises(Forbidden):
        acts(action, milestone, indicator)[which](person(*role), now)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("which", range(4))
def test_nothing_more_is_noted_on_a_dropped_action(action, milestone, indicator, agent, now, which):
    move(action, "drop", by=agent, at=now, reason="Plus de site.")
    with pytest.raises(Refusal, match="abandonnée"):
        acts(action, milestone, indicator)[which](agent, now)
