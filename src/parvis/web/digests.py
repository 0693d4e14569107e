"""The digest: what waits for a person and what changed, by e-mail, at most once a day, never the same thing twice.

Knows when a digest is due, what it says and how it leaves. Refuses to know what a to-do means: the faces say it.

A row of `DigestSent` is committed *before* the message leaves, so a worker killed in the middle, or a second worker,
cannot send it again that day. `delivered_at` is written after; a row left without it may or may not have left, so what
it held may be said again on a later day, never on the same one.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from parvis.kernel import faces
from parvis.kernel.calendar import PARIS, add_working_days, is_working_day, paris_day
from parvis.kernel.faces import Todo
from parvis.kernel.organisation.models import Assignment, City, Person
from parvis.web import preferences
from parvis.web.models import DigestPreference, DigestSent

LEAVES_AT = time(7, 30)
MEMORY = timedelta(days=7)
OLDEST_CHANGE = timedelta(days=14)
FIRST_LOOK_BACK = {DigestPreference.Rhythm.DAILY: timedelta(days=1), DigestPreference.Rhythm.WEEKLY: timedelta(days=7)}
URGENCIES = ("normal", "watch", "late")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Digest:
    """What one person is told on one day."""

    person: Person
    day: date
    todos: tuple[Todo, ...]
    changes: tuple[Todo, ...]

    @property
    def keys(self) -> dict[str, str]:
        """What it says and how urgently: what is remembered of it."""
        return {key_of(item): item.urgency for item in (*self.todos, *self.changes)}


def send_digests(now: datetime) -> int:
    """Send every digest due at this instant; return how many left. A mail server away loses nothing: run it again."""
    mail, sent = get_connection(), 0
    try:
        for digest in due_digests(now):
            mail.open()  # before anything is claimed: an unreachable server raises here
            sent += _send_once(digest, now, mail)
    finally:
        mail.close()
    return sent


def due_digests(now: datetime) -> Iterator[Digest]:
    """The digests to send now: nobody twice a day, nobody with nothing to read."""
    day = paris_day(now)
    if not is_working_day(day) or now.astimezone(PARIS).time() < LEAVES_AT:
        return
    rows = _memory(day)
    for person, preference in _readers(day):
        if any(row.day == day for row in rows[person.pk]):
            continue
        digest = _composed(person, preference, rows[person.pk], now)
        if digest and (digest.todos or digest.changes):
            yield digest


def compose(person: Person, preference: DigestPreference, rows: Iterable[DigestSent], now: datetime) -> Digest:
    """What this person has not been told in the last seven days, or only less urgently."""
    day, off = paris_day(now), set(preference.kinds_off)
    told = _told(rows, day)
    since = _since(preference, rows, now)
    return Digest(
        person, day,
        todos=_news(_todos(person, day), told, off),
        changes=_news(_changes(person, since, now), told, off),
    )  # fmt: skip


def key_of(item: Todo) -> str:
    """A stable name of an item, without a sentence of it."""
    return item.key or f"{item.kind}:{item.url}"


def is_weekly_day(day: date) -> bool:
    """Monday, or the first working day of the week when Monday is a holiday."""
    monday = day - timedelta(days=day.weekday())
    return day == add_working_days(monday - timedelta(days=1), 1)


def message(digest: Digest) -> EmailMultiAlternatives:
    """The letter itself, in text and in simple HTML, with the two headers of one-click unsubscribing (RFC 8058)."""
    stop = _absolute(reverse("web:unsubscribe", args=[preferences.stop_token(digest.person)]))
    context = {
        "digest": digest, "city": City.current(), "stop": stop, "address": settings.PUBLIC_ADDRESS,
        "settings_address": _absolute(reverse("web:preferences")),
        "todos": [(item, _absolute(item.url)) for item in digest.todos],
        "changes": [(item, _absolute(item.url)) for item in digest.changes],
    }  # fmt: skip
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"
    letter = EmailMultiAlternatives(
        subject=_subject(digest), body=render_to_string("web/mail/digest.txt", context), to=[digest.person.email],
        headers={
            "Message-ID": f"<digest.{digest.person.pk}.{digest.day.isoformat()}@{host}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )  # fmt: skip
    letter.attach_alternative(render_to_string("web/mail/digest.html", context), "text/html")
    return letter


def _send_once(digest: Digest, now: datetime, mail) -> bool:
    row = _claim(digest, now)
    if row is None:
        return False
    try:
        mail.send_messages([message(digest)])
    except SMTPRecipientsRefused:
        log.warning("digest: the address of person %s is refused by the mail server", digest.person.pk)
        return False
    row.delivered_at = now
    row.save(update_fields=["delivered_at"])
    return True


def _claim(digest: Digest, now: datetime) -> DigestSent | None:
    """Take this person's day, for good, before the message leaves; None when another worker has it."""
    try:
        with transaction.atomic(durable=True):
            return DigestSent.objects.create(person=digest.person, day=digest.day, sent_at=now, keys=digest.keys)
    except IntegrityError:
        return None


