from django.conf import settings
from django.db import models

from parvis.kernel.references import Reference


class Processing(models.Model):
    """A processing of personal data (GDPR art. 30). What it says is in its newest version."""

    code = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def reference(self) -> Reference:
        return Reference("processing", self.code)


class ProcessingVersion(models.Model):
    """What the register says of a processing, from one instant on. Never changed: the next version replaces it."""

    class Assessment(models.TextChoices):
        UNNEEDED = "unneeded", "sans objet"
        TO_DO = "to_do", "à faire"
        UNDER_WAY = "under_way", "en cours"
        DONE = "done", "faite"

    processing = models.ForeignKey(Processing, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    purpose = models.TextField()
    legal_basis = models.CharField(max_length=20, help_text="une des six bases de l’article 6")
    people = models.TextField(help_text="catégories de personnes")
    categories = models.TextField(help_text="catégories de données")
    recipients = models.TextField()
    retention = models.TextField()
    security = models.TextField()
    controller = models.CharField(max_length=200)
    transfers = models.CharField(max_length=300)
    criteria = models.JSONField(default=list, help_text="critères d’analyse d’impact réunis")
    assessment = models.CharField(max_length=10, choices=Assessment.choices, default=Assessment.UNNEEDED)
    datasets = models.JSONField(default=list, help_text="codes des jeux de données concernés")
    reason = models.CharField(max_length=300, blank=True, help_text="pourquoi cette version")
    is_ended = models.BooleanField(default=False, help_text="le traitement a cessé")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        ordering = ["processing", "number"]
        constraints = [models.UniqueConstraint(fields=["processing", "number"], name="processing_version_once")]
