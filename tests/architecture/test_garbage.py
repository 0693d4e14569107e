"""Whatever is typed in an address or a form, the house answers: found, refused or not there, never broken."""

import re
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from . import city
from .test_addresses import routes

HUGE = "9" * 40
RUBBISH = (
    "-1", "1e9", HUGE, "9999-99-99", "9999-12-31", "NaN", "a\x00b", "é" * 300, "%_\\'\"[(((a+)+)+)+$", "²٣", "{{ 7*7 }}\r\nX: \u202e🏛",
)  # fmt: skip
PARAMETERS = (
    "page", "sort", "q", "plan", "kind", "sector", "year", "policy", "directorate", "status", "state", "confidence", "risk",
    "flag", "operational", "missing", "multi", "owner", "due_after", "due_before", "located", "colonnes", "le", "au", "period",
    "direction", "layer", "annee", "day", "person", "subject", "verb", "regle", "champ", "code", "measure", "awaited", "review",
    "lead", "mandat", "x.", "x." + HUGE, "\x00",
)  # fmt: skip
KNOWN = {"plans/": "fdr-own", "actions/": "fdr-own-a0", "campagnes/": "2026", "secteurs/": "19", "couches/": "roadmaps.actions",
         "contrats/": "roadmaps.actions"}  # fmt: skip


@pytest.fixture
def head(person, db):
    city.build()
    client = Client(raise_request_exception=False)
    client.force_login(person("directorate-head"))
    cache.clear()
    return client


def filled(route: str, part: str = "1") -> str:
    """The address with its codes known and its other parts as given."""
    for start, code in KNOWN.items():
        route = re.sub(rf"{start}<\w+:code>", start + code, route)
    return "/" + re.sub(r"<\w+:\w+>", part, route)


def every_route() -> list[str]:
    return [route for _, route, _ in routes() if "(?P" not in route and not route.startswith(("compte/", "sante/"))]


def broken(client, path, given=None) -> list:
    mark = transaction.savepoint()
    status = client.get(path, given).status_code
    transaction.savepoint_rollback(mark)
    return [(path, given, status)] if status >= 500 else []


@pytest.mark.parametrize("rubbish", RUBBISH, ids=ascii)
def test_rubbish_in_every_parameter_of_every_address_breaks_nothing(head, rubbish):
    given = {name: [rubbish, "1"] for name in PARAMETERS if name != "layer" and name != "\x00"}
    given |= {"period": rubbish, "page": rubbish, "sort": rubbish}
    assert [fault for route in every_route() for fault in broken(head, filled(route), given)] == []


def test_each_filter_of_the_lists_takes_rubbish_alone(head):
    """Together the filters may select nothing before the database reads the worst of them."""
    path = "/carte/couches/roadmaps.actions.geojson"
    tried = [{name: rubbish} for name in PARAMETERS for rubbish in RUBBISH]
    assert [fault for given in tried for fault in broken(head, path, given)] == []


@pytest.mark.parametrize("rubbish", RUBBISH[-5:] + (HUGE,), ids=ascii)
def test_rubbish_in_the_path_is_not_there(head, rubbish):
    assert [fault for route in every_route() for fault in broken(head, filled(route, quote(rubbish)))] == []


@pytest.mark.parametrize(
    "path", ["/feuilles-de-route/actions/?q=a%00b", "/feuilles-de-route/actions/a%00b/", "/recherche/?q=%00"]
)
def test_an_invisible_character_in_an_address_is_said_in_plain_words(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 400
    assert "caractère invisible" in answer.content.decode()


def test_an_invisible_character_in_a_form_writes_nothing(head):
    answer = head.post("/feuilles-de-route/actions/fdr-own-a0/commentaire/", {"text": "Bon\x00jour"})
    assert answer.status_code == 400
    listed = head.get("/feuilles-de-route/actions/fdr-own-a0/").content.decode()
    assert "jour</p>" not in listed
