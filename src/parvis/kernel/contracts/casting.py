"""From a cell to a value, in French habits: decimal commas, DD/MM/YYYY, oui/non, months without a day. No Django.

Knows types and constraints. Refuses to know what a column means. Never guesses: an ambiguous cell is an error with a
proposal; a repaired one is a warning that says what was read.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from parvis.kernel.calendar import is_credible
from parvis.kernel.contracts.headers import letters, repaired
from parvis.kernel.contracts.rows import Month, Row, written

SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d.*)?")
FRENCH_DAY = re.compile(r"(\d{1,2})[/.\-_](\d{1,2})[/.\-_](\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?")
ISO_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
FRENCH_MONTH = re.compile(r"(\d{1,2})[/\-](\d{4})")
NAMED = re.compile(r"(?:(\d{1,2}) )?([a-z]+) (\d{4})")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
WHOLE_FLOAT = re.compile(r"\d+\.0+")
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
AMOUNT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?: \d{3})+)(?:[.,]\d+)?|[+-]?[.,]\d+")
BIG_UNITS = {"k": 1_000, "m": 1_000_000, "md": 1_000_000_000}
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day has no zone
MOST_CENTS = 10**15
TRUE, FALSE = {"oui", "o", "vrai", "true", "yes", "x", "1"}, {"non", "n", "faux", "false", "no", "0"}
MONTHS = {
    name: number
    for number, names in enumerate(
        ("janvier janv jan", "fevrier fevr fev", "mars", "avril avr", "mai", "juin", "juillet juil", "aout",
         "septembre sept sep", "octobre oct", "novembre nov", "decembre dec"), start=1)
    for name in names.split()
}  # fmt: skip


class Unreadable(Exception):
    """The cell cannot be read as its type: rule, message, proposal."""

    def __init__(self, rule: str, message: str, proposal: str = "") -> None:
        super().__init__(message)
        self.rule, self.message, self.proposal = rule, message, proposal


def cast(row: Row, fields) -> None:
    """Fill row.values from row.cells, noting issues. A cell that cannot be read has no value."""
    for field in fields:
        cell = row.cells.get(field.name, "")
        if type(cell) is str:
            cell = _tidied(row, field, cell)
        if cell == "" or cell is None:
            row.values[field.name] = None
            if field.is_required:
                said = f"« {field.label} » est obligatoire et la cellule est vide."
                row.refuse(field.name, "required", said, proposal=_proposed(row, field))
            continue
        try:
            value = CASTS[field.type](row, field, cell)
            row.values[field.name] = value
            _check(row, field, value)
        except Unreadable as fault:
            row.values[field.name] = None
            row.refuse(field.name, fault.rule, fault.message, proposal=fault.proposal)


def _proposed(row: Row, field) -> str:
    """What the other cells suggest for a missing one, when the column says how."""
    known = defaultdict(str, {name: written(cell) for name, cell in row.cells.items()})
    return field.proposal.format_map(known) if field.proposal else ""


def _tidied(row: Row, field, cell: str) -> str:
    """Outer blanks gone; text read in the wrong encoding repaired and said; letters already lost pointed out."""
    text = cell.strip()
    if text.isascii():
        return text
    better = repaired(text)
    if better != text:
        row.warn(field.name, "mojibake", f"Texte mal encodé, lu comme « {better[:80]} ».", proposal=better)
    if "\ufffd" in better:
        row.warn(field.name, "lost-letters", "Des lettres ont été perdues avant l’import (signe �) : à retaper.")
    return better


# Text


def _string(row: Row, field, cell: Any) -> str:
    text = written(cell)
    if field.is_identifier:
        return _identifier(row, field, text)
    if field.choices:
        return _choice(field, text)
    return text


def _identifier(row: Row, field, text: str) -> str:
    """Numbers that name things: « 12345.0 » loses its point with a flag; « 1,2E+13 » has lost its figures for good."""
    if WHOLE_FLOAT.fullmatch(text):
        text = text.split(".")[0]
        row.warn(field.name, "float-identifier", f"Identifiant écrit comme un nombre, lu « {text} ».", proposal=text)
    elif SCIENTIFIC.fullmatch(text):
        raise Unreadable(
            "scientific-identifier",
            "Identifiant abrégé par le tableur : des chiffres sont perdus. Reprenez-le dans le fichier d’origine.",
        )
    return _siret(row, field, text) if field.format == "siret" else text


def _siret(row: Row, field, text: str) -> str:
    digits = SPACES.sub("", text)
    if not re.fullmatch(r"\d{14}", digits):
        raise Unreadable(
            "siret", f"Un SIRET compte 14 chiffres ; celui-ci en compte {len(re.sub(r'[^0-9]', '', digits))}."
        )
    if not _luhn(digits) and not (digits.startswith("356000000") and sum(map(int, digits)) % 5 == 0):
        raise Unreadable("siret-check", "La clé de ce SIRET est fausse : un chiffre a sans doute été mal recopié.")
    return digits


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _choice(field, text: str) -> str:
    chosen = field.choice_of.get(letters(text))
    if chosen is None:
        raise Unreadable(
            "enum", f"« {text[:60]} » n’est pas une valeur prévue : {', '.join(field.choices)}.", _nearest(field, text)
        )
    return chosen


def _nearest(field, text: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(letters(text), list(field.choice_of), n=1, cutoff=0.6)
    return field.choice_of[close[0]] if close else ""


def _boolean(row: Row, field, cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    said = letters(written(cell))
    if said in TRUE or said in FALSE:
        return said in TRUE
    raise Unreadable("boolean", f"« {written(cell)[:40]} » ne se lit ni oui ni non.")


def _list(row: Row, field, cell: Any) -> tuple[str, ...]:
    """Several words in one cell, between semicolons, bars or line ends (commas belong to names)."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[;|\n]", written(cell)) if part.strip()))


