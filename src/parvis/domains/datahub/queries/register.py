"""The register of processing: each entry in its newest words, and the holes, personal datasets that no entry names."""

from dataclasses import dataclass

from parvis.domains.datahub import reference
from parvis.domains.datahub.models import Processing, ProcessingVersion
from parvis.kernel import faces
from parvis.kernel.lake.dataset import Dataset


@dataclass(frozen=True)
class Assessment:
    """Does the law call for an impact assessment? At least two of nine criteria."""

    criteria: tuple[dict[str, str], ...]
    is_needed: bool
    words: str
    tone: str


def entries() -> list[ProcessingVersion]:
    """Each processing in its newest version, those that ceased last: one query."""
    rows = ProcessingVersion.objects.select_related("processing").order_by("processing_id", "-number")
    return sorted(rows.distinct("processing_id"), key=lambda v: (v.is_ended, v.title))


def assessment(version: ProcessingVersion) -> Assessment:
    known = reference.criteria()
    held = tuple(known[code] for code in version.criteria if code in known)
    is_needed = len(held) >= reference.ENOUGH_CRITERIA
    words = f"analyse {version.get_assessment_display()}" if is_needed else "analyse non requise"
    tone = ("good" if version.assessment == "done" else "watch") if is_needed else "none"
    return Assessment(held, is_needed, words, tone)


def history(processing: Processing) -> list[tuple[ProcessingVersion, list[str]]]:
    """(version, the names of the fields that it changed), the newest first."""
    versions = list(processing.versions.select_related("made_by").order_by("number"))
    told = []
    for before, version in zip([None, *versions], versions, strict=False):
        changed = [
            label for name, label in FIELDS.items() if before and getattr(before, name) != getattr(version, name)
        ]
        told.append((version, changed))
    return told[::-1]


FIELDS = {
    "title": "titre", "purpose": "finalité", "legal_basis": "base légale", "people": "personnes", "categories": "données",
    "recipients": "destinataires", "retention": "conservation", "security": "sécurité", "controller": "responsable",
    "transfers": "transferts", "criteria": "critères d’analyse d’impact", "assessment": "analyse d’impact",
    "datasets": "jeux de données", "is_ended": "cessation",
}  # fmt: skip


def holes() -> list[Dataset]:
    """The datasets with personal columns that no living entry names."""
    named = {code for version in entries() if not version.is_ended for code in version.datasets}
    return [d for d in faces.house().datasets.values() if d.is_personal and d.code not in named]


def of_dataset(code: str) -> list[ProcessingVersion]:
    """The living entries that name a dataset."""
    return [version for version in entries() if code in version.datasets and not version.is_ended]
