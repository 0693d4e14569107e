"""Reads over the values entered by hand: what waits, what counts, and the indicator that each series makes."""

from collections.abc import Iterable
from datetime import date

import ibis
import ibis.expr.types as ir
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import NullIf
from django.urls import reverse

from parvis.domains.steering import wording
from parvis.domains.steering.models import ManualSeries, ManualValue
from parvis.kernel import access
from parvis.kernel.indicators.indicator import Indicator, Target, Thresholds
from parvis.kernel.references import Card

DATASET = "steering.manual_values"


def approved(_as_of: date) -> QuerySet:
    """The rows of the dataset: approved values alone, without what people wrote."""
    return ManualValue.objects.filter(state="approved").annotate(
        number=F("pk"), series_code=F("series__code"), sector=NullIf(F("place"), Value("")), approved_at=F("decided_at")
    )


def indicator(series: ManualSeries) -> Indicator:
    """What a series is worth: the approved values, in hundredths."""

    def facts(tables: dict[str, ir.Table]) -> ir.Table:
        rows = tables[DATASET].filter(ibis._.series_code == series.code)
        return rows.select(
            subject=rows.number.cast("string"), at=rows.period, place=rows.sector, value=rows.hundredths,
            left_out=ibis.null("string"),
        )  # fmt: skip

    return Indicator(
        code=series.code, title=series.title, question=series.question, unit=series.unit, better=series.better,
        objective=series.objective, owner=series.owner, datasets=(DATASET,), facts=facts,
        aggregation=series.aggregation, rhythm=series.rhythm, delay_days=series.delay_days, scale=100,
        baseline=series.baseline,
        targets=tuple(Target(date.fromisoformat(day), value) for day, value in series.targets),
        thresholds=Thresholds(series.watch, series.alert), note="Valeurs saisies à la main, justifiées et approuvées.",
    )  # fmt: skip


def all_series() -> QuerySet[ManualSeries]:
    """Each series with the number of its values that count and that wait."""
    return ManualSeries.objects.annotate(
        counted=Count("values", filter=Q(values__state="approved")),
        waiting=Count("values", filter=Q(values__state="proposed")),
    )


def values_of(series: ManualSeries) -> QuerySet[ManualValue]:
    return series.values.select_related("author", "decided_by", "series")


def value_cards(ids: Iterable[str], person) -> list[Card]:
    """Cards of values by their number, for whoever reads figures."""
    if not access.may_anywhere(person, "steering.view_figures"):
        return []
    rows = ManualValue.objects.filter(pk__in=[i for i in ids if i.isdecimal()]).select_related("series")
    return [
        Card(
            row.reference(), f"{row.series.title}, {wording.period(row.period, row.series.rhythm)}",
            reverse("steering:manual_series", args=[row.series.code]) + f"#valeur-{row.pk}", "valeur saisie",
        )
        for row in rows
    ]  # fmt: skip
