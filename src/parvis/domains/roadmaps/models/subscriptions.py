from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """A person's calendar address. Raising `version` makes every address given out before unknown."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=1)
    renewed_at = models.DateTimeField()
