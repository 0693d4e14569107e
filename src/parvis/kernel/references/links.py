"""Make, undo and follow links between things of any domain."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from parvis.kernel import faces
from parvis.kernel.references import Card, Reference
from parvis.kernel.references.models import Link


def link(source: Reference, relation: str, target: Reference, *, by, at: datetime) -> Link:
    """Tie source to target; doing it twice changes nothing."""
    made, _ = Link.objects.get_or_create(
        from_kind=source.kind, from_id=source.id, relation=relation, to_kind=target.kind, to_id=target.id,
        defaults={"created_at": at, "created_by": by},
    )  # fmt: skip
    return made


def unlink(source: Reference, relation: str, target: Reference) -> None:
    """Undo a link; undoing what is not there changes nothing."""
    Link.objects.filter(
        from_kind=source.kind, from_id=source.id, relation=relation, to_kind=target.kind, to_id=target.id
    ).delete()


def targets(sources: Iterable[Reference], relation: str) -> dict[Reference, list[Reference]]:
    """For each source, what it points at. One query whatever the number of sources (of one kind)."""
    found: dict[Reference, list[Reference]] = defaultdict(list)
    for kind, ids in _by_kind(sources).items():
        for row in Link.objects.filter(from_kind=kind, from_id__in=ids, relation=relation).order_by("to_id"):
            found[row.source].append(row.target)
    return found


def sources(ends: Iterable[Reference], relation: str) -> dict[Reference, list[Reference]]:
    """For each end, what points at it. One query whatever the number of ends (of one kind)."""
    found: dict[Reference, list[Reference]] = defaultdict(list)
    for kind, ids in _by_kind(ends).items():
        for row in Link.objects.filter(to_kind=kind, to_id__in=ids, relation=relation).order_by("from_kind", "from_id"):
            found[row.target].append(row.source)
    return found


def cards(references: Iterable[Reference], person) -> dict[Reference, Card]:
    """Show the referenced things that this person may see; one call per kind."""
    shown: dict[Reference, Card] = {}
    for kind, ids in _by_kind(references).items():
        resolve = faces.house().resolvers.get(kind)
        if resolve:
            shown.update({card.reference: card for card in resolve(ids, person)})
    return shown


def _by_kind(references: Iterable[Reference]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for reference in references:
        grouped[reference.kind].append(reference.id)
    return grouped
