from django.conf import settings
from django.db import models

from parvis.domains.datahub.workflow import DISCUSSION
from parvis.kernel.references import Reference


class Thread(models.Model):
    """A question about a dataset or one of its columns, until it is answered and closed."""

    WORKFLOW = DISCUSSION

    dataset = models.CharField(max_length=80)
    column = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=140)
    state = models.CharField(
        max_length=10, default=DISCUSSION.initial, choices=[(s.code, s.label) for s in DISCUSSION.states]
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["dataset", "state"], name="thread_of_dataset")]

    def reference(self) -> Reference:
        return Reference("dataset-thread", str(self.pk))


class Message(models.Model):
    """What someone wrote in a thread. It stays here: the journal keeps its number alone."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
