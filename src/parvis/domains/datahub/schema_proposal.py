"""What a dropped table seems to hold: for each column a type, a role, a rule, and the reason in French. No Django.

Knows spellings and counts of values: every value is looked at. Refuses to decide: a person adjusts each proposal, and
a doubt leaves the column a text.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from parvis.kernel.contracts.headers import letters
from parvis.kernel.territories import spelling

MOST_CHOICES = 12
ENOUGH_ROWS = 20
NUMBERED = "row_number"  # the key of a table that has none of its own
TYPES = {
    "string": "texte", "integer": "nombre entier", "cents": "montant en euros", "number": "nombre à virgule",
    "boolean": "oui ou non", "date": "date",
}  # fmt: skip
PLACES = {
    "": "aucun", "sector": "secteur (centre, 5 … 20)", "arrondissement": "arrondissement (code INSEE)",
    "commune": "commune (code INSEE)", "iris": "IRIS", "longitude": "longitude", "latitude": "latitude",
}  # fmt: skip
SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
WHOLE = re.compile(r"[+-]?(?:0|[1-9]\d{0,9}|[1-9]\d{0,2}(?: \d{3})+)")
DECIMAL = re.compile(r"[+-]?(?:\d+|\d{1,3}(?: \d{3})+)(?:[.,]\d+)?")
UNIT = re.compile(r"\s*(?:€|eur|euros?|%)$", re.IGNORECASE)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d.*)?")
FRENCH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: \d{1,2}:\d{2}.*)?")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,80}(?:\.[\w-]{1,40})*\.[a-zA-Z]{2,10}\b")
PHONE = re.compile(r"(?<![\d.])(?:\+33 ?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)")
SIRET, RNA, IRIS, COMMUNE = (re.compile(p) for p in (r"\d{14}", r"W\d{9}", r"\d{9}", r"\d[\dAB]\d{3}"))
TRUTHS = {"oui", "non", "vrai", "faux", "true", "false"}
MONEY = {"montant", "montants", "euro", "euros", "budget", "cout", "couts", "subvention", "depense", "recette", "prix"}
NAMING = {"code", "id", "identifiant", "numero", "num", "reference", "ref", "siret", "siren", "rna", "cp", "postal"}
RATES = {"pourcentage", "taux", "part", "ratio", "%"}
ONLY_NAMES = {"nom", "noms", "de", "d", "du", "et", "famille", "usage", "complet"}
LOCAL = {"arrondissement", "arrdt", "ardt", "arr", "insee", "cp", "postal", "mairie", "lieu"}
PEOPLE = {
    "prenom", "prenoms", "courriel", "email", "mail", "mel", "telephone", "tel", "portable", "mobile", "naissance",
    "civilite", "nationalite", "agent", "demandeur", "signataire", "interlocuteur", "contact", "president", "referent",
    "responsable", "gestionnaire",
}  # fmt: skip
BODIES = {
    "association", "organisme", "structure", "lieu", "projet", "rue", "voie", "action", "equipement", "etablissement",
    "commune", "direction", "fichier", "service", "plan", "secteur", "quartier", "beneficiaire", "attributaire",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a contract: what is proposed first, what a person decided after.

    `type` is one of TYPES, `place` one of PLACES; limits are text as typed, in the column's own type. `notes` say why.
    """

    name: str
    title: str
    sentence: str = ""
    type: str = "string"
    unit: str = ""
    place: str = ""
    is_personal: bool = False
    is_required: bool = False
    is_unique: bool = False
    choices: tuple[str, ...] = ()
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """The columns in the order of the file, the key and the business date among their names (or none)."""

    columns: tuple[Column, ...]
    key: str
    business_date: str


@dataclass(frozen=True)
class Values:
    """The values of a column, each once with its count, blanks apart."""

    title: str
    counts: Mapping[str, int]
    blank_count: int

    @property
    def words(self) -> frozenset[str]:
        return frozenset(letters(self.title.replace("_", " ")).split())

    @property
    def row_count(self) -> int:
        return sum(self.counts.values()) + self.blank_count

    def all_are(self, test: Callable[[str], bool]) -> bool:
        return bool(self.counts) and all(map(test, self.counts))

    def share_of(self, test: Callable[[str], bool]) -> float:
        filled = self.row_count - self.blank_count
        return sum(n for value, n in self.counts.items() if test(value)) / filled if filled else 0.0


def propose(held: Sequence[Values]) -> Proposal:
    """A contract for a table given as the values of each of its columns."""
    names = names_of([values.title for values in held])
    proposed = _one_of_each_place([_column(name, values) for name, values in zip(names, held, strict=True)])
    short = {name for name, values in zip(names, held, strict=True) if values.all_are(_is_code)}
    key = _key(proposed, short)
    kept = tuple(replace(column, is_unique=column.name == key) for column in proposed)
    return Proposal(kept, key, _business_date(kept))


