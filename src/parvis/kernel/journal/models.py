from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One thing that happened. The database refuses to change or delete it."""

    at = models.DateTimeField()
    day = models.DateField(help_text="jour de Paris, celui du scellé")
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    codes = models.JSONField(default=dict, help_text="identifiants et codes ; jamais de texte libre")

    class Meta:
        indexes = [
            models.Index(fields=["day", "id"], name="journal_day"),
            models.Index(fields=["subject_kind", "subject_id"], name="journal_subject"),
            models.Index(fields=["actor", "at"], name="journal_actor"),
        ]


class Seal(models.Model):
    """The closing of a day: how many entries, their digest, chained to the day before."""

    day = models.DateField(unique=True)
    entry_count = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
