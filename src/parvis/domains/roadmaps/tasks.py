"""What the background worker does for the roadmaps, and when."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parvis.domains.roadmaps.actions.recompute import recompute
from parvis.domains.roadmaps.actions.reminders import send_due
from parvis.kernel.calendar import paris_day

PATIENT = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="10 22,23 * * *")
@app.task(queueing_lock="roadmaps.recompute", retry=PATIENT)
def recompute_statuses(timestamp: int) -> int:
    """Derive every status for the new day at 00:10 in Paris, summer and winter; twice is the same as once."""
    now = timezone.now()
    return recompute(on=paris_day(now), at=now)


@app.periodic(cron="30 6 * * 1-5")
@app.task(queueing_lock="roadmaps.reminders", retry=PATIENT)
def send_reminders(timestamp: int) -> int:
    """Climb the ladder of reminders each weekday morning; run twice, nothing leaves twice."""
    return send_due(timezone.now()).sent
