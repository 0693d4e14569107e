"""Every figure of a review as a workbook, with its lineage: what was frozen, cell by cell."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from parvis.domains.steering.models import Review, ReviewFreeze
from parvis.kernel.documents.spreadsheets import About, Book, Cell

FIGURES = (
    ("Objectif", "text"), ("Code", "text"), ("Indicateur", "long"), ("Unité", "text"), ("Période", "day"),
    ("Valeur", "number"), ("Numérateur", "number"), ("Dénominateur", "number"), ("Faits comptés", "whole"),
    ("Faits écartés", "whole"), ("Période d’avant", "number"), ("Ensemble", "number"), ("Dernière cible", "number"),
    ("État", "text"), ("Note", "long"),
)  # fmt: skip
HISTORY = (("Code", "text"), ("Période", "day"), ("Valeur", "number"), ("Unité", "text"))
SECTORS = (("Code", "text"), ("Secteur", "text"), ("Valeur", "number"), ("Unité", "text"))
LINEAGE = (
    ("Code", "text"), ("Jeu de données", "text"), ("Photographie", "whole"), ("Empreinte de la photographie", "long"),
    ("Empreinte de la définition", "long"), ("Empreinte des cellules", "long"),
)  # fmt: skip
DECISIONS = (("Décision", "long"), ("Responsable", "text"), ("Pour le", "day"), ("État", "text"))


def workbook(review: Review, freeze: ReviewFreeze) -> bytes:
    rows = freeze.content["lines"]
    with Book() as book:
        book.sheet("Chiffres", FIGURES, _figures(rows), frozen_columns=3)
        book.sheet("Évolutions", HISTORY, _history(rows))
        book.sheet("Secteurs", SECTORS, _sectors(rows))
        book.sheet("Lignée", LINEAGE, _lineage(rows))
        book.sheet("Décisions", DECISIONS, _decisions(review))
        book.about(_about(review, freeze))
    return book.content


def _about(review: Review, freeze: ReviewFreeze) -> About:
    return About(str(review), (
        ("Code", review.code), ("État", review.get_state_display()), ("Faits connus au", f"{freeze.as_of:%d/%m/%Y}"),
        ("Figés le", f"{freeze.frozen_at:%d/%m/%Y}"), ("Empreinte", freeze.sha256),
        ("Lecture", "Une valeur est le numérateur divisé par le dénominateur quand il y en a un ; un total n’est jamais une moyenne de moyennes."),
    ))  # fmt: skip


def _figures(rows: list[dict[str, Any]]) -> Iterator[list[Cell]]:
    for line in rows:
        target = line["targets"][-1][1] if line["targets"] else None
        yield [
            ("text", line["objective"]), ("text", line["code"]), ("long", line["title"]), ("text", line["unit"]),
            ("day", _day(line.get("period"))), ("number", line["value"]), ("number", line.get("numerator")),
            ("number", line.get("denominator")), ("whole", line.get("counted")), ("whole", line.get("left_out")),
            ("number", line.get("previous")), ("number", line.get("whole")), ("number", target),
            ("text", line.get("words", "")), ("long", line["note"]),
        ]  # fmt: skip


def _history(rows: list[dict[str, Any]]) -> Iterator[list[Cell]]:
    for line in rows:
        for period, value in line["history"]:
            yield [("text", line["code"]), ("day", _day(period)), ("number", value), ("text", line["unit"])]


def _sectors(rows: list[dict[str, Any]]) -> Iterator[list[Cell]]:
    for line in rows:
        for place, value in line["places"]:
            yield [("text", line["code"]), ("text", place), ("number", value), ("text", line["unit"])]


def _lineage(rows: list[dict[str, Any]]) -> Iterator[list[Cell]]:
    for line in rows:
        for code, (number, sha256) in line["snapshots"].items():
            yield [
                ("text", line["code"]), ("text", code), ("whole", number), ("long", sha256),
                ("long", line["fingerprint"]), ("long", line["cells"]),
            ]  # fmt: skip


def _decisions(review: Review) -> Iterator[list[Cell]]:
    for each in review.decisions.select_related("owner"):
        owner = each.owner.get_full_name() if each.owner else "à désigner"
        yield [("long", each.title), ("text", owner), ("day", each.due_on), ("text", each.get_state_display())]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
