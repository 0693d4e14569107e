"""One arrondissement, many spellings: reads what real files write.

Knows the twenty numbers, the INSEE and postal codes, and the words people put around them. Refuses to guess: a
spelling that it does not recognise is returned as unknown, with the reason, for a person to decide. No Django.
"""

import re
import unicodedata
from dataclasses import dataclass

CENTRE = "centre"
CITY_CODES = {"75056", "75000"}
FILLERS = frozenset(
    {
        "paris", "mairie", "ville", "commune", "secteur", "arrondissement", "arrondissements", "arrdt", "ardt", "arr",
        "ar", "d", "de", "du", "des", "l", "la", "le", "les", "et", "a",
    }
)  # fmt: skip
WHOLE_CITY = frozenset({"tout", "toute", "tous", "parisien", "ensemble"})
NUMBER = re.compile(r"^0?(\d{1,2})(?:er|ere|e|eme|em|ieme|nd|nde|d)?$")
CODE = re.compile(r"^75\d{3}$")


@dataclass(frozen=True)
class Spelled:
    """What a spelling says: an INSEE code 75101–75120, or none; `known` tells "nowhere in particular" from "unread".

    `sector` is the town hall's code when it is said (Paris Centre is a sector without one arrondissement). `note` is
    a French sentence whenever the reading deserves one.
    """

    code: str | None
    known: bool
    note: str = ""
    sector: str | None = None


def arrondissement_of(text: object) -> Spelled:
    """Read `75007`, `75107`, `Mairie du 7eme`, `PARIS 7EME ARRONDISSEMENT`, `7`, `75116`, `Paris Centre` …"""
    words = _words(text)
    if not words:
        return Spelled(None, False, "arrondissement non renseigné")
    if set(words) <= CITY_CODES | FILLERS | WHOLE_CITY:
        return Spelled(None, True, "toute la ville, sans arrondissement")
    readings = [_read(word) for word in words if word not in FILLERS and word != CENTRE]
    if None in readings:
        return Spelled(None, False, f"arrondissement inconnu : « {str(text).strip()} »")
    return _settle(text, {code for code in readings if code}, says_centre=CENTRE in words)


def sector_of(arrondissement_code: str) -> str:
    """The sector of an INSEE code: `centre` for the 1st to the 4th, else the number. ValueError for any other code."""
    number = _number_of(arrondissement_code)
    if number is None:
        raise ValueError(f"not an arrondissement of Paris: {arrondissement_code!r}")
    return CENTRE if number <= 4 else str(number)


def _settle(text: object, codes: set[str], *, says_centre: bool) -> Spelled:
    sectors = {sector_of(code) for code in codes} | ({CENTRE} if says_centre else set())
    if len(sectors) > 1 or (len(codes) > 1 and not says_centre):
        return Spelled(None, False, f"plusieurs arrondissements : « {str(text).strip()} »")
    if len(codes) == 1:
        (code,) = codes
        return Spelled(code, True, _postal_note(text, code), sector_of(code))
    return Spelled(None, True, "secteur Paris Centre, sans arrondissement", CENTRE)


def _postal_note(text: object, code: str) -> str:
    return "75116 : le nord du 16e, second code postal" if "75116" in str(text) and code == "75116" else ""


def _words(text: object) -> list[str]:
    """Lower-case words without accents; 75007.0, as a spreadsheet writes it, is 75007."""
    plain = unicodedata.normalize("NFKD", "" if text is None else str(text)).encode("ascii", "ignore").decode()
    plain = re.sub(r"^\s*(\d+)\.0+\s*$", r"\1", plain.lower())
    return re.findall(r"[a-z0-9]+", re.sub(r"(\d)\s+(er|ere|e|eme|ieme|nd|nde)\b", r"\1\2", plain))


def _read(word: str) -> str | None:
    """The INSEE code that one word says, or None."""
    if CODE.match(word):
        return _from_code(word)
    found = NUMBER.match(word)
    number = int(found[1]) if found else 0
    return f"751{number:02d}" if 1 <= number <= 20 else None


def _from_code(code: str) -> str | None:
    """INSEE 75101–75120, or postal 75001–75020; 75116 is both, and the 16th either way."""
    if code.startswith("750"):
        code = f"751{code[3:]}"
    return code if _number_of(code) else None


def _number_of(code: str) -> int | None:
    found = re.fullmatch(r"751(\d\d)", code)
    return int(found[1]) if found and 1 <= int(found[1]) <= 20 else None
