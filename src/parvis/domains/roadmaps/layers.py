"""The map layer of actions: the same rows and the same filters as the list, as points and as the equivalent table."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.urls import reverse

from parvis.domains.roadmaps.forms import filters as filter_inputs
from parvis.domains.roadmaps.models import Action
from parvis.domains.roadmaps.queries import filters, statuses
from parvis.domains.roadmaps.queries.filters import Parameters
from parvis.kernel.faces import Layer

SHOWN = (
    "code", "title", "status", "sector_code", "precision", "address", "longitude", "latitude", "policy__name", "lead__code",
)  # fmt: skip


def features(person, parameters: Parameters) -> Iterable[dict]:
    """One GeoJSON point per visible action that has one; what has none is in `rows` alone."""
    for action in bare(person, parameters).filter(longitude__isnull=False):
        yield {
            "type": "Feature",
            "id": action.pk,
            "geometry": {"type": "Point", "coordinates": [action.longitude, action.latitude]},
            "properties": properties(action),
        }


def rows(person, parameters: Parameters) -> Sequence[dict]:
    """The same actions as a table, those without a point included."""
    return [
        properties(action) | {"address": action.address, "precision_label": action.get_precision_display(),
                              "is_located": action.longitude is not None}
        for action in bare(person, parameters)
    ]  # fmt: skip


def bare(person, parameters: Parameters) -> QuerySet[Action]:
    """The rows of the list without what a map never shows (partners, placements): thousands are read at once."""
    rows = filters.filtered(person, parameters).order_by(*filters.order(parameters))
    return rows.select_related("policy", "lead").only(*SHOWN)


def properties(action: Action) -> dict:
    return {
        "code": action.code,
        "title": action.title,
        "url": reverse("roadmaps:action", args=[action.code]),
        "status": action.status,
        "status_label": statuses.label(action.status),
        "tone": statuses.tone(action.status),
        "policy": action.policy.name if action.policy else "",
        "directorate": action.lead.code if action.lead else "",
        "sector": action.sector_code,
        "precision": action.precision,
    }


LAYERS = (
    Layer(
        "roadmaps.actions", "Actions des feuilles de route", "roadmaps.view_action", features, rows,
        inputs=filter_inputs.inputs, list_name="roadmaps:actions", noun="actions",
    ),
)  # fmt: skip
