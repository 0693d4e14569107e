"""What the background worker does for the whole house, and when. A domain's own tasks lie in its `tasks.py`.

The pattern: a plain function of the domain does the work for an instant passed in, twice is the same as once; the task
reads the clock, calls it, and is retried. A cron line is in UTC, so a task that belongs to a Paris hour is called at
both UTC hours and works on what is due.
"""

from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate import RetryStrategy, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from parvis.kernel.calendar import paris_day
from parvis.kernel.journal import seals
from parvis.web import digests

PATIENT = RetryStrategy(max_attempts=5, exponential_wait=4)
SILENCE = 30  # seconds without a heartbeat after which a worker is taken for dead


@app.periodic(cron="30 22,23 * * *")
@app.task(queueing_lock="seal", retry=PATIENT)
def seal_yesterday(timestamp: int) -> int:
    """Seal the finished days of the journal at 00:30 in Paris, summer and winter."""
    now = timezone.now()
    return seals.seal_yesterday(at=now, today=paris_day(now))


@app.periodic(cron="30 5,6,7 * * 1-5")
@app.task(queueing_lock="digests", retry=PATIENT)
def send_digests(timestamp: int) -> int:
    """Send the digests at 07:30 in Paris, summer and winter; the runs after find only what could not leave."""
    return digests.send_digests(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="rescue", pass_context=True)
async def rescue_stalled(context, timestamp: int) -> int:
    """Put back in the queue what a dead worker was doing: every task may run twice, so nothing is lost or doubled."""
    jobs = context.app.job_manager
    stalled = list(await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENCE))
    for job in stalled:
        try:
            await jobs.retry_job(job)
        except exceptions.UniqueViolation:  # its like already waits in the queue, and will do the same work
            await jobs.finish_job(job, status=Status.ABORTED, delete_job=False)
    return len(stalled)


@app.periodic(cron="15 2 * * *")
@app.task(queueing_lock="sweep", pass_context=True)
async def sweep(context, timestamp: int) -> None:
    """Forget finished jobs after a week, failed ones after a month, and sessions that have ended."""
    await context.app.job_manager.delete_old_jobs(nb_hours=7 * 24)
    await context.app.job_manager.delete_old_jobs(nb_hours=30 * 24, include_failed=True)
    await sync_to_async(_clear_sessions)()


def _clear_sessions() -> None:
    from django.contrib.sessions.models import Session

    Session.objects.filter(expire_date__lt=timezone.now()).delete()
