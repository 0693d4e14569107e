"""The indicators as a list: what the address asks for, narrowed and sorted. The same for the page and its exports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.domains.steering import standing
from parvis.domains.steering.queries import tree
from parvis.domains.steering.queries.figures import figures_of, last_evaluation
from parvis.domains.steering.queries.tree import URGENCY, Shown
from parvis.kernel.contracts.text import plain

STATES = {
    "good": standing.WORDS["good"], "watch": standing.WORDS["watch"], "bad": standing.WORDS["bad"],
    "none": standing.WORDS["none"], "absent": "jamais mesuré",
}  # fmt: skip
FRESHNESS = {"jour": "à jour", "retard": "en retard", "absent": "jamais mesuré"}
AXES = "PQED"  # the order of the axes in the tree
SORTS: dict[str, Callable[[Shown], tuple]] = {
    "objectif": lambda shown: (
        AXES.find(shown.indicator.objective[:1]),
        shown.indicator.objective,
        plain(shown.indicator.title),
    ),
    "titre": lambda shown: (plain(shown.indicator.title),),
    "etat": lambda shown: (not shown.figure.is_measured, URGENCY[shown.tone], plain(shown.indicator.title)),
    "periode": lambda shown: (shown.period or date.min, plain(shown.indicator.title)),
    "responsable": lambda shown: (shown.indicator.owner, plain(shown.indicator.title)),
}


@dataclass(frozen=True)
class Choice:
    """A filter of the list: its name in the address, its label, its options."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str = ""


def listed(person, today: date, asked: Mapping[str, str]) -> tuple[list[Shown], list[Shown]]:
    """(those asked for, all those that the person may read)."""
    shown = tree.by_objective(figures_of(last_evaluation()), person, today)
    every = [each for rows in shown.values() for each in rows]
    kept = [each for each in every if _is_asked(each, asked)]
    name = asked.get("tri", "objectif")
    order = SORTS.get(name.removeprefix("-"), SORTS["objectif"])
    return sorted(kept, key=order, reverse=name.startswith("-")), every


def choices(every: Sequence[Shown], objectives: Sequence[tuple[str, str]], asked: Mapping[str, str]) -> list[Choice]:
    owners = sorted({each.indicator.owner for each in every})
    made = (
        Choice("objectif", "Objectif", objectives), Choice("responsable", "Responsable", [(o, o) for o in owners]),
        Choice("etat", "État", tuple(STATES.items())), Choice("fraicheur", "Fraîcheur", tuple(FRESHNESS.items())),
        Choice("rythme", "Rythme", (("month", "mensuel"), ("quarter", "trimestriel"), ("year", "annuel"))),
    )  # fmt: skip
    return [Choice(c.name, c.label, c.options, asked.get(c.name, "")) for c in made]


def state(shown: Shown) -> str:
    return shown.tone if shown.figure.is_measured else "absent"


def freshness(shown: Shown) -> str:
    if not shown.figure.is_measured:
        return "absent"
    return "retard" if shown.is_late else "jour"


def _is_asked(shown: Shown, asked: Mapping[str, str]) -> bool:
    indicator = shown.indicator
    own = {
        "objectif": indicator.objective, "responsable": indicator.owner, "etat": state(shown),
        "fraicheur": freshness(shown), "rythme": indicator.rhythm,
    }  # fmt: skip
    words = plain(asked.get("q", "")[:100]).split()
    text = plain(f"{indicator.code} {indicator.title} {indicator.question}")
    return all(not asked.get(name) or asked[name] == value for name, value in own.items()) and all(
        word in text for word in words
    )
