"""Say what became of an action: a milestone, a measure, a review, one's confidence. What was said before is kept.

Each appends what is said now to what was said before, leaves a line in the journal, and derives the status again.
Refuses what cannot be: a step done tomorrow, a measure of the future, a worry without a word.
"""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.db.models import Q

from parvis.domains.roadmaps.actions.recompute import recompute
from parvis.domains.roadmaps.models import Action, ActionIndicator, IndicatorValue, Milestone, MilestoneReport, Review
from parvis.domains.roadmaps.wording import on_day
from parvis.kernel import Refusal, access
from parvis.kernel.calendar import month_end, paris_day
from parvis.kernel.journal import entries

MOST = Decimal(10) ** 12
WORRIES = (Action.Confidence.CLOUDY, Action.Confidence.STORMY)


@transaction.atomic
def report_milestone(
    milestone: Milestone,
    *,
    actual_on: date | None = None,
    forecast_on: date | None = None,
    is_done: bool | None = None,
    by,
    at: datetime,
) -> MilestoneReport | None:
    """The step is done (since `actual_on` when known), or not any more, or now expected on `forecast_on`.

    With month precision any day of the month will do. Saying again what is already known writes nothing: None.
    """
    action = _locked(milestone.action_id, by)
    row = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    row.action = action
    known = (row.forecast_on, row.actual_on, row.is_done)
    said = _said(row, actual_on, forecast_on, is_done, paris_day(at))
    if said == known:
        return None
    _keep_first_word(row)
    row.forecast_on, row.actual_on, row.is_done = said
    row.save(update_fields=["forecast_on", "actual_on", "is_done"])
    milestone.forecast_on, milestone.actual_on, milestone.is_done = said
    return _keep_report(row, by, at)


def _keep_report(row: Milestone, by, at: datetime) -> MilestoneReport:
    """The word as it was said, and its line in the journal."""
    report = MilestoneReport.objects.create(
        milestone=row, reported_at=at, by=by, forecast_on=row.forecast_on, actual_on=row.actual_on, is_done=row.is_done
    )
    days = _days(forecast=row.forecast_on, actual=row.actual_on)
    _tell(row.action, "milestone.report", by, at, milestone=row.pk, is_done=row.is_done, **days)
    return report


@transaction.atomic
def report_value(indicator: ActionIndicator, *, value: Decimal, measured_on: date, by, at: datetime) -> IndicatorValue:
    """A measure of a day. A second one for the same day corrects the first, which is kept; saying it again writes nothing."""
    action = _locked(indicator.action_id, by)
    _refuse_future(measured_on, paris_day(at), "Une mesure ne se prend pas dans l’avenir")
    if indicator.baseline_on and measured_on < indicator.baseline_on:
        start = on_day(indicator.baseline_on, measured_on)
        raise Refusal(f"La mesure précède la valeur de départ, prise {start}.", remedy="Vérifiez la date de la mesure.")
    number = _number(value)
    known = (
        IndicatorValue.objects.filter(indicator=indicator, measured_on=measured_on).order_by("reported_at", "pk").last()
    )
    if known and known.value == number:
        return known
    made = IndicatorValue.objects.create(
        indicator=indicator, measured_on=measured_on, value=number, reported_at=at, by=by
    )
    _tell(
        action, "indicator.report", by, at, indicator=indicator.pk, value=str(made.value), **_days(measured=measured_on)
    )
    return made


@transaction.atomic
def hold_review(action: Action, *, held_on: date, decisions: str = "", by, at: datetime) -> Review:
    """A project review was held, with what it decided."""
    locked = _locked(action.pk, by)
    _refuse_future(held_on, paris_day(at), "Une revue se note une fois tenue")
    if Review.objects.filter(action=locked, held_on=held_on).exists():
        raise Refusal("Une revue de ce jour est déjà notée.", remedy="Complétez ses décisions, ou changez la date.")
    review = Review.objects.create(action=locked, held_on=held_on, decisions=decisions.strip(), by=by)
    _tell(locked, "action.review", by, at, **_days(held=held_on))
    return review


