"""What a person chooses about her e-mails, signed in or by the link at the foot of a letter.

Knows the rhythm and the kinds turned off. Refuses to know what is sent: that is `digests`.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core import signing
from django.db import transaction

from parvis.kernel import Refusal, faces
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Person
from parvis.kernel.references import Reference
from parvis.web.models import DigestPreference

STOP_SALT = "parvis.web.stop-digest"


def preference_of(person: Person) -> DigestPreference:
    """Her choice, or the one that stands until she makes it: every working day, every kind."""
    return DigestPreference.objects.filter(person=person).first() or DigestPreference(person=person)


def choose(person: Person, *, rhythm: str, kinds_off: Iterable[str], at: datetime) -> DigestPreference:
    """Keep a person's choice; a rhythm or a kind that does not exist is refused."""
    unknown = set(kinds_off) - set(faces.house().digest_kinds)
    if rhythm not in DigestPreference.Rhythm.values or unknown:
        raise Refusal("Ce choix n’existe pas.", remedy="Rechargez la page et choisissez dans la liste.")
    with transaction.atomic():
        kept, _ = DigestPreference.objects.update_or_create(
            person=person, defaults={"rhythm": rhythm, "kinds_off": sorted(kinds_off)}
        )
        entries.record("digest.choose", Reference("person", str(person.pk)), by=person, at=at, codes={"rhythm": rhythm})
    return kept


def stop(person: Person, *, at: datetime) -> None:
    """No more digests for this person; what she had turned off stays turned off."""
    choose(person, rhythm=DigestPreference.Rhythm.NEVER, kinds_off=preference_of(person).kinds_off, at=at)


def stop_token(person: Person) -> str:
    """Goes into each letter: stops that person's letters, and can do nothing else."""
    return signing.dumps(person.pk, salt=STOP_SALT)


def person_of(token: str) -> Person | None:
    try:
        return Person.objects.filter(pk=signing.loads(token, salt=STOP_SALT), is_active=True).first()
    except signing.BadSignature:
        return None
