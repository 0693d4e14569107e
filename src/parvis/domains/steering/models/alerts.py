from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from parvis.domains.steering.workflow.alerts import ALERT, LIVE
from parvis.kernel.references import Reference


def _person(**options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", **options
    )


class Subject(models.TextChoices):
    """What an alert or a silence is about."""

    INDICATOR = "indicator", "indicateur"
    DATASET = "dataset", "jeu de données"
    OBJECTIVE = "objective", "objectif"


class Alert(models.Model):
    """An indicator × a cause, with its places: what a figure asks people to look at, until the figure says it is well.

    `places` are the sectors concerned, or [""] for the total; `signals` says of each place its level and its sentence.
    """

    WORKFLOW: ClassVar[Any] = ALERT

    class Cause(models.TextChoices):
        THRESHOLD = "threshold", "seuil franchi"
        MISSING = "missing", "valeur manquante ou en retard"
        PEERS = "peers", "écart aux autres secteurs"
        SHIFT = "shift", "changement qui n’est pas dû au hasard"
        RAISED = "raised", "signalée par une personne"

    class Level(models.TextChoices):
        ALERT = "alert", "en alerte"
        WATCH = "watch", "à surveiller"

    subject_kind = models.CharField(max_length=10, choices=Subject.choices, default=Subject.INDICATOR)
    subject = models.CharField(max_length=80, help_text="code de l’indicateur ou du jeu de données")
    title = models.CharField(max_length=160)
    objective = models.CharField(max_length=4, blank=True)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    level = models.CharField(max_length=5, choices=Level.choices)
    sentence = models.TextField()
    places = ArrayField(models.CharField(max_length=8, blank=True), default=list)
    signals = models.JSONField(default=list, help_text="[lieu, niveau, phrase]")
    period = models.DateField(null=True, help_text="premier jour de la période qui a signalé")
    state = models.CharField(max_length=12, default=ALERT.initial, choices=[(s.code, s.label) for s in ALERT.states])
    owner = _person()
    owner_label = models.CharField(max_length=60, blank=True, help_text="qui répond de l’indicateur")
    raised_at = models.DateTimeField()
    raised_by = _person()
    turn_since = models.DateField(help_text="jour depuis lequel quelqu’un est attendu")
    due_on = models.DateField(null=True, help_text="jour où elle monte d’un cran si rien ne bouge")
    rung = models.PositiveSmallIntegerField(default=0, help_text="crans d’escalade franchis")
    plan = models.CharField(max_length=300, blank=True)
    plan_by = _person()
    plan_due_on = models.DateField(null=True)
    reason = models.TextField(blank=True, help_text="comment elle a été traitée")
    resolved_period = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject", "cause"], condition=Q(state__in=LIVE) & ~Q(cause="raised"),
                name="alert_once",
            ),
            models.CheckConstraint(condition=~Q(sentence=""), name="alert_says_what"),
            models.CheckConstraint(condition=~Q(state__in=["resolved", "verified"]) | ~Q(reason=""), name="alert_says_how"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "turn_since"], name="alert_waiting"),
            GinIndex(fields=["places"], name="alert_places"),
        ]

    def __str__(self) -> str:
        return f"{self.title} : {self.get_cause_display()}"

    @property
    def indicator(self) -> str:
        """The indicator's code; "" when the alert is about a dataset."""
        return self.subject if self.subject_kind == Subject.INDICATOR else ""

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def reference(self) -> Reference:
        return Reference("alert", str(self.pk))


class AlertStep(models.Model):
    """What happened to an alert, in order; a comment is one of them."""

    class Kind(models.TextChoices):
        RAISED = "raised", "levée"
        CHANGED = "changed", "mise à jour"
        ESCALATED = "escalated", "montée d’un cran"
        ACKNOWLEDGED = "acknowledge", "prise en charge"
        PLANNED = "plan", "action prévue"
        RESOLVED = "resolve", "dite traitée"
        VERIFIED = "verify", "vérifiée par le chiffre"
        REOPENED = "reopen", "rouverte par le chiffre"
        SUBSIDED = "subside", "retombée d’elle-même"
        COMMENT = "comment", "commentaire"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = _person()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["at", "kind"], name="alert_step_news")]


class Silence(models.Model):
    """A stated period during which a subject raises no alert, with its reason; both days included."""

    subject_kind = models.CharField(max_length=10, choices=Subject.choices)
    subject = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=300)
    by = _person()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-ends_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="silence_days"),
            models.CheckConstraint(condition=~Q(reason=""), name="silence_says_why"),
        ]

    def reference(self) -> Reference:
        return Reference("silence", str(self.pk))


class Rebase(models.Model):
    """A day from which someone has the limits of an indicator calculated anew, with the reason; "" is every place."""

    indicator = models.CharField(max_length=80)
    place = models.CharField(max_length=8, blank=True)
    on = models.DateField()
    reason = models.CharField(max_length=300)
    by = _person()
    at = models.DateTimeField()

    class Meta:
        ordering = ["indicator", "on"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "place", "on"], name="rebase_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="rebase_says_why"),
        ]

    def reference(self) -> Reference:
        return Reference("rebase", str(self.pk))
