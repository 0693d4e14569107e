"""Each action in each plan where it stands, with what that plan's year made of it; and the values of its indicators."""

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Concat, TruncDate

from parvis.domains.roadmaps.datasets.actions import POLICIES, STATUSES, said, standing, visible_actions
from parvis.domains.roadmaps.models import Action, Evaluation, IndicatorValue, Placement, Plan
from parvis.domains.roadmaps.workflow import ACTION, PLAN
from parvis.kernel.lake.dataset import Column, Dataset


def _is(**condition) -> Case:
    return Case(When(**condition, then=Value(True)), default=Value(False))


def _placements(as_of) -> QuerySet:
    outcome = Evaluation.objects.filter(placement=OuterRef("pk")).values("outcome")
    return Placement.objects.annotate(
        row=Concat("plan__code", Value("/"), "action__code", output_field=TextField()), code=F("action__code"),
        plan_code=F("plan__code"), kind=F("plan__kind"), year=F("plan__year"), plan_state=F("plan__state"),
        mandate=F("plan__mandate__code"), sector=F("plan__sector__code"), directorate=F("action__lead__code"),
        policy_code=F("action__policy__code"), state=F("action__state"), is_carried=_is(carried_from__isnull=False),
        outcome=Subquery(outcome[:1]), judged=said("action__confidence"), computed=said("action__status"),
        grade=F("action__grade"), missing=Cast("action__grade_missing", output_field=TextField()),
        in_priority_neighbourhood=F("action__in_priority_neighbourhood"), is_climate=F("action__is_climate"),
        is_gender_equality=F("action__is_gender_equality"),
    )  # fmt: skip


def _values(as_of) -> QuerySet:
    return IndicatorValue.objects.annotate(
        number=Cast("pk", output_field=TextField()), code=F("indicator__action__code"),
        series=Cast("indicator_id", output_field=TextField()), unit=F("indicator__unit"),
        sector=standing("plan__sector__code", outer="indicator__action"), reported_on=TruncDate("reported_at"),
        directorate=F("indicator__action__lead__code"), direction=F("indicator__direction"),
        ten_thousandths=Cast(F("value") * 10_000, output_field=BigIntegerField()),
        baseline_ten_thousandths=Cast(F("indicator__baseline") * 10_000, output_field=BigIntegerField()),
        target_ten_thousandths=Cast(F("indicator__target") * 10_000, output_field=BigIntegerField()),
    )  # fmt: skip


def _visible_values(person) -> QuerySet:
    rows = IndicatorValue.objects.filter(indicator__action__code__in=visible_actions(person))
    return rows.annotate(number=Cast("pk", output_field=TextField())).values("number")


PLACEMENTS = Dataset(
    code="roadmaps.placements",
    title="Actions de chaque plan",
    sentence="Une ligne par action et plan où elle figure : une action reconduite compte dans chacune de ses années.",
    key="row", permission="roadmaps.view_action", owner="DDCT", rows=_placements, visible_keys=visible_actions,
    owner_key=lambda row: row.split("/", 1)[-1], record_kind="action", rhythm_days=31,
    columns=(
        Column("row", "string", "Plan et action"),
        Column("code", "string", "Identifiant de l’action"),
        Column("plan_code", "string", "Identifiant du plan"),
        Column("kind", "string", "Nature du plan", words=dict(Plan.Kind.choices)),
        Column("year", "integer", "Année du plan"),
        Column("mandate", "string", "Mandature"),
        Column("plan_state", "string", "État du plan", words={s.code: s.label for s in PLAN.states}),
        Column("sector", "string", "Secteur du plan", place="sector"),
        Column("directorate", "string", "Direction pilote"),
        Column("policy_code", "string", "Politique publique", words=POLICIES),
        Column("state", "string", "Suivie ou abandonnée", words={s.code: s.label for s in ACTION.states}),
        Column("is_carried", "boolean", "Reconduite du plan précédent"),
        Column("outcome", "string", "Bilan de fin d’année", words=dict(Evaluation.Outcome.choices)),
        Column("judged", "string", "Météo d’aujourd’hui : jugement humain", words=dict(Action.Confidence.choices)),
        Column("computed", "string", "Statut calculé d’aujourd’hui", words=STATUSES),
        Column("grade", "integer", "Critères d’opérationnalité tenus aujourd’hui", unit="sur 8"),
        Column("missing", "string", "Codes des critères qui manquent aujourd’hui"),
        Column("in_priority_neighbourhood", "boolean", "En quartier populaire"),
        Column("is_climate", "boolean", "Contribue au plan Climat"),
        Column("is_gender_equality", "boolean", "Contribue au plan Égalité"),
    ),
)  # fmt: skip

INDICATOR_VALUES = Dataset(
    code="roadmaps.indicator-values",
    title="Mesures des indicateurs d’action",
    sentence="Une ligne par mesure dite d’un indicateur d’action, avec son point de départ et sa cible.",
    key="number", permission="roadmaps.view_action", owner="DDCT", rows=_values, visible_keys=_visible_values,
    business_date="measured_on", rhythm_days=92,
    columns=(
        Column("number", "string", "Numéro de la mesure"),
        Column("code", "string", "Identifiant de l’action"),
        Column("series", "string", "Numéro de l’indicateur d’action"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("directorate", "string", "Direction pilote"),
        Column("unit", "string", "Unité de la mesure"),
        Column("direction", "string", "Le mieux : plus (up) ou moins (down)"),
        Column("measured_on", "date", "Jour que la mesure décrit"),
        Column("reported_on", "date", "Jour où elle a été dite"),
        Column("ten_thousandths", "integer", "Mesure", unit="dix-millièmes de l’unité"),
        Column("baseline_ten_thousandths", "integer", "Point de départ", unit="dix-millièmes de l’unité"),
        Column("target_ten_thousandths", "integer", "Cible", unit="dix-millièmes de l’unité"),
    ),
)  # fmt: skip
