"""The register of processing as a workbook or a CSV file, for the data protection officer and the authority."""

import csv
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Any

from parvis.domains.datahub import reference
from parvis.domains.datahub.models import ProcessingVersion
from parvis.domains.datahub.queries.register import assessment
from parvis.kernel.contracts.exports import neutralised
from parvis.kernel.documents.spreadsheets import About, Book

HEADINGS = (
    ("Code", "text"), ("Traitement", "text"), ("Finalité", "long"), ("Base légale", "text"), ("Personnes concernées", "long"),
    ("Catégories de données", "long"), ("Destinataires", "long"), ("Conservation", "long"), ("Mesures de sécurité", "long"),
    ("Responsable du traitement", "long"), ("Transferts hors de l’Union", "text"), ("Critères d’analyse d’impact", "long"),
    ("Analyse d’impact", "text"), ("Jeux de données", "long"), ("Version", "whole"), ("Du", "day"), ("Cessé", "text"),
)  # fmt: skip


def _cells(version: ProcessingVersion) -> list[Any]:
    held, basis = assessment(version), reference.legal_bases().get(version.legal_basis, {})
    return [
        version.processing.code, version.title, version.purpose, f"{basis.get('label', '')} ({basis.get('article', '')})",
        version.people, version.categories, version.recipients, version.retention, version.security, version.controller,
        version.transfers, " ; ".join(c["label"] for c in held.criteria), held.words, " ; ".join(version.datasets),
        version.number, version.made_at.date(), "oui" if version.is_ended else "non",
    ]  # fmt: skip


def workbook(versions: Iterable[ProcessingVersion], today: date) -> bytes:
    with Book() as book:
        kinds = [kind for _, kind in HEADINGS]
        book.sheet("Registre", HEADINGS, (list(zip(kinds, _cells(v), strict=True)) for v in versions), frozen_columns=2)
        lines = (("Connu le", f"{today:%d/%m/%Y}"), ("Bases légales", reference.BASES_SOURCE),
                 ("Critères", f"{reference.CRITERIA_SOURCE} : deux sur neuf rendent l’analyse requise."))  # fmt: skip
        book.about(About("Registre des traitements (RGPD, article 30)", lines))
    return book.content


def delimited(versions: Iterable[ProcessingVersion], today: date) -> bytes:
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([label for label, _ in HEADINGS])
    writer.writerows(neutralised(_cells(version)) for version in versions)
    return out.getvalue().encode()


WRITTEN = {"xlsx": workbook, "csv": delimited}
