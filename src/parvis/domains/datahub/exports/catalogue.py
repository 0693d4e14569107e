"""The catalogue as a workbook or a CSV file: one row a dataset, the same columns as on screen and their criteria."""

import csv
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Any

from parvis.domains.datahub import quality
from parvis.domains.datahub.queries.catalogue import Line
from parvis.kernel.contracts.exports import neutralised
from parvis.kernel.documents.spreadsheets import About, Book

HEADINGS = (
    ("Code", "text"), ("Jeu de données", "text"), ("Ce que dit une ligne", "long"), ("Direction", "text"), ("Lignes", "whole"),
    ("Photographié le", "day"), ("Date métier la plus récente", "day"), ("Rythme attendu (jours)", "whole"), ("Fraîcheur", "text"),
    ("Retard (jours)", "whole"), ("Qualité (sur 100)", "whole"), *((label, "whole") for label in quality.LABELS.values()),
    ("Indicateurs", "whole"), ("Données personnelles", "text"), ("Publié", "text"),
)  # fmt: skip


def _cells(line: Line) -> list[Any]:
    held, dataset = line.snapshot, line.dataset
    return [
        dataset.code, dataset.title, dataset.sentence, dataset.owner, held.row_count if held else None,
        held.as_of if held else None, held.business_on if held else None, dataset.rhythm_days, line.freshness.words,
        line.freshness.late_days, line.quality.score, *(mark.value for mark in line.quality.marks), line.indicator_count,
        "oui" if dataset.is_personal else "non", "oui" if line.is_published else "non",
    ]  # fmt: skip


def workbook(lines: Iterable[Line], today: date) -> bytes:
    with Book() as book:
        kinds = [kind for _, kind in HEADINGS]
        book.sheet(
            "Catalogue", HEADINGS, (list(zip(kinds, _cells(line), strict=True)) for line in lines), frozen_columns=2
        )
        weights = " ; ".join(f"{quality.LABELS[code]} {weight}" for code, weight in quality.WEIGHTS.items())
        book.about(
            About("Catalogue des données", (("Connu le", f"{today:%d/%m/%Y}"), (f"Poids, {quality.VERSION}", weights)))
        )
    return book.content


def delimited(lines: Iterable[Line], today: date) -> bytes:
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([label for label, _ in HEADINGS])
    writer.writerows(neutralised(["" if cell is None else cell for cell in _cells(line)]) for line in lines)
    return out.getvalue().encode()


WRITTEN = {"xlsx": workbook, "csv": delimited}
