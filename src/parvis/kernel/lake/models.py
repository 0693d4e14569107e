from django.conf import settings
from django.db import models


class Snapshot(models.Model):
    """A dataset as it stood at the end of a day: an immutable Parquet file known by its fingerprint.

    Two snapshots may share a file when nothing changed. `removed_at` is set when retention took the file away.
    """

    dataset = models.CharField(max_length=80)
    as_of = models.DateField(help_text="jour de Paris que la photographie montre")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sha256 = models.CharField(max_length=64)
    row_count = models.PositiveBigIntegerField()
    byte_count = models.PositiveBigIntegerField()
    columns = models.JSONField(help_text="nom et type de chaque colonne, tels qu’écrits")
    business_on = models.DateField(null=True, help_text="date métier la plus récente")
    origin = models.JSONField(default=dict, help_text="fichier déposé, son empreinte et la lecture, ou rien")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dataset", "as_of", "taken_at"]
        indexes = [
            models.Index(fields=["dataset", "as_of", "taken_at"], name="snapshot_as_of"),
            models.Index(fields=["sha256"], name="snapshot_file"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "as_of", "sha256"], condition=models.Q(removed_at=None), name="snapshot_once"
            )
        ]


class Citation(models.Model):
    """Something signed or published rests on this snapshot: retention leaves its file alone."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="citations")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "kind", "subject"], name="citation_once")]
