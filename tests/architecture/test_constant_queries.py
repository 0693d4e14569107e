"""Every list asks the database as often for 1 item as for 50. A new list adds its line to LISTS."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps.models import Plan
from parvis.kernel.journal import entries
from parvis.kernel.organisation.models import Person
from parvis.kernel.references import Reference

from . import city

HEAD = ("directorate-head", "house", "")
CHIEF = ("sector-chief", "sector", "19")
CONTRIBUTOR = ("contributor", "directorate", "DEVE")
# address, who reads it
LISTS = [
    ("/", HEAD), ("/", CHIEF), ("/", CONTRIBUTOR), ("/", None),
    ("/journal/", HEAD), ("/recherche/?q=action", HEAD), ("/secteurs/", None), ("/secteurs/19/", CHIEF),
    ("/pilotage/", HEAD), ("/pilotage/definitions/", HEAD), ("/pilotage/saisies/", HEAD), ("/pilotage/saisies/series/agents.essai/", HEAD), ("/pilotage/", None), ("/pilotage/objectifs/2025-2026/P2/", HEAD),
    ("/pilotage/indicateurs/", HEAD), ("/pilotage/indicateurs/roadmaps.operationality/", HEAD), ("/pilotage/indicateurs.xlsx", HEAD),
    ("/carte/", None), ("/carte/tableau/", HEAD), ("/carte/couches/roadmaps.actions.geojson", HEAD),
    ("/feuilles-de-route/", HEAD), ("/feuilles-de-route/", None),
    ("/feuilles-de-route/plans/fdr-own/", HEAD), ("/feuilles-de-route/plans/fdr-own/", CHIEF),
    ("/feuilles-de-route/plans/fdr-published/", None),
    ("/feuilles-de-route/actions/", HEAD), ("/feuilles-de-route/actions/", CHIEF), ("/feuilles-de-route/actions/", None),
    ("/feuilles-de-route/actions/tableau/", HEAD), ("/feuilles-de-route/actions/frise/", HEAD),
    ("/feuilles-de-route/actions/tableur.csv", HEAD), ("/feuilles-de-route/actions/tableur.xlsx", HEAD),
    ("/feuilles-de-route/plans/fdr-own/tableur.xlsx", HEAD), ("/feuilles-de-route/plans/fdr-own/echeances.ics", HEAD),
    ("/feuilles-de-route/plans/fdr-own/stratml.xml", HEAD), ("/feuilles-de-route/plans/fdr-own/feuille-de-route.pdf", HEAD),
    ("/feuilles-de-route/plans/fdr-own/versions/", HEAD), ("/feuilles-de-route/plans/fdr-own/evaluation/", HEAD),
    ("/feuilles-de-route/plans/fdr-own/signer/", CHIEF), ("/feuilles-de-route/plans/theme-own/deploiement/", HEAD),
    ("/feuilles-de-route/couverture/", HEAD), ("/feuilles-de-route/couverture/tableur.xlsx", HEAD),
    ("/feuilles-de-route/multi-directions/", HEAD), ("/feuilles-de-route/engagements/", HEAD),
    ("/feuilles-de-route/campagnes/", HEAD), ("/feuilles-de-route/campagnes/2026/", HEAD),
    ("/pilotage/alertes/", HEAD), ("/pilotage/alertes/?etat=toutes", CHIEF), ("/pilotage/alertes/1/", HEAD),
    ("/pilotage/alertes/silences/", HEAD), ("/pilotage/revues/", HEAD), ("/pilotage/revues/revue-own/", CHIEF), ("/pilotage/engagements/", None),
    ("/donnees/publications/", HEAD), ("/donnees/ajouter/", HEAD), ("/donnees/ouvertes/", None), ("/donnees/ogc/collections", None),
    ("/donnees/catalogue/", HEAD), ("/donnees/catalogue/roadmaps.actions/", HEAD), ("/donnees/catalogue/roadmaps.actions/", CHIEF),
    ("/donnees/registre/", HEAD), ("/donnees/console/", HEAD),
]  # fmt: skip


BELIEVED_EMPTY = """
    UPDATE pg_class SET reltuples = 0, relpages = 20 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def asked(client, address):
    """The queries of a second reading: what is read once per session or per process is not counted."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(address)
        b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, answer.status_code
    return [query["sql"] for query in captured.captured_queries if "cache_entry" not in query["sql"]]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "role"), LISTS, ids=lambda x: x if isinstance(x, str) else (x or ["visitor"])[0])
def test_a_list_of_fifty_asks_no_more_than_a_list_of_one(person, address, role):
    plans, client = city.build(actions=1), Client()
    cache.clear()
    if role:
        client.force_login(person(*role))
    told(1)
    few = asked(client, address)
    for whose, plan in plans.items():
        city.fill(plan, plan.axes.get(), city.PLACES[whose][1], 49, start=1)
    for theme in Plan.objects.filter(kind="thematic"):
        city.fill_theme(theme, 49, start=1)
    told(49)
    for number in range(2, 51):
        city.alert(number)
    with connection.cursor() as cursor:
        cursor.execute(BELIEVED_EMPTY)  # the planner's worst case: rows just written into tables once emptied
        cursor.execute("SET LOCAL statement_timeout = '5s'")
    many = asked(client, address)
    assert len(many) <= len(few), added(few, many)


def told(count):
    """So many lines in the journal, and so many proposals that wait."""
    for n in range(count):
        city.propose(f"actions.essai-{count}-{n}")
        who = Person.objects.create_user(f"temoin{count}.{n}@example.org")
        entries.record("plan.consult", Reference("plan", f"x{n}"), by=who, at=datetime(2026, 11, 24, tzinfo=UTC))


def added(few, many):
    """The tables asked more often, to point at the culprit."""
    counts: dict[str, int] = {}
    for sign, queries in ((1, many), (-1, few)):
        for sql in queries:
            told = sql[:60] + " … " + " ".join(sql.split("FROM")[1].split()[:1]) if "FROM" in sql else sql[:80]
            counts[told] = counts.get(told, 0) + sign
    return f"{len(few)} → {len(many)} " + str({sql: n for sql, n in counts.items() if n > 0})
