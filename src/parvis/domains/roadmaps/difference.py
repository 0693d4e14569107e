"""The difference of two frozen contents, in words that an elected official reads: before, after. No Django.

Knows the shape of a content (see `queries.versions.contents`). Refuses to know where it was kept. Codes are turned into
names by the `names` that the caller passes: {"policy": {"logement": "Logement"}, "extra": {"budget": "Budget"}}.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

NARROW, HARD = "\u202f", "\u00a0"
UNSAID = "non précisé"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
ANSWERS = {"asked": "réponse attendue", "accepted": "acceptée", "amended": "contre-proposition", "declined": "déclinée"}
STATES = {"live": "suivie", "dropped": "abandonnée"}
PRECISIONS = {
    "point": "à l’adresse", "street": "à la rue", "arrondissement": "à l’arrondissement", "sector": "au secteur",
    "city": "tout Paris", "unknown": "lieu inconnu",
}  # fmt: skip
DIRECTIONS = {"up": "doit augmenter", "down": "doit baisser"}
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Change:
    """One thing that differs; an empty `before` is an addition, an empty `after` a removal."""

    label: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        return "added" if not self.before else "removed" if not self.after else "changed"


@dataclass(frozen=True)
class Changed:
    """An action on both sides, with what differs."""

    code: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Line:
    """An action on one side alone, told in one sentence."""

    code: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Difference:
    """All that differs between two contents."""

    plan: tuple[Change, ...] = ()
    added: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    changed: tuple[Changed, ...] = ()
    names: Names = field(default_factory=dict, compare=False)

    @property
    def is_empty(self) -> bool:
        return not (self.plan or self.added or self.removed or self.changed)

    @property
    def sentence(self) -> str:
        """« 2 actions ajoutées, 1 retirée, 3 modifiées. »"""
        parts = [
            _agree(len(found), word)
            for found, word in ((self.added, "ajoutée"), (self.removed, "retirée"), (self.changed, "modifiée"))
            if found
        ]
        if not parts:
            return "Aucune action ne change." if self.plan else "Les deux versions sont identiques."
        first = parts[0].replace(" ", " action " if parts[0].startswith("1 ") else " actions ", 1)
        return ", ".join([first, *parts[1:]]) + "."


def _agree(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"


def between(before: Mapping, after: Mapping, names: Names | None = None) -> Difference:
    """What changes when `after` takes the place of `before`."""
    known = names or {}
    old, new = _by_code(before), _by_code(after)
    changed = (
        Changed(code, new[code]["title"], tuple(_action_changes(old[code], new[code], known)))
        for code in new
        if code in old
    )
    return Difference(
        plan=tuple(_plan_changes(before, after)),
        added=tuple(Line(c, a["title"], told(a, known)) for c, a in new.items() if c not in old),
        removed=tuple(Line(c, a["title"], told(a, known)) for c, a in old.items() if c not in new),
        changed=tuple(c for c in changed if c.changes),
        names=known,
    )


def told(action: Mapping, names: Names) -> str:
    """An action in one sentence: who, by when, with what."""
    partners = [partner["directorate"] for partner in action.get("partners", ())]
    who = action.get("lead") or "sans direction pilote"
    parts = [who + (f" avec {', '.join(partners)}" if partners else "")]
    if action.get("due_on"):
        parts.append(f"échéance le {day(action['due_on'])}")
    cents = sum(line["amount_cents"] for line in action.get("means", ()))
    if cents:
        parts.append(euros(cents))
    if action.get("policy"):
        parts.insert(0, _name(names, "policy", action["policy"]))
    return " · ".join(parts)


def said(action: Mapping, names: Names) -> list[tuple[str, str]]:
    """All that an action promises, line by line: (label, words). What is not said is left out."""
    found = [
        (label, write(action.get(key), names))
        for key, label, write in FIELDS
        if key != "title" and action.get(key) not in (None, "", False)
    ]
    for key, label, _, write in LINES:
        found += [(label, write(row)) for row in action.get(key, ())]
    extra = action.get("extra", {})
    return found + [(words, text(extra[key])) for key, words in names.get("extra", {}).items() if key in extra]


def _by_code(content: Mapping) -> dict[str, Mapping]:
    return {action["code"]: action for action in content.get("actions", ())}


def _plan_changes(before: Mapping, after: Mapping) -> list[Change]:
    old, new = before.get("plan", {}), after.get("plan", {})
    found = [
        Change(label, text(old.get(key)), text(new.get(key)))
        for key, label in (("title", "Titre du plan"), ("summary", "Présentation"))
        if (old.get(key) or "") != (new.get(key) or "")
    ]
    axes = _lines(before.get("axes", ()), after.get("axes", ()), "code", lambda axis: axis["title"], "Axe")
    return found + axes


def _action_changes(old: Mapping, new: Mapping, names: Names) -> list[Change]:
    found = [
        Change(label, write(old.get(key), names), write(new.get(key), names))
        for key, label, write in FIELDS
        if old.get(key) != new.get(key)
    ]
    for key, label, identity, write in LINES:
        found += _lines(old.get(key, ()), new.get(key, ()), identity, write, label)
    return found + _extra(old.get("extra", {}), new.get("extra", {}), names)


def _lines(old: Sequence, new: Sequence, identity: str, write: Callable, label: str) -> list[Change]:
    """Lines matched by their identity; two lines written alike are no change, whatever their identity."""
    left, right = {row[identity]: write(row) for row in old}, {row[identity]: write(row) for row in new}
    both = [Change(label, left[key], right[key]) for key in right if key in left and left[key] != right[key]]
    gone = [left[key] for key in left if key not in right]
    come = [right[key] for key in right if key not in left]
    for words in [words for words in gone if words in come]:
        gone.remove(words)
        come.remove(words)
    return both + [Change(label, words, "") for words in gone] + [Change(label, "", words) for words in come]


def _extra(old: Mapping, new: Mapping, names: Names) -> list[Change]:
    keys = [*old, *(key for key in new if key not in old)]
    shown = [key for key in keys if key in names.get("extra", {})]  # a field that she may not see is not named
    return [
        Change(_name(names, "extra", key), text(old.get(key)), text(new.get(key)))
        for key in shown
        if old.get(key) != new.get(key)
    ]


def day(iso: str) -> str:
    """12 mars 2026, 1er mai 2026."""
    value = date.fromisoformat(iso)
    return f"{'1er' if value.day == 1 else value.day} {MONTHS[value.month - 1]} {value.year}"


def month(iso: str) -> str:
    value = date.fromisoformat(iso)
    return f"{MONTHS[value.month - 1]} {value.year}"


def euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", NARROW) + (f",{rest:02d}" if rest else "") + f"{HARD}€"


def number(value: str | int | float) -> str:
    """1 234,5: the French way, exact."""
    sign, _, figures = str(Decimal(str(value))).rpartition("-")
    whole, _, rest = figures.partition(".")
    grouped = f"{int(whole):,}".replace(",", NARROW)
    return f"{'−' if sign or str(value).startswith('-') else ''}{grouped}{',' + rest if rest else ''}"


def text(value: object) -> str:
    """Any plain value in words; never empty, so that an emptied field still says so."""
    if value is None or value == "":
        return UNSAID
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float):
        return number(value)
    return day(str(value)) if _is_day(value) else str(value)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _name(names: Names, kind: str, code: str) -> str:
    return names.get(kind, {}).get(code, code)


def _plainly(value: object, names: Names) -> str:
    return text(value)


def _named(kind: str) -> Callable:
    return lambda value, names: _name(names, kind, value) if value else UNSAID


def _worded(words: Mapping[str, str]) -> Callable:
    return lambda value, names: words.get(value, text(value))


def _milestone(row: Mapping) -> str:
    if not row.get("planned_on"):
        return f"{row['title']}, sans date"
    return f"{row['title']}, {month(row['planned_on']) if row.get('precision') == 'month' else day(row['planned_on'])}"


def _indicator(row: Mapping) -> str:
    unit = f" {row['unit']}" if row.get("unit") else ""
    span = " → ".join(
        number(row[key]) + unit if row.get(key) is not None else word
        for key, word in (("baseline", "départ inconnu"), ("target", "sans cible"))
    )
    parts = [row["name"], span, DIRECTIONS.get(row.get("direction", ""), "")]
    if row.get("target_on"):
        parts.append(f"le {day(row['target_on'])}")
    parts += [row[key] for key in ("definition", "source") if row.get(key)]
    return ", ".join(part for part in parts if part)


def _means(row: Mapping) -> str:
    fte = row.get("fte") or "0"
    staff = f" et {number(fte)} ETP" if Decimal(str(fte)) else ""
    return f"{row['year']} : {euros(row['amount_cents'])}{staff}"


def _partner(row: Mapping) -> str:
    part = f" : {row['part']}" if row.get("part") else ""
    return f"{row['directorate']}{part} ({ANSWERS.get(row['answer'], row['answer'])})"


FIELDS: tuple[tuple[str, str, Callable], ...] = (
    ("title", "Titre", _plainly),
    ("state", "Suivi", _worded(STATES)),
    ("description", "Description", _plainly),
    ("deliverable", "Livrable", _plainly),
    ("policy", "Politique publique", _named("policy")),
    ("lead", "Direction pilote", _plainly),
    ("axis", "Axe", _named("axis")),
    ("starts_on", "Début", _plainly),
    ("due_on", "Échéance", _plainly),
    ("address", "Adresse", _plainly),
    ("arrondissement_code", "Arrondissement", _named("arrondissement")),
    ("sector_code", "Secteur", _named("sector")),
    ("precision", "Précision du lieu", _worded(PRECISIONS)),
    ("longitude", "Longitude", _plainly),
    ("latitude", "Latitude", _plainly),
    ("order", "Rang dans le plan", _plainly),
    ("in_priority_neighbourhood", "Quartier prioritaire", _plainly),
    ("is_climate", "Climat", _plainly),
    ("is_gender_equality", "Égalité femmes-hommes", _plainly),
    ("weight", "Poids dans l’avancement", _plainly),
    ("review_every_days", "Jours entre deux revues", _plainly),
)
LINES: tuple[tuple[str, str, str, Callable], ...] = (
    ("milestones", "Jalon", "id", _milestone),
    ("indicators", "Indicateur", "id", _indicator),
    ("means", "Moyens", "year", _means),
    ("partners", "Partenaire", "directorate", _partner),
)
