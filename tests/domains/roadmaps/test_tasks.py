"""The night derives every status for the new day, and doing it twice changes nothing."""

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from parvis.domains.roadmaps import tasks
from parvis.domains.roadmaps.models import Action
from parvis.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_the_night_derives_every_status_for_the_day_of_paris(now):
    Action.objects.create(code="A1", title="x", due_on=now.date().replace(year=2020), created_at=now, changed_at=now)
    assert tasks.recompute_statuses(timestamp=0) == 1
    action = Action.objects.get()
    assert (action.status, action.status_on) == ("late", timezone.localdate())
    before = Entry.objects.count()
    assert tasks.recompute_statuses(timestamp=0) == 1
    assert Entry.objects.count() == before


def test_the_night_is_planned_for_both_seasons():
    planned = {each.task.name: each.cron for each in app.periodic_registry.periodic_tasks.values()}
    assert planned[tasks.recompute_statuses.name] == "10 22,23 * * *"
