"""Keep an action as it stood: a revision holds every field that a person types, so that any two days can be compared."""

from collections.abc import Iterable
from datetime import datetime

from parvis.domains.roadmaps.models import Action, ActionRevision, ExtraValue
from parvis.domains.roadmaps.queries.versions import INDICATOR_FIELDS, MEANS_FIELDS, MILESTONE_FIELDS, plain

TYPED = (
    "title", "description", "deliverable", "starts_on", "due_on", "address", "arrondissement_code", "sector_code",
    "longitude", "latitude", "precision", "in_priority_neighbourhood", "is_climate", "is_gender_equality", "risk",
    "risk_note", "weight", "review_every_days", "confidence", "confidence_note",
)  # fmt: skip


def keep(action: Action, *, by, at: datetime) -> ActionRevision:
    """Write down the action as it stands now, under its present revision number."""
    return ActionRevision.objects.create(action=action, number=action.revision, at=at, by=by, content=content(action))


def keep_first(action: Action) -> None:
    """Before its first change in this house, an action that came without a revision keeps how it arrived."""
    if not ActionRevision.objects.filter(action=action).exists():
        ActionRevision.objects.create(
            action=action, number=action.revision, at=action.changed_at, by=None, content=content(action)
        )


def content(action: Action) -> dict:
    """Scalars as they are; policy and lead by code, people by number, parts as lists; extra values by field number."""
    return {
        **{name: plain(getattr(action, name)) for name in TYPED},
        "policy": action.policy.code if action.policy else "",
        "lead": action.lead.code if action.lead else "",
        "owner": action.owner_id,
        "project_lead": action.project_lead_id,
        "milestones": _lines(action.milestones.order_by("order", "pk"), MILESTONE_FIELDS),
        "indicators": _lines(action.indicators.order_by("pk"), INDICATOR_FIELDS),
        "means": _lines(action.means.order_by("year"), MEANS_FIELDS),
        "extra": {
            str(f): value for f, value in ExtraValue.objects.filter(action=action).values_list("field_id", "value")
        },
    }


def _lines(rows, fields: Iterable[str]) -> list[dict]:
    return [{name: plain(value) for name, value in row.items()} for row in rows.values(*fields)]
