from django.conf import settings
from django.db import models

from parvis.domains.roadmaps.models.actions import Action
from parvis.domains.roadmaps.workflow import COMMITMENT
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.references import Reference


class Commitment(models.Model):
    """A partner directorate's part in an action: asked, then accepted, declined or amended. Silence alerts."""

    WORKFLOW = COMMITMENT

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="commitments")
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="commitments")
    state = models.CharField(
        max_length=10, default=COMMITMENT.initial, choices=[(s.code, s.label) for s in COMMITMENT.states]
    )
    part = models.CharField(max_length=300, blank=True, help_text="ce qui est demandé à la direction")
    asked_on = models.DateField()
    answer_due_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["action", "directorate__code"]
        constraints = [models.UniqueConstraint(fields=["action", "directorate"], name="commitment_once")]

    def reference(self) -> Reference:
        return Reference("commitment", str(self.pk))


class Answer(models.Model):
    """What a directorate answered, when, and why."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="answers")
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at"]


class Review(models.Model):
    """A project review held on a multi-directorate action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="reviews")
    held_on = models.DateField()
    decisions = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-held_on"]
