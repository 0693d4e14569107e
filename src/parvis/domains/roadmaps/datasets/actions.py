"""The actions, their milestones and their means, as they are today."""

from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from parvis.domains.roadmaps.models import Action, MeansLine, Milestone, Placement, Plan
from parvis.domains.roadmaps.reference import table
from parvis.domains.roadmaps.status import LABELS
from parvis.domains.roadmaps.workflow import ACTION
from parvis.kernel import access
from parvis.kernel.lake.dataset import Column, Dataset


def visible_actions(person) -> QuerySet:
    """The codes of the actions that this person may see."""
    return access.visible(person, "roadmaps.view_action", Action.objects.all()).values("code")


def standing(field: str, *, outer: str = "pk") -> Subquery:
    """A field of the most recent roadmap (else plan) in which an action stands."""
    rank = Case(When(plan__kind="roadmap", then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Placement.objects.filter(action=OuterRef(outer)).annotate(rank=rank).order_by("rank", "-plan__year")
    return Subquery(rows.values(field)[:1])


def said(field: str) -> Any:
    """A text column, null when it was left empty."""
    return NullIf(F(field), Value(""))


def _actions(as_of) -> QuerySet:
    partners = Count("commitments__directorate", filter=~Q(commitments__state="declined"), distinct=True)
    return Action.objects.annotate(
        plan=standing("plan__code"), kind=standing("plan__kind"), year=standing("plan__year"),
        sector=Coalesce(standing("plan__sector__code"), said("sector_code")),
        directorate=F("lead__code"), policy_code=F("policy__code"), partner_count=partners,
        is_located=Case(When(longitude__isnull=False, then=Value(True)), default=Value(False)),
        has_place=Case(When(precision="unknown", then=Value(False)), default=Value(True)),
        has_owner=Case(When(owner__isnull=False, then=Value(True)), default=Value(False)),
        has_project_lead=Case(When(project_lead__isnull=False, then=Value(True)), default=Value(False)),
        judged=said("confidence"), computed=said("status"),
        missing=Cast("grade_missing", output_field=_TEXT),
    )  # fmt: skip


def _milestones(as_of) -> QuerySet:
    return Milestone.objects.annotate(
        number=Cast("pk", output_field=_TEXT), code=F("action__code"), plan=standing("plan__code", outer="action"),
        sector=Coalesce(standing("plan__sector__code", outer="action"), said("action__sector_code")),
        directorate=F("action__lead__code"), step=F("kind"),
    )  # fmt: skip


def _means(as_of) -> QuerySet:
    return MeansLine.objects.annotate(
        number=Cast("pk", output_field=_TEXT), code=F("action__code"), spent_year=F("year"),
        sector=Coalesce(standing("plan__sector__code", outer="action"), said("action__sector_code")),
        directorate=F("action__lead__code"), fte_hundredths=Cast(F("fte") * 100, output_field=IntegerField()),
        cents=Coalesce(F("amount_cents"), Value(0)), is_climate=F("action__is_climate"),
        in_priority_neighbourhood=F("action__in_priority_neighbourhood"),
    )  # fmt: skip


_TEXT = TextField()
STATUSES = {status.value: label for status, label in LABELS.items()}  # how a screen says them
POLICIES = {row["code"]: row["name"] for row in table("policies.csv")}

ACTIONS = Dataset(
    code="roadmaps.actions",
    title="Actions des feuilles de route",
    sentence="Une ligne par action, telle qu’elle est aujourd’hui : pilote, politique, dates, statut, note.",
    key="code", permission="roadmaps.view_action", owner="DDCT", rows=_actions, visible_keys=visible_actions,
    record_kind="action", business_date="changed_at", rhythm_days=7,
    sources=("roadmaps.actions", "roadmaps.winning-projects"),
    columns=(
        Column("code", "string", "Identifiant de l’action"),
        Column("plan", "string", "Feuille de route la plus récente où elle figure, sinon plan"),
        Column("kind", "string", "Nature de ce plan", words=dict(Plan.Kind.choices)),
        Column("year", "integer", "Année de ce plan"),
        Column("sector", "string", "Secteur de ce plan, sinon secteur du lieu", place="sector"),
        Column("directorate", "string", "Direction pilote"),
        Column("policy_code", "string", "Politique publique", words=POLICIES),
        Column("state", "string", "Suivie ou abandonnée", words={s.code: s.label for s in ACTION.states}),
        Column("computed", "string", "Statut calculé", words=STATUSES),
        Column("judged", "string", "Météo : jugement humain, tenu à part du statut", words=dict(Action.Confidence.choices)),
        Column("starts_on", "date", "Début prévu"),
        Column("due_on", "date", "Échéance"),
        Column("grade", "integer", "Critères d’opérationnalité tenus", unit="sur 8"),
        Column("missing", "string", "Codes des critères qui manquent"),
        Column("partner_count", "integer", "Directions partenaires qui n’ont pas décliné", unit="directions"),
        Column("is_located", "boolean", "Placée sur la carte par un point"),
        Column("has_place", "boolean", "A un lieu, fût-il un secteur ou tout Paris"),
        Column("has_owner", "boolean", "A un responsable nommé"),
        Column("has_project_lead", "boolean", "A un chef de projet nommé"),
        Column("in_priority_neighbourhood", "boolean", "En quartier populaire"),
        Column("is_climate", "boolean", "Contribue au plan Climat"),
        Column("is_gender_equality", "boolean", "Contribue au plan Égalité"),
        Column("longitude", "number", "Longitude du point", unit="degrés", place="longitude"),
        Column("latitude", "number", "Latitude du point", unit="degrés", place="latitude"),
        Column("created_at", "instant", "Entrée dans la maison"),
        Column("changed_at", "instant", "Dernière modification"),
    ),
)  # fmt: skip

MILESTONES = Dataset(
    code="roadmaps.milestones",
    title="Jalons des actions",
    sentence="Une ligne par jalon : date programmée, date prévue, date tenue.",
    key="number", permission="roadmaps.view_action", owner="DDCT", rows=_milestones,
    visible_keys=lambda person: Milestone.objects.filter(action__code__in=visible_actions(person)).annotate(
        number=Cast("pk", output_field=_TEXT)
    ).values("number"),
    business_date="actual_on", rhythm_days=31, sources=("roadmaps.winning-projects",),
    columns=(
        Column("number", "string", "Numéro du jalon"),
        Column("code", "string", "Identifiant de l’action"),
        Column("plan", "string", "Plan où l’action figure"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("directorate", "string", "Direction pilote"),
        Column("step", "string", "Nature du jalon", words=dict(Milestone.Kind.choices)),
        Column("precision", "string", "Au jour ou au mois", words=dict(Milestone.Precision.choices)),
        Column("planned_on", "date", "Date programmée"),
        Column("forecast_on", "date", "Date prévue aujourd’hui"),
        Column("actual_on", "date", "Date tenue"),
        Column("is_done", "boolean", "Tenu"),
    ),
)  # fmt: skip

MEANS = Dataset(
    code="roadmaps.means",
    title="Moyens des actions",
    sentence="Une ligne par action et par année : euros et effectifs prévus.",
    key="number", permission="roadmaps.view_action", owner="DDCT", rows=_means,
    visible_keys=lambda person: MeansLine.objects.filter(action__code__in=visible_actions(person)).annotate(
        number=Cast("pk", output_field=_TEXT)
    ).values("number"),
    rhythm_days=365,
    columns=(
        Column("number", "string", "Numéro de la ligne"),
        Column("code", "string", "Identifiant de l’action"),
        Column("spent_year", "integer", "Année de la dépense"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("directorate", "string", "Direction pilote"),
        Column("cents", "cents", "Montant prévu", unit="centimes d’euro"),
        Column("fte_hundredths", "integer", "Effectifs prévus", unit="centièmes d’ETP"),
        Column("in_priority_neighbourhood", "boolean", "Action en quartier populaire"),
        Column("is_climate", "boolean", "Action du plan Climat"),
    ),
)  # fmt: skip
