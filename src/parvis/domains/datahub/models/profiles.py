from django.db import models


class Profile(models.Model):
    """What a snapshot's file holds, column by column. Computed once for a file under one description, never again.

    `shape` is the digest of the description: a column said to be personal later gives another profile.
    """

    sha256 = models.CharField(max_length=64)
    shape = models.CharField(max_length=64)
    content = models.JSONField(help_text="profil de chaque colonne, clés en double, secteurs couverts")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "shape"], name="profile_once")]
