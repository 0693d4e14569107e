from django.conf import settings
from django.db import models

from parvis.kernel.references import Reference


class Link(models.Model):
    """A typed link from one thing to another, whatever their domains."""

    from_kind = models.CharField(max_length=40)
    from_id = models.CharField(max_length=80)
    relation = models.CharField(max_length=40)
    to_kind = models.CharField(max_length=40)
    to_id = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_kind", "from_id", "relation", "to_kind", "to_id"], name="link_once")
        ]
        indexes = [models.Index(fields=["to_kind", "to_id"], name="link_backwards")]

    @property
    def source(self) -> Reference:
        return Reference(self.from_kind, self.from_id)

    @property
    def target(self) -> Reference:
        return Reference(self.to_kind, self.to_id)