# Numbers


def _number(row: Row, field, cell: Any) -> Any:
    amount = _decimal(cell, is_money=field.is_money)
    return _cents(row, field, amount) if field.is_money else amount


def _decimal(cell: Any, *, is_money: bool = False) -> Decimal:
    if isinstance(cell, bool | date | timedelta):
        raise Unreadable("number", "Un nombre est attendu ici.")
    if isinstance(cell, int | float):
        return _from_spreadsheet(cell) if isfinite(cell) else _decimal("∞")
    text = SPACES.sub(" ", written(cell)).replace("−", "-").strip()
    bare = re.sub(r"\s*(?:€|eur|euros?|%)\s*$", "", text, flags=re.IGNORECASE)
    if AMOUNT.fullmatch(bare):
        _refuse_ambiguous(bare, is_money)
        return Decimal(bare.replace(" ", "").replace(",", "."))
    return _less_usual(text, bare)


def _from_spreadsheet(cell: float) -> Decimal:
    try:
        return Decimal(repr(cell)).quantize(Decimal("0.000001"))
    except InvalidOperation as fault:
        raise Unreadable("number", "Ce nombre ne se lit pas.") from fault


def _refuse_ambiguous(bare: str, is_money: bool) -> None:
    """« 1.234 » and « 1,234 » in an amount: a thousand euros, or one euro and a bit?"""
    if is_money and re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", bare):
        whole = re.sub(r"[.,]", "", bare)
        raise Unreadable(
            "ambiguous-number", f"« {bare} » : {whole} euros, ou une décimale ? Écrivez-le sans séparateur.", whole
        )


def _less_usual(text: str, bare: str) -> Decimal:
    """Thousands and decimals marked by two different signs, and figures followed by k or M."""
    tight = bare.replace(" ", "").replace("'", "").replace("’", "")
    if AMOUNT.fullmatch(tight):
        return Decimal(tight.replace(",", "."))
    for pattern, thousands in ((r"[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d{1,3}(?:\.\d{3}){2,}", "."),
                               (r"[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:,\d{3}){2,}", ",")):  # fmt: skip
        if re.fullmatch(pattern, tight):
            return Decimal(tight.replace(thousands, "").replace(",", "."))
    if found := re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?)(k|md|m)(?:€|eur|euros?)?", text.replace(" ", "").lower()):
        value = Decimal(found[1].replace(",", ".")) * BIG_UNITS[found[2]]
        raise Unreadable(
            "abbreviated-number", f"« {text[:40]} » est abrégé : écrivez tous les chiffres.", f"{value.normalize():f}"
        )
    raise Unreadable("number", f"« {text[:60]} » n’est pas un nombre.")


def _cents(row: Row, field, amount: Decimal) -> int:
    exact = amount * 100
    cents = int(exact.to_integral_value(rounding="ROUND_HALF_UP"))
    if abs(cents) > MOST_CENTS:
        raise Unreadable("too-large", "Ce montant dépasse dix mille milliards d’euros : vérifiez-le.")
    if abs(exact - cents) > Decimal("0.001"):
        row.warn(
            field.name, "rounded", "Plus de deux décimales : arrondi au centime.", proposal=f"{Decimal(cents) / 100:f}"
        )
    return cents


def _integer(row: Row, field, cell: Any) -> int:
    amount = _decimal(cell)
    if amount != amount.to_integral_value():
        raise Unreadable("integer", f"Un nombre entier est attendu ; « {written(cell)[:40]} » a des décimales.")
    if abs(amount) > 2**31 - 1:
        raise Unreadable("too-large", "Ce nombre est trop grand.")
    if type(cell) is str and WHOLE_FLOAT.fullmatch(cell.strip()):
        row.warn(
            field.name,
            "float-integer",
            f"Entier écrit avec une décimale, lu « {amount:.0f} ».",
            proposal=f"{amount:.0f}",
        )
    return int(amount)


def _year(row: Row, field, cell: Any) -> int:
    year = _integer(row, field, cell)
    if not 1900 <= year <= 2200:
        raise Unreadable("year", f"« {written(cell)[:20]} » n’est pas une année.")
    return year


# Days and months


def _date(row: Row, field, cell: Any) -> date:
    if isinstance(cell, date):
        return _credible(cell.date() if isinstance(cell, datetime) else cell, f"{cell:%d/%m/%Y}")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_serial(row, field, float(cell))
    return day_from_text(row, field, SPACES.sub(" ", written(cell)).strip())


