"""The stages of each roadmap's campaign, who signed which version, and the gates passed with a written reason."""

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, TruncDate

from parvis.domains.roadmaps.campaign import STAGES as STAGE_RULES
from parvis.domains.roadmaps.datasets.plans import visible_plans
from parvis.domains.roadmaps.models import CampaignStage, GatePass, Plan, Signature
from parvis.domains.roadmaps.queries.campaigns import reached_days
from parvis.kernel.lake.dataset import Column, Dataset


def _stages(as_of: date) -> Iterator[pa.RecordBatch]:
    """One row per roadmap and stage of its campaign, with the day it was reached by `as_of`."""
    roadmaps = Plan.objects.filter(kind="roadmap", campaign__opens_on__lte=as_of)
    plans = list(roadmaps.select_related("sector").order_by("code"))
    reached = reached_days(plans, as_of)
    stages = list(CampaignStage.objects.order_by("order"))
    rows = [
        _stage(plan, stage, reached[plan.pk].get(stage.target_state), as_of)
        for plan in plans for stage in stages if stage.campaign_id == plan.campaign_id
    ]  # fmt: skip
    yield from pa.Table.from_pylist(rows, schema=STAGES.arrow).to_batches()


def _stage(plan: Plan, stage: CampaignStage, reached_on: date | None, as_of: date) -> dict:
    return {
        "step": f"{plan.code}/{stage.code}", "plan": plan.code, "year": plan.year,
        "sector": plan.sector.code if plan.sector else None, "stage": stage.code, "due_on": stage.due_on,
        "reached_on": reached_on, "known_on": as_of,
    }  # fmt: skip


def _signatures(as_of) -> QuerySet:
    return Signature.objects.annotate(
        number=Cast("pk", output_field=TextField()), signed=Concat("plan__code", Value("/v"), "version", output_field=TextField()),
        plan_code=F("plan__code"), year=F("plan__year"), sector=F("plan__sector__code"), signed_on=TruncDate("signed_at"),
    )  # fmt: skip


def _gates(as_of) -> QuerySet:
    return GatePass.objects.annotate(
        number=Cast("pk", output_field=TextField()), plan_code=F("plan__code"), year=F("plan__year"),
        sector=F("plan__sector__code"), passed_on=TruncDate("at"),
    )  # fmt: skip


def _seen(model):
    def visible(person) -> QuerySet:
        rows = model.objects.filter(plan__code__in=visible_plans(person))
        return rows.annotate(number=Cast("pk", output_field=TextField())).values("number")

    return visible


STAGES = Dataset(
    code="roadmaps.stages",
    title="Étapes des campagnes",
    sentence="Une ligne par feuille de route et étape de sa campagne : à quelle date prévue, à quelle date franchie.",
    key="step", permission="roadmaps.view_plan", owner="DDCT", rows=_stages, visible_keys=visible_plans,
    owner_key=lambda step: step.split("/", 1)[0], record_kind="plan", business_date="reached_on", rhythm_days=92,
    is_replayable=True,
    columns=(
        Column("step", "string", "Feuille de route et étape"),
        Column("plan", "string", "Feuille de route"),
        Column("year", "integer", "Année"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("stage", "string", "Étape de la campagne", words={rule.code: rule.label for rule in STAGE_RULES}),
        Column("due_on", "date", "À franchir pour le"),
        Column("reached_on", "date", "Franchie le"),
        Column("known_on", "date", "Jour de la photographie"),
    ),
)  # fmt: skip

SIGNATURES = Dataset(
    code="roadmaps.signatures",
    title="Signatures des feuilles de route",
    sentence="Une ligne par signature : quelle partie a signé quelle version, quel jour ; jamais le nom du signataire.",
    key="number", permission="roadmaps.view_plan", owner="DDCT", rows=_signatures, visible_keys=_seen(Signature),
    business_date="signed_on", rhythm_days=365,
    columns=(
        Column("number", "string", "Numéro de la signature"),
        Column("signed", "string", "Feuille de route et version"),
        Column("plan_code", "string", "Feuille de route"),
        Column("year", "integer", "Année"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("version", "integer", "Version signée"),
        Column("party", "string", "Partie qui signe", words=dict(Signature.Party.choices)),
        Column("signed_on", "date", "Signée le"),
    ),
)  # fmt: skip

GATE_PASSES = Dataset(
    code="roadmaps.gate-passes",
    title="Passages accordés",
    sentence="Une ligne par condition non remplie que quelqu’un a laissée passer, motif écrit à l’appui.",
    key="number", permission="roadmaps.view_plan", owner="DDCT", rows=_gates, visible_keys=_seen(GatePass),
    business_date="passed_on", rhythm_days=365,
    columns=(
        Column("number", "string", "Numéro du passage"),
        Column("plan_code", "string", "Feuille de route"),
        Column("year", "integer", "Année"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("gate", "string", "Condition"),
        Column("version", "integer", "Version concernée"),
        Column("passed_on", "date", "Accordé le"),
    ),
)  # fmt: skip
