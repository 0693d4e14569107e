"""What is derived is written down in one go, for any number of actions, and any past day can be replayed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps.actions.recompute import recompute
from parvis.domains.roadmaps.actions.revisions import keep, keep_first
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    ActionRevision,
    Answer,
    Commitment,
    Dependency,
    IndicatorValue,
    MeansLine,
    Milestone,
    MilestoneReport,
    Review,
)
from parvis.domains.roadmaps.queries.facts import facts_for, status_on
from parvis.domains.roadmaps.status import Status
from parvis.kernel.journal.models import Entry
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.workflow import move

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
MARCH, MAY = date(2026, 3, 15), date(2026, 5, 15)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
def agent(person):
    return person("contributor", "directorate", "DVD")


@pytest.fixture
def action(now):
    def make(code: str = "A1", **fields) -> Action:
        dates = {"starts_on": date(2026, 1, 1), "due_on": date(2026, 12, 31)}
        return Action.objects.create(
            code=code, title=f"Action {code}", created_at=now, changed_at=now, **dates | fields
        )

    return make


def said(milestone: Milestone, day: date, **words) -> None:
    MilestoneReport.objects.create(milestone=milestone, reported_at=at(day), **words)


def replayed(action: Action, on: date) -> Status:
    return status_on(Action.objects.filter(pk=action.pk), on)[action.pk].status


def fill(action: Action) -> None:
    """Everything that facts are made of."""
    milestone = Milestone.objects.create(action=action, title="études", planned_on=MARCH, is_done=True)
    said(milestone, MARCH, is_done=True, actual_on=MARCH)
    indicator = ActionIndicator.objects.create(action=action, name="arbres", baseline=0, target=10, source="DEVE")
    IndicatorValue.objects.create(indicator=indicator, measured_on=MARCH, value=5, reported_at=at(MARCH))
    asked = Commitment.objects.create(
        action=action, directorate=Directorate.objects.get(code="DEVE"), asked_on=MARCH, answer_due_on=MAY
    )
    Answer.objects.create(commitment=asked, state="accepted", at=at(MAY))
    MeansLine.objects.create(action=action, year=2026, amount_cents=100)
    Review.objects.create(action=action, held_on=MARCH)
    ActionRevision.objects.create(action=action, number=1, at=at(MARCH), content={"due_on": "2026-12-31"})


def test_status_progress_and_grade_are_written_with_their_day(action, now):
    made = action(deliverable="Un square", precision="point")
    Milestone.objects.create(action=made, title="études", planned_on=MARCH, is_done=True)
    Milestone.objects.create(action=made, title="travaux", planned_on=date(2026, 12, 1))
    assert recompute(on=TODAY, at=now) == 1
    made.refresh_from_db()
    assert (made.status, made.status_on, made.progress) == ("on_time", TODAY, Decimal(50))
    assert made.status_reason == "1 jalon sur 2 tenu ; prochain « travaux » le 1er décembre."
    assert (made.grade, made.grade_missing) == (5, ["owner", "indicator", "means"])


def test_the_revision_that_people_compare_is_not_touched(action, now):
    made = action()
    recompute(on=TODAY, at=now)
    made.refresh_from_db()
    assert (made.revision, made.changed_at) == (1, now)


def test_only_the_actions_asked_are_written(action, now):
    one, two = action("A1"), action("A2")
    assert recompute([one], on=TODAY, at=now) == 1
    assert recompute(Action.objects.filter(code="A2"), on=TODAY, at=now) == 1
    assert recompute(Action.objects.none(), on=TODAY, at=now) == 0
    two.refresh_from_db()
    assert two.status == Status.UNKNOWN


def test_a_change_of_status_leaves_a_line_and_a_first_status_does_not(action, now):
    made = action()
    recompute(on=TODAY, at=now)
    recompute(on=TODAY, at=now)
    assert not Entry.objects.filter(verb="action.status").exists()
    recompute(on=date(2027, 1, 1), at=now + timedelta(days=38))
    entry = Entry.objects.get(verb="action.status")
    assert (entry.subject_id, entry.actor_id) == (made.code, None)
    assert entry.codes == {"from": "unknown", "to": "late", "rule": "past_its_end"}


@pytest.mark.parametrize("as_of", [None, TODAY])
def test_one_or_thirty_actions_take_the_same_number_of_queries(action, now, as_of):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            recompute(on=TODAY, at=now) if as_of is None else status_on(Action.objects.all(), as_of)
        return len(seen)

    first = action("A0")
    fill(first)
    Dependency.objects.create(action=first, needs=action("N0"))
    alone = queries()
    for n in range(1, 30):
        fill(made := action(f"A{n}"))
        Dependency.objects.create(action=made, needs=first)
    assert queries() == alone


def test_a_thousand_actions_are_recomputed_in_under_two_seconds(now):
    made = Action.objects.bulk_create(
        Action(code=f"A{n}", title="x", due_on=TODAY, created_at=now, changed_at=now) for n in range(1000)
    )
    Milestone.objects.bulk_create(Milestone(action=a, title=str(n), planned_on=MAY) for a in made for n in range(4))
    start = datetime.now(tz=UTC)
    assert recompute(on=TODAY, at=now) == 1000
    assert datetime.now(tz=UTC) - start < timedelta(seconds=2)


# The past


def test_a_milestone_is_replayed_by_what_had_been_said_of_it(action):
    made = action()
    milestone = Milestone.objects.create(
        action=made, title="marché", planned_on=MARCH, actual_on=date(2026, 4, 20), is_done=True
    )
    said(milestone, date(2026, 3, 20), forecast_on=date(2026, 6, 1))
    said(milestone, date(2026, 4, 21), actual_on=date(2026, 4, 20), is_done=True)
    days = [MARCH, date(2026, 3, 19), date(2026, 3, 20), date(2026, 4, 20), date(2026, 4, 21)]
    assert [replayed(made, day) for day in days] == [
        Status.ON_TIME, Status.LATE, Status.WATCH, Status.WATCH, Status.COMPLETE
    ]  # fmt: skip


def test_the_day_of_a_report_is_the_day_of_paris(action):
    made = action()
    milestone = Milestone.objects.create(action=made, title="marché", planned_on=MARCH, is_done=True)
    MilestoneReport.objects.create(
        milestone=milestone, is_done=True, reported_at=datetime(2026, 5, 15, 22, 30, tzinfo=UTC)
    )
    assert replayed(made, MAY) is Status.LATE
    assert replayed(made, MAY + timedelta(days=1)) is Status.COMPLETE


def test_a_milestone_without_report_is_replayed_by_its_own_dates(action):
    made = action()
    Milestone.objects.create(action=made, title="marché", planned_on=MARCH, actual_on=MAY, is_done=True)
    assert replayed(made, date(2026, 5, 14)) is Status.LATE
    assert replayed(made, MAY) is Status.COMPLETE


def test_a_measure_counts_from_the_day_it_was_said_and_the_last_word_wins(action):
    made = action()
    indicator = ActionIndicator.objects.create(action=made, name="arbres", baseline=100, target=200)
    for value, day in ((90, MARCH), (150, MAY)):
        IndicatorValue.objects.create(indicator=indicator, measured_on=MARCH, value=value, reported_at=at(day))
    assert replayed(made, date(2026, 3, 14)) is Status.UNKNOWN
    assert replayed(made, MARCH) is Status.WATCH
    assert replayed(made, MAY) is Status.ON_TIME


def test_dates_are_replayed_by_the_revision_of_that_day_and_before_the_first_by_the_first(action):
    made = action(due_on=date(2026, 12, 31))
    for number, day, due in ((1, MARCH, "2026-04-30"), (2, MAY, "2026-12-31")):
        ActionRevision.objects.create(action=made, number=number, at=at(day), content={"due_on": due})
    due = {
        day: facts_for(Action.objects.all(), day)[made.pk].due_on
        for day in (date(2026, 1, 1), MARCH, date(2026, 5, 14), MAY)
    }
    assert list(due.values()) == [date(2026, 4, 30)] * 3 + [date(2026, 12, 31)]
    assert replayed(made, date(2026, 5, 1)) is Status.LATE


def test_a_plan_or_a_target_moved_since_does_not_change_what_was_judged_before(action, agent):
    made = action()
    milestone = Milestone.objects.create(action=made, title="marché", planned_on=MARCH)
    indicator = ActionIndicator.objects.create(
        action=made, name="arbres", baseline=0, target=100, baseline_on=date(2026, 1, 1), target_on=date(2026, 12, 31)
    )
    IndicatorValue.objects.create(indicator=indicator, measured_on=MARCH, value=18, reported_at=at(MARCH))
    keep_first(made)
    ActionRevision.objects.update(at=at(date(2026, 1, 2)))
    Milestone.objects.filter(pk=milestone.pk).update(planned_on=date(2026, 12, 1))
    ActionIndicator.objects.filter(pk=indicator.pk).update(target=10)
    Milestone.objects.create(action=made, title="ajouté depuis", planned_on=MARCH)
    made.revision = 2
    keep(made, by=agent, at=at(MAY))
    before, after = (facts_for(Action.objects.all(), day)[made.pk] for day in (date(2026, 5, 14), MAY))
    assert [(m.title, m.planned_on) for m in before.milestones] == [("marché", MARCH)]
    assert [m.title for m in after.milestones] == ["marché", "ajouté depuis"]
    assert (before.indicators[0].target, after.indicators[0].target) == (100, 10)
    assert replayed(made, date(2026, 3, 16)) is Status.LATE


def test_an_action_dropped_since_was_alive_before(action, person):
    made, head = action(), person("directorate-head")
    move(made, "drop", by=head, at=at(MAY), reason="Plus de site.")
    assert replayed(made, date(2026, 5, 14)) is Status.UNKNOWN
    assert replayed(made, MAY) is Status.DROPPED
    move(made, "take_up", by=head, at=at(TODAY), reason="Un site est trouvé.")
    assert replayed(made, date(2026, 11, 23)) is Status.DROPPED
    assert replayed(made, TODAY) is Status.UNKNOWN


def test_a_partner_was_silent_until_it_answered(action):
    made = action()
    Milestone.objects.create(action=made, title="bilan", planned_on=date(2026, 12, 1))
    asked = Commitment.objects.create(
        action=made, directorate=Directorate.objects.get(code="DEVE"), state="accepted", asked_on=MARCH,
        answer_due_on=date(2026, 4, 1), answered_on=MAY,
    )  # fmt: skip
    assert replayed(made, date(2026, 3, 1)) is Status.ON_TIME
    assert replayed(made, date(2026, 4, 11)) is Status.WATCH
    assert replayed(made, MAY) is Status.ON_TIME
    Answer.objects.create(commitment=asked, state="declined", at=at(MAY))
    assert replayed(made, MAY) is Status.WATCH


def test_an_action_waits_for_another_only_until_that_one_is_over(action):
    made, needed = action("A1"), action("A2", due_on=date(2026, 4, 1))
    Milestone.objects.create(action=made, title="bilan", planned_on=date(2026, 12, 1))
    Milestone.objects.create(action=needed, title="travaux", actual_on=MAY, is_done=True)
    Dependency.objects.create(action=made, needs=needed)
    assert replayed(made, date(2026, 4, 11)) is Status.WATCH
    assert replayed(made, MAY) is Status.ON_TIME
    assert facts_for(Action.objects.filter(pk=made.pk))[made.pk].needs[0].is_finished
