from django.conf import settings
from django.db import models


class DigestPreference(models.Model):
    """How often a person wants the digest by e-mail."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", "chaque jour ouvré"
        WEEKLY = "weekly", "le lundi"
        NEVER = "never", "jamais"

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_preference")
    rhythm = models.CharField(max_length=8, default=Rhythm.DAILY, choices=Rhythm.choices)
    kinds_off = models.JSONField(default=list, help_text="genres de messages refusés")


class DigestSent(models.Model):
    """A digest already sent to a person for a day: the row that keeps it from being sent twice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(
        null=True, help_text="remis au serveur de courriel ; vide : peut-être jamais parti"
    )
    keys = models.JSONField(default=dict, help_text="ce qui y figurait, clé et urgence ; aucune phrase")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="digest_once_a_day")]


class DeskVisit(models.Model):
    """When a person last opened her desk, and the time before: what « depuis votre dernière visite » means."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_visit")
    seen_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True, help_text="la visite précédente ; vide à la première")
