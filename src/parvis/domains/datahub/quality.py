"""How good a dataset is, criterion by criterion, and what mends each. Pure: facts in, marks out.

The score is the mean of the marks that apply, under WEIGHTS; a criterion that does not apply weighs nothing and says
why. WEIGHTS and the limits below are one version: a change of them is a new VERSION, shown beside the score.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from parvis.domains.datahub.freshness import Freshness

VERSION = "novembre 2026"
WEIGHTS: dict[str, int] = {
    "completeness": 20, "validity": 20, "uniqueness": 15, "freshness": 20, "documentation": 10, "coverage": 5, "stability": 10,
}  # fmt: skip
LABELS: dict[str, str] = {
    "completeness": "Complétude", "validity": "Validité", "uniqueness": "Unicité de la clé", "freshness": "Fraîcheur",
    "documentation": "Documentation", "coverage": "Couverture des secteurs", "stability": "Stabilité du volume",
}  # fmt: skip
SECTORS = 17
STEADY, SHAKEN = 0.10, 0.50  # a change of volume under the first costs nothing, past the second everything
GOOD, FAIR = 90, 70
FEWEST_BEFORE = 2
NARROW = "\u202f"  # between thousands


@dataclass(frozen=True)
class Facts:
    """What is known of a dataset. Shares are between 0 and 1; None where nothing can be said."""

    row_count: int = 0
    filled: tuple[tuple[str, float], ...] = ()  # what a column says, share filled
    read_count: int = 0  # rows read under its contracts, latest reading of each
    refused_count: int = 0
    has_contract: bool = False
    duplicate_count: int | None = None
    freshness: Freshness = field(default_factory=lambda: Freshness("never"))
    undocumented: tuple[str, ...] = ()
    documented_count: int = 0
    sector_count: int | None = None
    unplaced_count: int = 0
    counts_before: tuple[int, ...] = ()
    is_profiled: bool = False


@dataclass(frozen=True)
class Mark:
    """One criterion: `value` out of 100, or None when it does not apply; `link` names where it is mended."""

    code: str
    value: int | None
    sentence: str
    mend: str = ""
    link: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.code]

    @property
    def weight(self) -> int:
        return WEIGHTS[self.code]

    @property
    def tone(self) -> str:
        return tone(self.value)


@dataclass(frozen=True)
class Quality:
    """All marks and the score out of 100; None when nothing applies, or when there is no row to judge."""

    marks: tuple[Mark, ...]
    has_rows: bool = True

    @property
    def score(self) -> int | None:
        known = [(mark.value, mark.weight) for mark in self.marks if mark.value is not None and self.has_rows]
        return round(sum(v * w for v, w in known) / sum(w for _, w in known)) if known else None

    @property
    def tone(self) -> str:
        return tone(self.score)


def tone(value: int | None) -> str:
    if value is None:
        return "none"
    return "good" if value >= GOOD else "watch" if value >= FAIR else "bad"


def words(value: int | None) -> str:
    return {"good": "bon", "watch": "à améliorer", "bad": "insuffisant", "none": "sans objet"}[tone(value)]


def judged(facts: Facts) -> Quality:
    """Every criterion, in the order of WEIGHTS."""
    return Quality(tuple(CRITERIA[code](facts) for code in WEIGHTS), bool(facts.row_count))


def _completeness(facts: Facts) -> Mark:
    if not facts.is_profiled or not facts.row_count or not facts.filled:
        return Mark("completeness", None, "Pas encore de lignes à lire.")
    mean = sum(share for _, share in facts.filled) / len(facts.filled)
    gaps = [name for name, share in sorted(facts.filled, key=lambda one: one[1]) if share < 0.95][:3]
    mend = f"Remplissez à la source : {', '.join(gaps)}." if gaps else ""
    return Mark("completeness", _out_of_100(mean), f"{_out_of_100(mean)} % des cases sont remplies.", mend, "columns")


def _validity(facts: Facts) -> Mark:
    if not facts.has_contract:
        return Mark("validity", None, "Ses lignes viennent des écrans de la maison, qui les vérifient à la saisie.")
    if not facts.read_count:
        return Mark(
            "validity", None, "Aucun fichier n’a encore été lu sous son contrat.", "Déposez un fichier.", "imports"
        )
    kept = 1 - facts.refused_count / facts.read_count
    said = f"{_count(facts.refused_count, 'ligne refusée')} sur {_number(facts.read_count)} à la dernière lecture."
    return Mark(
        "validity", _out_of_100(kept), said, "Corrigez les lignes en quarantaine." if kept < 1 else "", "imports"
    )


def _uniqueness(facts: Facts) -> Mark:
    if facts.duplicate_count is None or not facts.row_count:
        return Mark("uniqueness", None, "Pas encore de lignes à lire.")
    if not facts.duplicate_count:
        return Mark("uniqueness", 100, "Chaque ligne a sa clé, et une seule.")
    share = 1 - facts.duplicate_count / facts.row_count
    said = f"{_count(facts.duplicate_count, 'ligne')} sans clé, ou avec celle d’une autre."
    return Mark("uniqueness", min(99, _out_of_100(share)), said, "Ôtez les doublons à la source.", "rows")


def _freshness(facts: Facts) -> Mark:
    known = facts.freshness
    if known.state == "never":
        return Mark(
            "freshness",
            0,
            "Il n’a jamais été photographié.",
            "Prenez une photographie, ou déposez un fichier.",
            "snapshots",
        )
    if known.state == "blank":
        return Mark("freshness", None, "Il ne contient encore aucune ligne.")
    if known.state == "undated":
        return Mark("freshness", None, "Ses lignes ne portent pas de date métier.")
    if known.business_on is None or known.due_on is None:
        return Mark("freshness", 0, "Aucune de ses lignes ne porte de date.", "Remplissez la date métier.", "columns")
    rhythm = max(1, (known.due_on - known.business_on).days)
    value = _out_of_100(max(0.0, 1 - known.late_days / rhythm))
    mend = "Demandez les données récentes à la direction qui en répond." if known.late_days else ""
    said = f"Dernière date : {known.business_on:%d/%m/%Y}, pour un rythme de {rhythm} jour{'s' if rhythm > 1 else ''}."
    return Mark("freshness", value, said, mend, "discussions")


def _documentation(facts: Facts) -> Mark:
    total = facts.documented_count + len(facts.undocumented)
    if not total:
        return Mark("documentation", None, "Aucune colonne.")
    said = f"{_count(facts.documented_count, 'élément décrit')} sur {total}."
    mend = f"Décrivez : {', '.join(facts.undocumented[:5])}." if facts.undocumented else ""
    return Mark("documentation", _out_of_100(facts.documented_count / total), said, mend, "columns")


def _coverage(facts: Facts) -> Mark:
    if facts.sector_count is None:
        return Mark("coverage", None, "Il ne dit pas de secteur.")
    said = f"{facts.sector_count} secteurs sur {SECTORS} y figurent."
    if facts.unplaced_count:
        said += f" {_count(facts.unplaced_count, 'ligne')} sans secteur."
    mend = "Demandez leurs lignes aux secteurs absents." if facts.sector_count < SECTORS else ""
    return Mark("coverage", _out_of_100(min(1.0, facts.sector_count / SECTORS)), said, mend, "discussions")


def _stability(facts: Facts) -> Mark:
    if len(facts.counts_before) < FEWEST_BEFORE:
        return Mark("stability", None, f"Il faut {FEWEST_BEFORE} photographies d’avant pour comparer.")
    usual = median(facts.counts_before)
    change = abs(facts.row_count - usual) / usual if usual else float(bool(facts.row_count))
    value = max(0.0, min(1.0, (SHAKEN - change) / (SHAKEN - STEADY)))
    said = f"{_count(facts.row_count, 'ligne')}, pour {_number(round(usual))} d’habitude."
    mend = "Vérifiez que rien n’a été perdu ni compté deux fois." if value < 1 else ""
    return Mark("stability", _out_of_100(value), said, mend, "snapshots")


def _number(size: int) -> str:
    return f"{size:,}".replace(",", NARROW)


def _count(size: int, words: str) -> str:
    """« 1 ligne refusée », « 1 200 lignes refusées »: French counts below two as one."""
    said = words if size < 2 else " ".join(f"{word}s" for word in words.split(" "))
    return f"{_number(size)} {said}"


def _out_of_100(share: float) -> int:
    """Rounded, but 100 is kept for what is whole."""
    return min(round(share * 100), 99) if share < 1 else 100


CRITERIA: dict[str, Callable[[Facts], Mark]] = {
    "completeness": _completeness, "validity": _validity, "uniqueness": _uniqueness, "freshness": _freshness,
    "documentation": _documentation, "coverage": _coverage, "stability": _stability,
}  # fmt: skip


def todo(marks: Sequence[Mark]) -> list[Mark]:
    """What to mend first: the marks that cost the score most."""
    poor = [mark for mark in marks if mark.value is not None and mark.mend]
    return sorted(poor, key=lambda mark: -(100 - (mark.value or 0)) * mark.weight)
