"""An objective shows what serves it, and to each reader no more than she may see."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.domains.roadmaps import drafts

from parvis.domains.steering.queries import objectives as queries
from parvis.kernel.references import links

pytestmark = pytest.mark.django_db


def served_by(person):
    return {each.objective.code: each.cards for each in queries.served(queries.tree(), person)}


def tie(action):
    links.link(action.reference(), "serves", queries.tree()[0].reference(), by=None, at=drafts.BORN)


def test_an_action_serves_its_objective_for_whoever_sees_the_action(person):
    tie(drafts.plan("19").placements.get().action)
    code = queries.tree()[0].code
    assert served_by(AnonymousUser())[code] == ()
    assert [card.title for card in served_by(person("auditor"))[code]] == ["Action roadmap-19-2026-1"]


def test_the_tree_costs_as_many_queries_for_1_action_as_for_50(person, client):
    plan, reader = drafts.plan("19"), person("auditor")
    tie(plan.placements.get().action)
    reader.live_assignments()
    few = _queries(reader)
    for number in range(49):
        tie(drafts.action(plan, f"N-{number}"))
    assert _queries(reader) == few
    assert client.get("/pilotage/").status_code == 200


def _queries(reader) -> int:
    with CaptureQueriesContext(connection) as captured:
        served_by(reader)
    return len(captured)
