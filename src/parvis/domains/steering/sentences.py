"""The sentence that opens a page of steering, made from its figures. No Django, no present day.

Says what is known and what is not. Refuses to explain why: that is for people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.domains.steering import wording

FIXED, NARROW = "\u00a0", "\u202f"
SHARES = ("%",)


def counted(number: int, one: str, many: str = "") -> str:
    """« 1 objectif », « 15 objectifs »; French counts 0 and 1 as one."""
    return f"{wording.number(number, 0)}{FIXED}{one if abs(number) < 2 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """« a, b et c »."""
    return " et ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def of_tree(tones: Mapping[str, int], alerts: int | None = None) -> str:
    """How many objectives are judged, and how; how many have no measure yet. Nothing is averaged."""
    total, unmeasured = sum(tones.values()), tones.get("unmeasured", 0)
    if not total:
        return "Aucun objectif n’est chargé pour cette année."
    if unmeasured == total:
        return f"Aucun des {counted(total, 'objectif')} n’a de mesure connue ce jour-là."
    told = [
        counted(tones[tone], one, many)
        for tone, one, many in (
            ("bad", "est en alerte", "sont en alerte"), ("watch", "est à surveiller", "sont à surveiller"),
            ("good", "est conforme à ses seuils", "sont conformes à leurs seuils"), ("none", "est suivi sans seuil", "sont suivis sans seuil"),
        )
        if tones.get(tone)
    ]  # fmt: skip
    missing = counted(unmeasured, "n’a pas encore de mesure", "n’ont pas encore de mesure") if unmeasured else ""
    said = listed([*told, *([missing] if missing else [])])
    waiting = f" {counted(alerts, 'alerte est ouverte', 'alertes sont ouvertes')}." if alerts else ""
    return f"Sur {counted(total, 'objectif')}, {said}.{waiting}"


@dataclass(frozen=True)
class Facts:
    """What the sentence of an indicator may say."""

    unit: str
    rhythm: str
    better: str
    period: date | None = None
    value: float | None = None
    previous: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    target: float | None = None
    target_on: date | None = None
    is_hidden: bool = False
    note: str = ""
    where: str = ""  # « dans le 19e arrondissement »


def of_indicator(facts: Facts) -> str:
    """« En octobre 2026, 62,4 % ; 3,1 points de moins qu’en septembre 2026 ; la cible est 85 % au 31 décembre 2026. »"""
    if facts.is_hidden:
        return "Ce chiffre porte sur moins de cinq personnes, ou permettrait d’en déduire un : il n’est pas montré."
    if facts.period is None:
        return facts.note or "Aucune mesure n’existe encore."
    parts = [_opening(facts), *filter(None, (_change(facts), _target(facts)))]
    return f"{f'{FIXED}; '.join(parts)}."


def _opening(facts: Facts) -> str:
    assert facts.period is not None
    when = wording.in_period(facts.period, facts.rhythm).capitalize()
    place = f", {facts.where}" if facts.where else ""
    said = "rien à mesurer" if facts.value is None else wording.figure(facts.value, facts.unit)
    return f"{when}{place}, {said}{_share(facts)}"


def _share(facts: Facts) -> str:
    """« (311 sur 498) » when both sides are whole numbers of things."""
    top, bottom = facts.numerator, facts.denominator
    if facts.unit not in SHARES or top is None or not bottom:
        return ""
    return f" ({wording.number(top, 0)} sur {wording.number(bottom, 0)})"


def _change(facts: Facts) -> str:
    if facts.value is None or facts.previous is None or facts.period is None:
        return ""
    before = wording.in_period(previous_period(facts.period, facts.rhythm), facts.rhythm)
    return f"{change(facts.value, facts.previous, facts.unit)} {_than(before)}"


def _than(when: str) -> str:
    """« qu’en septembre », « qu’au 3e trimestre »."""
    return f"qu’{when}"


def change(value: float, before: float, unit: str) -> str:
    """« 3,1 points de moins », « autant »: a comparison, to be followed by « qu’en septembre »."""
    said = wording.difference(abs(value - before), unit)
    if not any(figure in said for figure in "123456789"):
        return "autant"
    return f"{said} de {'plus' if value > before else 'moins'}"


def _target(facts: Facts) -> str:
    if facts.target is None or facts.target_on is None:
        return ""
    day = wording.day(facts.target_on)
    return f"la cible est {wording.figure(facts.target, facts.unit)} au {day}{_reached(facts)}"


def _reached(facts: Facts) -> str:
    if facts.value is None or facts.target is None or facts.better == "none":
        return ""
    is_met = facts.value >= facts.target if facts.better == "up" else facts.value <= facts.target
    return ", elle est atteinte" if is_met else ""


def previous_period(start: date, rhythm: str) -> date:
    """The first day of the period before."""
    months = start.year * 12 + start.month - 1 - {"month": 1, "quarter": 3, "year": 12}[rhythm]
    return date(months // 12, months % 12 + 1, 1)


STANDING = (
    ("bad", "en alerte", "en alerte"), ("watch", "à surveiller", "à surveiller"), ("good", "conforme", "conformes"),
    ("none", "sans seuil", "sans seuil"), ("absent", "jamais mesuré", "jamais mesurés"),
)  # fmt: skip


def of_list(counts: Mapping[str, int], total: int) -> str:
    """« 12 indicateurs sur 44 : 3 en alerte et 9 conformes. »"""
    shown = sum(counts.values())
    opening = counted(shown, "indicateur") + (f" sur {total}" if shown != total else "")
    told = [counted(counts[tone], one, many) for tone, one, many in STANDING if counts.get(tone)]
    return f"{opening}{FIXED}: {listed(told)}." if told else f"{opening}."


def of_comparison(total: int, apart: Sequence[str], *, has_funnel: bool) -> str:
    """Which places chance does not explain, in their order; never which is first."""
    if not has_funnel:
        return "Ce calcul ne permet pas de dire ce que le hasard explique : seul l’écart à la médiane des autres est donné."
    if not apart:
        return f"Non : les écarts entre les {total} secteurs tiennent dans ce que le hasard explique, vu leur taille."
    if len(apart) == 1:
        return f"Oui, un seul s’écarte plus que le hasard ne l’explique{FIXED}: {apart[0]}."
    return f"Oui, {len(apart)} s’écartent plus que le hasard ne l’explique{FIXED}: {listed(apart)}."


def of_objective(figures: int, measured: int, counts: Mapping[str, int], served: int) -> str:
    """What is known of one objective: its figures, then what serves it."""
    told = [counted(counts[tone], one, many) for tone, one, many in STANDING if counts.get(tone)]
    if not figures:
        first = "Aucun indicateur ne le mesure encore"
    elif not measured:
        first = f"{counted(figures, 'indicateur déclaré', 'indicateurs déclarés')}, jamais {'mesurés' if figures > 1 else 'mesuré'}"
    else:
        first = f"{counted(measured, 'indicateur mesuré', 'indicateurs mesurés')}{FIXED}: {listed(told)}"
    second = (
        f"{counted(served, 'action le sert', 'actions le servent')}" if served else "aucune action ne lui est reliée"
    )
    return f"{first}{FIXED}; {second}."