@transaction.atomic
def set_confidence(action: Action, level: str, *, note: str = "", by, at: datetime) -> Action:
    """The human judgment ("météo"), beside the computed status. A worry is said in a sentence."""
    locked = _locked(action.pk, by)
    if level not in Action.Confidence.values:
        raise Refusal("Ce niveau de météo n’existe pas.", remedy="Choisissez-en un dans la liste.")
    if level in WORRIES and not note.strip():
        raise Refusal("Dites en une phrase ce qui inquiète.", remedy="Une météo inquiète sans motif n’aide personne.")
    before = locked.confidence
    for row in (locked, action):
        row.confidence, row.confidence_note, row.confidence_at, row.changed_at = level, note.strip(), at, at
    locked.save(update_fields=["confidence", "confidence_note", "confidence_at", "changed_at"])
    entries.record("action.confidence", locked.reference(), by=by, at=at, codes={"from": before, "to": level})
    return locked


# What they share


def _locked(action_id: int, by) -> Action:
    """The action held for this change, if this person may change it and it is still followed."""
    action = Action.objects.select_for_update(of=("self",)).get(pk=action_id)
    access.require(by, "roadmaps.edit_action", action)
    if action.state == "dropped":
        raise Refusal("Cette action est abandonnée : on n’y note plus rien.", remedy="Reprenez-la d’abord.")
    return action


def _said(
    row: Milestone, actual_on: date | None, forecast_on: date | None, is_done: bool | None, today: date
) -> tuple[date | None, date | None, bool]:
    """(forecast, actual, done) as they stand after what is said now; Refusal when it cannot be."""
    if actual_on is None and forecast_on is None and is_done is None:
        raise Refusal(
            "Rien n’est dit de ce jalon.", remedy="Donnez la date tenue, la date attendue, ou cochez « tenu »."
        )
    if actual_on:
        _refuse_undone(is_done)
        actual_on = actual_on.replace(day=1) if row.precision == "month" else actual_on
        _refuse_future(actual_on, today, "Un jalon ne peut pas être tenu à une date à venir")
    if forecast_on:
        forecast_on = month_end(forecast_on) if row.precision == "month" else forecast_on
        _refuse_forecast(row, forecast_on, today)
    done = bool(actual_on) or (row.is_done if is_done is None else is_done)
    return forecast_on or row.forecast_on, (actual_on or row.actual_on) if done else None, done


def _refuse_undone(is_done: bool | None) -> None:
    if is_done is False:
        raise Refusal(
            "Un jalon ne peut pas avoir une date tenue sans être tenu.", remedy="Retirez la date, ou cochez « tenu »."
        )


def _refuse_forecast(row: Milestone, forecast_on: date, today: date) -> None:
    start = row.action.starts_on
    if start and forecast_on < start:
        raise Refusal(
            f"Le jalon ne peut pas être attendu avant le début de l’action, {on_day(start, today)}.",
            remedy="Changez la date attendue, ou le début de l’action.",
        )
    if forecast_on < today and forecast_on != row.forecast_on:
        raise Refusal(
            "La date attendue est déjà passée.", remedy="Donnez une date à venir, ou la date où il a été tenu."
        )


def _refuse_future(day: date, today: date, why: str) -> None:
    if day > today:
        raise Refusal(f"{why} : {on_day(day, today)} n’est pas encore passé.", remedy="Corrigez la date.")


def _number(value: Decimal) -> Decimal:
    try:
        number = Decimal(str(value)).quantize(Decimal("0.0001"))
    except InvalidOperation as error:
        raise Refusal("La valeur doit être un nombre.", remedy="Écrivez par exemple 1234,5.") from error
    if not number.is_finite() or abs(number) >= MOST:
        raise Refusal("La valeur dépasse ce qui peut être noté.", remedy="Choisissez une unité plus grande.")
    return number


def _keep_first_word(row: Milestone) -> None:
    """What a file or the first entry said of it becomes its first report, so that the past can still be replayed."""
    if (row.forecast_on or row.is_done) and not row.reports.exists():
        MilestoneReport.objects.create(
            milestone=row, reported_at=row.action.created_at, by=None,
            forecast_on=row.forecast_on, actual_on=row.actual_on, is_done=row.is_done,
        )  # fmt: skip


def _tell(action: Action, verb: str, by, at: datetime, **codes) -> None:
    """Journal it, date the change, and derive again this action and those that wait for it."""
    entries.record(verb, action.reference(), by=by, at=at, codes=codes)
    Action.objects.filter(pk=action.pk).update(changed_at=at)
    touched = Action.objects.filter(Q(pk=action.pk) | Q(dependencies__needs=action))
    recompute(touched, on=paris_day(at), at=at)


def _days(**days: date | None) -> dict[str, str]:
    return {f"{name}_on": day.isoformat() for name, day in days.items() if day}
