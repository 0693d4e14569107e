"""What the background worker does for the imports, the catalogue and the console, and when."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parvis.domains.datahub.actions import console, contract_drafts, profiles, publications
from parvis.kernel.calendar import paris_day
from parvis.kernel.contracts import quarantine

PATIENT = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="datahub.forget", retry=PATIENT)
def forget_settled_rows(timestamp: int) -> int:
    """Delete, each night, the quarantined rows settled more than 90 days ago; twice is the same as once."""
    now = timezone.now()
    return quarantine.forget_settled(paris_day(now), at=now)


@app.periodic(cron="50 2 * * *")
@app.task(queueing_lock="datahub.profile", retry=PATIENT)
def profile_snapshots(timestamp: int) -> int:
    """Profile, each night, the files that no one has profiled yet; twice reads nothing."""
    return profiles.profile_all(at=timezone.now())


@app.periodic(cron="55 2 * * *")
@app.task(queueing_lock="datahub.forget-queries", retry=PATIENT)
def forget_old_queries(timestamp: int) -> int:
    """Delete, each night, the text of the questions asked more than 90 days ago; twice is the same as once."""
    return console.forget_old(at=timezone.now())


@app.periodic(cron="0 3 * * *")
@app.task(queueing_lock="datahub.renew", retry=PATIENT)
def renew_publications(timestamp: int) -> int:
    """Put online, each night, the newest snapshot of what is published, when every gate holds; twice changes nothing."""
    return publications.renew_all(at=timezone.now())


@app.periodic(cron="5 3 * * *")
@app.task(queueing_lock="datahub.forget-drafts", retry=PATIENT)
def forget_old_drafts(timestamp: int) -> int:
    """Delete, each night, the contracts left in preparation for 30 days, with their files."""
    return contract_drafts.forget_old(timezone.now())
