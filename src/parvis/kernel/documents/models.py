from django.conf import settings
from django.db import models

from parvis.kernel.references import Reference


class Document(models.Model):
    """A stored file. Its content lies under PARVIS_HOME/documents, named by its fingerprint."""

    owner_kind = models.CharField(max_length=40)
    owner_id = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="octets")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["owner_kind", "owner_id"], name="document_owner")]

    @property
    def owner(self) -> Reference:
        return Reference(self.owner_kind, self.owner_id)
