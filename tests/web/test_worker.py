"""The background worker, killed in the middle: what it held is taken up by the next one, and done once."""

import signal
import time

import psycopg
import pytest

from houses import House
from parvis.kernel.journal.seals import SEALING_LOCK

YESTERDAYS_WORK = """
from datetime import timedelta
from django.utils import timezone
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference
entries.record("plan.sign", Reference("plan", "a"), by=None, at=timezone.now() - timedelta(days=1))
"""
DEFER_SEAL = "from parvis.web import tasks; tasks.seal_yesterday.defer(timestamp=0)"
RESCUE_NOW = """
import asyncio
from types import SimpleNamespace
from procrastinate.contrib.django import app
from parvis.web import tasks

async def rescue(worker_app):
    async with worker_app.open_async():
        await tasks.rescue_stalled(SimpleNamespace(app=worker_app), timestamp=0)

with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
    asyncio.run(rescue(worker_app))
"""
DEFER_RESCUE = "from parvis.web import tasks; tasks.rescue_stalled.defer(timestamp=0)"


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        made = House("worker", tmp_path_factory.mktemp("worker"))
        made.parvis("verify")  # migrates
        yield made
        made.drop()


def wait_until(house, sql, expected, seconds=40):
    for _ in range(seconds * 5):
        if house.query(sql) == expected:
            return
        time.sleep(0.2)
    raise AssertionError(f"{sql}: {house.query(sql)} instead of {expected}")


SEAL_JOB = "SELECT status::text FROM procrastinate_jobs WHERE task_name LIKE '%seal_yesterday' ORDER BY id"


def test_a_worker_killed_in_the_middle_loses_nothing_and_nothing_is_done_twice(house):
    house.shell(YESTERDAYS_WORK + DEFER_SEAL)
    with psycopg.connect(house.address) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", [SEALING_LOCK])  # the task will wait here, in its middle
        first = house.start("worker")
        wait_until(house, SEAL_JOB, [("doing",)])
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    assert house.query(SEAL_JOB) == [("doing",)]
    assert house.query("SELECT count(*) FROM journal_seal") == [(0,)]
    house.query("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    house.shell(DEFER_RESCUE)
    second = house.start("worker")
    try:
        wait_until(house, SEAL_JOB, [("succeeded",)])
    finally:
        second.terminate()
        assert second.wait(40) == 0
    assert house.query("SELECT entry_count FROM journal_seal") == [(1,)]
    assert house.parvis("verify").returncode == 0


def test_what_a_dead_worker_held_gives_way_to_its_like_already_waiting(house):
    house.query(
        "INSERT INTO procrastinate_jobs (task_name, queue_name, priority, args, status, queueing_lock, attempts)"
        " VALUES ('parvis.web.tasks.seal_yesterday', 'default', 0, '{\"timestamp\": 1}', 'doing', 'seal', 1),"
        " ('parvis.web.tasks.seal_yesterday', 'default', 0, '{\"timestamp\": 2}', 'todo', 'seal', 0)"
    )
    house.shell(RESCUE_NOW)
    assert house.query(SEAL_JOB)[-2:] == [("aborted",), ("todo",)]


def test_sealing_twice_changes_nothing(db, now):
    from datetime import date

    from parvis.kernel.journal import entries, seals
    from parvis.kernel.references import Reference

    entries.record("plan.sign", Reference("plan", "a"), by=None, at=now)
    assert seals.seal_until(date(2026, 11, 24), at=now) == 1
    assert seals.seal_until(date(2026, 11, 24), at=now) == 0


def test_every_periodic_task_is_known_and_may_run_twice():
    """A task that is not retried would be lost at the first hitch of the network."""
    from procrastinate.contrib.django import app

    periodic = {task.task.name: task.task for task in app.periodic_registry.periodic_tasks.values()}
    assert {"parvis.web.tasks.seal_yesterday", "parvis.web.tasks.rescue_stalled", "parvis.web.tasks.sweep"} <= set(
        periodic
    )
    assert [name for name, task in periodic.items() if not task.queueing_lock] == []
