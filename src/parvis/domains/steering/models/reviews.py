from django.conf import settings
from django.db import models
from django.db.models import Q

from parvis.domains.steering.models.measurements import Evaluation
from parvis.domains.steering.workflow.reviews import DECISION, REVIEW
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.references import Reference
from parvis.kernel.territories.models import Sector


class Review(models.Model):
    """A meeting over figures that no longer move: of a sector's month, a directorate's quarter, or a year."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", "revue mensuelle de secteur"
        QUARTERLY = "quarterly", "revue trimestrielle de direction"
        YEARLY = "yearly", "revue de fin d’année"

    WORKFLOW = REVIEW

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sector = models.ForeignKey(Sector, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews")
    directorate = models.ForeignKey(
        Directorate, null=True, blank=True, on_delete=models.PROTECT, related_name="steering_reviews"
    )
    period = models.DateField(help_text="premier jour du mois, du trimestre ou de l’année que l’on regarde")
    planned_on = models.DateField(help_text="jour prévu de la réunion")
    held_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, default=REVIEW.initial, choices=[(s.code, s.label) for s in REVIEW.states])
    minutes = models.TextField(blank=True, help_text="relevé : ce qui a été dit, en quelques phrases")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-period", "kind", "sector__order", "directorate__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "sector", "directorate", "period"], nulls_distinct=False, name="review_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="monthly", sector__isnull=False, directorate__isnull=True)
                | Q(kind="quarterly", sector__isnull=True, directorate__isnull=False)
                | Q(kind="yearly", directorate__isnull=True),
                name="review_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()} · {self.scope_name}"

    @property
    def scope_name(self) -> str:
        if self.sector:
            return self.sector.name
        return self.directorate.name if self.directorate else "toute la direction"

    @property
    def scope_words(self) -> str:
        """« le 19e arrondissement », « Paris Centre », « la DEVE », as a sentence says it."""
        if self.sector:
            return self.sector.name if self.sector.code == "centre" else f"le {self.sector.name}"
        return f"la {self.directorate.code}" if self.directorate else "la direction"

    def reference(self) -> Reference:
        return Reference("review", self.code)


class ReviewFreeze(models.Model):
    """The figures of a review as they stood when they were frozen. The database refuses to change or delete it."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="freezes")
    number = models.PositiveSmallIntegerField()
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField(help_text="jour jusqu’auquel les faits étaient connus")
    content = models.JSONField(help_text="les chiffres, avec leur lignée")
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )

    class Meta:
        ordering = ["review", "number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="review_freeze_once")]


class AgendaItem(models.Model):
    """A point to talk about, perhaps on an indicator."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    indicator = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["review", "order", "pk"]


class ReviewComment(models.Model):
    """What a person wrote on a review, or on one of its figures, before or during it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="comments")
    indicator = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["at", "pk"]


class Decision(models.Model):
    """What a review decided: who does what by when. It stays on the agenda of the next one until it is done."""

    WORKFLOW = DECISION

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    title = models.CharField(max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="steering_decisions"
    )
    due_on = models.DateField()
    indicator = models.CharField(max_length=80, blank=True)
    objective = models.CharField(max_length=4, blank=True)
    state = models.CharField(
        max_length=8, default=DECISION.initial, choices=[(s.code, s.label) for s in DECISION.states]
    )
    reason = models.CharField(max_length=300, blank=True, help_text="pourquoi elle a été abandonnée ou rouverte")
    settled_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="decision_waiting")]

    def reference(self) -> Reference:
        return Reference("decision", str(self.pk))
