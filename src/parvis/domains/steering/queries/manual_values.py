"""Reads over the values entered by hand: what waits, what counts, and the indicator that each series makes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import NullIf
from django.urls import reverse

from parvis.domains.steering import wording
from parvis.domains.steering.models import ManualSeries, ManualValue
from parvis.kernel import access
from parvis.kernel.documents.models import Document
from parvis.kernel.indicators.indicator import Indicator, Target, Thresholds
from parvis.kernel.references import Card
from parvis.kernel.workflow import Move

DATASET = "steering.manual_values"


def approved(_as_of: date) -> QuerySet:
    """The rows of the dataset: approved values alone, without what people wrote."""
    return ManualValue.objects.filter(state="approved").annotate(
        number=F("pk"), series_code=F("series__code"), sector=NullIf(F("place"), Value("")), approved_at=F("decided_at")
    )


def indicator(series: ManualSeries) -> Indicator:
    """What a series is worth: the approved values, in hundredths."""

    def facts(tables: Mapping[str, ir.Table]) -> ir.Table:
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


@dataclass(frozen=True)
class Tally:
    """A series with the number of its values that count and that wait."""

    series: ManualSeries
    counted: int
    waiting: int


def all_series() -> list[Tally]:
    """Every series by its code: one query."""
    found = ManualSeries.objects.annotate(
        counted=Count("values", filter=Q(values__state="approved")),
        waiting=Count("values", filter=Q(values__state="proposed")),
    )
    return [Tally(one, one.counted, one.waiting) for one in found]


@dataclass(frozen=True)
class Shown:
    """A value, its documents, and the steps that a person may take on it."""

    value: ManualValue
    documents: tuple[Document, ...]
    moves: tuple[Move, ...]

    @property
    def address(self) -> str:
        """Where its steps are posted, one part short."""
        return reverse("steering:manual_value_move", args=[self.value.pk, "-"]).removesuffix("-/")


def with_moves(series: ManualSeries, person) -> list[Shown]:
    """Every value of a series, latest period first; nobody decides on her own. A constant number of queries."""
    rows = list(series.values.select_related("author", "decided_by"))
    held: dict[str, list[Document]] = defaultdict(list)
    owned = Document.objects.filter(owner_kind="manual-value", owner_id__in=[str(row.pk) for row in rows])
    for document in owned.order_by("pk"):
        held[document.owner_id].append(document)
    allowed = {move.code: access.may_anywhere(person, move.permission) for move in ManualValue.WORKFLOW.moves}
    return [Shown(row, tuple(held[str(row.pk)]), _moves(row, person, allowed)) for row in rows]


def _moves(row: ManualValue, person, allowed: dict[str, bool]) -> tuple[Move, ...]:
    is_hers = row.author_id == person.pk
    hidden = {"replace"} | ({"approve", "refuse"} if is_hers else {"take_back"})
    return tuple(m for m in row.WORKFLOW.moves_from(row.state) if allowed[m.code] and m.code not in hidden)


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
