"""The actions that several directorates carry, and what their pilots must see to: a constant number of queries."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from parvis.domains.roadmaps import multi_directorate
from parvis.domains.roadmaps.models import Action
from parvis.domains.roadmaps.queries import filters
from parvis.domains.roadmaps.queries.facts import facts_for
from parvis.kernel import access


@dataclass(frozen=True)
class Row:
    """An action, its directorates (the lead first), its last review, and what alerts, one sentence each."""

    action: Action
    directorates: tuple[str, ...]
    last_review_on: date | None
    review_every_days: int
    alerts: tuple[str, ...]


def rows(person, today: date, actions: QuerySet[Action] | None = None) -> list[Row]:
    """The live ones that the person may see, those with most alerts first; `actions` narrows them."""
    chosen = Action.objects.all() if actions is None else actions
    seen = access.visible(person, "roadmaps.view_action", chosen.filter(state="live"))
    joined = seen.filter(filters.conditions(person, {"multi": filters.YES})).select_related("lead", "project_lead")
    known = facts_for(joined)
    found = [_row(action, known[action.pk], today) for action in joined.order_by("code")]
    return sorted(found, key=lambda row: -len(row.alerts))


def alerting(person, today: date, actions: QuerySet[Action] | None = None) -> list[Row]:
    """Only those that alert."""
    return [row for row in rows(person, today, actions) if row.alerts]


def _row(action: Action, facts, today: date) -> Row:
    return Row(
        action, multi_directorate.directorates(facts), facts.last_review_on,
        multi_directorate.review_every(facts, today), multi_directorate.alerts(facts, today),
    )  # fmt: skip
