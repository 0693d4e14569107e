"""Is the house well? For the machine that watches it: JSON, no secret, 503 when something is down."""

import shutil
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from parvis.kernel.organisation.requests import Request

SILENCE = timedelta(seconds=60)
LOWEST_FREE_BYTES = 500 * 2**20


def health(request: Request) -> HttpResponse:
    try:
        report = {"database": _database(), "worker": _worker(request.now), "disk": _disk()}
    except DatabaseError:
        report = {"database": {"is_well": False}, "disk": _disk()}
    is_well = all(part["is_well"] for part in report.values())
    response = JsonResponse({"is_well": is_well, **report}, status=200 if is_well else 503)
    response["Cache-Control"] = "no-store"
    return response


def _database() -> dict:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"is_well": True}


def _worker(now) -> dict:
    """The last sign of life of a background worker, and how many tasks wait for one."""
    seen = ProcrastinateWorker.objects.order_by("-last_heartbeat").values_list("last_heartbeat", flat=True).first()
    waiting = ProcrastinateJob.objects.filter(status="todo", scheduled_at__isnull=True).count()
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    return {"is_well": bool(seen and now - seen < SILENCE), "last_seen_at": seen, "waiting": waiting, "failed": failed}


def _disk() -> dict:
    free = shutil.disk_usage(settings.HOME).free
    return {"is_well": free >= LOWEST_FREE_BYTES, "free_megabytes": free // 2**20}
