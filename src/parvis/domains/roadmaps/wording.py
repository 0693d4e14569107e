"""Days, durations and figures as French words, for reasons read by elected officials. No Django, no present day."""

from datetime import date
from decimal import Decimal

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
NARROW = "\u202f"
ARTICLES = {"CASVP": "Le CASVP", "EPPM": "L’EPPM"}


def on_day(day: date, seen_on: date) -> str:
    """« le 30 juin », « le 1er mars 2027 »: the year is said when it is not the year of reading."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"le {number} {MONTHS[day.month - 1]}{_year(day, seen_on)}"


def in_month(day: date, seen_on: date) -> str:
    """« en juin », for what is known to the month."""
    return f"en {MONTHS[day.month - 1]}{_year(day, seen_on)}"


def on_term(day: date, precision: str, seen_on: date) -> str:
    return in_month(day, seen_on) if precision == "month" else on_day(day, seen_on)


def _year(day: date, seen_on: date) -> str:
    return "" if day.year == seen_on.year else f" {day.year}"


def days(count: int) -> str:
    return f"{grouped(count)} jour" if count < 2 else f"{grouped(count)} jours"


def grouped(count: int) -> str:
    return f"{count:,}".replace(",", NARROW)


def kept(done: int, total: int) -> str:
    """« 1 jalon sur 3 tenu », « 4 jalons sur 4 tenus », « aucun jalon tenu sur 3 »."""
    if not done:
        return f"aucun jalon tenu sur {total}"
    return f"{done} jalon sur {total} tenu" if done == 1 else f"{done} jalons sur {total} tenus"


def figure(value: Decimal) -> str:
    """A measure as a French reader writes it: 1 234,5."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return text.replace(",", NARROW).replace(".", ",").replace("-", "−")


def percent(share: Decimal) -> str:
    return f"{figure(Decimal(round(share * 100)))}{NARROW}%"


def short(words: str, most: int = 60) -> str:
    """A title that fits in a sentence."""
    words = " ".join(words.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def directorate(code: str) -> str:
    """« La DEVE », « Le CASVP »."""
    return ARTICLES.get(code, f"La {code}")
