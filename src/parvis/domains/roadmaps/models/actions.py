from django.conf import settings
from django.db import models
from django.db.models import F, Q

from parvis.domains.roadmaps.models.plans import Axis, Plan, PublicPolicy
from parvis.domains.roadmaps.workflow import ACTION
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.references import Reference


class Action(models.Model):
    """Something promised: who, what, where, by when, with what, and what proves it.

    One action may stand in several plans (`Placement`) without a copy. `status_*`, `grade*` and `progress` are
    derived by `recompute` for the day `status_on`; they are never typed in.
    """

    class Risk(models.TextChoices):
        NONE = "", "non évalué"
        LOW = "low", "faible"
        MEDIUM = "medium", "moyen"
        HIGH = "high", "élevé"

    class Confidence(models.TextChoices):
        """The human judgment ("météo"), kept apart from the computed status."""

        UNSAID = "", "non renseignée"
        SUNNY = "sunny", "sereine"
        FAIR = "fair", "plutôt confiante"
        CLOUDY = "cloudy", "inquiète"
        STORMY = "stormy", "compromise"

    class Precision(models.TextChoices):
        """How precisely the place is known."""

        POINT = "point", "à l’adresse"
        STREET = "street", "à la rue"
        ARRONDISSEMENT = "arrondissement", "à l’arrondissement"
        SECTOR = "sector", "au secteur"
        CITY = "city", "tout Paris"
        UNKNOWN = "unknown", "lieu inconnu"

    WORKFLOW = ACTION

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    deliverable = models.CharField(max_length=300, blank=True)
    policy = models.ForeignKey(PublicPolicy, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    lead = models.ForeignKey(Directorate, null=True, blank=True, on_delete=models.PROTECT, related_name="led_actions")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="owned_actions"
    )
    state = models.CharField(max_length=12, default=ACTION.initial, choices=[(s.code, s.label) for s in ACTION.states])
    closing_reason = models.TextField(blank=True, help_text="pourquoi l’action a été abandonnée ou reprise")

    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)

    address = models.CharField(max_length=300, blank=True)
    arrondissement_code = models.CharField(max_length=5, blank=True, help_text="code INSEE 75101–75120")
    sector_code = models.CharField(max_length=8, blank=True, help_text="secteur du lieu")
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    precision = models.CharField(max_length=16, default=Precision.UNKNOWN, choices=Precision.choices)
    location_method = models.CharField(max_length=40, blank=True)
    location_vintage = models.CharField(max_length=20, blank=True)

    in_priority_neighbourhood = models.BooleanField(default=False)
    is_climate = models.BooleanField(default=False)
    is_gender_equality = models.BooleanField(default=False)
    risk = models.CharField(max_length=8, blank=True, choices=Risk.choices)
    risk_note = models.TextField(blank=True)
    confidence = models.CharField(max_length=8, blank=True, choices=Confidence.choices)
    confidence_note = models.TextField(blank=True)
    confidence_at = models.DateTimeField(null=True, blank=True)
    weight = models.PositiveSmallIntegerField(default=1, help_text="poids dans l’avancement d’un plan")

    project_lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="projects_led"
    )
    review_every_days = models.PositiveSmallIntegerField(null=True, blank=True)

    status = models.CharField(max_length=12, blank=True)
    status_reason = models.CharField(max_length=300, blank=True)
    status_on = models.DateField(null=True, blank=True)
    progress = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True, help_text="critères tenus, sur 8")
    grade_missing = models.JSONField(default=list, help_text="codes des critères qui manquent")

    search_text = models.TextField(blank=True, help_text="titre, code, adresse sans accents ni majuscules")
    source_key = models.CharField(max_length=80, blank=True, help_text="identifiant dans le fichier d’origine")
    source_url = models.URLField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(
        default=1, help_text="augmente à chaque modification : deux à la fois se voient"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(due_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="action_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="action_point_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["status"], name="action_status"),
            models.Index(fields=["due_on"], name="action_due"),
            models.Index(fields=["sector_code"], name="action_sector"),
        ]

    def __str__(self) -> str:
        return self.title

    def reference(self) -> Reference:
        return Reference("action", self.code)


class Placement(models.Model):
    """An action standing in a plan, under an axis; `carried_from` keeps the lineage from last year."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="placements")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="placements")
    axis = models.ForeignKey(Axis, null=True, blank=True, on_delete=models.SET_NULL, related_name="placements")
    order = models.PositiveIntegerField(default=0)
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="carried_to"
    )

    class Meta:
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "action"], name="placement_once")]


class Dependency(models.Model):
    """`action` cannot end before `needs` has."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="dependents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "needs"], name="dependency_once"),
            models.CheckConstraint(condition=~Q(action=F("needs")), name="dependency_not_itself"),
        ]


class Comment(models.Model):
    """A remark on an action, by a person who may see it."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["at"]


class ActionRevision(models.Model):
    """The defining fields of an action as they stood from `at` on: what lets any past day be replayed."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    content = models.JSONField()

    class Meta:
        ordering = ["action", "number"]
        constraints = [models.UniqueConstraint(fields=["action", "number"], name="revision_once")]
