"""Silence a subject for a stated period, and have limits calculated anew from a stated day: each with its reason."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from parvis.domains.steering.models import Objective, Rebase, Silence, Subject
from parvis.kernel import Refusal, access, faces
from parvis.kernel.calendar import is_credible, paris_day
from parvis.kernel.journal import entries
from parvis.kernel.territories.models import Sector

RIGHT = "steering.silence_alerts"
LONGEST_DAYS = 366


@transaction.atomic
def silence(
    subject_kind: str, subject: str, *, starts_on: date, ends_on: date, reason: str, by, at: datetime
) -> Silence:
    """No alert on this subject from one day to the other, both included."""
    access.require(by, RIGHT)
    _require_subject(subject_kind, subject)
    _require_reason(reason)
    if not is_credible(starts_on) or not is_credible(ends_on) or ends_on < starts_on:
        raise Refusal("Le silence finit avant de commencer.", remedy="Vérifiez les deux jours.")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise Refusal("Un silence dure un an au plus.", remedy="Choisissez un jour de fin plus proche.")
    made = Silence.objects.create(
        subject_kind=subject_kind, subject=subject, starts_on=starts_on, ends_on=ends_on, reason=reason.strip()[:300],
        by=by, at=at,
    )  # fmt: skip
    entries.record("silence.begin", made.reference(), by=by, at=at, codes={"on": subject, "until": str(ends_on)})
    return made


@transaction.atomic
def end(silence: Silence, *, by, at: datetime) -> Silence:
    """Let it be heard again from tomorrow; a silence still to come is withdrawn."""
    access.require(by, RIGHT)
    today = paris_day(at)
    entries.record("silence.end", silence.reference(), by=by, at=at)
    if silence.starts_on > today:
        silence.delete()
    elif silence.ends_on > today:
        silence.ends_on = today
        silence.save(update_fields=["ends_on"])
    return silence


@transaction.atomic
def rebase(indicator: str, on: date, *, reason: str, by, at: datetime, place: str = "") -> Rebase:
    """Limits are calculated anew from that day: something known changed how the figure behaves."""
    access.require(by, RIGHT)
    _require_subject(Subject.INDICATOR, indicator)
    _require_reason(reason)
    if not is_credible(on) or on > paris_day(at):
        raise Refusal("Ce jour n’est pas encore venu.", remedy="Choisissez aujourd’hui ou un jour passé.")
    if place and not Sector.objects.filter(code=place).exists():
        raise Refusal(f"Le secteur « {place} » n’existe pas.", remedy="Choisissez-le dans la liste.")
    try:
        with transaction.atomic():
            made = Rebase.objects.create(
                indicator=indicator, place=place, on=on, reason=reason.strip()[:300], by=by, at=at
            )
    except IntegrityError as twice:
        raise Refusal("Les limites sont déjà recalculées à partir de ce jour.") from twice
    entries.record("rebase.add", made.reference(), by=by, at=at, codes={"on": indicator, "from": str(on)})
    return made


@transaction.atomic
def remove_rebase(decided: Rebase, *, by, at: datetime) -> None:
    """The limits run on as if nothing had changed; the journal keeps who decided it."""
    access.require(by, RIGHT)
    entries.record("rebase.remove", decided.reference(), by=by, at=at, codes={"on": decided.indicator})
    decided.delete()


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal("Il faut un motif écrit.", remedy="Dites en une phrase ce qui l’explique.")


def _require_subject(kind: str, subject: str) -> None:
    house = faces.house()
    known = {
        Subject.INDICATOR.value: lambda: subject in house.indicators,
        Subject.DATASET.value: lambda: subject in house.datasets,
        Subject.OBJECTIVE.value: lambda: Objective.objects.filter(code=subject).exists(),
    }  # fmt: skip
    if str(kind) not in known or not known[str(kind)]():
        raise Refusal("Ce sujet n’existe pas.", remedy="Choisissez un indicateur, un jeu de données ou un objectif.")
