"""Names in files, brought to the house's own rows: a directorate, a public policy. Knows synonyms; never guesses."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from parvis.domains.roadmaps.models import PublicPolicy
from parvis.kernel.contracts.headers import letters
from parvis.kernel.organisation.models import Directorate


class Names:
    """Rows by every spelling of their name; `find` answers exactly, `nearest` proposes."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._by_spelling = {
            letters(word): row for row in rows for word in (row.code, row.name, *row.synonyms) if letters(word)
        }

    def find(self, text: str | None) -> Any:
        return self._by_spelling.get(letters(text)) if text else None

    def nearest(self, text: str | None) -> str:
        close = get_close_matches(letters(text or ""), list(self._by_spelling), n=1, cutoff=0.7)
        return self._by_spelling[close[0]].name if close else ""


def directorates() -> Names:
    return Names(Directorate.objects.all())


def policies() -> Names:
    return Names(PublicPolicy.objects.all())
