from django.conf import settings
from django.db import models

from parvis.domains.roadmaps.models.actions import Action
from parvis.domains.roadmaps.models.plans import Plan


class ExtraField(models.Model):
    """A field that one plan adds to its actions: typed, with who may see it and who may fill it in."""

    class Type(models.TextChoices):
        TEXT = "text", "texte"
        NUMBER = "number", "nombre"
        CHOICE = "choice", "choix"
        DATE = "date", "date"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="extra_fields")
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    type = models.CharField(max_length=8, choices=Type.choices)
    unit = models.CharField(max_length=40, blank=True)
    choices = models.JSONField(default=list)
    seen_by = models.JSONField(default=list, help_text="rôles ; vide : tous ceux qui voient l’action")
    edited_by = models.JSONField(default=list, help_text="rôles ; vide : tous ceux qui modifient l’action")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["plan", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="extra_field_once")]


class ExtraValue(models.Model):
    """The value of an extra field for one action: a string, a number or an ISO date."""

    field = models.ForeignKey(ExtraField, on_delete=models.CASCADE, related_name="values")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="extra_values")
    value = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "action"], name="extra_value_once")]


class SavedView(models.Model):
    """A list that a person named: its address's query, hers alone unless shared."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_once")]
