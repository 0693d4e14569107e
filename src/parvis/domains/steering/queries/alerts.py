"""Reads over the alerts: lists, one alert whole, what waits for a person, what changed for her."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from parvis.domains.steering import wording
from parvis.domains.steering.models import Alert, AlertStep
from parvis.domains.steering.workflow.alerts import LIVE, RUNGS, WAITING
from parvis.kernel import access
from parvis.kernel.access.roles import Role
from parvis.kernel.faces import Todo
from parvis.kernel.references import Card

STORM = 5  # more than so many to-dos of one person are told in one line
RUNG_ROLES = {1: Role.ROADMAP_PILOT, 2: Role.DIRECTORATE_HEAD, 3: Role.DIRECTORATE_HEAD}
NEWS = {
    "raised": ("nouvelle alerte", "nouvelles alertes"), "escalated": ("alerte monte d’un cran", "alertes montent d’un cran"),
    "reopen": ("alerte rouverte par le chiffre", "alertes rouvertes par le chiffre"),
    "verify": ("alerte vérifiée par le chiffre", "alertes vérifiées par le chiffre"),
}  # fmt: skip
NAMED = 3  # alerts named in a line of the digest
FILTERS = {"objectif": "objective", "cause": "cause", "etat": "state", "indicateur": "subject", "niveau": "level"}


def visible(person) -> QuerySet[Alert]:
    """The alerts that this person may read."""
    rows = access.visible(person, "steering.view_alerts", Alert.objects.all())
    return rows.select_related("owner", "plan_by", "raised_by")


def open_alerts(person) -> list[Alert]:
    """Those that live, the most urgent first; each has the code of its `indicator`. One query."""
    return urgent_first(visible(person).filter(state__in=LIVE))


def listed(person, asked: Mapping[str, str]) -> list[Alert]:
    """The alerts that answer to the filters; those that live unless a state is asked. One query."""
    rows = visible(person)
    wanted = {name: asked[key] for key, name in FILTERS.items() if asked.get(key)}
    if wanted.get("state") == "toutes":
        del wanted["state"]
    elif "state" not in wanted:
        rows = rows.filter(state__in=LIVE)
    if place := asked.get("secteur"):
        rows = rows.filter(places__contains=[place])
    if (owner := asked.get("responsable", "")).isdecimal():
        rows = rows.filter(Q(owner=int(owner)) | Q(plan_by=int(owner)))
    return urgent_first(rows.filter(**wanted)[:500])


def urgent_first(rows: Iterable[Alert]) -> list[Alert]:
    """What climbed highest, then what is in alert, then what is due first."""
    return sorted(rows, key=_urgency)


def with_steps(alert: Alert) -> list[AlertStep]:
    return list(alert.steps.select_related("by").order_by("-at", "-pk"))


def owners(person) -> list[tuple[int, str]]:
    """The people who answer for an alert that lives."""
    rows = visible(person).filter(state__in=LIVE).order_by("owner__last_name", "owner_id")
    return list({row.owner.pk: (row.owner.pk, str(row.owner)) for row in rows if row.owner}.values())


def turn(alert: Alert, today: date) -> str:
    """Whose turn it is, and until when, in one sentence."""
    if alert.state not in WAITING:
        return {
            "resolved": "La prochaine évaluation la vérifiera, ou la rouvrira.",
            "verified": f"Vérifiée par le chiffre le {wording.day(alert.ended_on)}." if alert.ended_on else "Vérifiée.",
            "subsided": f"Retombée d’elle-même le {wording.day(alert.ended_on)}." if alert.ended_on else "Retombée.",
        }[alert.state]  # fmt: skip
    who = alert.plan_by if alert.state == "planned" else alert.owner
    name = str(who) if who else alert.owner_label or "personne n’est désigné"
    if alert.state == "planned" and alert.plan_due_on:
        late = " : en retard" if alert.plan_due_on < today else ""
        return f"À {name} d’agir pour le {wording.day(alert.plan_due_on)}{late}."
    act = "la prendre en charge" if alert.state == "open" else "prévoir une action ou la dire traitée"
    above = f" Restée sans suite, elle est montée d’un cran : {RUNGS[alert.rung]}." if alert.rung else ""
    until = f" avant le {wording.day(alert.due_on)}" if alert.due_on else ""
    return f"À {name} de {act}{until}.{above}"


def urgency(alert: Alert, today: date) -> str:
    """As to-dos say it: normal, watch, late."""
    if alert.rung >= 2 or (alert.state == "planned" and alert.plan_due_on and alert.plan_due_on < today):
        return "late"
    return "watch" if alert.rung or alert.level == Alert.Level.ALERT else "normal"


def todos(person, today: date) -> list[Todo]:
    """What waits for this person: hers, her sector's, what climbed to her. One query; a storm is one line."""
    rows = [alert for alert in _waiting(person) if is_hers(alert, person)]
    if len(rows) <= STORM:
        return [_todo(alert, today) for alert in rows]
    late = sum(urgency(alert, today) == "late" for alert in rows)
    said = f"{len(rows)} alertes vous attendent" + (f", dont {late} en retard" if late else "")
    due = min((alert.due_on for alert in rows if alert.due_on), default=None)
    return [
        Todo(said, reverse("steering:alerts"), due_on=due, urgency="late" if late else "watch",
             key=f"alerts:{len(rows)}:{late}", kind="alert")
    ]  # fmt: skip


