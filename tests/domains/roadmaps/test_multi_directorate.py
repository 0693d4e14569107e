"""An action of several directorates needs a project lead, a review rhythm and answers; what lacks is said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps import multi_directorate
from parvis.domains.roadmaps.facts import ActionFacts, CommitmentFacts, MilestoneFacts
from parvis.domains.roadmaps.models import Action, Commitment, Review
from parvis.domains.roadmaps.queries import multi_directorate as queries
from parvis.kernel.organisation.models import Directorate

TODAY = date(2026, 11, 24)
ACCEPTED = CommitmentFacts("DEVE", "accepted", TODAY)
WELL = ActionFacts(
    lead="DVD", commitments=(ACCEPTED,), has_project_lead=True, starts_on=date(2026, 1, 1),
    last_review_on=TODAY - timedelta(days=60), milestones=(MilestoneFacts("marché"),),
)  # fmt: skip


def alerts(**changes) -> tuple[str, ...]:
    return multi_directorate.alerts(replace(WELL, **changes), TODAY)


def test_a_well_followed_action_alerts_nobody():
    assert alerts() == ()


def test_without_a_project_lead():
    assert alerts(has_project_lead=False) == ("Aucun chef de projet n’est nommé.",)


def test_the_review_is_late_the_day_after_its_rhythm():
    gone = TODAY - timedelta(days=61)
    assert alerts(last_review_on=gone) == ("Aucune revue depuis 61 jours ; une est prévue tous les 60 jours.",)
    assert alerts(last_review_on=gone, review_every_days=90) == ()


def test_no_review_at_all_is_counted_from_the_start():
    assert alerts(last_review_on=None) == ("Aucune revue tenue depuis le début, le 1er janvier.",)
    assert alerts(last_review_on=None, starts_on=TODAY - timedelta(days=60)) == ()
    assert alerts(last_review_on=None, starts_on=TODAY + timedelta(days=1)) == ()
    assert alerts(last_review_on=None, starts_on=None) == ("Aucune revue de projet n’a encore été tenue.",)


def test_each_silent_partner_is_named_the_longest_silence_first():
    silent = (
        CommitmentFacts("DJS", "asked", date(2026, 11, 23)),
        CommitmentFacts("CASVP", "asked", date(2026, 11, 14)),
    )
    assert alerts(commitments=(ACCEPTED, *silent)) == (
        "Le CASVP n’a pas répondu depuis 10 jours.", "La DJS n’a pas répondu depuis 1 jour.",
    )  # fmt: skip


def test_a_partner_due_today_is_not_silent_yet():
    assert alerts(commitments=(ACCEPTED, CommitmentFacts("DJS", "asked", TODAY))) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"is_dropped": True},
        {"milestones": (MilestoneFacts("marché", is_done=True),)},
        {"commitments": ()},
        {"commitments": (CommitmentFacts("DEVE", "declined", TODAY),)},
        {"commitments": (CommitmentFacts("DVD", "accepted", TODAY),)},
    ],
)
def test_what_is_over_or_carried_by_one_directorate_alerts_nobody(changes):
    assert alerts(has_project_lead=False, **changes) == ()


# Of the records


@pytest.fixture
def joint(db, now):
    def make(code: str, *partners: str) -> Action:
        action = Action.objects.create(
            code=code, title=code, created_at=now, changed_at=now, lead=Directorate.objects.get(code="DVD")
        )
        for partner in partners:
            Commitment.objects.create(
                action=action, directorate=Directorate.objects.get(code=partner), asked_on=TODAY, answer_due_on=TODAY
            )
        return action

    return make


def test_rows_say_directorates_last_review_and_alerts_most_alerted_first(joint, person):
    pilot = person("roadmap-pilot")
    joint("SOLO")
    kept = joint("KEPT", "DJS", "DEVE")
    Review.objects.create(action=kept, held_on=TODAY)
    Action.objects.filter(pk=kept.pk).update(project_lead=pilot)
    joint("LEFT", "DEVE")
    rows = queries.rows(pilot, TODAY)
    assert [row.action.code for row in rows] == ["LEFT", "KEPT"]
    assert rows[1].directorates == ("DVD", "DEVE", "DJS")
    assert (rows[1].last_review_on, rows[1].review_every_days, rows[1].alerts) == (TODAY, 60, ())
    assert [row.action.code for row in queries.alerting(pilot, TODAY)] == ["LEFT"]
    assert queries.rows(pilot, TODAY, Action.objects.filter(code="SOLO")) == []


def test_a_person_sees_the_rows_of_her_directorate_and_the_public_none_of_a_draft(joint, person):
    joint("A", "DEVE"), joint("B", "DJS")
    assert [row.action.code for row in queries.rows(person("contributor", "directorate", "DJS"), TODAY)] == ["B"]
    assert queries.rows(AnonymousUser(), TODAY) == []


def test_one_or_thirty_rows_take_the_same_number_of_queries(joint, person):
    pilot = person("roadmap-pilot")

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            [(row.action.lead.code, row.action.project_lead) for row in queries.rows(pilot, TODAY)]
        return len(seen)

    joint("A0", "DEVE")
    pilot.live_assignments()  # read once per request
    alone = count()
    for n in range(1, 30):
        joint(f"A{n}", "DEVE", "DJS")
    assert count() == alone
