import asyncio
import email
import os
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection

from parvis.kernel import faces
from parvis.kernel.faces import Face, House, Todo
from parvis.web import digests, preferences
from parvis.web.models import DigestPreference, DigestSent

TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WORKER = Path(__file__).parent / "digest_worker.py"


@pytest.fixture
def waiting(monkeypatch):
    """A house whose only face says what the test puts in: waiting.todos, waiting.changes."""

    class Waiting:
        def __init__(self) -> None:
            self.todos = [todo("a")]
            self.changes: list[Todo] = []
            self.asked: list[tuple] = []

        def changed(self, person, since, until):
            self.asked.append((person, since, until))
            return self.changes

    held = Waiting()
    face = Face(
        "test", "Test", todos=lambda person, today: held.todos, digest_changes=held.changed,
        digest_kinds={"answer": "Réponses attendues", "comment": "Remarques"},
    )  # fmt: skip
    monkeypatch.setattr(digests.faces, "house", lambda: House((face,)))
    return held


def todo(key: str, urgency: str = "normal", kind: str = "answer", **fields) -> Todo:
    fields = {"sentence": f"Répondre pour {key}", "url": f"/feuilles-de-route/actions/{key}/"} | fields
    return Todo(key=key, urgency=urgency, kind=kind, **fields)


def days_later(number: int) -> datetime:
    return TUESDAY + timedelta(days=number)


def test_a_digest_says_what_waits_with_a_link_to_the_very_item(person, waiting, settings):
    settings.PUBLIC_ADDRESS = "https://parvis.paris.example"
    person("contributor", "directorate", "DVD", first_name="Awa")
    waiting.todos = [todo("x", "late", due_on=date(2026, 11, 20))]
    waiting.changes = [todo("c", kind="comment", sentence="Une remarque sur « Rue aux écoles »")]
    assert digests.send_digests(TUESDAY) == 1
    (letter,) = mail.outbox
    assert letter.subject == "Parvis : 1 chose vous attend, 1 changement"
    page = letter.alternatives[0][0]
    for text in (letter.body, page):
        assert "Répondre pour x" in text and "https://parvis.paris.example/feuilles-de-route/actions/x/" in text
        assert "mardi 24 novembre 2026" in text and "Awa" in text
        assert "20 novembre 2026" in text and "en retard" in text
        assert "https://parvis.paris.example/mes-courriels/" in text


def test_what_people_typed_is_escaped_in_html_and_kept_out_of_the_subject(person, waiting):
    person("auditor")
    waiting.todos = [todo("x", sentence="« <script>alert(1)</script> & \r\nBcc: tous@example.org »")]
    digests.send_digests(TUESDAY)
    letter = mail.outbox[0]
    assert "<script>" not in letter.alternatives[0][0]
    assert "&lt;script&gt;" in letter.alternatives[0][0]
    assert "\n" not in letter.subject and letter.recipients() == [letter.to[0]]
    assert not email.message_from_bytes(letter.message().as_bytes())["Bcc"]


def test_nobody_gets_two_digests_the_same_day(person, waiting):
    person("auditor")
    assert digests.send_digests(TUESDAY) == 1
    waiting.todos = [todo("new", "late")]
    assert digests.send_digests(TUESDAY + timedelta(hours=5)) == 0
    assert len(mail.outbox) == 1


def test_nothing_leaves_when_there_is_nothing_to_say(person, waiting):
    person("auditor")
    waiting.todos = []
    assert digests.send_digests(TUESDAY) == 0
    assert not DigestSent.objects.exists()


def test_a_thing_is_not_said_again_for_seven_days_unless_its_urgency_rises(person, waiting):
    person("auditor")
    assert digests.send_digests(TUESDAY) == 1
    assert digests.send_digests(days_later(1)) == 0
    waiting.todos = [todo("a", "watch")]
    assert digests.send_digests(days_later(2)) == 1
    waiting.todos = [todo("a", "normal")]
    assert digests.send_digests(days_later(3)) == 0
    waiting.todos = [todo("a", "watch")]
    assert digests.send_digests(days_later(8)) == 0
    assert digests.send_digests(days_later(9)) == 1


