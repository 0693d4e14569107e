"""Reads over the indicators defined in the browser and those fed by hand: who proposed what, and what is in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from django.urls import reverse

from parvis.domains.steering.compiling import COMPARISONS, Condition, Recipe, compiled
from parvis.domains.steering.models import Definition, ManualSeries, ManualValue
from parvis.domains.steering.queries import manual_values
from parvis.domains.steering.queries.rows import require_datasets, visible_among
from parvis.kernel import Refusal, access, faces
from parvis.kernel.calendar import paris_day
from parvis.kernel.faces import Todo
from parvis.kernel.indicators import cells, suppression
from parvis.kernel.indicators.indicator import AGGREGATIONS, RHYTHM_LABELS, Indicator
from parvis.kernel.lake import engine, snapshots
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot

FIRST_ROWS = 10


def declared_indicators() -> list[Indicator]:
    """The definitions in force, and one indicator per series fed by hand: two queries."""
    in_force = list(Definition.objects.filter(state="approved"))
    datasets = faces.house().datasets if in_force else {}
    defined = [compiled(Recipe.read(one.recipe), datasets.get(one.dataset)) for one in in_force]
    return defined + [manual_values.indicator(series) for series in ManualSeries.objects.all()]


def datasets_open_to(person) -> list[Dataset]:
    """The datasets of the catalogue that she may open, by title."""
    held = [d for d in faces.house().datasets.values() if access.may_anywhere(person, d.permission)]
    return sorted(held, key=lambda d: d.title)


def dataset_open_to(person, code: str) -> Dataset:
    """The dataset, when it is in the catalogue and hers to open. Raises Refusal or Forbidden."""
    found = faces.house().datasets.get(code)
    if found is None:
        raise Refusal(f"Le jeu de données « {code} » n’est pas au catalogue.", remedy="Choisissez-en un autre.")
    require_datasets([found], person)
    return found


def listed() -> list[Definition]:
    """Every version, those that wait first, then those in force, then the past."""
    order = {"proposed": 0, "approved": 1}
    rows = Definition.objects.select_related("author", "decided_by")
    return sorted(rows, key=lambda d: (order.get(d.state, 2), d.code, -d.version))


def todos(person, today: date) -> list[Todo]:
    """The definitions and the values that others proposed and that she may decide on."""
    found = []
    if access.may_anywhere(person, "steering.approve_definitions"):
        for one in Definition.objects.filter(state="proposed").exclude(author=person):
            address = reverse("steering:definition", args=[one.code, one.version])
            found.append(_todo(f"Approuver ou refuser l’indicateur « {one.title} »", address, one))
    if access.may_anywhere(person, "steering.approve_values"):
        for value in ManualValue.objects.filter(state="proposed").exclude(author=person).select_related("series"):
            address = reverse("steering:manual_series", args=[value.series.code]) + f"#valeur-{value.pk}"
            found.append(_todo(f"Approuver ou refuser une valeur de « {value.series.title} »", address, value))
    return found


def _todo(sentence: str, address: str, proposal) -> Todo:
    """Stable by the thing proposed, so that a digest says it once."""
    return Todo(
        sentence, address, since_on=paris_day(proposal.proposed_at), key=str(proposal.reference()), kind="proposal"
    )


def in_words(definition: Definition) -> list[tuple[str, str]]:
    """(what, in words) of a definition, as its readers would say it; columns that are gone keep their name."""
    recipe, dataset = Recipe.read(definition.recipe), faces.house().datasets.get(definition.dataset)
    named = {c.name: c.sentence for c in dataset.columns} if dataset else {}
    told = [
        ("Jeu de données", dataset.title if dataset else f"{definition.dataset} (retiré du catalogue)"),
        ("Lignes retenues", " ; ".join(_condition(c, named) for c in recipe.filters) or "toutes"),
        ("Résumé", AGGREGATIONS[recipe.aggregation]),
        ("Part des lignes où", _condition(recipe.share_of, named) if recipe.share_of else ""),
        ("Mesure", named.get(recipe.measure, recipe.measure)), ("Divisée par", named.get(recipe.base, recipe.base)),
        ("Date qui compte", named.get(recipe.at, recipe.at)), ("Lieu", named.get(recipe.place, recipe.place) or "aucun"),
        ("Découpages", ", ".join(named.get(d, d) for d in recipe.dimensions) or "aucun"),
        ("Rythme", f"{RHYTHM_LABELS[recipe.rhythm]}, faits connus sous {recipe.delay_days} jours"),
        ("Petits nombres", "cachés sous cinq personnes" if recipe.counts_people else ""),
    ]  # fmt: skip
    return [(label, words) for label, words in told if words]


def _condition(condition: Condition, named: Mapping[str, str]) -> str:
    column = named.get(condition.column, condition.column)
    return f"« {column} » {COMPARISONS[condition.comparison]} {condition.value}".strip()


@dataclass(frozen=True)
class Preview:
    """A figure before it is proposed: its latest period, its recent periods, its first rows, and on which snapshot."""

    indicator: Indicator
    snapshot: Snapshot
    cell: dict[str, Any]
    periods: list[dict[str, Any]]
    rows: list[dict[str, Any]]


def preview(indicator: Indicator, dataset: Dataset, person, today: date) -> Preview:
    """Compute a definition on the latest snapshot; nothing is kept. Raises Refusal when there is nothing to compute."""
    held = snapshots.latest([dataset.code])
    if not held:
        raise Refusal(
            f"« {dataset.title} » n’a pas encore été photographié.",
            remedy="La photographie de cette nuit le permettra.",
        )
    found, facts = _computed(indicator, dataset, held)
    periods = [r for r in _totals(found) if r["period"] <= today]
    if not periods:
        raise Refusal("Aucune ligne ne répond à ces filtres.", remedy="Élargissez-les, ou changez la date qui compte.")
    rows = visible_among(dataset, person, facts).slice(0, FIRST_ROWS).to_pylist()
    return Preview(indicator, held[dataset.code], periods[-1], periods[-12:], rows)


def _computed(indicator: Indicator, dataset: Dataset, held: dict[str, Snapshot]) -> tuple[pa.Table, pa.Table]:
    """Its cells and its first facts."""
    tables = {dataset.code: dataset.unbound}
    try:
        with engine.opened(held) as opened:
            found = suppression.suppressed(indicator, cells.evaluate(indicator, tables, opened.run))
            return found, opened.run(indicator.expression(tables).order_by("subject").limit(500))
    except Refusal:
        raise
    except Exception as fault:  # what she chose may fail in as many ways as there are engines; nothing is lost
        raise Refusal(
            "Le calcul a échoué : la dernière photographie n’a pas ce que cette définition demande.",
            remedy="Attendez la photographie de cette nuit, ou choisissez d’autres colonnes.",
        ) from fault


def _totals(found: pa.Table) -> Iterable[dict[str, Any]]:
    return (r for r in found.to_pylist() if r["place"] == cells.ALL and r["dimension"] == cells.ALL)
