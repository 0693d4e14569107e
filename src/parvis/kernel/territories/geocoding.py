"""From an address to a place: a point when a geocoder is configured and sure, else the arrondissement, said as such.

Knows how to ask the national address API in batches (CSV, POST). Refuses to invent a point: the centre of an
arrondissement is not an address, and an answer that contradicts the declared arrondissement is not used.
"""

import csv
import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import requests
from django.conf import settings

from parvis.kernel import Refusal
from parvis.kernel.territories import locating
from parvis.kernel.territories.boundaries import EAST, NORTH, SOUTH, WEST
from parvis.kernel.territories.models import Kind
from parvis.kernel.territories.spelling import arrondissement_of, sector_of

POINT, STREET, MUNICIPALITY = "point", "street", "municipality"
ARRONDISSEMENT, SECTOR, CITY, UNKNOWN = "arrondissement", "sector", "city", "unknown"
# BAN's own kinds of answer; a locality is as vague as a street, a municipality tells no more than we knew.
PRECISION_OF_TYPE = {"housenumber": POINT, "street": STREET, "locality": STREET, "municipality": MUNICIPALITY}
SURE_SCORE = 0.6  # under it the API is naming its nearest guess
BATCH_ROWS = 5_000
CONNECT_SECONDS, READ_SECONDS = 5, 120
ATTEMPTS = 3


@dataclass(frozen=True)
class Address:
    """What is asked: the text, and the INSEE code of the arrondissement when it is known."""

    text: str
    arrondissement_code: str = ""


@dataclass(frozen=True)
class Answer:
    """What a geocoder says of one address; no coordinates when it found nothing."""

    longitude: float | None
    latitude: float | None
    precision: str
    score: float
    city_code: str


@dataclass(frozen=True)
class Located:
    """Where something is, how precisely, by which method and boundaries; `note` says in French what was not sure."""

    longitude: float | None
    latitude: float | None
    precision: str
    method: str
    arrondissement_code: str = ""
    sector_code: str = ""
    vintage: str = ""
    note: str = ""


class Geocoder(Protocol):
    """Whoever turns addresses into points; one answer per address, in order. Raises Refusal when unreachable."""

    name: str

    def ask(self, addresses: Sequence[Address]) -> list[Answer]: ...


class NationalAddressApi:
    """The Base Adresse Nationale by its CSV batch. `url` is the whole address of the batch service."""

    name = "ban"

    def __init__(
        self, url: str, *, pause: Callable[[float], None] = time.sleep, read_seconds: int = READ_SECONDS,
        attempts: int = ATTEMPTS,
    ) -> None:  # fmt: skip
        self.url, self.pause, self.read_seconds, self.attempts = url, pause, read_seconds, attempts

    def ask(self, addresses: Sequence[Address]) -> list[Answer]:
        return [answer for batch in _batches(addresses) for answer in self._ask_batch(batch)]

    def _ask_batch(self, batch: Sequence[Address]) -> list[Answer]:
        rows = list(csv.DictReader(io.StringIO(self._post(_written(batch)))))
        if len(rows) != len(batch):
            raise Refusal("Le géocodeur a rendu un fichier incomplet.", remedy="Réessayez plus tard.")
        return [_read(row) for row in rows]

    def _post(self, content: str) -> str:
        """Send a batch, trying again after a network fault or a 5xx; a 4xx is ours to mend, so it is not repeated."""
        for attempt in range(1, self.attempts + 1):
            try:
                answer = requests.post(
                    self.url, files={"data": ("addresses.csv", content.encode(), "text/csv")},
                    data={"columns": "address", "citycode": "citycode"}, timeout=(CONNECT_SECONDS, self.read_seconds),
                )  # fmt: skip
                if answer.status_code < 500:
                    answer.raise_for_status()
                    return answer.content.decode("utf-8-sig")
            except (requests.ConnectionError, requests.Timeout):
                pass
            except (requests.RequestException, UnicodeDecodeError) as error:
                raise Refusal("Le géocodeur refuse la demande.", remedy="Vérifiez PARVIS_GEOCODER_URL.") from error
            if attempt < self.attempts:
                self.pause(0.5 * 2**attempt)
        raise Refusal(
            "Le géocodeur ne répond pas.", remedy="Les lieux restent à l’arrondissement ; réessayez plus tard."
        )


def configured(*, read_seconds: int = READ_SECONDS, attempts: int = ATTEMPTS) -> Geocoder | None:
    """The geocoder that the settings name, or none; `read_seconds` and `attempts` say how long to wait for it."""
    url = settings.GEOCODER_URL
    return NationalAddressApi(url, read_seconds=read_seconds, attempts=attempts) if url else None


def place(address: str, arrondissement: object, *, on: date | None = None, geocoder: Geocoder | None = None) -> Located:
    """Where one address is; see `locate_addresses`."""
    return locate_addresses([(address, arrondissement)], on=on, geocoder=geocoder)[0]