def test_changes_are_told_from_the_last_digest_on(person, waiting):
    person("auditor")
    digests.send_digests(TUESDAY)
    waiting.todos = []
    digests.send_digests(days_later(2))
    assert [(since, until) for _, since, until in waiting.asked] == [
        (TUESDAY - timedelta(days=1), TUESDAY),
        (TUESDAY, days_later(2)),
    ]


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 11, 21, 9, 0, tzinfo=UTC),  # a Saturday
        datetime(2026, 11, 11, 9, 0, tzinfo=UTC),  # the Armistice
        datetime(2026, 11, 24, 6, 29, tzinfo=UTC),  # 07:29 in Paris, winter
        datetime(2026, 7, 15, 5, 29, tzinfo=UTC),  # 07:29 in Paris, summer
    ],
)
def test_nothing_leaves_outside_working_days_or_before_half_past_seven(person, waiting, instant):
    person("auditor")
    assert digests.send_digests(instant) == 0


@pytest.mark.parametrize(
    "instant", [datetime(2026, 11, 24, 6, 30, tzinfo=UTC), datetime(2026, 7, 15, 5, 30, tzinfo=UTC)]
)
def test_digests_leave_at_half_past_seven_in_paris_summer_and_winter(person, waiting, instant):
    person("auditor")
    assert digests.send_digests(instant) == 1


def test_weekly_is_monday_or_the_first_working_day_after_a_holiday(person, waiting):
    someone = person("auditor")
    DigestPreference.objects.create(person=someone, rhythm="weekly")
    assert digests.send_digests(TUESDAY) == 0
    assert digests.send_digests(days_later(-1)) == 1
    assert digests.is_weekly_day(date(2026, 11, 23)) and not digests.is_weekly_day(date(2026, 11, 24))
    assert digests.is_weekly_day(date(2026, 4, 7)), "Easter Monday is a holiday: Tuesday stands for it"
    assert not digests.is_weekly_day(date(2026, 4, 6))


def test_only_active_people_with_a_live_assignment_who_want_it_are_written_to(person, waiting):
    person("auditor", is_active=False)
    person()
    former = person("auditor", email="former@example.org")
    former.assignments.update(ends_on=date(2026, 11, 24))
    DigestPreference.objects.create(person=person("auditor", email="never@example.org"), rhythm="never")
    assert digests.send_digests(TUESDAY) == 0


def test_a_kind_turned_off_is_not_told(person, waiting):
    someone = person("auditor")
    DigestPreference.objects.create(person=someone, kinds_off=["answer"])
    assert digests.send_digests(TUESDAY) == 0
    waiting.changes = [todo("c", kind="comment")]
    assert digests.send_digests(TUESDAY) == 1
    assert DigestSent.objects.get().keys == {"c": "normal"}


def test_one_persons_accident_does_not_silence_the_others(person, waiting, monkeypatch):
    first, second = person("auditor"), person("auditor", email="second@example.org")

    def todos(someone, today):
        if someone == first:
            raise RuntimeError("a broken to-do")
        return waiting.todos

    monkeypatch.setattr(digests.faces, "house", lambda: House((Face("test", "Test", todos=todos),)))
    assert digests.send_digests(TUESDAY) == 1
    assert mail.outbox[0].to == [second.email]


def test_an_unreachable_mail_server_loses_nothing(person, waiting, settings):
    person("auditor")
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 9
    with pytest.raises(OSError, match="refused"):
        digests.send_digests(TUESDAY)
    assert not DigestSent.objects.exists()
    settings.EMAIL_BACKEND = backend
    assert digests.send_digests(TUESDAY) == 1


def test_each_letter_carries_one_click_unsubscribing_that_stops_it(person, waiting, client):
    someone = person("auditor")
    digests.send_digests(TUESDAY)
    headers = mail.outbox[0].message()
    address = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = address.removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert not DigestPreference.objects.exists(), "opening the link changes nothing: scanners open links"
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert DigestPreference.objects.get(person=someone).rhythm == "never"
    assert digests.send_digests(days_later(8)) == 0


def test_a_forged_unsubscribe_link_is_not_found(client, person):
    token = preferences.stop_token(person("auditor"))
    assert client.post(f"/courriels/{token[:-3]}abc/").status_code == 404
    assert client.post("/courriels/1/").status_code == 404
    assert not DigestPreference.objects.exists()


