from django.db import models

from parvis.domains.roadmaps.models.actions import Placement
from parvis.domains.roadmaps.workflow import DEPLOYMENT
from parvis.kernel.references import Reference
from parvis.kernel.territories.models import Sector


class Deployment(models.Model):
    """A measure of a thematic plan in a sector: deployed or not, since when, with what, and what was learnt."""

    WORKFLOW = DEPLOYMENT

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="deployments")
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="deployments")
    state = models.CharField(
        max_length=12, default=DEPLOYMENT.initial, choices=[(s.code, s.label) for s in DEPLOYMENT.states]
    )
    state_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    means_cents = models.BigIntegerField(default=0, help_text="moyens transférés")
    fte = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    lesson = models.TextField(blank=True)
    sequel = models.TextField(blank=True, help_text="suite proposée")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["placement", "sector__order"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "sector"], name="deployment_once"),
            models.CheckConstraint(
                condition=models.Q(means_cents__gte=0, fte__gte=0), name="deployment_means_positive"
            ),
        ]

    def reference(self) -> Reference:
        return Reference("deployment", str(self.pk))
