"""Open a series fed by hand, propose a value with its reason and source, decide on it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from parvis.domains.steering.actions.definitions import code_faults
from parvis.domains.steering.actions.proposals import decide
from parvis.domains.steering.models import ManualSeries, ManualValue, Objective
from parvis.domains.steering.queries import manual_values
from parvis.kernel import Refusal, access
from parvis.kernel.calendar import paris_day
from parvis.kernel.documents import storage
from parvis.kernel.indicators.cells import period_of
from parvis.kernel.indicators.indicator import faults
from parvis.kernel.journal import entries
from parvis.kernel.territories.models import Sector

HIGHEST = 10**14


def open_series(series: ManualSeries, *, by, at: datetime) -> ManualSeries:
    """Declare an indicator fed by hand. Raises Refusal with every fault named."""
    access.require(by, "steering.define_indicators")
    found = [*_taken(series.code), *_objective_faults(series.objective), *faults(manual_values.indicator(series))]
    if found:
        raise Refusal("Cette série ne peut pas être ouverte.", blockers=tuple(found))
    with transaction.atomic():
        series.made_by, series.made_at = by, at
        series.save(force_insert=True)
        entries.record("manual-series.open", series.reference(), by=by, at=at)
    return series


def _taken(code: str) -> list[str]:
    is_series = ManualSeries.objects.filter(code=code).exists()
    return [f"Le code « {code} » est déjà pris par une série."] if is_series else code_faults(code)


def _objective_faults(code: str) -> list[str]:
    return [] if Objective.objects.filter(code=code).exists() else [f"L’objectif « {code} » n’existe pas."]


@dataclass(frozen=True)
class Said:
    """What a person says that a period was worth."""

    period: date
    place: str
    value: Decimal
    justification: str
    source: str


def propose(series: ManualSeries, said: Said, *, by, at: datetime, document: UploadedFile | None = None) -> ManualValue:
    """Propose a value; it counts once another person has approved it. Raises Refusal with every fault named."""
    access.require(by, "steering.propose_values")
    found = [sentence for is_wrong, sentence in _checks(series, said, paris_day(at)) if is_wrong]
    if found:
        raise Refusal("Cette valeur ne peut pas être proposée.", blockers=tuple(found))
    with transaction.atomic():
        made = ManualValue.objects.create(
            series=series, period=said.period, place=said.place, hundredths=int(said.value * 100),
            justification=said.justification.strip(), source=said.source.strip(), author=by, proposed_at=at,
        )  # fmt: skip
        entries.record("manual-value.propose", made.reference(), by=by, at=at, codes={"series": series.code})
        if document:
            storage.store(made.reference(), document, by=by, at=at)
    return made


def _checks(series: ManualSeries, said: Said, today: date):
    yield said.period != period_of(said.period, series.rhythm), "La période commence à son premier jour."
    yield said.period > today, "Cette période n’a pas commencé."
    is_credible = said.value.is_finite() and abs(said.value) < HIGHEST
    yield not is_credible, "Cette valeur n’est pas un nombre crédible."
    yield is_credible and said.value * 100 % 1 != 0, "Deux décimales au plus."
    yield not said.justification.strip(), "Dites comment cette valeur a été établie."
    yield not said.source.strip(), "Nommez la source : un document, un service, un comptage."
    yield not series.is_by_sector and said.place, "Cette série ne se saisit pas par secteur."
    is_sector = Sector.objects.filter(code=said.place).exists()
    yield series.is_by_sector and not is_sector, "Choisissez le secteur que cette valeur concerne."


def settle(value: ManualValue, step: str, *, by, at: datetime, reason: str = "") -> ManualValue:
    """Approve (the value that counted before is replaced in the same stroke), refuse, take back or withdraw."""
    try:
        with transaction.atomic():
            for before in _counted(value) if step == "approve" else ():
                decide(before, "replace", by=by, at=at)
            return decide(value, step, by=by, at=at, reason=reason)
    except IntegrityError as twice:
        raise Refusal(
            "Une autre valeur vient d’être approuvée pour cette période.", remedy="Rechargez la page et comparez-les."
        ) from twice


def _counted(value: ManualValue):
    same = ManualValue.objects.filter(series=value.series_id, period=value.period, place=value.place)
    return same.filter(state="approved").exclude(pk=value.pk)
