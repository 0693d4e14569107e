"""A worker of its own, for tests: sends the digests of an instant against a named database, and may be killed while it does.

python digest_worker.py 2026-11-24T09:00:00+00:00 [dies-before N | dies-after N]
"""

import os
import signal
import sys
from datetime import datetime

import django
from django.core.mail.backends.filebased import EmailBackend

django.setup()

from parvis.kernel.faces import Face, House, Todo  # noqa: E402
from parvis.web import digests  # noqa: E402

WAITING = Todo("Répondre pour « Rue aux écoles »", "/feuilles-de-route/actions/a/", key="a", kind="answer")


class Letters(EmailBackend):
    """The file backend, with a death just before or just after the nth letter is written."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, file_path=os.environ["LETTERS"], **options)
        self.count = 0

    def write_message(self, message) -> None:
        self.count += 1
        self._die("dies-before")
        super().write_message(message)
        self.stream.flush()
        self._die("dies-after")

    def _die(self, moment: str) -> None:
        if sys.argv[2:] == [moment, str(self.count)]:
            os.kill(os.getpid(), signal.SIGKILL)


digests.get_connection = Letters
digests.faces.house = lambda: House((Face("test", "Test", todos=lambda person, today: [WAITING]),))
print(digests.send_digests(datetime.fromisoformat(sys.argv[1])))
