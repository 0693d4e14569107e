"""What the lake may keep of the roadmaps: described columns, no free text about people."""

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import NullIf

from parvis.domains.roadmaps.models import Action, Placement
from parvis.kernel import access
from parvis.kernel.lake.dataset import Column, Dataset


def _actions(as_of):
    roadmap = Placement.objects.filter(action=OuterRef("pk"), plan__kind="roadmap").order_by("-plan__year")
    return Action.objects.annotate(
        plan=Subquery(roadmap.values("plan__code")[:1]),
        year=Subquery(roadmap.values("plan__year")[:1]),
        sector=NullIf(F("sector_code"), Value("")),
        lead_code=F("lead__code"),
        policy_code=F("policy__code"),
    )


def _visible(person):
    return access.visible(person, "roadmaps.view_action", Action.objects.all()).values("code")


ACTIONS = Dataset(
    code="roadmaps.actions",
    title="Actions des feuilles de route",
    sentence="Une ligne par action, telle qu’elle est aujourd’hui : pilote, politique, dates, statut, note.",
    key="code",
    permission="roadmaps.view_action",
    owner="DDCT",
    rows=_actions,
    visible_keys=_visible,
    record_kind="action",
    business_date="changed_at",
    rhythm_days=7,
    sources=("roadmaps.actions", "roadmaps.winning-projects"),
    columns=(
        Column("code", "string", "Identifiant de l’action"),
        Column("plan", "string", "Feuille de route la plus récente où elle figure"),
        Column("year", "integer", "Année de cette feuille de route"),
        Column("sector", "string", "Secteur du lieu", place="sector"),
        Column("lead_code", "string", "Direction pilote"),
        Column("policy_code", "string", "Politique publique"),
        Column("state", "string", "Suivie ou abandonnée"),
        Column("status", "string", "Statut calculé"),
        Column("starts_on", "date", "Début prévu"),
        Column("due_on", "date", "Échéance"),
        Column("grade", "integer", "Critères d’opérationnalité tenus", unit="sur 8"),
        Column("changed_at", "instant", "Dernière modification"),
    ),
)

DATASETS = (ACTIONS,)
