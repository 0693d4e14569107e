"""The plans with the dates of their campaign, the policies that they cover or not, and where measures are deployed."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
from django.db.models import Case, DateField, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast

from parvis.domains.roadmaps.datasets.actions import POLICIES, visible_actions
from parvis.domains.roadmaps.models import CampaignStage, Deployment, Placement, Plan, PublicPolicy
from parvis.domains.roadmaps.workflow import DEPLOYMENT, PLAN
from parvis.kernel import access
from parvis.kernel.lake.dataset import Column, Dataset


def visible_plans(person) -> QuerySet:
    return access.visible(person, "roadmaps.view_plan", Plan.objects.all()).values("code")


def _stage_due(code: str) -> Subquery:
    stages = CampaignStage.objects.filter(campaign=OuterRef("campaign"), target_state=code)
    return Subquery(stages.values("due_on")[:1], output_field=DateField())


def _plans(as_of) -> QuerySet:
    return Plan.objects.annotate(
        sector_code=F("sector__code"), finalise_by=_stage_due("finalised"), sign_by=_stage_due("signed"),
        has_opinion=Case(When(opinion_given_on__isnull=False, then=Value(True)), default=Value(False)),
    )  # fmt: skip


PLANS = Dataset(
    code="roadmaps.plans",
    title="Feuilles de route et plans",
    sentence="Une ligne par plan : son état, et les dates auxquelles il devait être et a été finalisé et signé.",
    key="code", permission="roadmaps.view_plan", owner="DDCT", rows=_plans, visible_keys=visible_plans,
    record_kind="plan", business_date="signed_on", rhythm_days=365,
    columns=(
        Column("code", "string", "Identifiant du plan"),
        Column("kind", "string", "Nature du plan", words=dict(Plan.Kind.choices)),
        Column("year", "integer", "Année"),
        Column("sector_code", "string", "Secteur", place="sector"),
        Column("state", "string", "État", words={s.code: s.label for s in PLAN.states}),
        Column("version", "integer", "Dernière version signée"),
        Column("finalise_by", "date", "À finaliser pour le"),
        Column("finalised_on", "date", "Finalisé le"),
        Column("sign_by", "date", "À signer pour le"),
        Column("signed_on", "date", "Signé le"),
        Column("opinion_asked_on", "date", "Saisine du conseil d’arrondissement"),
        Column("opinion_given_on", "date", "Avis rendu"),
        Column("has_opinion", "boolean", "A reçu l’avis du conseil d’arrondissement"),
    ),
)  # fmt: skip


COVERAGE_COLUMNS = (
    Column("pair", "string", "Plan et politique"),
    Column("plan", "string", "Feuille de route"),
    Column("policy_code", "string", "Politique publique de la liste de référence", words=POLICIES),
    Column("sector", "string", "Secteur", place="sector"),
    Column("year", "integer", "Année"),
    Column("known_on", "date", "Premier jour de l’année du plan"),
    Column("state", "string", "État du plan", words={s.code: s.label for s in PLAN.states}),
    Column("action_count", "integer", "Actions suivies sur cette politique", unit="actions"),
)


def _coverage(as_of: date) -> Iterator[pa.RecordBatch]:
    """One row per roadmap and policy in force in its year, holes included: two queries."""
    live = Placement.objects.filter(plan__kind="roadmap", action__state="live").order_by()
    counts = Counter(live.values_list("plan__code", "action__policy__code"))
    policies = list(PublicPolicy.objects.all())
    rows = []
    for plan in Plan.objects.filter(kind="roadmap").select_related("sector").order_by("code"):
        start = date(plan.year, 1, 1)
        for policy in policies:
            if policy.valid_from <= date(plan.year, 12, 31) and (policy.valid_to is None or policy.valid_to > start):
                pair = f"{plan.code}/{policy.code}"
                sector = plan.sector.code if plan.sector else None
                rows.append(
                    (pair, plan.code, policy.code, sector, plan.year, start, plan.state, counts[plan.code, policy.code])
                )
    names = [column.name for column in COVERAGE_COLUMNS]
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in sorted(rows)], schema=COVERAGE.arrow)
    yield from table.to_batches()


def _whole_plans(person) -> QuerySet:
    """The plans of which the person sees every action: of a part, nothing can be said to be missing."""
    partly = Placement.objects.exclude(action__code__in=visible_actions(person)).values("plan")
    return visible_plans(person).exclude(pk__in=partly)


COVERAGE = Dataset(
    code="roadmaps.coverage",
    title="Couverture des politiques publiques",
    sentence="Une ligne par feuille de route et politique publique, avec le nombre d’actions suivies ; zéro est un trou.",
    key="pair", permission="roadmaps.view_plan", owner="DDCT", rows=_coverage, visible_keys=_whole_plans,
    owner_key=lambda pair: pair.split("/")[0],
    business_date="known_on", rhythm_days=365, columns=COVERAGE_COLUMNS,
)  # fmt: skip


def _deployments(as_of) -> QuerySet:
    return Deployment.objects.annotate(
        number=Cast("pk", output_field=TextField()), code=F("placement__action__code"),
        plan=F("placement__plan__code"), sector_code=F("sector__code"), directorate=F("placement__action__lead__code"),
        year=F("placement__plan__year"),
    )  # fmt: skip


DEPLOYMENTS = Dataset(
    code="roadmaps.deployments",
    title="Déploiement des mesures par secteur",
    sentence="Une ligne par mesure d’un plan thématique et secteur : prévue, en cours, déployée, ou sans objet.",
    key="number", permission="roadmaps.view_deployment", owner="DDCT", rows=_deployments,
    visible_keys=lambda person: access.visible(person, "roadmaps.view_deployment", Deployment.objects.all()).annotate(
        number=Cast("pk", output_field=TextField())
    ).values("number"),
    business_date="state_on", rhythm_days=31,
    columns=(
        Column("number", "string", "Numéro du déploiement"),
        Column("code", "string", "Identifiant de la mesure"),
        Column("plan", "string", "Plan thématique"),
        Column("year", "integer", "Année du plan"),
        Column("sector_code", "string", "Secteur", place="sector"),
        Column("directorate", "string", "Direction pilote"),
        Column("state", "string", "État du déploiement", words={s.code: s.label for s in DEPLOYMENT.states}),
        Column("state_on", "date", "Dans cet état depuis le"),
        Column("due_on", "date", "Prévu pour le"),
        Column("means_cents", "cents", "Moyens transférés", unit="centimes d’euro"),
    ),
)  # fmt: skip
