"""What the background worker does for steering each night: photograph, measure, alert, let go of what is old."""

from datetime import date, datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parvis.domains.steering.actions import alerting, measuring
from parvis.domains.steering.models import Evaluation
from parvis.domains.steering.queries import cells
from parvis.kernel.calendar import paris_day
from parvis.kernel.lake import retention, snapshots

PATIENT = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="10 23,0 * * *")
@app.task(queueing_lock="steering.night", retry=PATIENT)
def measure_each_night(timestamp: int) -> int:
    """At ten past one in Paris, summer and winter; the run that finds the day already measured measures nothing."""
    return night(timezone.now())


def night(at: datetime) -> int:
    """Photograph and measure the day unless that was done, then what follows; gives the number of measurements.

    What follows is done again by a second run: a night that was cut after its figures still ends with its alerts.
    """
    today = paris_day(at)
    made = 0 if _is_measured(today) else _measured(at)
    alerting.raise_alerts(at=at)
    measuring.forget_old(at=at)
    retention.let_go(today=today, at=at)
    retention.sweep(cells.files(), at=at)
    return made


def _is_measured(today: date) -> bool:
    return Evaluation.objects.filter(as_of=today, finished_at__isnull=False, started_by=None).exists()


def _measured(at: datetime) -> int:
    snapshots.take_all(by=None, at=at)
    return measuring.measure_all(by=None, at=at).measurements.count()
