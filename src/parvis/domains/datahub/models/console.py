from django.conf import settings
from django.db import models

from parvis.kernel.references import Reference


class LakeQuery(models.Model):
    """A question asked of the lake in SQL. Its text is kept 90 days here; the journal keeps its fingerprint for good."""

    class Outcome(models.TextChoices):
        STARTED = "started", "interrompue"
        ANSWERED = "answered", "répondue"
        REFUSED = "refused", "refusée"
        FAILED = "failed", "en erreur"
        STOPPED = "stopped", "arrêtée au bout du temps"
        MEMORY = "memory", "arrêtée faute de mémoire"

    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.STARTED)
    row_count = models.PositiveIntegerField(default=0)
    is_cut = models.BooleanField(default=False)
    milliseconds = models.PositiveIntegerField(default=0)
    tables = models.JSONField(default=list, help_text="jeux de données lus")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["asked_by", "asked_at"], name="lake_query_of_person")]

    def reference(self) -> Reference:
        return Reference("lake-query", str(self.pk))
