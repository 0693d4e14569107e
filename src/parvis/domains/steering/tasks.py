"""What the background worker does for steering each night: photograph, measure, alert, let go of what is old."""

from datetime import datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parvis.domains.steering.actions import alerting, measuring
from parvis.domains.steering.models import Evaluation, Measurement
from parvis.kernel.calendar import paris_day
from parvis.kernel.lake import retention, snapshots

PATIENT = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="10 23,0 * * *")
@app.task(queueing_lock="steering.night", retry=PATIENT)
def measure_each_night(timestamp: int) -> int:
    """At ten past one in Paris, summer and winter; the run that finds the day already measured does nothing."""
    return night(timezone.now())


def night(at: datetime) -> int:
    """Photograph and measure the day unless that was done; gives the number of measurements."""
    today = paris_day(at)
    if Evaluation.objects.filter(as_of=today, finished_at__isnull=False, started_by=None).exists():
        return 0
    snapshots.take_all(by=None, at=at)
    run = measuring.measure_all(by=None, at=at)
    alerting.raise_alerts(at=at)
    measuring.forget_old(at=at)
    retention.let_go(today=today, at=at)
    retention.sweep(Measurement.objects.order_by().values_list("cells_sha256", flat=True).distinct(), at=at)
    return run.measurements.count()