def is_hers(alert: Alert, person) -> bool:
    """She answers for it, has promised the action, is chief of a sector named, or it climbed to her."""
    if person.pk in (alert.plan_by_id, alert.owner_id):
        return alert.state != "planned" or person.pk == alert.plan_by_id
    held = access.reach(person, "steering.treat_alert")
    return bool(set(alert.places) & held.sectors) or any(
        role in held.roles for rung, role in RUNG_ROLES.items() if rung <= alert.rung
    )


def changes(person, since: datetime, until: datetime) -> list[Todo]:
    """At most a line for each kind of news, on the alerts that concern this person: one query."""
    rows = AlertStep.objects.filter(at__gt=since, at__lte=until, kind__in=NEWS, alert__in=visible(person).order_by())
    found: dict[str, list[Alert]] = {}
    for step in rows.select_related("alert__owner").order_by("at", "pk"):
        if is_hers(step.alert, person) or access.reach(person, "steering.treat_alert").everywhere:
            found.setdefault(step.kind, []).append(step.alert)
    return [_news(kind, alerts, until) for kind, alerts in found.items()]


def alert_cards(ids: Iterable[str], person) -> list[Card]:
    rows = visible(person).filter(pk__in=[int(i) for i in ids if i.isdecimal()])
    return [Card(a.reference(), str(a), reverse("steering:alert", args=[a.pk]), "alerte") for a in rows]


def _waiting(person) -> list[Alert]:
    if not access.may_anywhere(person, "steering.treat_alert"):
        return []
    rows = access.visible(person, "steering.treat_alert", Alert.objects.filter(state__in=WAITING))
    return urgent_first(rows)


def _todo(alert: Alert, today: date) -> Todo:
    due = alert.plan_due_on if alert.state == "planned" else alert.due_on
    return Todo(
        f"Alerte : {alert}", reverse("steering:alert", args=[alert.pk]), due_on=due, since_on=alert.turn_since,
        urgency=urgency(alert, today), key=f"alert:{alert.pk}:{alert.state}", kind="alert",
    )  # fmt: skip


def _news(kind: str, alerts: list[Alert], until: datetime) -> Todo:
    one, many = NEWS[kind]
    different = list({alert.pk: alert for alert in alerts}.values())
    titles = ", ".join(alert.title for alert in different[:NAMED]) + (", …" if len(different) > NAMED else "")
    url = reverse("steering:alert", args=[different[0].pk]) if len(different) == 1 else reverse("steering:alerts")
    said = f"{len(different)} {one if len(different) == 1 else many} : {titles}"
    return Todo(said, url, key=f"alert-news:{kind}:{until:%Y-%m-%d}", kind="alert")


def _urgency(alert: Alert) -> tuple:
    return (
        alert.state not in WAITING, -alert.rung, Alert.Level.values.index(alert.level), alert.due_on or date.max, alert.pk
    )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An alert as a list says it."""

    alert: Alert
    turn: str
    tone: str
    places: str

    @property
    def is_waiting(self) -> bool:
        return self.alert.state in WAITING

    @property
    def words(self) -> str:
        """How bad while someone must act; afterwards, where it stands."""
        return self.alert.get_level_display() if self.is_waiting else self.alert.get_state_display()


def lines(alerts: Iterable[Alert], names: Mapping[str, str], today: date) -> list[Line]:
    return [Line(a, turn(a, today), tone(a), places_words(a, names)) for a in alerts]


def tone(alert: Alert) -> str:
    if not alert.is_live:
        return "none"
    return "good" if alert.state == "resolved" else "bad" if alert.level == Alert.Level.ALERT else "watch"


def places_words(alert: Alert, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(place, place) if place else "l’ensemble" for place in alert.places)