def locate_addresses(
    rows: Sequence[tuple[str, object]], *, on: date | None = None, geocoder: Geocoder | None = None
) -> list[Located]:  # fmt: skip
    """Where each (address, arrondissement as spelled) is. Without a geocoder, or when it fails: the arrondissement.

    `on` is the day whose boundaries are read; without it the declared arrondissement is not checked against them.
    """
    declared = [_declared(arrondissement) for _, arrondissement in rows]
    asker = geocoder or configured()
    wanted = [index for index, (address, _) in enumerate(rows) if asker and str(address or "").strip()]
    if not asker or not wanted:
        return declared
    try:
        answers = asker.ask([Address(str(rows[i][0]).strip(), declared[i].arrondissement_code) for i in wanted])
    except Refusal as refusal:
        return [
            replace(d, note=_joined(d.note, refusal.message)) if i in set(wanted) else d for i, d in enumerate(declared)
        ]
    found = {i: _settled(declared[i], answer, asker.name) for i, answer in zip(wanted, answers, strict=True)}
    return _checked([found.get(i, d) for i, d in enumerate(declared)], declared, on)


def _declared(arrondissement: object) -> Located:
    """What the file says of the place, with no point: the arrondissement, the sector, the city, or nothing."""
    spelled = arrondissement_of(arrondissement)
    if spelled.code:
        return Located(None, None, ARRONDISSEMENT, "declared", spelled.code, spelled.sector or "", "", spelled.note)
    if spelled.sector:
        return Located(None, None, SECTOR, "declared", "", spelled.sector, "", spelled.note)
    return Located(
        None, None, CITY if spelled.known else UNKNOWN, "declared" if spelled.known else "", note=spelled.note
    )


def _settled(declared: Located, answer: Answer, method: str) -> Located:
    """The geocoder's point when it is sure, precise and in the arrondissement that was declared."""
    if answer.longitude is None or answer.latitude is None or answer.precision not in (POINT, STREET):
        return replace(declared, note=_joined(declared.note, "adresse non trouvée"))
    if answer.score < SURE_SCORE:
        return replace(declared, note=_joined(declared.note, f"adresse incertaine (score {answer.score:.2f})"))
    inside = WEST < answer.longitude < EAST and SOUTH < answer.latitude < NORTH
    code = arrondissement_of(answer.city_code).code or ""
    if not inside or _contradicts(declared, code):
        return replace(declared, note=_joined(declared.note, f"le géocodeur répond ailleurs ({answer.city_code})"))
    code = code or declared.arrondissement_code
    return Located(
        answer.longitude, answer.latitude, answer.precision, method, code,
        sector_of(code) if code else declared.sector_code, "", declared.note,
    )  # fmt: skip


def _contradicts(declared: Located, code: str) -> bool:
    if not code:
        return not declared.arrondissement_code
    if declared.arrondissement_code:
        return code != declared.arrondissement_code
    return bool(declared.sector_code) and sector_of(code) != declared.sector_code


def _checked(places: list[Located], declared: list[Located], on: date | None) -> list[Located]:
    """Check the points against the loaded arrondissements of the day, when there are any, and keep their vintage."""
    pointed = [i for i, place in enumerate(places) if place.longitude is not None]
    if on is None or not pointed:
        return places
    spots = [(places[i].longitude, places[i].latitude) for i in pointed]
    for i, found in zip(pointed, locating.locate_many(spots, [Kind.ARRONDISSEMENT], on=on), strict=True):
        zone = found[Kind.ARRONDISSEMENT]
        if zone.method == locating.NOT_LOADED:
            continue
        if zone.code == places[i].arrondissement_code:
            places[i] = replace(places[i], vintage=zone.vintage)
        else:
            places[i] = replace(
                declared[i], note=_joined(declared[i].note, f"le point tombe ailleurs ({zone.code or 'hors de Paris'})")
            )
    return places


def _joined(*notes: str) -> str:
    return " ; ".join(note for note in notes if note)


def _batches(addresses: Sequence[Address]) -> Iterator[Sequence[Address]]:
    for start in range(0, len(addresses), BATCH_ROWS):
        yield addresses[start : start + BATCH_ROWS]


def _written(batch: Sequence[Address]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("address", "citycode"))
    writer.writerows((" ".join(address.text.split()), address.arrondissement_code) for address in batch)
    return out.getvalue()


def _read(row: dict[str, str]) -> Answer:
    """One line of the answer; a line without coordinates or with an odd number found nothing."""
    try:
        longitude, latitude, score = (float(row[name]) for name in ("longitude", "latitude", "result_score"))
    except (KeyError, TypeError, ValueError):
        return Answer(None, None, UNKNOWN, 0.0, "")
    return Answer(
        longitude, latitude, PRECISION_OF_TYPE.get(row.get("result_type", ""), UNKNOWN), score,
        row.get("result_citycode") or "",
    )  # fmt: skip
