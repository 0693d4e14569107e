"""Whatever way a person asks which actions there are, the answer is the same: that of the one predicate."""

import json
import re
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from python_calamine import CalamineWorkbook

from parvis.domains.roadmaps.models import Action, Commitment, Plan
from parvis.domains.roadmaps.queries import subscriptions
from parvis.kernel import access
from parvis.kernel.organisation.models import Directorate

from . import city

ROOM = "/feuilles-de-route/"
CODE = re.compile(r"(?:fdr|theme)-(?:own|other|published)-a\d+")
PERSONS = {
    "public": None,
    "elected reader": ("elected-reader", "house", ""),
    "chief of 19": ("sector-chief", "sector", "19"),
    "office of 18": ("district-office", "sector", "18"),
    "contributor of DEVE": ("contributor", "directorate", "DEVE"),
    "head of DEVE": ("directorate-head", "directorate", "DEVE"),
    "pilot": ("roadmap-pilot", "house", ""),
    "auditor": ("auditor", "house", ""),
}


def text(client, path, **asked) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, (path, answer.status_code)
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def by_detail(client, someone):
    return {c for c in Action.objects.values_list("code", flat=True) if opens(client, f"{ROOM}actions/{c}/")}


def opens(client, path) -> bool:
    status = client.get(path).status_code
    assert status in (200, 404), (path, status)
    return status == 200


def by_list(client, someone):
    return set(CODE.findall(text(client, f"{ROOM}actions/") + text(client, f"{ROOM}actions/", page=2)))


def by_workbook(client, someone):
    answer = client.get(f"{ROOM}actions/tableur.xlsx")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    return {cell for cell in cells if isinstance(cell, str) and CODE.fullmatch(cell)}


def by_csv(client, someone):
    return set(CODE.findall(text(client, f"{ROOM}actions/tableur.csv")))


def by_search(client, someone):
    words = ("own", "other", "published")
    return {code for word in words for code in CODE.findall(text(client, "/recherche/", q=f"action {word}"))}


def by_map(client, someone):
    features = json.loads(text(client, "/carte/couches/roadmaps.actions.geojson"))["features"]
    found = {feature["properties"].get("code") for feature in features} - {None}
    return found | set(CODE.findall(text(client, "/carte/tableau/")))


def by_plans(client, someone):
    plans = [f"{ROOM}plans/{code}/" for code in Plan.objects.values_list("code", flat=True)]
    pages = [*plans, *(f"{page}deploiement/" for page in plans if "theme-" in page)]
    return {code for page in pages if opens(client, page) for code in CODE.findall(text(client, page))}


def by_calendar(client, someone):
    feed = text(client, f"{ROOM}agenda/{subscriptions.token_of(someone)}.ics")
    return set(CODE.findall(re.sub(r"\r?\n[ \t]", "", feed)))  # long lines are folded


WAYS = (by_detail, by_list, by_workbook, by_csv, by_search, by_map, by_plans, by_calendar)


@pytest.fixture
def small_city(db):
    """DEVE leads the actions of « own »; one of a foreign draft asks for its part."""
    city.build(actions=2)
    asked, day = Action.objects.get(code="fdr-other-a1"), "2026-01-12"
    deve = Directorate.objects.get(code="DEVE")
    Commitment.objects.create(action=asked, directorate=deve, asked_on=day, answer_due_on="2026-01-26")
    cache.clear()


@pytest.mark.parametrize("name", PERSONS)
def test_every_way_to_read_gives_the_same_actions(small_city, person, name):
    someone, client = AnonymousUser(), Client()
    if PERSONS[name]:
        someone = person(*PERSONS[name])
        client.force_login(someone)
    seen = access.visible(someone, "roadmaps.view_action", Action.objects.all())
    expected = set(seen.values_list("code", flat=True))
    ways = [way for way in WAYS if someone.is_authenticated or way is not by_calendar]
    given = {way.__name__: way(client, someone) for way in ways}
    odd = {
        way: (sorted(found - expected), sorted(expected - found)) for way, found in given.items() if found != expected
    }
    assert odd == {}, "(too many, missing)"


@pytest.mark.parametrize("name", PERSONS)
def test_the_count_is_that_of_the_list(small_city, person, name):
    someone, client = AnonymousUser(), Client()
    if PERSONS[name]:
        someone = person(*PERSONS[name])
        client.force_login(someone)
    expected = access.visible(someone, "roadmaps.view_action", Action.objects.all()).count()
    assert client.get(f"{ROOM}actions/").context["page"].paginator.count == expected


def test_the_persons_do_not_all_see_the_same(small_city, person):
    """Else the two tests above would prove nothing."""
    people = [AnonymousUser()] + [person(*who) for who in PERSONS.values() if who]
    seen = [
        access.visible(one, "roadmaps.view_action", Action.objects.all()).values_list("code", flat=True)
        for one in people
    ]
    assert len({frozenset(codes) for codes in seen}) >= 4
