from django.conf import settings
from django.db import models
from django.db.models import Q

from parvis.domains.steering.models.objectives import Objective


class ObjectiveConfidence(models.Model):
    """The human judgment on an objective, with its sentence: kept apart from figures, every one of them kept."""

    class Level(models.TextChoices):
        SUNNY = "sunny", "sereine"
        FAIR = "fair", "plutôt confiante"
        CLOUDY = "cloudy", "inquiète"
        STORMY = "stormy", "compromise"

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="confidences")
    level = models.CharField(max_length=8, choices=Level.choices)
    sentence = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["objective", "-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(sentence=""), name="confidence_says_why"),
            models.CheckConstraint(
                condition=Q(level__in=["sunny", "fair", "cloudy", "stormy"]), name="confidence_known"
            ),
        ]
        indexes = [models.Index(fields=["objective", "at"], name="confidence_latest")]
