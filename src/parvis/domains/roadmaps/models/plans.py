from django.db import models
from django.db.models import F, Q

from parvis.domains.roadmaps.workflow import PLAN
from parvis.kernel.references import Reference
from parvis.kernel.territories.models import Sector


class PublicPolicy(models.Model):
    """A public policy of the reference list that roadmaps must cover; versioned by its dates."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    synonyms = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """The years between two municipal elections."""

    code = models.CharField(max_length=9, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="mandate_dates")]

    def __str__(self) -> str:
        return self.code


class Plan(models.Model):
    """A roadmap of a sector, a thematic plan, or an edition of the participatory budget in a sector."""

    class Kind(models.TextChoices):
        ROADMAP = "roadmap", "feuille de route"
        THEMATIC = "thematic", "plan thématique"
        WINNERS = "winners", "projets lauréats"

    WORKFLOW = PLAN

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    sector = models.ForeignKey(Sector, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    campaign = models.ForeignKey(
        "roadmaps.Campaign", null=True, blank=True, on_delete=models.SET_NULL, related_name="plans"
    )
    state = models.CharField(max_length=20, default=PLAN.initial, choices=[(s.code, s.label) for s in PLAN.states])
    version = models.PositiveSmallIntegerField(default=0, help_text="dernière version signée ; 0 avant la première")
    finalised_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    opinion_asked_on = models.DateField(null=True, blank=True, help_text="saisine du conseil d’arrondissement")
    opinion_given_on = models.DateField(null=True, blank=True, help_text="avis rendu (CGCT, L2511-13)")
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="following")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "kind", "sector__order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["sector", "year", "mandate"], condition=Q(kind="roadmap"), name="one_roadmap_a_year"
            ),
            models.CheckConstraint(condition=~Q(kind="roadmap") | Q(sector__isnull=False), name="roadmap_has_sector"),
        ]

    def __str__(self) -> str:
        return self.title

    def reference(self) -> Reference:
        return Reference("plan", self.code)


class Axis(models.Model):
    """A chapter of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="axes")
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="axis_once")]
