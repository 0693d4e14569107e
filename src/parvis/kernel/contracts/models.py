from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """One reading of one file under one contract, with its counts and totals."""

    contract = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    row_count = models.PositiveIntegerField()
    accepted_count = models.PositiveIntegerField(help_text="lignes valides, inchangées comprises")
    quarantined_count = models.PositiveIntegerField()
    unchanged_count = models.PositiveIntegerField()
    totals = models.JSONField(default=dict)
    reading = models.JSONField(default=dict, help_text="encodage, séparateur, en-tête trouvés")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(row_count=models.F("accepted_count") + models.F("quarantined_count")),
                name="import_rows_reconcile",
            )
        ]


class RowIssue(models.Model):
    """What a rule found in one cell: a warning (accepted and flagged) or an error (quarantined)."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="issues")
    row = models.PositiveIntegerField(help_text="numéro de la ligne dans le fichier, à partir de 1")
    column = models.CharField(max_length=160)
    rule = models.CharField(max_length=60)
    severity = models.CharField(max_length=8, choices=[("warning", "avertissement"), ("error", "erreur")])
    value = models.TextField(blank=True)
    message = models.TextField()
    proposal = models.TextField(blank=True, help_text="correction proposée, quand il y en a une")


class QuarantinedRow(models.Model):
    """A row that a rule refused, waiting for a person. Kept 90 days after it is settled."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="quarantine")
    row = models.PositiveIntegerField()
    key = models.CharField(max_length=200, blank=True)
    cells = models.JSONField(help_text="les cellules telles que lues, par champ")
    edits = models.JSONField(default=dict, help_text="ce qu’une personne a retapé, par champ ; rien ne se perd")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=200, blank=True, help_text="pourquoi la ligne a été écartée")
    outcome = models.CharField(max_length=10, blank=True, choices=[("corrected", "corrigée"), ("dropped", "écartée")])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "row"], name="quarantined_row_once")]
        indexes = [models.Index(fields=["key"], name="quarantined_key")]


class KnownRow(models.Model):
    """The last accepted content of a row, by its key: what makes a second import change nothing."""

    contract = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    run = models.ForeignKey(ImportRun, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "key"], name="known_row_once")]