def day_from_text(row: Row, field, text: str) -> date:
    if found := ISO_DAY.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if found := FRENCH_DAY.fullmatch(text):
        return _french_day(row, field, int(found[1]), int(found[2]), found[3], text)
    if (found := NAMED.fullmatch(_bare(text))) and found[1] and found[2] in MONTHS:
        return _day(int(found[3]), MONTHS[found[2]], int(found[1]), text)
    if SERIAL.fullmatch(text):
        return _from_serial(row, field, float(text))
    if month := month_from_text(text):
        raise Unreadable(
            "day-missing", f"Il manque le jour : « {text} ». Écrivez JJ/MM/AAAA.", f"{month.last():%d/%m/%Y}"
        )
    raise Unreadable("date", f"« {text[:40]} » n’est pas une date. Écrivez JJ/MM/AAAA.")


def _bare(text: str) -> str:
    """« 1er févr. 2024 » → "1 fevr 2024"."""
    return re.sub(r"\b1er\b", "1", letters(text))


def _french_day(row: Row, field, day: int, month: int, year: str, text: str) -> date:
    whole = int(year) if len(year) == 4 else 2000 + int(year)
    if month > 12 and day <= 12:
        raise Unreadable(
            "month-first",
            f"« {text} » : il n’y a pas de mois {month}. Jour et mois inversés ?",
            f"{month:02d}/{day:02d}/{whole}",
        )
    said = _day(whole, month, day, text)
    if len(year) == 2:
        row.warn(field.name, "short-year", f"Année sur deux chiffres, lue {whole}.", proposal=f"{said:%d/%m/%Y}")
    return said


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        said = date(year, month, day)
    except ValueError as fault:
        raise Unreadable("date", f"« {text[:40]} » n’existe pas dans le calendrier.") from fault
    return _credible(said, text)


def _credible(said: date, text: str) -> date:
    if not is_credible(said):
        raise Unreadable("date", f"« {text[:40]} » : l’année {said.year} est improbable.")
    return said


def _from_serial(row: Row, field, serial: float) -> date:
    """A day counted by a spreadsheet since 1900, between 1954 and 2119: outside, it is some other number."""
    if not 20_000 <= serial <= 80_000:
        raise Unreadable("date", f"« {serial:g} » n’est pas une date. Écrivez JJ/MM/AAAA.")
    said = (EXCEL_EPOCH + timedelta(days=int(serial))).date()
    row.warn(
        field.name,
        "serial-date",
        f"Date laissée en nombre par le tableur, lue {said:%d/%m/%Y}.",
        proposal=f"{said:%d/%m/%Y}",
    )
    return said


def _yearmonth(row: Row, field, cell: Any) -> Month:
    if isinstance(cell, date):
        return Month(cell.year, cell.month)
    if type(cell) is str and (month := month_from_text(SPACES.sub(" ", cell))):
        return month
    try:
        day = _date(row, field, cell)
    except Unreadable as fault:
        raise Unreadable(
            "month", f"« {written(cell)[:40]} » n’est pas un mois. Écrivez AAAA-MM.", fault.proposal
        ) from fault
    return Month(day.year, day.month)


def month_from_text(text: str) -> Month | None:
    if found := ISO_MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
    elif found := FRENCH_MONTH.fullmatch(text):
        year, month = int(found[2]), int(found[1])
    elif (found := NAMED.fullmatch(_bare(text))) and not found[1] and found[2] in MONTHS:
        year, month = int(found[3]), MONTHS[found[2]]
    else:
        return None
    return Month(year, month) if 1 <= month <= 12 and 1900 <= year <= 2200 else None


def _check(row: Row, field, value: Any) -> None:
    """The constraints of the column, once the value is known."""
    if field.minimum is not None and value < field.minimum:
        row.refuse(
            field.name, "minimum", f"« {field.label} » ne peut pas être inférieur à {_said(field, field.minimum)}."
        )
    if field.maximum is not None and value > field.maximum:
        row.refuse(field.name, "maximum", f"« {field.label} » ne peut pas dépasser {_said(field, field.maximum)}.")
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        cut = value[: field.max_length - 1].rstrip() + "…"
        row.refuse(field.name, "too-long", f"Texte de {len(value)} signes, {field.max_length} au plus.", proposal=cut)
    if field.pattern and not re.fullmatch(field.pattern, str(value)):
        row.refuse(field.name, "pattern", f"« {str(value)[:60]} » n’a pas la forme attendue pour « {field.label} ».")
    if field.format == "uri" and not re.match(r"https?://[^\s]+$", str(value)):
        row.refuse(field.name, "uri", "Une adresse web commence par http:// ou https:// et n’a pas d’espace.")


def _said(field, limit: Any) -> str:
    return f"{limit / 100:g} €" if field.is_money else f"{limit}"


CASTS: dict[str, Callable[..., Any]] = {
    "string": _string, "number": _number, "integer": _integer, "boolean": _boolean, "date": _date,
    "yearmonth": _yearmonth, "year": _year, "list": _list,
}  # fmt: skip
