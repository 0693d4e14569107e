from django.conf import settings
from django.db import models

from parvis.kernel.references import Reference


class Evaluation(models.Model):
    """One run over the lake: every indicator as of a day. Only one runs at a time."""

    as_of = models.DateField(help_text="jour de Paris jusqu’auquel les faits sont connus")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True)
    engine = models.CharField(max_length=20)

    class Meta:
        ordering = ["as_of", "started_at"]

    def reference(self) -> Reference:
        return Reference("evaluation", str(self.pk))


class Measurement(models.Model):
    """What an indicator was worth, from which snapshots, under which definition.

    Every cell lies in the lake as an immutable file (`cells_sha256`, the schema of `kernel.indicators.cells`); what
    pages show at a glance is kept here: the latest complete period, the history of the total, the places.
    """

    class Outcome(models.TextChoices):
        MEASURED = "measured", "mesuré"
        NO_FACTS = "no-facts", "aucun fait"
        FAILED = "failed", "échec"

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="measurements")
    indicator = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64, help_text="empreinte de la définition")
    snapshots = models.JSONField(help_text="par jeu de données : numéro et empreinte de la photographie")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    note = models.CharField(max_length=300, blank=True)
    cells_sha256 = models.CharField(max_length=64, blank=True)
    period = models.DateField(null=True, help_text="premier jour de la dernière période complète")
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    counted = models.PositiveBigIntegerField(default=0)
    left_out = models.PositiveBigIntegerField(default=0)
    business_on = models.DateField(null=True, help_text="date métier la plus récente de ses jeux de données")
    history = models.JSONField(default=list, help_text="[premier jour, valeur, numérateur, dénominateur, comptés]")
    places = models.JSONField(default=dict, help_text="par lieu : [valeur, numérateur, dénominateur, comptés]")

    class Meta:
        ordering = ["evaluation", "indicator"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "indicator"], name="measurement_once")]
        indexes = [models.Index(fields=["indicator", "evaluation"], name="measurement_of")]

    def reference(self) -> Reference:
        return Reference("measurement", str(self.pk))
