from django.db import models

from parvis.kernel.references import Reference


class Objective(models.Model):
    """A strategic objective of a year, under its axis (P, Q, E, D)."""

    year = models.CharField(max_length=9, help_text="2025-2026")
    code = models.CharField(max_length=4)
    axis = models.CharField(max_length=1)
    axis_title = models.CharField(max_length=80)
    short_title = models.CharField(max_length=120)
    title = models.TextField()
    order = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    owner = models.CharField(max_length=60, blank=True, help_text="qui en répond : service ou fonction")
    sponsor = models.CharField(max_length=60, blank=True, help_text="qui le porte auprès de l’Exécutif")

    class Meta:
        ordering = ["year", "order"]
        constraints = [models.UniqueConstraint(fields=["year", "code"], name="objective_once")]

    def reference(self) -> Reference:
        return Reference("objective", f"{self.year}/{self.code}")
