"""Write an entry of the register: each change is a new version, the old ones stay."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from parvis.domains.datahub import reference
from parvis.domains.datahub.models import Processing, ProcessingVersion
from parvis.domains.datahub.queries.register import FIELDS
from parvis.kernel import Refusal, access
from parvis.kernel.journal import entries


def write(
    said: Mapping[str, Any], *, processing: Processing | None = None, seen: int = 0, reason: str = "", by, at: datetime
) -> ProcessingVersion:
    """Enter a processing, or its next version. `seen` is the version on which the person wrote.

    Raises Forbidden; Refusal when someone wrote in between, or when a required assessment is said needless. A version
    that changes nothing is not made: the one in force comes back.
    """
    access.require(by, "datahub.edit_register")
    _coherent(said)
    with transaction.atomic():
        held = Processing.objects.select_for_update().get(pk=processing.pk) if processing else _new(said["title"], at)
        last = held.versions.order_by("-number").first()
        if last and seen != last.number:
            raise Refusal("Quelqu’un a changé cette fiche entre-temps.", remedy="Rechargez-la, puis reprenez.")
        if last and all(getattr(last, name) == said[name] for name in FIELDS):
            return last
        made = ProcessingVersion.objects.create(
            processing=held, number=last.number + 1 if last else 1, reason=reason.strip()[:300], made_at=at, made_by=by,
            **{name: said[name] for name in FIELDS},
        )  # fmt: skip
        codes = {"version": made.number, "criteria": len(made.criteria)}
        entries.record("register.write", held.reference(), by=by, at=at, codes=codes)
    return made


def _coherent(said: Mapping[str, Any]) -> None:
    is_needed = len(said["criteria"]) >= reference.ENOUGH_CRITERIA
    if is_needed and said["assessment"] == ProcessingVersion.Assessment.UNNEEDED:
        raise Refusal(
            f"{len(said['criteria'])} critères sur neuf sont réunis : une analyse d’impact est requise.",
            remedy="Dites si elle est à faire, en cours ou faite.",
        )


def _new(title: str, at: datetime) -> Processing:
    code = slugify(title)[:60] or "traitement"
    if Processing.objects.filter(code=code).exists():
        raise Refusal(f"Une fiche « {title} » existe déjà.", remedy="Ouvrez-la pour la changer.")
    return Processing.objects.create(code=code, created_at=at)
