"""Propose, approve, replace and withdraw the indicators defined in the browser."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction

from parvis.domains.steering.actions.proposals import decide
from parvis.domains.steering.compiling import Recipe, wrongs
from parvis.domains.steering.models import Definition, Objective
from parvis.domains.steering.queries import definitions
from parvis.kernel import Refusal, access, faces
from parvis.kernel.journal import entries

CODE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


def propose(recipe: Recipe, *, by, at: datetime) -> Definition:
    """Propose a new indicator, or a new version of one that was defined here. Raises Refusal with every fault named."""
    access.require(by, "steering.define_indicators")
    dataset = definitions.dataset_open_to(by, recipe.dataset)
    found = [*code_faults(recipe.code), *_objective_faults(recipe.objective), *wrongs(recipe, dataset)]
    if found:
        raise Refusal("Cet indicateur ne peut pas être proposé.", blockers=tuple(found))
    try:
        with transaction.atomic():
            made = Definition.objects.create(
                code=recipe.code, version=_next_version(recipe.code), title=recipe.title, dataset=recipe.dataset,
                recipe=recipe.stored(), author=by, proposed_at=at,
            )  # fmt: skip
            entries.record("definition.propose", made.reference(), by=by, at=at, codes={"dataset": recipe.dataset})
    except IntegrityError as twice:
        raise Refusal(
            f"Une proposition porte déjà le code « {recipe.code} ».", remedy="Décidez d’abord de celle qui attend."
        ) from twice
    return made


def code_faults(code: str) -> list[str]:
    """What is wrong with a code: its form, or an indicator of the house that bears it."""
    if not CODE.fullmatch(code) or len(code) > 60:
        return ["Le code s’écrit en minuscules, chiffres, points et tirets, sans espace : « proprete.delai »."]
    is_ours = Definition.objects.filter(code=code, state="approved").exists()
    if code in faces.house().indicators and not is_ours:
        return [f"Le code « {code} » est déjà pris par un indicateur de la maison."]
    return []


def _objective_faults(code: str) -> list[str]:
    return [] if Objective.objects.filter(code=code).exists() else [f"L’objectif « {code} » n’existe pas."]


def _next_version(code: str) -> int:
    last = Definition.objects.filter(code=code).order_by("-version").values_list("version", flat=True).first()
    return (last or 0) + 1


def approve(definition: Definition, *, by, at: datetime) -> Definition:
    """Put a version in force; the one before is replaced in the same stroke."""
    with transaction.atomic():
        before = Definition.objects.filter(code=definition.code, state="approved").exclude(pk=definition.pk).first()
        if before:
            decide(before, "replace", by=by, at=at)
        return decide(definition, "approve", by=by, at=at, check=lambda locked: _no_longer(locked, by))


def _no_longer(definition: Definition, by) -> list[str]:
    """What has changed since it was proposed: its dataset, its columns, its code."""
    recipe = Recipe.read(definition.recipe)
    dataset = definitions.dataset_open_to(by, recipe.dataset)
    declared = {i.code for face in faces.house().faces for i in face.indicators}
    taken = (
        [f"Le code « {recipe.code} » est déjà pris par un indicateur de la maison."] if recipe.code in declared else []
    )
    return [*taken, *wrongs(recipe, dataset)]


def settle(definition: Definition, step: str, *, by, at: datetime, reason: str = "") -> Definition:
    """Approve, refuse, take back or withdraw."""
    if step == "approve":
        return approve(definition, by=by, at=at)
    return decide(definition, step, by=by, at=at, reason=reason)
