from django.conf import settings
from django.db import models

from parvis.kernel.references import Reference


class AddedDataset(models.Model):
    """A dataset that a person added by dropping a file. Its words and rules are in its newest contract version."""

    code = models.CharField(max_length=80, unique=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code"]

    def reference(self) -> Reference:
        return Reference("dataset", self.code)


class ContractVersion(models.Model):
    """What a file of this dataset must hold, from one day on. Never changed: the next version replaces it."""

    dataset = models.ForeignKey(AddedDataset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    sentence = models.TextField(help_text="ce que dit une ligne")
    owner = models.CharField(max_length=12, help_text="direction qui répond de ces données")
    audience = models.CharField(max_length=10, help_text="qui lit les lignes")
    key = models.CharField(max_length=60)
    business_date = models.CharField(max_length=60, blank=True)
    rhythm_days = models.PositiveSmallIntegerField()
    schema = models.JSONField(help_text="Table Schema")
    changes = models.JSONField(default=list, help_text="ce qui change depuis la version précédente, en phrases")
    breaks = models.JSONField(default=list, help_text="codes des indicateurs que l’auteur a accepté de rompre")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        ordering = ["dataset", "number"]
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="contract_version_once")]


class ContractDraft(models.Model):
    """A contract being written, for a dropped file or for a dataset already there: nothing typed is lost.

    Kept 30 days, then forgotten with its file.
    """

    dataset = models.ForeignKey(AddedDataset, null=True, on_delete=models.CASCADE, related_name="drafts")
    file_name = models.CharField(max_length=200, blank=True)
    stored_name = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    profile = models.JSONField(default=dict, help_text="ce qui a été lu du fichier : lignes, échantillon, raisons")
    typed = models.JSONField(default=dict, help_text="le contrat tel que la personne l’a laissé")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["-made_at", "-pk"]
