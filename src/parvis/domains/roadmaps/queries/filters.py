"""The filters of every list of actions: one table, read from the address, the same for page, export, map and board.

Knows how a parameter narrows the actions that a person may see. Refuses to know who may see them: a filter never adds a row,
and one that goes through a plan goes through the plans that the person may see.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_

from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict

from parvis.domains.roadmaps import rules
from parvis.domains.roadmaps.models import Action, Commitment, Placement, Plan
from parvis.domains.roadmaps.operationality import CRITERIA
from parvis.domains.roadmaps.queries import extra_fields, statuses
from parvis.domains.roadmaps.thresholds import threshold
from parvis.kernel import access
from parvis.kernel.calendar import is_credible
from parvis.kernel.contracts.text import plain
from parvis.kernel.references.models import Link

Parameters = Mapping
NONE = "aucun"
YES, NO = "oui", "non"
FLAGS = {
    "priority": ("in_priority_neighbourhood", "quartier prioritaire"),
    "climate": ("is_climate", "climat"),
    "gender": ("is_gender_equality", "égalité femmes-hommes"),
}
EXTRA = "x."


def values(parameters: Parameters, name: str) -> list[str]:
    """The non-empty values of a parameter, from an address's query or a plain mapping."""
    found = parameters.getlist(name) if isinstance(parameters, QueryDict) else parameters.get(name, [])
    listed = [found] if isinstance(found, str) else list(found)
    return [str(value).strip() for value in listed if str(value).strip()]


@dataclass(frozen=True)
class Filter:
    """A parameter of the address, its French label, and the condition it makes of its values for a person."""

    name: str
    label: str
    condition: Callable[[Sequence[str], object], Q]


def _among(path: str) -> Callable[[Sequence[str], object], Q]:
    """The value is one of those asked; `aucun` asks for what has none."""

    def condition(asked: Sequence[str], person: object) -> Q:
        named = [value for value in asked if value != NONE]
        return Q(**{f"{path}__in": named}) | (_empty(path) if NONE in asked else Q(pk__in=[]))

    return condition


def _empty(path: str) -> Q:
    relation, _, column = path.partition("__")
    return Q(**{f"{relation}__isnull": True}) if column else Q(**{path: ""})


def placed(person: object, **plan_condition) -> Q:
    """Actions standing in the plans that the person may see and that meet the condition."""
    plans = access.visible(person, "roadmaps.view_plan", Plan.objects.filter(**plan_condition))
    return Q(pk__in=Placement.objects.filter(plan__in=plans).values("action"))


def _plan(asked: Sequence[str], person: object) -> Q:
    return placed(person, code__in=asked)


def _kind(asked: Sequence[str], person: object) -> Q:
    return placed(person, kind__in=asked)


def _sector(asked: Sequence[str], person: object) -> Q:
    """The place is in the sector, or the action stands in a plan of the sector."""
    return Q(sector_code__in=asked) | placed(person, sector__code__in=asked)


def _year(asked: Sequence[str], person: object) -> Q:
    return placed(person, year__in=[int(value) for value in asked if value.isdecimal() and len(value) == 4])


def _directorate(asked: Sequence[str], person: object) -> Q:
    partners = Commitment.objects.filter(directorate__code__in=asked).values("action")
    return Q(lead__code__in=asked) | Q(pk__in=partners)


def _flag(asked: Sequence[str], person: object) -> Q:
    return _all(Q(**{FLAGS[value][0]: True}) for value in asked if value in FLAGS)


def _missing(asked: Sequence[str], person: object) -> Q:
    """Each criterion asked is missing."""
    return _all(Q(grade_missing__contains=[value]) for value in asked)


def _operational(asked: Sequence[str], person: object) -> Q:
    """All criteria but at most N: the latest threshold, whatever the day."""
    allowed = int(threshold("criteria-missing-at-most", date.max))
    return _yes_no(asked, Q(grade__gte=len(CRITERIA) - allowed))


def _located(asked: Sequence[str], person: object) -> Q:
    return _yes_no(asked, Q(longitude__isnull=False))


def _multi(asked: Sequence[str], person: object) -> Q:
    """Lead ∪ partners ≥ 2 directorates, a partner that declined aside."""
    partners = Commitment.objects.filter(action=OuterRef("pk")).exclude(state="declined")
    beside = partners.exclude(directorate=OuterRef("lead"))
    another = Commitment.objects.filter(action=OuterRef("action")).exclude(state="declined")
    pair = partners.filter(Exists(another.exclude(directorate=OuterRef("directorate"))))
    return _yes_no(asked, Q(Exists(beside), lead__isnull=False) | Q(Exists(pair)))


def _objective(asked: Sequence[str], person: object) -> Q:
    """The action serves one of these objectives, named as `2025-2026/P2`."""
    links = Link.objects.filter(from_kind="action", relation="serves", to_kind="objective", to_id__in=asked)
    return Q(code__in=links.values("from_id"))


def _owner(asked: Sequence[str], person: object) -> Q:
    """`moi`, `aucun`, or a person's number for those who read names: a list of one person's actions names her."""
    numbers = [int(value) for value in asked if value.isdecimal() and len(value) < 18 and rules.reads_names(person)]
    mine = getattr(person, "pk", None) if {"moi", "me"} & set(asked) else None
    nobody = Q(owner__isnull=True) if NONE in asked else Q(pk__in=[])
    return Q(owner_id__in=[*numbers, *([mine] if mine else [])]) | nobody