def _one_of_each_place(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Codes before words: of two columns of arrondissements, the second keeps its text."""
    taken: set[str] = set()
    kept = []
    for column in columns:
        is_second = column.place in taken
        taken |= {column.place} - {""}
        kept.append(replace(column, place="", pattern="") if is_second else column)
    return tuple(kept)


def _is_code(value: str) -> bool:
    return len(value) <= 40 and " " not in value


def values_of(title: str, cells: Iterable[str]) -> Values:
    """The cells counted, spaces of every kind made one."""
    counted: Counter[str] = Counter()
    for cell, count in Counter(cells).items():
        counted[SPACES.sub(" ", cell).strip()] += count
    blanks = counted.pop("", 0)
    return Values(title, counted, blanks)


def names_of(titles: Sequence[str]) -> tuple[str, ...]:
    """A short plain name for each title, never twice the same."""
    taken: set[str] = {NUMBERED}
    names = []
    for place, title in enumerate(titles, start=1):
        name = _free(_plain_name(title) or f"colonne_{place}", taken)
        taken.add(name)
        names.append(name)
    return tuple(names)


def _plain_name(title: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", letters(title.replace("_", " "))).strip("_")[:50].strip("_")
    return f"c_{name}" if name[:1].isdigit() else name


def _free(name: str, taken: set[str]) -> str:
    tries = (name, *(f"{name}_{n}" for n in range(2, len(taken) + 3)))
    return next(one for one in tries if one not in taken)


# One column


def _column(name: str, values: Values) -> Column:
    kind, why = type_of(values)
    place, where = place_of(values, kind)
    personal = personal_note(values)
    if place in ("sector", "arrondissement", "commune", "iris"):
        kind = "string"
    column = Column(
        name=name, title=values.title or name, sentence=values.title or name, type=kind, place=place,
        unit="€" if kind == "cents" else "", is_personal=bool(personal),
        is_required=bool(values.counts) and not values.blank_count, is_unique=_is_unique(values, kind),
        notes=tuple(note for note in (why, where, personal, _filled(values)) if note),
    )  # fmt: skip
    return _with_rules(column, values)


def _is_unique(values: Values, kind: str) -> bool:
    only_once = bool(values.counts) and not values.blank_count and len(values.counts) == values.row_count
    return only_once and kind in ("string", "integer") and values.row_count > 1


def _filled(values: Values) -> str:
    if not values.counts:
        return "Toutes les cellules sont vides."
    distinct = f"{len(values.counts)} valeur{'s' if len(values.counts) > 1 else ''} différente"
    said = f"{distinct}{'s' if len(values.counts) > 1 else ''}"
    return f"{said}, {values.blank_count} cellules vides." if values.blank_count else f"{said}, aucune cellule vide."


def type_of(values: Values) -> tuple[str, str]:
    """The narrowest type that every value has, and why when it is not plain."""
    if values.all_are(is_truth):
        return "boolean", ""
    if values.all_are(is_day):
        return "date", ""
    if reason := _names_things(values):
        return "string", reason
    if values.all_are(lambda v: bool(DECIMAL.fullmatch(_bare(v)))):
        return _number(values)
    return "string", _nearly(values)


def _number(values: Values) -> tuple[str, str]:
    is_rate = bool(values.words & RATES) or any(value.endswith("%") for value in values.counts)
    if not is_rate and (values.words & MONEY or any("€" in value for value in values.counts)):
        return "cents", "Lu comme un montant, compté en centimes."
    return ("integer" if values.all_are(lambda v: bool(WHOLE.fullmatch(v))) else "number"), ""


def _names_things(values: Values) -> str:
    """Figures that name a thing rather than count: they stay text, with their zeros."""
    if not values.all_are(str.isdigit):
        return ""
    if any(len(value) > 1 and value.startswith("0") for value in values.counts):
        return "Des codes commencent par zéro : gardés en texte."
    if len({len(value) for value in values.counts}) == 1 and len(next(iter(values.counts))) > 10:
        return "De longs numéros de même longueur : gardés en texte."
    return "Des numéros qui nomment : gardés en texte." if values.words & NAMING else ""


def _nearly(values: Values) -> str:
    """A column that would be dates or numbers but for a few cells: said, so that the person may insist."""
    for kind, test in (("une date", is_day), ("un nombre", lambda v: bool(DECIMAL.fullmatch(_bare(v))))):
        if (share := values.share_of(test)) >= 0.9:
            most = "Presque toutes les cellules se lisent" if share >= 0.995 else f"{share:.0%} des cellules se lisent"
            return f"{most} comme {kind}, pas toutes : gardé en texte."
    return ""


def is_truth(value: str) -> bool:
    return letters(value) in TRUTHS


def is_day(value: str) -> bool:
    """An existing day written YYYY-MM-DD or DD/MM/YYYY."""
    iso, french = ISO.fullmatch(value), FRENCH.fullmatch(value)
    if not iso and not french:
        return False
    parts = iso.groups() if iso else reversed(french.groups())  # type: ignore[union-attr]
    try:
        return 1900 <= date(*map(int, parts)).year <= 2200
    except ValueError:
        return False


def _bare(value: str) -> str:
    return UNIT.sub("", value)


# Where, and whom


def place_of(values: Values, kind: str) -> tuple[str, str]:
    """The geographic role that the title and the values agree on, and what was read."""
    words = values.words
    if kind in ("number", "integer") and (found := _coordinate(words, values)):
        return found, ""
    if "iris" in words and values.all_are(lambda v: bool(IRIS.fullmatch(v))):
        return "iris", ""
    if words & {"secteur", "sector"} and values.all_are(_is_sector):
        return "sector", ""
    if _says_arrondissements(values):
        return "arrondissement", "Arrondissements reconnus, quelle que soit l’écriture : gardés en code INSEE."
    if words & {"commune", "insee"} and values.all_are(lambda v: bool(COMMUNE.fullmatch(v))):
        return "commune", ""
    return "", ""


def _coordinate(words: frozenset[str], values: Values) -> str:
    for role, names, limit in (
        ("longitude", {"longitude", "lon", "lng", "long"}, 180), ("latitude", {"latitude", "lat"}, 90),
    ):  # fmt: skip
        if words & names and values.all_are(lambda v, limit=limit: abs(float(v.replace(",", "."))) <= limit):  # type: ignore[misc]
            return role
    return ""


def _is_sector(value: str) -> bool:
    return value == spelling.CENTRE or (value.isdigit() and 5 <= int(value) <= 20)


def _says_arrondissements(values: Values) -> bool:
    """Nearly every value is one, and the title or the spelling says so: 7 alone is a number like any other."""
    if len(values.counts) > 400 or values.share_of(lambda v: bool(spelling.arrondissement_of(v).code)) < 0.9:
        return False
    return bool(values.words & LOCAL) or values.share_of(lambda v: bool(re.search(r"75\d{3}|\d ?e|arr", v))) >= 0.9


def personal_note(values: Values) -> str:
    """Why the column seems to tell of people, or nothing."""
    if values.all_are(lambda v: bool(SIRET.fullmatch(v) or RNA.fullmatch(v))):
        return ""
    for pattern, what in ((EMAIL, "des adresses électroniques"), (PHONE, "des numéros de téléphone")):
        if count := sum(n for value, n in values.counts.items() if pattern.search(value)):
            return f"Donnée personnelle probable : {what} ({count} cellules)."
    if values.words & PEOPLE and not values.words & BODIES:
        return "Donnée personnelle probable, d’après le titre."
    if {"nom", "noms"} & values.words and values.words <= ONLY_NAMES:
        return "Donnée personnelle possible : une colonne de noms."
    return ""


def personal_cells(cells: Iterable[str | None]) -> int:
    """How many of these texts hold an e-mail address or a telephone number."""
    return sum(1 for cell in cells if cell and (EMAIL.search(cell) or PHONE.search(cell)))


# Rules


def _with_rules(column: Column, values: Values) -> Column:
    """A list of values, a lower limit, a form: what all the values already keep."""
    if column.place == "arrondissement":
        return replace(column, pattern="751(0[1-9]|1[0-9]|20)")
    if column.is_personal:
        return column
    if column.type == "string" and values.all_are(lambda v: bool(SIRET.fullmatch(v))):
        return replace(column, pattern=r"\d{14}")
    if column.type == "string" and values.all_are(lambda v: bool(RNA.fullmatch(v))):
        return replace(column, pattern=r"W\d{9}")
    if column.type == "string" and _is_list(values):
        return replace(column, choices=tuple(sorted(values.counts)))
    if column.type in ("integer", "cents", "number") and not column.place and not _has_negative(values):
        return replace(column, minimum="0")
    return column


def _is_list(values: Values) -> bool:
    few, rows = len(values.counts), values.row_count
    return 2 <= few <= MOST_CHOICES and rows >= max(ENOUGH_ROWS, 5 * few) and max(map(len, values.counts)) <= 60


def _has_negative(values: Values) -> bool:
    return any(value.startswith("-") for value in values.counts)


def _key(columns: Sequence[Column], short: Iterable[str]) -> str:
    """The first column that is never blank nor twice the same and names things, or else looks like a code."""
    unique = [column for column in columns if column.is_unique and not column.is_personal]
    naming = [c for c in unique if set(letters(c.title.replace("_", " ")).split()) & NAMING]
    codes = [c for c in unique if c.name in set(short)]
    return next((c.name for c in (*naming, *codes)), NUMBERED)


def _business_date(columns: Sequence[Column]) -> str:
    days = [column for column in columns if column.type == "date"]
    whole = [column for column in days if column.is_required]
    return next((c.name for c in (*whole, *days)), "")
