"""Reminders climb the ladder, lead to the very item, and never leave twice."""

import threading
from datetime import UTC, date, datetime

import drafts
import pytest
from django.core import mail
from django.db import connection

from parvis.domains.roadmaps.actions import reminders
from parvis.domains.roadmaps.actions.campaigns import open_campaign
from parvis.domains.roadmaps.actions.reminders import Sent, send_due
from parvis.domains.roadmaps.models import Plan, Reminder
from parvis.domains.roadmaps.queries.reminders import due_reminders


def at(month, day):
    return datetime(2026, month, day, 6, 0, tzinfo=UTC)


@pytest.fixture
def people(person):
    return {
        "chief": person("sector-chief", "sector", "19", email="secteur19@example.org"),
        "pilot": person("roadmap-pilot", email="pilote@example.org"),
        "head": person("directorate-head", email="direction@example.org"),
        "contributor": person("contributor", "directorate", "DEVE", email="deve@example.org"),
        "other": person("sector-chief", "sector", "18", email="secteur18@example.org"),
    }


@pytest.fixture
def plan(people):
    """The only roadmap that has not reached its first stage: 19th; the others are evaluated."""
    campaign = open_campaign(2026, date(2026, 1, 5), by=people["head"], at=at(1, 5))
    others = campaign.plans.exclude(sector__code="19")
    others.update(campaign=None)
    return Plan.objects.get(code="fdr-2026-19")


def receivers():
    return sorted(message.to[0] for message in mail.outbox)


def test_the_pilot_then_the_head_then_the_direction_are_written_to(plan, people):
    due = plan.campaign.stages.get(code="consultation").due_on
    assert due == date(2026, 1, 26)
    send_due(at(1, 16))
    assert receivers() == []
    send_due(at(1, 19))
    assert receivers() == ["secteur19@example.org"]
    send_due(at(1, 29))
    assert receivers() == ["pilote@example.org", "secteur19@example.org"]
    send_due(at(2, 9))
    assert receivers() == ["direction@example.org", "pilote@example.org", "secteur19@example.org"]


def test_the_mail_leads_to_the_very_item_in_plain_french(plan, settings):
    settings.PUBLIC_ADDRESS = "https://parvis.example.org/"
    send_due(at(1, 19))
    message = mail.outbox[0]
    assert "du 19e 2026" in message.subject and "Concertation ouverte" in message.body
    assert "https://parvis.example.org/feuilles-de-route/plans/fdr-2026-19/" in message.body


def test_nothing_leaves_twice(plan):
    assert send_due(at(1, 19)) == Sent(1, 0)
    assert send_due(at(1, 19)) == Sent(0, 0) == send_due(at(1, 20))
    assert len(mail.outbox) == 1


def test_killed_in_the_middle_it_does_not_leave_twice_and_says_so(plan, monkeypatch):
    def killed(reminder):
        raise KeyboardInterrupt

    monkeypatch.setattr(reminders, "_mail", killed)
    with pytest.raises(KeyboardInterrupt):
        send_due(at(1, 19))
    monkeypatch.undo()
    assert send_due(at(1, 20)) == Sent(0, 0)
    assert Reminder.objects.get().delivered_at is None and mail.outbox == []


def test_refused_by_the_mail_server_it_is_tried_again(plan, monkeypatch):
    def refused(reminder):
        raise ConnectionRefusedError

    monkeypatch.setattr(reminders, "_mail", refused)
    assert send_due(at(1, 19)) == Sent(0, 1)
    monkeypatch.undo()
    assert send_due(at(1, 19)) == Sent(1, 0)


def test_a_silent_directorate_is_reminded_then_its_head(plan, people, person):
    person("directorate-head", "directorate", "DEVE", email="chef.deve@example.org")
    drafts.asked(drafts.action(plan, "A-1"))  # due 26 January
    Plan.objects.filter(pk=plan.pk).update(campaign=None)
    send_due(at(1, 22))
    assert receivers() == ["deve@example.org"]
    send_due(at(1, 29))
    assert receivers() == ["chef.deve@example.org", "deve@example.org"]


def test_what_was_answered_or_dropped_is_not_reminded(plan, people):
    Plan.objects.filter(pk=plan.pk).update(campaign=None)
    drafts.asked(drafts.action(plan, "A-1"), state="accepted")
    drafts.asked(drafts.action(plan, "A-2", state="dropped"))
    assert due_reminders(date(2026, 3, 1)) == []


def test_what_is_due_is_found_in_as_many_queries_for_one_as_for_fifty(plan, people, django_assert_num_queries):
    with django_assert_num_queries(6):
        due_reminders(date(2026, 2, 20))
    for n in range(50):
        drafts.asked(drafts.action(plan, f"B-{n}"))
    with django_assert_num_queries(8):
        due_reminders(date(2026, 2, 20))
    for n in range(50):
        drafts.asked(drafts.action(plan, f"C-{n}"))
    with django_assert_num_queries(8):
        due_reminders(date(2026, 2, 20))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(person):
    head = person("directorate-head")
    person("sector-chief", "sector", "19", email="secteur19@example.org")
    campaign = open_campaign(2026, date(2026, 1, 5), by=head, at=at(1, 5))
    campaign.plans.exclude(sector__code="19").update(campaign=None)
    start, outcomes = threading.Barrier(2), []

    def work():
        start.wait()
        try:
            outcomes.append(send_due(at(1, 19)).sent)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [0, 1] and len(mail.outbox) == 1