def _composed(person: Person, preference: DigestPreference, rows, now: datetime) -> Digest | None:
    """One person's accident must not silence the others: it is logged, and tried again at the next run."""
    try:
        return compose(person, preference, rows, now)
    except Exception:
        log.exception("digest: could not be composed for person %s", person.pk)
        return None


def _readers(day: date) -> Iterator[tuple[Person, DigestPreference]]:
    """Active people with a live assignment whose rhythm falls on this day."""
    live = Assignment.objects.live_on(day).values("person")
    people = Person.objects.filter(is_active=True, pk__in=live).select_related("digest_preference").order_by("pk")
    for person in people:
        preference = getattr(person, "digest_preference", None) or DigestPreference(person=person)
        if _falls_on(preference.rhythm, day):
            yield person, preference


def _falls_on(rhythm: str, day: date) -> bool:
    if rhythm == DigestPreference.Rhythm.WEEKLY:
        return is_weekly_day(day)
    return rhythm == DigestPreference.Rhythm.DAILY


def _memory(day: date) -> Mapping[int, list[DigestSent]]:
    """The digests of the last days, by person, oldest first: one query for everyone."""
    rows: dict[int, list[DigestSent]] = defaultdict(list)
    for row in DigestSent.objects.filter(day__gt=day - OLDEST_CHANGE).order_by("day"):
        rows[row.person_id].append(row)
    return rows


def _told(rows: Iterable[DigestSent], day: date) -> dict[str, int]:
    """How urgently each thing was said within the memory; what may never have left does not count."""
    told: dict[str, int] = {}
    for row in (r for r in rows if r.delivered_at and r.day > day - MEMORY):
        for key, urgency in row.keys.items():
            told[key] = max(told.get(key, 0), URGENCIES.index(urgency))
    return told


def _since(preference: DigestPreference, rows: Iterable[DigestSent], now: datetime) -> datetime:
    """Changes are told from the last delivered digest on; the first one looks back by its own rhythm."""
    delivered = [row.sent_at for row in rows if row.delivered_at]
    return max(delivered) if delivered else now - FIRST_LOOK_BACK[DigestPreference.Rhythm(preference.rhythm)]


def _news(items: Iterable[Todo], told: Mapping[str, int], off: set[str]) -> tuple[Todo, ...]:
    fresh = [i for i in items if i.kind not in off and URGENCIES.index(i.urgency) > told.get(key_of(i), -1)]
    return tuple(sorted(fresh, key=lambda item: -URGENCIES.index(item.urgency)))


def _todos(person: Person, day: date) -> Iterator[Todo]:
    for face in faces.house().faces:
        if face.todos:
            yield from face.todos(person, day)


def _changes(person: Person, since: datetime, until: datetime) -> Iterator[Todo]:
    for face in faces.house().faces:
        if face.digest_changes:
            yield from face.digest_changes(person, since, until)


def _subject(digest: Digest) -> str:
    """No word of a person's in it: a title could carry a line break."""
    waiting, changed = len(digest.todos), len(digest.changes)
    parts = (
        f"{waiting} chose{'s' if waiting > 1 else ''} vous attend{'ent' if waiting > 1 else ''}" if waiting else "",
        f"{changed} changement{'s' if changed > 1 else ''}" if changed else "",
    )
    return f"Parvis : {', '.join(part for part in parts if part)}"


def _absolute(url: str) -> str:
    return urljoin(settings.PUBLIC_ADDRESS.rstrip("/") + "/", url)
