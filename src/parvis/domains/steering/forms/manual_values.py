"""The forms of a series fed by hand and of one of its values."""

from datetime import date
from typing import Any

from django import forms

from parvis.domains.steering.actions.manual_values import Said
from parvis.domains.steering.forms.fields import (
    REQUIRED,
    FigureForm,
    FrenchDecimal,
    choice_field,
    day_field,
    text_field,
)
from parvis.domains.steering.models import ManualSeries
from parvis.kernel.indicators.cells import period_of
from parvis.kernel.territories.models import Sector


class SeriesForm(FigureForm):
    """A series; `series()` gives it unsaved."""

    is_by_sector = forms.BooleanField(label="Une valeur par secteur", required=False)
    aggregation = choice_field("Comment les valeurs se résument", ManualSeries.Aggregation.choices, required=True)

    def series(self) -> ManualSeries:
        told = self.cleaned_data
        plain = (
            "code", "title", "question", "unit", "better", "objective", "owner", "rhythm", "delay_days", "aggregation",
            "is_by_sector",
        )  # fmt: skip
        return ManualSeries(
            **{name: told[name] for name in plain}, baseline=self.number("baseline"), watch=self.number("watch"),
            alert=self.number("alert"), targets=[[day.isoformat(), value] for day, value in self.targets()],
        )  # fmt: skip


class ValueForm(forms.Form):
    """A value with its reason and source; any day of the period names it."""

    period = day_field("Un jour de la période", required=True)
    place = choice_field("Secteur", ())
    value = FrenchDecimal("Valeur", required=True)
    source = text_field("Source", 300, help_text="Le document, le service ou le comptage d’où elle vient.")
    justification = forms.CharField(
        label="Comment cette valeur a-t-elle été établie ?", max_length=2000, error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    document = forms.FileField(label="Document (facultatif)", required=False)

    def __init__(self, series: ManualSeries, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series = series
        if series.is_by_sector:
            sectors = ((s.code, s.name) for s in Sector.objects.all())
            self.fields["place"] = choice_field("Secteur", [("", "—"), *sectors], required=True)
        else:
            del self.fields["place"]

    def said(self) -> Said:
        told = self.cleaned_data
        day: date = told["period"]
        return Said(
            period_of(day, self.series.rhythm),
            told.get("place", ""),
            told["value"],
            told["justification"],
            told["source"],
        )
