from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from parvis.domains.steering.workflow.proposals import DEFINITION, MANUAL_VALUE
from parvis.kernel.references import Reference


def _states(flow) -> list[tuple[str, str]]:
    return [(state.code, state.label) for state in flow.states]


class Proposal(models.Model):
    """What one person proposes and another decides on."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="motif du refus ou du retrait")

    class Meta:
        abstract = True


class Definition(Proposal):
    """A version of an indicator defined in the browser over a dataset of the catalogue; `recipe` is data, never code.

    An edit is a new version: past measurements keep the fingerprint of theirs.
    """

    WORKFLOW: ClassVar[Any] = DEFINITION

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=_states(DEFINITION), default=DEFINITION.initial)
    title = models.CharField(max_length=120)
    dataset = models.CharField(max_length=80)
    recipe = models.JSONField(help_text="ce que l’indicateur compte, selon steering.compiling.Recipe")

    class Meta:
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="definition_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="approved"), name="definition_in_force_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="proposed"), name="definition_proposed_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | ~Q(decided_by=F("author")),
                name="definition_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    def reference(self) -> Reference:
        return Reference("definition", f"{self.code}/{self.version}")


class ManualSeries(models.Model):
    """An indicator that people feed by hand, period by period, for the city or by sector."""

    class Aggregation(models.TextChoices):
        SUM = "sum", "la somme des valeurs"
        MEAN = "mean", "la moyenne des valeurs"

    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    question = models.CharField(max_length=200)
    unit = models.CharField(max_length=30)
    better = models.CharField(max_length=4)
    objective = models.CharField(max_length=4)
    owner = models.CharField(max_length=60)
    rhythm = models.CharField(max_length=7)
    is_by_sector = models.BooleanField()
    aggregation = models.CharField(max_length=4, choices=Aggregation.choices)
    delay_days = models.PositiveSmallIntegerField()
    baseline = models.FloatField(null=True)
    targets = models.JSONField(default=list, help_text="[jour, valeur]")
    watch = models.FloatField(null=True)
    alert = models.FloatField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    def reference(self) -> Reference:
        return Reference("manual-series", self.code)


class ManualValue(Proposal):
    """What someone says a period was worth, why, and from which source; it counts once another has approved it."""

    WORKFLOW: ClassVar[Any] = MANUAL_VALUE

    series = models.ForeignKey(ManualSeries, on_delete=models.PROTECT, related_name="values")
    period = models.DateField(help_text="premier jour de la période")
    place = models.CharField(max_length=8, blank=True, help_text="code du secteur, vide pour l’ensemble")
    hundredths = models.BigIntegerField(help_text="la valeur, en centièmes de son unité")
    justification = models.TextField()
    source = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=_states(MANUAL_VALUE), default=MANUAL_VALUE.initial)

    class Meta:
        ordering = ["series", "-period", "place", "-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "period", "place"], condition=Q(state="approved"), name="manual_value_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | ~Q(decided_by=F("author")),
                name="manual_value_decided_by_another",
            ),
        ]

    @property
    def value(self) -> float:
        return self.hundredths / 100

    def reference(self) -> Reference:
        return Reference("manual-value", str(self.pk))
