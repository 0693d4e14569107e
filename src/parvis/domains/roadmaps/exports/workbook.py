"""The workbooks of the roadmaps: actions with their parts, and the coverage of public policies.

Refuses to know what a column says (`columns`), who may see it (`dossier`) and how a cell is written (`spreadsheets`).
"""

from collections.abc import Iterator, Sequence

from parvis.domains.roadmaps.coverage import Matrix
from parvis.domains.roadmaps.exports.columns import Column, Standing
from parvis.domains.roadmaps.models import ActionIndicator, IndicatorValue
from parvis.kernel.documents.spreadsheets import About, Book, Cell


def actions(rows: Sequence[Standing], columns: Sequence[Column], about: About) -> bytes:
    """The actions, their milestones, indicators, measures and means, and what the file is."""
    with Book() as book:
        book.sheet("Actions", [(c.label, c.kind) for c in columns], _action_cells(rows, columns), frozen_columns=3)
        book.sheet("Jalons", MILESTONES, _milestone_cells(rows))
        book.sheet("Indicateurs", INDICATORS, _indicator_cells(rows))
        book.sheet("Mesures", MEASURES, _measure_cells(rows))
        book.sheet("Moyens", MEANS, _means_cells(rows))
        book.about(about)
    return book.content


def coverage(matrix: Matrix, about: About) -> bytes:
    """Sector × public policy, and the holes in sentences."""
    headings = [("Secteur", "text"), *((c.name, "whole") for c in matrix.columns), ("Sans politique", "whole")]
    with Book() as book:
        book.sheet("Couverture", [*headings, ("Actions", "whole"), ("Couverture", "percent")], _coverage_cells(matrix))
        book.sheet("Trous", HOLES, _hole_cells(matrix))
        book.about(about)
    return book.content


def _action_cells(rows: Sequence[Standing], columns: Sequence[Column]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [(column.kind, column.value(row)) for column in columns]


OF_ACTION = (("Code de l’action", "text"), ("Titre", "long"))
MILESTONES = (
    *OF_ACTION, ("Jalon", "text"), ("Programmé", "day"), ("Prévu", "day"), ("Tenu le", "day"), ("Tenu", "text"),
    ("Précision", "text"),
)  # fmt: skip
INDICATORS = (
    *OF_ACTION, ("Indicateur", "text"), ("Définition", "long"), ("Unité", "text"), ("Sens", "text"),
    ("Valeur de départ", "number"), ("Départ au", "day"), ("Cible", "number"), ("Cible au", "day"),
    ("Dernière valeur", "number"), ("Mesurée le", "day"), ("Rythme (jours)", "whole"), ("Source", "text"),
)  # fmt: skip
MEASURES = (*OF_ACTION, ("Indicateur", "text"), ("Mesurée le", "day"), ("Valeur", "number"), ("Unité", "text"))
MEANS = (*OF_ACTION, ("Année", "text"), ("Montant", "money"), ("ETP", "number"))
HOLES = (
    ("Secteur", "text"),
    ("Politique publique", "text"),
    ("Secteurs qui en ont une", "whole"),
    ("En clair", "long"),
)


def _named(row: Standing) -> list[Cell]:
    return [("text", row.action.code), ("long", row.action.title)]


def _milestone_cells(rows: Sequence[Standing]) -> Iterator[list[Cell]]:
    for row in rows:
        for m in row.action.milestones.all():
            yield [
                *_named(row), ("text", m.title), ("day", m.planned_on), ("day", m.forecast_on), ("day", m.actual_on),
                ("text", "Oui" if m.is_done else "Non"), ("text", f"au {m.get_precision_display()}"),
            ]  # fmt: skip


def _indicator_cells(rows: Sequence[Standing]) -> Iterator[list[Cell]]:
    for row in rows:
        for i in row.action.indicators.all():
            last = last_value(i)
            yield [
                *_named(row), ("text", i.name), ("long", i.definition), ("text", i.unit),
                ("text", i.get_direction_display()), ("number", i.baseline), ("day", i.baseline_on),
                ("number", i.target), ("day", i.target_on), ("number", last.value if last else None),
                ("day", last.measured_on if last else None), ("whole", i.every_days), ("text", i.source),
            ]  # fmt: skip


def _measure_cells(rows: Sequence[Standing]) -> Iterator[list[Cell]]:
    for row in rows:
        for i in row.action.indicators.all():
            for value in i.values.all():
                yield [
                    *_named(row), ("text", i.name), ("day", value.measured_on), ("number", value.value), ("text", i.unit)
                ]  # fmt: skip


def _means_cells(rows: Sequence[Standing]) -> Iterator[list[Cell]]:
    for row in rows:
        for line in row.action.means.all():
            yield [*_named(row), ("text", str(line.year)), ("money", line.amount_cents), ("number", line.fte)]


def last_value(indicator: ActionIndicator) -> IndicatorValue | None:
    """The measure of the latest day, as it was last said."""
    return next(reversed(list(indicator.values.all())), None)


def _coverage_cells(matrix: Matrix) -> Iterator[list[Cell]]:
    """A sector whose roadmap is not shown has no figure at all, which is not zero."""
    for line in matrix.lines:
        counts: list[Cell] = [("whole", cell.count) for cell in line.cells]
        known = line.row.is_known
        yield [
            ("text", line.row.name), *counts, ("whole", line.unsorted if known else None),
            ("whole", line.total if known else None), ("percent", line.ratio),
        ]  # fmt: skip


def _hole_cells(matrix: Matrix) -> Iterator[list[Cell]]:
    for hole in matrix.holes:
        yield [("text", hole.row.name), ("text", hole.column.name), ("whole", hole.peers), ("long", hole.sentence)]
