"""A plan as a StratML Part 2 document (ISO 17469-2): the plan, its axes as goals, its actions as objectives.

Element names and their order follow the schema PerformancePlanOrReport, version 2.2.6 of 16 February 2016. Everything is
built as a tree, so no title can break out of its element; characters that XML refuses are dropped.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings

from parvis.domains.roadmaps import addresses
from parvis.domains.roadmaps.exports.dossier import Chapter, Dossier
from parvis.domains.roadmaps.models import Action, ActionIndicator, IndicatorValue

NAMESPACE = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
UNCLASSED = "Actions hors axe"


def document(dossier: Dossier, *, city: str, today: date) -> bytes:
    """The whole document, UTF-8, with its declaration."""
    plan = dossier.plan
    root = Element("PerformancePlanOrReport", {"xmlns": NAMESPACE, "Type": "Performance_Plan"})
    _text(root, "Name", plan.title)
    _text(root, "Description", plan.summary)
    _text(root, "OtherInformation", f"État : {plan.get_state_display()}. Version signée : {plan.version or 'aucune'}.")
    core = SubElement(root, "StrategicPlanCore")
    _organization(core, dossier, city)
    for number, chapter in enumerate(dossier.chapters or (Chapter(None, ()),), start=1):
        _goal(core, plan.code, number, chapter)
    _administration(root, dossier, today)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _organization(core: Element, dossier: Dossier, city: str) -> None:
    plan = dossier.plan
    organization = SubElement(core, "Organization")
    _text(organization, "Name", f"{city}, {plan.sector.name}" if plan.sector else city)
    _identifier(organization, "organization", plan.code)
    for signature in dossier.signatures:
        party = SubElement(organization, "Stakeholder", {"StakeholderTypeType": "Organization"})
        _text(party, "Name", signature.get_party_display())
        _text(party, "Description", f"A signé la version {signature.version} le {signature.signed_at:%Y-%m-%d}.")
    vision, mission = SubElement(core, "Vision"), SubElement(core, "Mission")
    _text(vision, "Description", "")
    _text(mission, "Description", plan.summary)


def _goal(core: Element, plan_code: str, number: int, chapter: Chapter) -> None:
    goal = SubElement(core, "Goal")
    axis = chapter.axis
    _text(goal, "Name", axis.title if axis else UNCLASSED)
    _text(goal, "Description", "")
    _identifier(goal, "goal", f"{plan_code}-{axis.code if axis else number}")
    _text(goal, "SequenceIndicator", axis.code if axis else str(number))
    for place, action in enumerate(chapter.actions, start=1):
        _objective(goal, plan_code, f"{axis.code if axis else number}.{place}", action)


def _objective(goal: Element, plan_code: str, sequence: str, action: Action) -> None:
    objective = SubElement(goal, "Objective")
    _text(objective, "Name", action.title)
    _text(objective, "Description", action.description)
    _identifier(objective, "objective", f"{plan_code}-{action.code}")
    _text(objective, "SequenceIndicator", sequence)
    if action.lead:
        _stakeholder(objective, action.lead.code, action.lead.name, "Direction pilote")
    for commitment in action.commitments.all():
        role = f"Direction partenaire, {commitment.get_state_display()}"
        _stakeholder(objective, commitment.directorate.code, commitment.directorate.name, role)
    _text(objective, "OtherInformation", _context(action))
    for indicator in action.indicators.all():
        _indicator(objective, indicator)


def _stakeholder(objective: Element, acronym: str, name: str, role_name: str) -> None:
    stakeholder = SubElement(objective, "Stakeholder", {"StakeholderTypeType": "Organization"})
    _text(stakeholder, "Name", acronym)
    _text(stakeholder, "Description", name)
    role = SubElement(stakeholder, "Role")
    _text(role, "Name", role_name)
    _text(role, "Description", "")
    _text(role, "RoleType", "Performer")


def _indicator(objective: Element, indicator: ActionIndicator) -> None:
    made = SubElement(objective, "PerformanceIndicator", {"PerformanceIndicatorType": "Quantitative"})
    _text(made, "MeasurementDimension", indicator.name)
    _text(made, "UnitOfMeasurement", indicator.unit or "sans unité")
    _identifier(made, "indicator", str(indicator.pk))
    instance = SubElement(made, "MeasurementInstance")
    _result(instance, "TargetResult", indicator.target, indicator.baseline_on, indicator.target_on, "Cible")
    if indicator.baseline is not None:
        _result(
            instance,
            "ActualResult",
            indicator.baseline,
            indicator.baseline_on,
            indicator.baseline_on,
            "Point de départ",
        )
    for value in _last_words(indicator.values.all()):
        _result(instance, "ActualResult", value.value, value.measured_on, value.measured_on, "Mesure")
    notes = (indicator.definition, indicator.get_direction_display(), indicator.source)
    _text(made, "OtherInformation", " · ".join(note for note in notes if note))


def _result(instance: Element, name: str, value: Decimal | None, start: date | None, end: date | None, says: str):
    result = SubElement(instance, name)
    _text(result, "StartDate", start.isoformat() if start else "")
    _text(result, "EndDate", end.isoformat() if end else "")
    _text(result, "NumberOfUnits", f"{value.normalize():f}" if value is not None else "")
    _text(result, "Description", says)


def _last_words(values: Iterable[IndicatorValue]) -> list[IndicatorValue]:
    """One value a day: a correction said later replaces what was said first."""
    return list({value.measured_on: value for value in values}.values())


def _context(action: Action) -> str:
    dates = (("Début", action.starts_on), ("Échéance", action.due_on))
    parts = [f"{word} : {day:%Y-%m-%d}." for word, day in dates if day]
    parts += [f"Politique publique : {action.policy.name}."] if action.policy else []
    parts += [f"{action.status_reason}"] if action.status_reason else []
    return " ".join(parts)


def _administration(root: Element, dossier: Dossier, today: date) -> None:
    plan = dossier.plan
    administration = SubElement(root, "AdministrativeInformation")
    _identifier(administration, "plan", plan.code)
    _text(administration, "StartDate", f"{plan.year}-01-01")
    _text(administration, "EndDate", f"{plan.year}-12-31")
    _text(administration, "PublicationDate", (plan.signed_on or today).isoformat())
    _text(administration, "Source", urljoin(settings.PUBLIC_ADDRESS.rstrip("/") + "/", addresses.plan(plan.code)))


def _identifier(parent: Element, kind: str, code: str) -> None:
    """An XML ID: a letter first, then letters, digits, dots, hyphens; two codes never make the same one."""
    escaped = re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found.group()):x}_", code)
    _text(parent, "Identifier", f"{kind}-{escaped}")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = FORBIDDEN.sub("", text)
