"""Every address × every role: the table below is the promise, and an address without its line is a fault.

A line says what a GET answers to each role, in the order of ROLES:
    o open · > sent elsewhere (sign-in, another page) · . refused (403) · - not there (404) · p only by POST (405) · ! refused for now (409)
An address of a thing has three lines: `own` (the reader's sector or directorate), `other` (a draft of another sector),
`published`. When an address is added, the test prints the line it lacks: read it before pasting it here.
"""

import re

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from parvis.domains.roadmaps.models import Action, Commitment
from parvis.kernel.journal.models import Entry

from . import city
from .address_table import TABLE

ROLES = {
    "visitor": None,
    "head": ("directorate-head", "house", ""),
    "pilot": ("roadmap-pilot", "house", ""),
    "chief of 19": ("sector-chief", "sector", "19"),
    "office of 19": ("district-office", "sector", "19"),
    "contributor": ("contributor", "directorate", "DEVE"),
    "data officer": ("data-officer", "house", ""),
    "auditor": ("auditor", "house", ""),
    "elected": ("elected-reader", "house", ""),
}
ANSWERS = {200: "o", 302: ">", 303: ">", 401: ".", 403: ".", 404: "-", 405: "p", 409: "!"}
# How the parts of a route are filled in; `{whose}` makes three lines of an address.
BY_ROUTE = {
    "plans/<str:code>": "fdr-{whose}",
    "actions/<str:code>": "fdr-{whose}-a0",
    "campagnes/<str:code>": "2026",
    "secteurs/<slug:code>": "19",
    "couches/<str:code>": "roadmaps.actions",
    "contrats/<str:code>": "roadmaps.actions",
    "catalogue/<str:code>": "datahub.freshness",
    "registre/<slug:code>": "agents",
    "depots/<str:code>": "roadmaps.actions",
    "revues/<slug:code>": "revue-{whose}",
    "objectifs/<slug:year>/<slug:code>": "P2",
    "indicateurs/<str:code>": "roadmaps.operationality",
    "definitions/<str:code>": "actions.essai",
    "saisies/series/<str:code>": "agents.essai",
}
BY_ADDRESS = {
    ("roadmaps:deployment", "code"): "theme-{whose}",
    ("roadmaps:deployment_edit", "code"): "theme-{whose}",
    ("roadmaps:deployment_edit", "action"): "theme-{whose}-a0",
    ("roadmaps:deployment_edit", "sector"): "{sector}",
}
BY_NAME = {
    "number": "1", "before": "1", "after": "2", "move": "consult", "gate": "operational", "action": "fdr-{whose}-a0",
    "sector": "19", "token": "forged", "key": "forged", "uidb36": "1", "provider_id": "identite", "pk": "{pk}",
    "slug": "absent", "form": "csv",
    "version": "1", "document": "1", "step": "freeze", "kind": "csv", "year": "2025-2026",
}  # fmt: skip
# What concerns nobody but who posts it: her account, her messages, the address of her own calendar.
ANYONE_MAY_POST = (
    "account_", "mfa_", "socialaccount_", "openid_connect_", "web:unsubscribe", "web:preferences", "roadmaps:my_calendar",
)  # fmt: skip


def routes(resolver=None, space="", route=""):
    """(name, route, names of its parts) of every address of the house."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{space}{entry.namespace}:" if entry.namespace else space, here)
        elif entry.name:
            yield space + entry.name, here, re.findall(r"(?:<\w+:|\?P<)(\w+)>", here)


def addresses() -> dict[str, str]:
    """Each line of the table with its path; reversing needs a database for the numbers of commitments."""
    found = {}
    for name, route, parts in routes():
        wanted = {part: _part(name, route, part) for part in parts}
        whose = [city.OWN, city.OTHER, city.PUBLISHED] if any("{" in v for v in wanted.values()) else [""]
        for one in whose:
            known = {"whose": one, "pk": _commitment(one), "sector": city.PLACES.get(one, ("",))[0]}
            filled = {part: value.format(**known) for part, value in wanted.items()}
            found[f"{name} {one}".strip()] = reverse(name, kwargs=filled)
    return found


def _part(name, route, part):
    if (name, part) in BY_ADDRESS:
        return BY_ADDRESS[name, part]
    by_route = [value for key, value in BY_ROUTE.items() if part == "code" and key in route]
    if not by_route and part not in BY_NAME:
        raise AssertionError(f"{name}: say in BY_ROUTE or BY_NAME what « {part} » is in {route}")
    return by_route[0] if by_route else BY_NAME[part]


def _commitment(whose):
    return Commitment.objects.filter(action__code=f"fdr-{whose}-a0").values_list("pk", flat=True).first() or 0


def promised() -> dict[str, list[str]]:
    """The lines of the table, by address."""
    lines = [line.split() for line in TABLE.strip().splitlines() if line.strip() and not line.startswith("#")]
    return {" ".join(line[: -len(ROLES)]): line[-len(ROLES) :] for line in lines}


@pytest.fixture
def reader(person, db):
    """A browser signed in as one of ROLES, in the small city."""

    def sign_in(role):
        city.build()
        with connection.cursor() as cursor:  # a worker lives: the house is well
            cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
        client = Client(raise_request_exception=False)
        if ROLES[role]:
            client.force_login(person(*ROLES[role]))
        cache.clear()  # the rate limits are tried elsewhere
        return client

    return sign_in


def _status(client, path):
    """The answer to a first reading: how many files a visitor takes in a minute is tried elsewhere."""
    caches["process"].clear()
    return client.get(path).status_code


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_this_role_as_promised(reader, role):
    client, place = reader(role), list(ROLES).index(role)
    seen = {line: ANSWERS.get(_status(client, path), "X") for line, path in addresses().items()}
    promise = {line: answers[place] for line, answers in promised().items()}
    wrong = {line: f"{seen[line]} instead of {promise.get(line)}" for line in seen if seen[line] != promise.get(line)}
    assert wrong == {}, "\n".join(f"{line}: {said}" for line, said in wrong.items())


def test_no_line_of_the_table_is_about_an_address_that_no_longer_exists(reader):
    reader("visitor")
    assert set(promised()) == set(addresses())


def fingerprint():
    return Entry.objects.count(), list(Action.objects.order_by("pk").values_list("revision", "state", "title"))


@pytest.mark.parametrize(("role", "whose"), [("visitor", None), ("elected", None), ("auditor", None),
                                             ("chief of 19", "other"), ("contributor", "other")])  # fmt: skip
def test_a_post_without_the_right_writes_nothing_and_breaks_nothing(reader, role, whose):
    client = reader(role)
    before = fingerprint()
    for line, path in addresses().items():
        if line.startswith(ANYONE_MAY_POST) or (whose and not line.endswith(f" {whose}")):
            continue
        answer = client.post(path, {"reason": "essai", "title": "Forgé", "text": "Forgé", "directorate": "DVD"})
        assert answer.status_code < 500, (line, answer.status_code)
        assert fingerprint() == before, line


@pytest.mark.parametrize("role", ["visitor", "elected", "chief of 19", "office of 19", "contributor"])
def test_a_draft_of_another_sector_never_says_that_it_exists(reader, role):
    """Not one page about it answers otherwise than an address that was never true."""
    client = reader(role)
    for line, path in addresses().items():
        if line.endswith(" other") and line.startswith(("roadmaps:", "atlas:")):
            answer = client.get(path)
            absent = client.get(path.replace("fdr-other", "fdr-nowhere"))
            assert answer.status_code == absent.status_code, (line, answer.status_code, absent.status_code)
            assert "Feuille de route other" not in answer.content.decode(errors="replace"), line
