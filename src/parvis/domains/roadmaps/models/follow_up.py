from django.conf import settings
from django.db import models
from django.db.models import Q

from parvis.domains.roadmaps.models.actions import Action


class Milestone(models.Model):
    """A step of an action: planned, forecast, actual. Month precision is kept as month precision.

    With month precision the date is the last day of the month for a plan or forecast, the first for an actual one.
    `is_done` may stand without a date: the file says that the step is past and not when.
    """

    class Kind(models.TextChoices):
        STUDIES = "studies", "études"
        PROCEDURES = "procedures", "procédures"
        WORKS = "works", "travaux"
        OPENING = "opening", "ouverture"
        OTHER = "other", "jalon"

    class Precision(models.TextChoices):
        DAY = "day", "jour"
        MONTH = "month", "mois"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=12, default=Kind.OTHER, choices=Kind.choices)
    title = models.CharField(max_length=160)
    order = models.PositiveSmallIntegerField(default=0)
    planned_on = models.DateField(null=True, blank=True)
    forecast_on = models.DateField(null=True, blank=True)
    actual_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, default=Precision.DAY, choices=Precision.choices)
    is_done = models.BooleanField(default=False)

    class Meta:
        ordering = ["action", "order", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(actual_on__isnull=True) | Q(is_done=True), name="dated_is_done"),
        ]


class MilestoneReport(models.Model):
    """What was said of a milestone, and when it was said; the milestone itself shows the last word."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="reports")
    reported_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    forecast_on = models.DateField(null=True)
    actual_on = models.DateField(null=True)
    is_done = models.BooleanField(default=False)

    class Meta:
        ordering = ["milestone", "reported_at", "id"]


class ActionIndicator(models.Model):
    """What is measured of an action: definition, unit, baseline, dated target, direction, rhythm, source."""

    class Direction(models.TextChoices):
        UP = "up", "doit augmenter"
        DOWN = "down", "doit baisser"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="indicators")
    name = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    unit = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=4, default=Direction.UP, choices=Direction.choices)
    baseline = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    every_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="rythme attendu")
    source = models.CharField(max_length=200, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["action", "id"]
        constraints = [models.UniqueConstraint(fields=["action", "name"], name="action_indicator_once")]


class IndicatorValue(models.Model):
    """A measure: the day it stands for, and when it was said."""

    indicator = models.ForeignKey(ActionIndicator, on_delete=models.CASCADE, related_name="values")
    measured_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    reported_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["indicator", "measured_on", "reported_at"]


class MeansLine(models.Model):
    """Euros (in cents) and staff given to an action in a year."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="means")
    year = models.PositiveSmallIntegerField()
    amount_cents = models.BigIntegerField(default=0)
    fte = models.DecimalField(max_digits=7, decimal_places=2, default=0)

    class Meta:
        ordering = ["action", "year"]
        constraints = [
            models.UniqueConstraint(fields=["action", "year"], name="means_once_a_year"),
            models.CheckConstraint(condition=Q(amount_cents__gte=0, fte__gte=0), name="means_positive"),
        ]
