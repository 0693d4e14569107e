"""Figures, periods and gaps as a French reader writes them. No Django, no present day."""

from datetime import date

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
NARROW, FIXED = "\u202f", "\u00a0"
LARGE = ((1e9, "Md€"), (1e6, "M€"), (1e3, "k€"))
SPOKEN_UNITS = {"%": "points"}  # a gap between two shares is in points


def number(value: float | None, decimals: int | None = None) -> str:
    """« 1 234,5 »: one decimal under a thousand, none above, unless told; a dash when there is none."""
    if value is None:
        return "—"
    wanted = (0 if abs(value) >= 1000 else 1) if decimals is None else decimals
    text = f"{abs(value):,.{wanted}f}"
    whole, _, rest = text.partition(".")
    said = whole.replace(",", NARROW) + (f",{rest}" if rest.strip("0") else "")
    return f"−{said}" if value < 0 and said.strip("0,") else said


def figure(value: float | None, unit: str) -> str:
    """« 62,4 % », « 1,2 M€ », « 6,9 sur 8 »: the number never leaves its unit."""
    if value is None:
        return "—"
    if unit == "€":
        return _euros(value)
    return f"{number(value)}{NARROW if unit == '%' else FIXED}{agreed(value, unit)}".strip()


def gap(value: float | None, unit: str) -> str:
    """« +3,1 points », « −4 jours »: a difference, with its sign."""
    if value is None:
        return "—"
    said = difference(abs(value), unit)
    sign = "" if not any(figure in said for figure in "123456789") else "+" if value > 0 else "−"
    return f"{sign}{said}"


def difference(size: float, unit: str) -> str:
    """« 3,1 points », « 1 jour », « 1,2 M€ »: how far two figures stand from one another, without a sign."""
    if unit == "€":
        return _euros(size)
    word = "points" if unit.startswith("sur ") else SPOKEN_UNITS.get(unit, unit)
    return f"{number(size)}{FIXED}{agreed(size, word)}".strip()


def agreed(value: float, unit: str) -> str:
    """The unit as it follows the number: « 1 jour », « 2 jours »; French counts below two as one."""
    if abs(value) >= 2 or not unit.replace(" ", "").isalpha():
        return unit
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in unit.split(" "))


def period(start: date, rhythm: str) -> str:
    """« octobre 2026 », « 3e trimestre 2026 », « 2026 »."""
    if rhythm == "year":
        return str(start.year)
    if rhythm == "quarter":
        rank = (start.month + 2) // 3
        return f"{'1er' if rank == 1 else f'{rank}e'} trimestre {start.year}"
    return f"{MONTHS[start.month - 1]} {start.year}"


def in_period(start: date, rhythm: str) -> str:
    """« en octobre 2026 », « au 3e trimestre 2026 », « en 2026 »."""
    return f"{'au' if rhythm == 'quarter' else 'en'} {period(start, rhythm)}"


def of_period(start: date, rhythm: str) -> str:
    """« d’octobre 2026 », « de mars 2026 », « du 3e trimestre 2026 », « de 2026 »."""
    said = period(start, rhythm)
    return f"du {said}" if rhythm == "quarter" else f"d’{said}" if said[0] in "ao" else f"de {said}"


def day(on: date) -> str:
    """« 1er décembre 2026 »."""
    return f"{'1er' if on.day == 1 else on.day} {MONTHS[on.month - 1]} {on.year}"


def _euros(value: float) -> str:
    for size, word in LARGE:
        if abs(value) >= size:
            return f"{number(value / size, 1)}{FIXED}{word}"
    return f"{number(value, 2)}{FIXED}€"
