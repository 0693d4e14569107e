"""Reference data of the datahub: the bases of GDPR art. 6, the nine criteria of an impact assessment, the first register.

Bases: Regulation (EU) 2016/679, art. 6. Criteria: WP 248 rev. 01 (Article 29 Working Party, 4 October 2017), endorsed by
the EDPB; two of nine call for an assessment. The register's first entries are working values, to be confirmed by the
data officer. Loading twice changes nothing: an entry that exists is never written over.
"""

import csv
from datetime import UTC, datetime
from functools import cache
from importlib import resources

CRITERIA_SOURCE = "Lignes directrices WP 248 rév. 01, 4 octobre 2017"
BASES_SOURCE = "Règlement (UE) 2016/679, article 6"
ENOUGH_CRITERIA = 2
CONTROLLER = "Ville de Paris, direction de la démocratie, des citoyen·ne·s et des territoires"
SEEDED_AT = datetime(2026, 11, 24, tzinfo=UTC)
FIELDS = ("title", "purpose", "legal_basis", "people", "categories", "recipients", "security")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a file of this folder."""
    with (resources.files(__name__) / name).open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def criteria() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in table("dpia-criteria.csv")}


def legal_bases() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in table("legal-bases.csv")}


def load() -> None:
    """Enter the first register: each entry once, with the retentions that the faces declare."""
    from parvis.domains.datahub.models import Processing, ProcessingVersion

    known = set(Processing.objects.values_list("code", flat=True))
    for row in table("processings.csv"):
        if row["code"] not in known:
            processing = Processing.objects.create(code=row["code"], created_at=SEEDED_AT)
            ProcessingVersion.objects.create(
                processing=processing, number=1, made_at=SEEDED_AT, **_said(row), reason="Première fiche",
            )  # fmt: skip


def _said(row: dict[str, str]) -> dict:
    named = [code for code in row["criteria"].split("|") if code]
    return {name: row[name] for name in FIELDS} | {
        "retention": _retention(row["retained"].split("|")), "controller": CONTROLLER, "transfers": "Aucun hors de l’Union",
        "criteria": named, "assessment": "to_do" if len(named) >= ENOUGH_CRITERIA else "unneeded",
        "datasets": [code for code in row["datasets"].split("|") if code],
    }  # fmt: skip


def _retention(wanted: list[str]) -> str:
    """What the faces declare of these subjects, one sentence each; `face:*` takes all of a face."""
    from parvis.kernel import faces

    said = []
    for face in faces.house().faces:
        for each in face.retentions:
            if f"{face.code}:*" in wanted or f"{face.code}:{each.subject}" in wanted:
                years = (
                    f"{each.active_years} an{'s' if each.active_years > 1 else ''}"
                    if each.active_years
                    else "moins d’un an"
                )
                said.append(f"{each.subject} : {years}, puis {each.then}.")
    return "\n".join(said) or "À préciser."
