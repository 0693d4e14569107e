from django.conf import settings
from django.db import models

from parvis.domains.roadmaps.models.actions import Placement
from parvis.domains.roadmaps.models.plans import Plan
from parvis.domains.roadmaps.workflow import AMENDMENT
from parvis.kernel.references import Reference


class PlanVersion(models.Model):
    """What was signed: the whole plan, frozen. The database refuses to change or delete it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    frozen_at = models.DateTimeField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="version_once")]


class Signature(models.Model):
    """One of the three signatures: the city executive, the arrondissement mayor, the administration."""

    class Party(models.TextChoices):
        CITY_EXECUTIVE = "city_executive", "l’Exécutif"
        DISTRICT_MAYOR = "district_mayor", "le maire d’arrondissement"
        ADMINISTRATION = "administration", "l’administration"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="signatures")
    version = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=16, choices=Party.choices)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64, help_text="empreinte de ce qui a été lu et signé")
    document_reference = models.CharField(
        max_length=120, blank=True, help_text="acte signé sur papier dont la signature est reportée ici"
    )

    class Meta:
        ordering = ["plan", "version", "signed_at"]
        constraints = [  # a signature counts for the content it read: another content is signed anew
            models.UniqueConstraint(
                fields=["plan", "version", "content_sha256", "party"], name="one_signature_a_party"
            ),
            models.UniqueConstraint(fields=["plan", "version", "content_sha256", "signer"], name="one_party_a_signer"),
        ]


class Amendment(models.Model):
    """The preparation of version n+1 of a signed plan, and why."""

    WORKFLOW = AMENDMENT

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(help_text="version que l’avenant produira")
    state = models.CharField(
        max_length=10, default=AMENDMENT.initial, choices=[(s.code, s.label) for s in AMENDMENT.states]
    )
    reason = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.TextField(blank=True, help_text="pourquoi il a été retiré")

    class Meta:
        ordering = ["plan", "-number", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=models.Q(state="open"), name="one_open_amendment")
        ]

    def reference(self) -> Reference:
        return Reference("amendment", str(self.pk))


class Evaluation(models.Model):
    """What became of an action of a plan at year end; what is carried over keeps its lineage by the next placement."""

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", "réalisée"
        PARTLY = "partly", "partiellement réalisée"
        DROPPED = "dropped", "abandonnée"
        CARRIED_OVER = "carried_over", "reportée"

    placement = models.OneToOneField(Placement, on_delete=models.CASCADE, related_name="evaluation")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    sentence = models.TextField()
    evaluated_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
