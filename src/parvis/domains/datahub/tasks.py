"""What the background worker does for the imports, and when."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts import quarantine

PATIENT = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="datahub.forget", retry=PATIENT)
def forget_settled_rows(timestamp: int) -> int:
    """Delete, each night, the quarantined rows settled more than 90 days ago; twice is the same as once."""
    now = timezone.now()
    return quarantine.forget_settled(paris_day(now), at=now)
