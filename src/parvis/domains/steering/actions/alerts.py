"""What people do about an alert: take it, plan, say it is treated, talk about it; raise one by hand.

Nobody says that it is verified: the figure does, in `actions.alerting`.
"""

from datetime import date, datetime

from django.db import transaction

from parvis.domains.steering import wording
from parvis.domains.steering.models import Alert, AlertStep
from parvis.domains.steering.queries import routes as routing
from parvis.domains.steering.workflow.alerts import LADDER
from parvis.kernel import Refusal, access, faces
from parvis.kernel.calendar import add_working_days, is_credible, paris_day
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Person
from parvis.kernel.references import Reference, links
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow.moves import move

TREATED_BY = "treated-by"
LONGEST = 2000


@transaction.atomic
def acknowledge(alert: Alert, *, by, at: datetime) -> Alert:
    """Someone has seen it and answers for it from now on."""
    locked = move(alert, "acknowledge", by=by, at=at)
    _turn(locked, paris_day(at), owner=by or locked.owner)
    return _told(locked, "acknowledge", "", by, at)


@transaction.atomic
def plan(
    alert: Alert, what: str, *, who: Person | None, due_on: date | None, by, at: datetime, action: str = ""
) -> Alert:
    """What will be done, by whom and by when; `action` is the code of an action of a roadmap that does it."""
    _require_plan(what, who, due_on, paris_day(at))
    assert due_on is not None and who is not None
    locked = move(alert, "plan", by=by, at=at)
    _turn(locked, due_on, plan=what.strip()[:300], plan_by=who, plan_due_on=due_on)
    if action.strip():
        link_action(locked, action, by=by, at=at)
    return _told(locked, "plan", f"{what.strip()} : {who}, pour le {wording.day(due_on)}.", by, at)


@transaction.atomic
def resolve(alert: Alert, *, reason: str, by, at: datetime) -> Alert:
    """Say how it was treated. The figure verifies it at a later evaluation, or reopens it."""
    if reason.strip():
        type(alert).objects.filter(pk=alert.pk).update(reason=reason.strip()[:LONGEST])
    locked = move(alert, "resolve", by=by, at=at, reason=reason)
    _turn(locked, paris_day(at), due_on=None, resolved_period=locked.period)
    return _told(locked, "resolve", reason.strip(), by, at)


@transaction.atomic
def comment(alert: Alert, text: str, *, by, at: datetime) -> None:
    """Whoever sees it and takes part in the house's work: auditors and elected readers read."""
    access.require(by, "steering.view_alerts", alert)
    access.require(by, "steering.raise_alert")
    if not text.strip():
        raise Refusal("Le commentaire est vide.", remedy="Écrivez une phrase.")
    entries.record("alert.comment", alert.reference(), by=by, at=at)
    _told(alert, "comment", text.strip()[:LONGEST], by, at)


@transaction.atomic
def raise_by_hand(indicator: Indicator, sentence: str, *, by, at: datetime, places: tuple[str, ...] = ("",)) -> Alert:
    """Someone has seen what no rule saw. One sentence says it."""
    access.require(by, "steering.raise_alert")
    said = sentence.strip()
    if not said:
        raise Refusal("Dites en une phrase ce que vous signalez.", remedy="Écrivez ce qui vous fait douter du chiffre.")
    unknown = set(places) - {""} - set(Sector.objects.values_list("code", flat=True))
    if unknown:
        raise Refusal(f"Le secteur « {sorted(unknown)[0]} » n’existe pas.", remedy="Choisissez-le dans la liste.")
    today = paris_day(at)
    made = Alert.objects.create(
        subject=indicator.code, title=indicator.title[:160], objective=indicator.objective, cause=Alert.Cause.RAISED,
        level=Alert.Level.WATCH, sentence=said[:LONGEST], places=list(places), raised_at=at, raised_by=by,
        signals=[[place, "watch", said[:LONGEST]] for place in places], owner_label=indicator.owner[:60],
        owner=routing.routes(today).owner(indicator.owner), turn_since=today, due_on=add_working_days(today, LADDER[0]),
    )  # fmt: skip
    entries.record("alert.raise", made.reference(), by=by, at=at, codes={"on": made.subject, "cause": made.cause})
    return _told(made, "raised", said, by, at)


def link_action(alert: Alert, code: str, *, by, at: datetime) -> None:
    """Tie the alert to the action that treats it, when the person may see that action."""
    target = Reference("action", code.strip())
    if target not in links.cards([target], by):
        raise Refusal(
            f"Aucune action « {code.strip()} » ne vous est ouverte.",
            remedy="Copiez son code depuis la page de l’action, ou laissez la case vide.",
        )
    links.link(alert.reference(), TREATED_BY, target, by=by, at=at)


def indicator_or_refuse(code: str) -> Indicator:
    found = faces.house().indicators.get(code)
    if found is None:
        raise Refusal("Cet indicateur n’existe pas.", remedy="Choisissez-le dans la liste.")
    return found


def _require_plan(what: str, who: Person | None, due_on: date | None, today: date) -> None:
    missing = [
        words for is_there, words in (
            (what.strip(), "ce qui sera fait"), (who, "qui le fera"), (due_on, "pour quel jour"),
        ) if not is_there
    ]  # fmt: skip
    if missing:
        raise Refusal(
            f"Il manque : {', '.join(missing)}.", remedy="Une action prévue a un objet, une personne et un jour."
        )
    if due_on is not None and not (is_credible(due_on) and due_on >= today):
        raise Refusal("Le jour prévu est passé.", remedy="Choisissez aujourd’hui ou un jour à venir.")


def _turn(alert: Alert, since: date, **values) -> None:
    """Someone has moved: the ladder starts again from its foot."""
    changed = {"turn_since": since, "rung": 0, "due_on": add_working_days(since, LADDER[0])} | values
    for name, value in changed.items():
        setattr(alert, name, value)
    alert.save(update_fields=list(changed))


def _told(alert: Alert, kind: str, text: str, by, at: datetime) -> Alert:
    AlertStep.objects.create(alert=alert, kind=kind, at=at, by=by, text=text)
    return alert