def _due_after(asked: Sequence[str], person: object) -> Q:
    return _all(Q(due_on__gte=day) for day in _days(asked))


def _due_before(asked: Sequence[str], person: object) -> Q:
    return _all(Q(due_on__lte=day) for day in _days(asked))


def _words(asked: Sequence[str], person: object) -> Q:
    """Every word asked appears, whatever its accents or capitals."""
    return _all(Q(search_text__contains=word) for word in plain(" ".join(asked)[:200]).split())


def _days(asked: Sequence[str]) -> list[date]:
    return [day for day in map(parse_day, asked) if day]


def parse_day(text: str) -> date | None:
    """The day written so; None when it is none, or one that no calendar of the house holds."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_credible(day) else None


def _yes_no(asked: Sequence[str], condition: Q) -> Q:
    if YES in asked:
        return condition
    return ~condition if NO in asked else Q()


def _all(conditions) -> Q:
    return reduce(and_, conditions, Q())


FILTERS: tuple[Filter, ...] = (
    Filter("q", "Mots", _words),
    Filter("plan", "Plan", _plan),
    Filter("kind", "Genre de plan", _kind),
    Filter("sector", "Secteur", _sector),
    Filter("year", "Année", _year),
    Filter("policy", "Politique publique", _among("policy__code")),
    Filter("directorate", "Direction", _directorate),
    Filter("status", "Statut", _among("status")),
    Filter("state", "Suivi", _among("state")),
    Filter("confidence", "Météo", _among("confidence")),
    Filter("risk", "Risque", _among("risk")),
    Filter("flag", "Marqueur", _flag),
    Filter("operational", "Opérationnelle", _operational),
    Filter("missing", "Critère manquant", _missing),
    Filter("multi", "Multi-directions", _multi),
    Filter("owner", "Responsable", _owner),
    Filter("objective", "Objectif servi", _objective),
    Filter("due_after", "Échéance à partir du", _due_after),
    Filter("due_before", "Échéance jusqu’au", _due_before),
    Filter("located", "Localisée", _located),
)
BY_NAME = {each.name: each for each in FILTERS}

SORTS = {
    "code": ("code",),
    "title": ("title", "code"),
    "due": (F("due_on").asc(nulls_last=True), "code"),
    "starts": (F("starts_on").asc(nulls_last=True), "code"),
    "status": (statuses.rank().asc(), F("due_on").asc(nulls_last=True), "code"),
    "policy": (F("policy__order").asc(nulls_last=True), "code"),
    "lead": (F("lead__code").asc(nulls_last=True), "code"),
    "sector": ("sector_code", "code"),
    "grade": (F("grade").asc(nulls_last=True), "code"),
    "progress": (F("progress").asc(nulls_last=True), "code"),
    "changed": ("changed_at", "code"),
}
BACKWARDS = {
    "due": (F("due_on").desc(nulls_last=True), "-code"),
    "starts": (F("starts_on").desc(nulls_last=True), "-code"),
    "grade": (F("grade").desc(nulls_last=True), "-code"),
    "progress": (F("progress").desc(nulls_last=True), "-code"),
    "policy": (F("policy__order").desc(nulls_last=True), "-code"),
    "lead": (F("lead__code").desc(nulls_last=True), "-code"),
    "status": (statuses.rank().desc(), F("due_on").asc(nulls_last=True), "code"),
    "code": ("-code",),
    "title": ("-title", "-code"),
    "sector": ("-sector_code", "code"),
    "changed": ("-changed_at", "code"),
}


def conditions(person: object, parameters: Parameters) -> Q:
    """All the filters of the address that hold a value, together. An unknown parameter narrows nothing."""
    asked = ((each, values(parameters, each.name)) for each in FILTERS)
    return _all(each.condition(given, person) for each, given in asked if given) & _extra(person, parameters)


def _extra(person: object, parameters: Parameters) -> Q:
    """`x.12=value`, `x.12.min=3`, `x.12.max=9` on the extra fields that the person may see; another's select nothing."""
    asked = [name for name in parameters if name.startswith(EXTRA) and values(parameters, name)]
    if not asked:
        return Q()
    plans = access.visible(person, "roadmaps.view_plan", Plan.objects.filter(extra_fields__isnull=False)).distinct()
    fields = {str(field.pk): field for field in extra_fields.visible_fields(person, plans)}
    return _all(_extra_one(fields, name, values(parameters, name)[-1]) for name in asked)


def _extra_one(fields: Mapping, name: str, value: str) -> Q:
    number, _, bound = name.removeprefix(EXTRA).partition(".")
    field = fields.get(number)
    return extra_fields.matching(field, value, bound) if field else Q(pk__in=[])


def order(parameters: Parameters) -> tuple:
    """The allow-listed sort of the address; by code when there is none or it is unknown."""
    name = (values(parameters, "sort") or ["code"])[-1]
    return BACKWARDS.get(name[1:], SORTS["code"]) if name.startswith("-") else SORTS.get(name, SORTS["code"])


def filtered(person: object, parameters: Parameters, *, permission: str = "roadmaps.view_action"):
    """The actions that the person may see (or touch, by another permission), narrowed by the address."""
    return access.visible(person, permission, Action.objects.filter(conditions(person, parameters)))
