from django.conf import settings
from django.db import models

from parvis.domains.roadmaps.models.plans import Mandate, Plan
from parvis.kernel.references import Reference


class Campaign(models.Model):
    """A year of the proximity pact: it opens on a day, and each roadmap goes through its stages."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=160)
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="campaigns")
    year = models.PositiveSmallIntegerField(unique=True)
    opens_on = models.DateField()

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return self.title

    def reference(self) -> Reference:
        return Reference("campaign", self.code)


class CampaignStage(models.Model):
    """A stage of a campaign, reached when a plan reaches `target_state`; its due date is counted in working days."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="stages")
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=80)
    target_state = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField()
    working_days = models.PositiveSmallIntegerField(help_text="jours ouvrés après l’ouverture")
    due_on = models.DateField()

    class Meta:
        ordering = ["campaign", "order"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="stage_once")]


class GatePass(models.Model):
    """A person let a roadmap through a gate that was not fully met, and wrote why."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="gate_passes")
    gate = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(help_text="version que le passage permet de signer")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "gate", "version"], name="gate_pass_once")]


class PlanReason(models.Model):
    """Why a plan took a step that demands a written reason: reopening what was prepared."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reasons")
    move = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ["plan", "at"]


class Reminder(models.Model):
    """A reminder already sent: the row is what keeps it from being sent twice."""

    key = models.CharField(max_length=160, unique=True, help_text="objet, étape, échelon")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.CASCADE, related_name="reminders")
    rung = models.PositiveSmallIntegerField(help_text="0 pilote, 1 chef de service, 2 direction")
    sent_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(help_text="inscrit avant l’envoi : rien ne part deux fois")
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="vide : l’envoi a été interrompu")
    sentence = models.CharField(max_length=300, blank=True)
