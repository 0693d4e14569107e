"""Due dates, milestones and campaign deadlines as an iCalendar feed (RFC 5545).

Knows how a date of ours becomes an event: all day, an identifier that never changes, and « au mois près » said when only the
month is known. Refuses to know who may see what: it receives what it writes.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from icalendar import Calendar, Event

from parvis.domains.roadmaps import addresses
from parvis.domains.roadmaps.models import Action, CampaignStage, Milestone
from parvis.kernel.calendar import PARIS

EVERY = timedelta(hours=6)


def calendar(
    name: str, actions: Iterable[Action], stages: Iterable[CampaignStage] = (), *, city: str, now: datetime
) -> bytes:
    """A whole feed. `actions` come with milestones and lead; `stages` with their campaign."""
    feed = Calendar()
    feed.add("prodid", "-//Parvis//Feuilles de route//FR")
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("x-wr-timezone", "Europe/Paris")
    feed.add("refresh-interval", EVERY, {"VALUE": "DURATION"})
    feed.add("x-published-ttl", "PT6H")
    if city:
        feed.add("x-wr-caldesc", city)
    for event in (*_of_actions(actions), *_of_stages(stages, now)):
        feed.add_component(event)
    return feed.to_ical()


def _of_actions(actions: Iterable[Action]) -> Iterator[Event]:
    for action in actions:
        if action.due_on:
            yield _due(action)
        for milestone in action.milestones.all():
            if day := milestone.actual_on or milestone.forecast_on or milestone.planned_on:
                yield _milestone(action, milestone, day)


def _of_stages(stages: Iterable[CampaignStage], now: datetime) -> Iterator[Event]:
    for stage in stages:
        yield _event(
            f"stage-{stage.campaign.code}-{stage.code}", f"{stage.label} : {stage.campaign.title}", stage.due_on,
            url=addresses.page("campaign", stage.campaign.code),
            stamp=datetime.combine(stage.campaign.opens_on, datetime.min.time(), PARIS),
            says="Échéance de la campagne.",
        )  # fmt: skip


def _due(action: Action) -> Event:
    return _event(
        f"action-{action.code}-due", f"Échéance : {action.title}", action.due_on,
        url=addresses.action(action.code), stamp=action.changed_at, says=_about(action),
        is_cancelled=action.state == "dropped", place=action.address,
    )  # fmt: skip


def _milestone(action: Action, milestone: Milestone, day: date) -> Event:
    is_month = milestone.precision == Milestone.Precision.MONTH
    which = "tenu" if milestone.is_done else "prévu" if milestone.forecast_on else "programmé"
    precision = " Date connue au mois près." if is_month else ""
    return _event(
        f"milestone-{milestone.pk}",
        f"{milestone.title}{' (dans le mois)' if is_month else ''} : {action.title}", day,
        url=addresses.action(action.code), stamp=action.changed_at,
        says=f"Jalon {which}.{precision} {_about(action)}",
        is_cancelled=action.state == "dropped", place=action.address,
    )  # fmt: skip


def _event(
    uid: str, summary: str, day: date | None, *, url: str, stamp: datetime, says: str, is_cancelled=False, place=""
) -> Event:
    assert day is not None
    event = Event()
    event.add("uid", f"{uid}@parvis")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("last-modified", stamp.astimezone(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))  # the end is exclusive
    event.add("summary", summary)
    event.add("description", says)
    event.add("url", urljoin(settings.PUBLIC_ADDRESS.rstrip("/") + "/", url))
    event.add("transp", "TRANSPARENT")  # a deadline does not make anyone busy
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if place:
        event.add("location", place)
    return event


def _about(action: Action) -> str:
    lead = f"Direction pilote : {action.lead.code}. " if action.lead else ""
    return f"{lead}{action.status_reason}".strip()
