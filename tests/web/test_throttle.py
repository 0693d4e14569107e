"""A visitor takes so many files a minute; who signs in is not counted."""

import pytest
from django.test import Client

from parvis.web.throttle import PER_MINUTE

pytestmark = pytest.mark.django_db


FILE = "/feuilles-de-route/actions/tableur.csv"


def test_a_visitor_who_asks_for_too_many_files_is_asked_to_wait(client):
    assert {client.get(FILE).status_code for _ in range(PER_MINUTE)} == {200}
    refused = client.get(FILE)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "Attendez une minute" in refused.content.decode()
    assert client.get("/feuilles-de-route/actions/").status_code == 200


def test_another_address_and_a_person_who_signs_in_are_not_held_back(client, person):
    for _ in range(PER_MINUTE + 1):
        client.get(FILE)
    assert Client(REMOTE_ADDR="192.0.2.7").get(FILE).status_code == 200
    client.force_login(person("auditor"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(FILE).status_code == 200
