"""The addresses of a file, located before its import begins: the geocoder may be slow or away, the import is neither.

Knows what was asked and answered. Without a geocoder nothing is asked and nothing changes. Refuses to fail: when the
geocoder falls silent nobody asks again, every address keeps its arrondissement, and the report says so once.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Optional

from parvis.kernel import Refusal
from parvis.kernel.contracts.contract import Contract
from parvis.kernel.contracts.rows import WARNING, Issue, Row
from parvis.kernel.territories import geocoding
from parvis.kernel.territories.geocoding import Address, Answer, Geocoder, Located

READ_SECONDS, ATTEMPTS = 30, 2  # someone is waiting before a page
ASKED_AT_ONCE = 500


class Places:
    """What the geocoder said of each address of a contract's rows."""

    def __init__(self, contract: Contract, geocoder: Geocoder) -> None:
        self.contract, self.geocoder, self.name = contract, geocoder, geocoder.name
        self.found: dict[tuple[str, str], Located] = {}
        self.silence = ""

    @classmethod
    def of(cls, contract: Contract) -> Optional["Places"]:
        """None when the contract places nothing, or the house has no geocoder."""
        geocoder = geocoding.configured(read_seconds=READ_SECONDS, attempts=ATTEMPTS) if contract.place_of else None
        return cls(contract, geocoder) if geocoder else None

    def locate(self, rows: Iterable[Row], *, on: date) -> None:
        """Ask for the addresses not asked yet."""
        wanted = dict.fromkeys(asked for row in rows if (asked := self._asked(row)) and asked not in self.found)
        fresh = list(wanted)
        for start in range(0, len(fresh), ASKED_AT_ONCE):
            some = fresh[start : start + ASKED_AT_ONCE]
            located = geocoding.locate_addresses(some, on=on, geocoder=self)
            if self.silence:
                return
            self.found |= dict(zip(some, located, strict=True))

    def ask(self, addresses: Sequence[Address]) -> list[Answer]:
        """The geocoder itself, its silence remembered."""
        try:
            return self.geocoder.ask(addresses)
        except Refusal as refusal:
            self.silence = refusal.message
            raise

    def give(self, rows: Iterable[Row]) -> None:
        """To each row, what was found of its address."""
        for row in rows:
            asked = self._asked(row)
            row.place = self.found.get(asked) if asked else None

    def said(self, row: int) -> list[Issue]:
        """The silence, told once for the whole file."""
        if not self.silence:
            return []
        told = f"{self.silence} Les adresses non localisées restent à l’arrondissement."
        return [Issue(row, "", "geocoder-silent", WARNING, "", told)]

    def _asked(self, row: Row) -> tuple[str, str] | None:
        return self.contract.place_of(row) if self.contract.place_of else None
