"""The figures of steering as files: the list of indicators with its lineage, or every cell of one of them.

A hidden cell leaves as hidden. A text is made harmless before a spreadsheet may take it for a formula.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import StringIO
from typing import Any

from parvis.domains.steering.queries.indicator_page import Page
from parvis.domains.steering.queries.tree import Shown
from parvis.kernel.contracts.exports import neutralised
from parvis.kernel.documents.spreadsheets import About, Book, Cell

FIGURES = (
    ("Objectif", "text"), ("Code", "text"), ("Indicateur", "long"), ("Question", "long"), ("Unité", "text"), ("Période", "day"),
    ("Valeur", "number"), ("Numérateur", "number"), ("Dénominateur", "number"), ("Faits comptés", "whole"),
    ("Faits écartés", "whole"), ("Cible", "number"), ("Date de la cible", "day"), ("État", "text"), ("En retard", "text"),
    ("Responsable", "text"), ("Faits connus au", "day"), ("Empreinte de la définition", "long"),
    ("Photographies", "long"), ("Empreinte des cellules", "long"), ("Note", "long"),
)  # fmt: skip
HISTORY = (
    ("Code", "text"),
    ("Période", "day"),
    ("Valeur", "number"),
    ("Numérateur", "number"),
    ("Dénominateur", "number"),
    ("Faits comptés", "whole"),
)
PLACES = (
    ("Code", "text"),
    ("Lieu", "text"),
    ("Valeur", "number"),
    ("Numérateur", "number"),
    ("Dénominateur", "number"),
    ("Faits comptés", "whole"),
)
CELLS = (
    ("Période", "day"), ("Lieu", "text"), ("Millésime", "text"), ("Dimension", "text"), ("Membre", "text"), ("Valeur", "number"),
    ("Numérateur", "number"), ("Dénominateur", "number"), ("Faits comptés", "whole"), ("Faits écartés", "whole"), ("Masquée", "text"),
)  # fmt: skip
SECTORS = (
    ("Secteur", "text"), ("Valeur", "number"), ("Numérateur", "number"), ("Dénominateur", "number"),
    ("Valeur comparée", "number"), ("Unité comparée", "text"), ("Médiane des autres", "number"), ("Écart", "number"), ("Verdict", "long"),
)  # fmt: skip
READING = (
    "Une valeur est le numérateur divisé par le dénominateur quand il y en a un ; un total n’est jamais une moyenne de moyennes. "
    "Un effectif de moins de cinq personnes est masqué."
)


def workbook(rows: Sequence[Shown]) -> bytes:
    with Book() as book:
        book.sheet("Chiffres", FIGURES, map(_figure, rows), frozen_columns=3)
        book.sheet("Évolutions", HISTORY, _history(rows))
        book.sheet("Lieux", PLACES, _places(rows))
        book.about(About("Indicateurs de pilotage", (("Indicateurs", str(len(rows))), ("Lecture", READING))))
    return book.content


def delimited(rows: Sequence[Shown]) -> bytes:
    return _csv(FIGURES, map(_figure, rows))


def page_workbook(page: Page) -> bytes:
    with Book() as book:
        book.sheet("Valeurs", CELLS, _cells(page), frozen_columns=2)
        book.sheet("Secteurs", SECTORS, _sectors(page))
        book.about(About(page.indicator.title, _about(page)))
    return book.content


def page_delimited(page: Page) -> bytes:
    return _csv(CELLS, _cells(page))


def _figure(shown: Shown) -> list[Cell]:
    indicator, held, target = shown.indicator, shown.figure.measurement, shown.target
    return [
        ("text", indicator.objective), ("text", indicator.code), ("long", indicator.title), ("long", indicator.question),
        ("text", indicator.unit), ("day", shown.period), ("number", shown.figure.value),
        ("number", held and held.numerator), ("number", held and held.denominator), ("whole", held and held.counted),
        ("whole", held and held.left_out), ("number", target and target.value), ("day", target and target.on),
        ("text", shown.words), ("text", "oui" if shown.is_late else "non"), ("text", indicator.owner),
        ("day", held and held.evaluation.as_of), ("long", held.fingerprint if held else ""), ("long", _cited(held)),
        ("long", held.cells_sha256 if held else ""), ("long", held.note if held else "jamais évalué"),
    ]  # fmt: skip


def _cited(held: Any) -> str:
    return " ; ".join(f"{code} n° {pk} {sha}" for code, (pk, sha) in held.snapshots.items()) if held else ""


def _history(rows: Iterable[Shown]) -> Iterator[list[Cell]]:
    for shown in rows:
        held = shown.figure.measurement
        for period, value, numerator, denominator, counted in (row[:5] for row in (held.history if held else ())):
            yield [
                ("text", shown.indicator.code), ("day", date.fromisoformat(period)), ("number", value), ("number", numerator),
                ("number", denominator), ("whole", counted),
            ]  # fmt: skip


def _places(rows: Iterable[Shown]) -> Iterator[list[Cell]]:
    for shown in rows:
        for place, (value, numerator, denominator, counted, *_) in shown.figure.places.items():
            yield [
                ("text", shown.indicator.code), ("text", place), ("number", value), ("number", numerator),
                ("number", denominator), ("whole", counted),
            ]  # fmt: skip


def _cells(page: Page) -> Iterator[list[Cell]]:
    for row in page.cells.to_pylist():
        yield [
            ("day", row["period"]), ("text", row["place"] or "ensemble"), ("text", row["vintage"]), ("text", row["dimension"]),
            ("text", row["member"]), ("number", row["value"]), ("number", row["numerator"]), ("number", row["denominator"]),
            ("whole", row["counted"]), ("whole", row["left_out"]), ("text", "oui" if row["hidden"] else ""),
        ]  # fmt: skip


def _sectors(page: Page) -> Iterator[list[Cell]]:
    for row in page.rows:
        cell = row.cell or {}
        yield [
            ("text", row.sector.name), ("number", cell.get("value")), ("number", cell.get("numerator")),
            ("number", cell.get("denominator")), ("number", row.line.place.value), ("text", page.compared_unit),
            ("number", row.line.peers_median), ("number", row.line.gap), ("long", row.line.words),
        ]  # fmt: skip


def _about(page: Page) -> tuple[tuple[str, str], ...]:
    held = page.figure.measurement
    return (
        ("Question", page.indicator.question), ("Réponse", page.sentence), ("Code", page.indicator.code),
        ("Unité", page.indicator.unit), ("Responsable", page.indicator.owner), ("Faits connus au", f"{page.on:%d/%m/%Y}"),
        ("Empreinte de la définition", held.fingerprint if held else ""), ("Photographies", _cited(held)), ("Lecture", READING),
    )  # fmt: skip


def _csv(headings: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, semicolons, decimal commas."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([label for label, _ in headings])
    for row in rows:
        writer.writerow(neutralised([_spelt(value) for _, value in row]))
    return text.getvalue().encode("utf-8-sig")


def _spelt(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return repr(value).replace(".", ",") if isinstance(value, float) else str(value)


WRITTEN = {"xlsx": workbook, "csv": delimited}
WRITTEN_ONE = {"xlsx": page_workbook, "csv": page_delimited}
