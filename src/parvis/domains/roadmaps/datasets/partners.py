"""What partner directorates were asked and answered, and the project reviews that were held."""

from django.db.models import DateField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from parvis.domains.roadmaps.datasets.actions import said, standing, visible_actions
from parvis.domains.roadmaps.models import Commitment, Review
from parvis.domains.roadmaps.workflow import COMMITMENT
from parvis.kernel.lake.dataset import Column, Dataset


def _commitments(as_of) -> QuerySet:
    return Commitment.objects.annotate(
        number=Cast("pk", output_field=TextField()), code=F("action__code"), partner=F("directorate__code"),
        known_on=Value(as_of, output_field=DateField()),
        sector=Coalesce(standing("plan__sector__code", outer="action"), said("action__sector_code")),
    )  # fmt: skip


def _reviews(as_of) -> QuerySet:
    return Review.objects.annotate(
        number=Cast("pk", output_field=TextField()), code=F("action__code"), lead=F("action__lead__code"),
        sector=Coalesce(standing("plan__sector__code", outer="action"), said("action__sector_code")),
    )  # fmt: skip


def _seen(model):
    def visible(person) -> QuerySet:
        rows = model.objects.filter(action__code__in=visible_actions(person))
        return rows.annotate(number=Cast("pk", output_field=TextField())).values("number")

    return visible


COMMITMENTS = Dataset(
    code="roadmaps.commitments",
    title="Parts demandées aux directions partenaires",
    sentence="Une ligne par part demandée à une direction : demandée, attendue et répondue quand.",
    key="number", permission="roadmaps.view_action", owner="DDCT", rows=_commitments, visible_keys=_seen(Commitment),
    business_date="asked_on", rhythm_days=31,
    columns=(
        Column("number", "string", "Numéro de la demande"),
        Column("code", "string", "Identifiant de l’action"),
        Column("partner", "string", "Direction à qui la part est demandée"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("state", "string", "État de la part", words={s.code: s.label for s in COMMITMENT.states}),
        Column("asked_on", "date", "Demandée le"),
        Column("answer_due_on", "date", "Réponse attendue le"),
        Column("answered_on", "date", "Répondue le"),
        Column("known_on", "date", "Jour de la photographie"),
    ),
)  # fmt: skip

REVIEWS = Dataset(
    code="roadmaps.project-reviews",
    title="Revues de projet",
    sentence="Une ligne par revue tenue d’une action menée par plusieurs directions.",
    key="number", permission="roadmaps.view_action", owner="DDCT", rows=_reviews, visible_keys=_seen(Review),
    business_date="held_on", rhythm_days=31,
    columns=(
        Column("number", "string", "Numéro de la revue"),
        Column("code", "string", "Identifiant de l’action"),
        Column("lead", "string", "Direction pilote"),
        Column("sector", "string", "Secteur", place="sector"),
        Column("held_on", "date", "Tenue le"),
    ),
)  # fmt: skip
