"""What an action is tied to: the objectives it serves, the actions it waits for and those that wait for it."""

from collections.abc import Iterable, Sequence

from parvis.domains.roadmaps.models import Action
from parvis.kernel import access
from parvis.kernel.references import Card, Reference, links

SERVES = "serves"


def objectives(action: Action) -> list[Reference]:
    return [r for r in links.targets([action.reference()], SERVES).get(action.reference(), []) if r.kind == "objective"]


def objective_cards(action: Action, person) -> list[Card]:
    return list(links.cards(objectives(action), person).values())


def named(codes: Iterable[str], person, year: int) -> dict[str, str]:
    """For each code typed (`P2`, or `2025-2026/P2`), the objective's identifier; codes that name nothing are left out.

    A short code means the objective of the period that ends last among those around the year.
    """
    asked = {code: _candidates(code, year) for code in codes}
    ids = {identifier for candidates in asked.values() for identifier in candidates}
    known = {r.id for r in links.cards([Reference("objective", i) for i in sorted(ids)], person)}
    found = {code: [i for i in candidates if i in known] for code, candidates in asked.items()}
    return {code: identifiers[0] for code, identifiers in found.items() if identifiers}


def short(reference: Reference) -> str:
    return reference.id.rpartition("/")[2]


def _candidates(code: str, year: int) -> list[str]:
    if "/" in code:
        return [code]
    return [f"{start}-{start + 1}/{code.upper()}" for start in (year, year - 1, year - 2)]


def waits_for(action: Action, person) -> Sequence[Action]:
    """Those it needs that this person may see."""
    return list(access.visible(person, "roadmaps.view_action", Action.objects.filter(dependents__action=action)))


def awaited_by(action: Action, person) -> Sequence[Action]:
    return list(access.visible(person, "roadmaps.view_action", Action.objects.filter(dependencies__needs=action)))
