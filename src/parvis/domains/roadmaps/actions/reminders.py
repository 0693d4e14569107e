"""Send what the ladder says is due. A reminder is written down before it leaves: nothing is ever sent twice.

Killed between the two, it stays written without `delivered_at` and the campaign page says that its sending was interrupted;
refused by the mail server, it is taken back and tried again the next time.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction

from parvis.domains.roadmaps.models import Reminder
from parvis.domains.roadmaps.queries.reminders import DueReminder, due_reminders
from parvis.kernel.calendar import paris_day
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """How many mails left, and how many the server refused."""

    sent: int
    refused: int


def send_due(at: datetime) -> Sent:
    """Send today's reminders, one mail per person and thing. Run by two workers at once, each sends its own share."""
    outcomes = [_send(reminder, at) for reminder in due_reminders(paris_day(at))]
    return Sent(outcomes.count(True), outcomes.count(False))


def _send(reminder: DueReminder, at: datetime) -> bool | None:
    """True when sent, False when refused by the server, None when another worker already holds it."""
    row = _claim(reminder, at)
    if row is None:
        return None
    try:
        _mail(reminder)
    except (SMTPException, OSError):
        logger.exception("a reminder was refused by the mail server: %s", reminder.key)
        row.delete()
        return False
    _note_sent(row, reminder, at)
    return True


def _note_sent(row: Reminder, reminder: DueReminder, at: datetime) -> None:
    kind, identity = reminder.key.split(":")[:2]
    subject = Reference("plan" if kind == "stage" else kind, identity)
    with transaction.atomic():
        row.delivered_at = at
        row.save(update_fields=["delivered_at"])
        codes = {"rung": reminder.rung, "to": reminder.person.pk}
        entries.record(f"{kind}.remind", subject, by=None, at=at, codes=codes)


def _claim(reminder: DueReminder, at: datetime) -> Reminder | None:
    """Write it down first, in a transaction of its own: the unique key lets one worker through."""
    try:
        with transaction.atomic():
            row = Reminder.objects.create(
                key=reminder.key, plan_id=reminder.plan_id, rung=reminder.rung, sent_to=reminder.person, sent_at=at,
                sentence=reminder.sentence[:300],
            )  # fmt: skip
    except IntegrityError:
        return None
    return row


def _mail(reminder: DueReminder) -> None:
    send_mail(
        f"Parvis · {reminder.sentence}"[:150],
        "\n".join(
            (
                "Bonjour,", "", reminder.sentence, "",
                f"{settings.PUBLIC_ADDRESS.rstrip('/')}{reminder.path}", "",
                f"Ce rappel vous est adressé comme « {reminder.rung_label} ». Il ne sera pas envoyé une seconde fois.",
                "Parvis, le logiciel de la direction",
            )
        ),
        None,
        [reminder.person.email],
    )  # fmt: skip
