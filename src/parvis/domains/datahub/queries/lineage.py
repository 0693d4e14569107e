"""Where a dataset comes from and what is made of it, both ways, and what a change of its columns would break."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from parvis.domains.datahub.expression_columns import columns_used
from parvis.domains.datahub.models import Publication
from parvis.kernel import access, faces
from parvis.kernel.contracts.contract import importable_by
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.lake.dataset import Dataset, unbound
from parvis.kernel.lake.models import Citation
from parvis.kernel.references import Reference, links

INDICATOR_PAGE, INDICATORS_RIGHT = "steering:indicator", "steering.view_figures"
KINDS = {"evaluation": "évaluation", "review": "revue", "publication": "publication", "edition": "édition publiée"}


@dataclass(frozen=True)
class Node:
    """One thing beside the dataset: its nature, its name, its page when the reader may open it."""

    kind: str
    title: str
    url: str = ""
    detail: str = ""


def upstream(dataset: Dataset, person) -> list[Node]:
    """What feeds it: contracts and their files, the screens of a domain, deposits."""
    contracts, mine = faces.house().contracts, {c.code for c in importable_by(person)}
    found = [
        Node("fichier sous contrat", contracts[code].title, reverse("datahub:contract", args=[code]) if code in mine else "")
        for code in dataset.sources if code in contracts
    ]  # fmt: skip
    if dataset.schema is not None:
        found.append(Node("dépôts de fichiers", "Fichiers déposés sous son schéma"))
    if dataset.rows is not None:
        domain = next((face.title for face in faces.house().faces if dataset in face.datasets), "")
        found.append(
            Node("enregistrements", f"Enregistrements : {domain}" if domain else "Enregistrements de la maison")
        )
    return found


def downstream(dataset: Dataset, person) -> list[Node]:
    """What uses it: indicators with the columns they read, map layers, publications, what cites its snapshots."""
    return [
        *_indicators(dataset, person),
        *_layers(dataset, person),
        *_publications(dataset),
        *_citations(dataset, person),
    ]


def indicators_on(code: str) -> list[Indicator]:
    """The indicators whose facts read this dataset."""
    return [one for one in faces.house().indicators.values() if code in one.datasets]


def columns_of(indicator: Indicator, dataset: Dataset) -> set[str]:
    """The dataset's columns that an indicator needs; all of them when its definition no longer builds."""
    datasets = faces.house().datasets
    known = [datasets.get(code, dataset) for code in indicator.datasets if code in datasets or code == dataset.code]
    try:
        return columns_used(indicator.expression(unbound(known))).get(dataset.table_name, set())
    except Exception:  # a definition is someone's code: broken, it may need anything
        return set(dataset.by_name)


def broken_by(dataset_code: str, changed: Iterable[str]) -> list[tuple[Indicator, tuple[str, ...]]]:
    """Each indicator that reads a column to be removed or retyped, with those columns. Raises nothing: unknown, nothing."""
    dataset, gone = faces.house().datasets.get(dataset_code), set(changed)
    if dataset is None:
        return []
    read = [(one, columns_of(one, dataset) & gone) for one in indicators_on(dataset_code)]
    return [(one, tuple(sorted(columns))) for one, columns in read if columns]


def counts() -> dict[str, int]:
    """How many indicators rest on each dataset."""
    found: dict[str, int] = defaultdict(int)
    for indicator in faces.house().indicators.values():
        for code in indicator.datasets:
            found[code] += 1
    return found


def _indicators(dataset: Dataset, person) -> list[Node]:
    is_inside = access.may_anywhere(person, INDICATORS_RIGHT)
    return [
        Node("indicateur", one.title, reverse(INDICATOR_PAGE, args=[one.code]) if is_inside or one.is_public else "",
             ", ".join(sorted(columns_of(one, dataset))))
        for one in indicators_on(dataset.code)
    ]  # fmt: skip


def _layers(dataset: Dataset, person) -> list[Node]:
    layer = faces.house().layers.get(dataset.code)
    if layer is None or not access.may_anywhere(person, layer.permission):
        return []
    return [Node("couche de la carte", layer.label, f"{reverse('atlas:map')}?layer={layer.code}")]


def _publications(dataset: Dataset) -> list[Node]:
    rows = Publication.objects.filter(dataset=dataset.code)
    return [Node("publication", one.title, "", one.get_state_display()) for one in rows]


def _citations(dataset: Dataset, person) -> list[Node]:
    """Each thing that cites a snapshot of it, once: signed evaluations, reviews, editions."""
    rows = Citation.objects.filter(snapshot__dataset=dataset.code).values_list("kind", "subject")
    references = sorted({Reference(kind, subject) for kind, subject in rows})
    cards = links.cards(references, person)
    return [_cited(reference, cards.get(reference)) for reference in references]


def _cited(reference: Reference, card: Any) -> Node:
    kind = KINDS.get(reference.kind, reference.kind)
    return Node(kind, card.title, card.url) if card else Node(kind, f"{kind} {reference.id}".capitalize())