def test_the_preferences_page_keeps_the_rhythm_and_the_kinds(client, person, waiting):
    someone = person("auditor")
    assert client.get("/mes-courriels/").status_code == 302
    client.force_login(someone)
    page = client.get("/mes-courriels/").content.decode()
    assert "Réponses attendues" in page and "Remarques" in page
    client.post("/mes-courriels/", {"rhythm": "weekly", "kinds": ["comment"]})
    kept = DigestPreference.objects.get(person=someone)
    assert (kept.rhythm, kept.kinds_off) == ("weekly", ["answer"])
    assert client.post("/mes-courriels/", {"rhythm": "hourly"}).status_code == 409
    kept.refresh_from_db()
    assert kept.rhythm == "weekly"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_digest_once(person, waiting):
    for number in range(12):
        person("auditor", email=f"r{number}@example.org")
    gate = threading.Barrier(2)
    faults: list[Exception] = []

    def work() -> None:
        try:
            gate.wait()
            digests.send_digests(TUESDAY)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not faults
    assert Counter(letter.to[0] for letter in mail.outbox) == {f"r{n}@example.org": 1 for n in range(12)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["dies-before", "dies-after"])
def test_a_worker_killed_in_the_middle_is_followed_by_one_that_repeats_nothing(person, tmp_path, moment):
    """Real processes, a real kill: whoever was being written to gets at most one letter, all the others exactly one."""
    readers = [person("contributor", "directorate", "DVD", email=f"r{n}@example.org") for n in range(5)]
    assert run_worker(tmp_path, TUESDAY, moment, "3").returncode == -9
    assert run_worker(tmp_path, TUESDAY).returncode == 0
    got = letters(tmp_path)
    in_hand = readers[2].email
    assert max(got.values()) == 1
    assert set(got) >= {r.email for r in readers} - {in_hand}
    assert (in_hand in got) == (moment == "dies-after")
    assert DigestSent.objects.filter(delivered_at=None).count() == 1
    if moment == "dies-before":  # what may never have left is said on the next working day
        assert run_worker(tmp_path, days_later(1)).returncode == 0
        assert letters(tmp_path) == {r.email: 1 for r in readers}


def run_worker(folder: Path, now: datetime, *death: str) -> subprocess.CompletedProcess:
    held = connection.settings_dict
    url = f"postgresql://{held['USER']}:@/{held['NAME']}?host={held['HOST']}"
    environment = os.environ | {
        "DATABASE_URL": url, "LETTERS": str(folder), "DJANGO_SETTINGS_MODULE": "parvis.config.settings",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, str(WORKER), now.isoformat(), *death],
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


def letters(folder: Path) -> Counter:
    texts = [file.read_bytes() for file in folder.iterdir()]
    return Counter(
        email.message_from_bytes(part.strip())["To"] for text in texts for part in text.split(b"-" * 79) if part.strip()
    )


@pytest.mark.django_db(transaction=True)
def test_a_real_smtp_server_receives_the_letter(person, waiting, settings):
    someone = person("auditor")
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        assert digests.send_digests(TUESDAY) == 1
    (received,) = sink.letters
    assert received["To"] == someone.email
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, page = received.get_payload()
    assert "Répondre pour a" in text.get_payload(decode=True).decode()
    assert page.get_content_type() == "text/html"
    assert DigestSent.objects.get().delivered_at


@pytest.mark.django_db(transaction=True)
def test_a_refused_address_does_not_stop_the_other_letters(person, waiting, settings):
    person("auditor", email="refused@example.org")
    person("auditor", email="good@example.org")
    with SmtpSink(refuses="refused@") as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        assert digests.send_digests(TUESDAY) == 1
    assert [letter["To"] for letter in sink.letters] == ["good@example.org"]


class SmtpSink:
    """The few verbs of SMTP that a sender uses, on a port of its own, in a thread of its own."""

    def __init__(self, refuses: str = "\0") -> None:
        self.letters: list = []
        self.refuses = refuses
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.talk, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self) -> "SmtpSink":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.server.close()
        self.loop.close()

    async def talk(self, reader, writer) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go\r\n")
                text = await reader.readuntil(b"\r\n.\r\n")
                self.letters.append(email.message_from_bytes(text[:-5]))
                writer.write(b"250 kept\r\n")
            elif verb == b"RCPT" and self.refuses.encode() in line:
                writer.write(b"550 unknown\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
        writer.close()


def test_the_house_names_the_kinds_that_a_person_may_turn_off():
    kinds = faces.house().digest_kinds
    assert {"answer", "change.late"} <= set(kinds)
    assert len(set(kinds.values())) == len(kinds), "two boxes with the same words would be one too many"
