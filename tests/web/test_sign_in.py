"""Who comes in, how, and when the door closes again."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from parvis.kernel.organisation import demonstration, people
from parvis.kernel.organisation.models import City, Person

PASSWORD = "a long passphrase"
LOGIN = "/compte/login/"


@pytest.fixture(autouse=True)
def no_attempt_counted_yet(db):
    cache.clear()


def sign_in(client, email, password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def activate(client) -> str:
    """Activate the second factor of whoever is signed in; return its secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content
    return secret


def test_a_person_signs_in_with_her_address_and_password(client, person):
    someone = person("auditor")
    assert sign_in(client, someone.email.upper()).status_code == 302
    assert client.get("/").context["user"] == someone


def test_a_wrong_password_says_so_in_french_and_does_not_say_whether_the_account_exists(client, person):
    known = sign_in(client, person("auditor").email, "not this one at all").content.decode()
    unknown = sign_in(client, "nobody@example.org", "not this one at all").content.decode()
    sentence = re.compile(r'role="alert">([^<]+)<')
    assert sentence.search(known).group(1) == sentence.search(unknown).group(1)
    assert "adresse" in sentence.search(known).group(1)


def test_five_wrong_passwords_close_the_door_for_a_while_even_to_the_right_one(person):
    someone = person("auditor")
    for _ in range(5):
        sign_in(Client(), someone.email, "not this one at all")
    answer = sign_in(Client(), someone.email)
    assert answer.status_code == 200
    assert "Trop" in answer.content.decode()


def test_attempts_are_counted_in_the_database_so_that_all_processes_see_them(client, person, settings):
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


def test_many_requests_from_one_address_are_made_to_wait(client):
    answers = {client.post(LOGIN, {"login": f"p{n}@example.org", "password": "x"}).status_code for n in range(61)}
    assert 429 in answers
    page = client.post(LOGIN, {"login": "p@example.org", "password": "x"}).content.decode()
    assert "Trop d’essais" in page


def test_behind_a_proxy_the_visitor_is_the_address_that_the_proxy_saw(rf, settings):
    from allauth.core.internal.httpkit import get_client_ip

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = rf.get("/", headers={"x-forwarded-for": "203.0.113.9, 198.51.100.4"}, REMOTE_ADDR="127.0.0.1")
    assert get_client_ip(request) == "198.51.100.4"


def test_without_a_proxy_a_forged_forwarding_header_is_ignored(rf):
    from allauth.core.internal.httpkit import get_client_ip

    request = rf.get("/", headers={"x-forwarded-for": "203.0.113.9"}, REMOTE_ADDR="192.0.2.7")
    assert get_client_ip(request) == "192.0.2.7"


def test_signing_out_takes_a_button_not_a_link(client, person):
    client.force_login(person("auditor"))
    client.get("/compte/logout/")
    assert client.get("/").context["user"].is_authenticated
    client.post("/compte/logout/")
    assert not client.get("/").context["user"].is_authenticated


def test_a_session_ends_with_the_browser_and_after_eight_hours(client, person):
    sign_in(client, person("auditor").email)
    assert client.cookies["sessionid"]["expires"] == ""
    assert timedelta(hours=7, minutes=59) <= client.session.get_expiry_date() - datetime.now(UTC) <= timedelta(hours=8)


def test_a_closed_account_is_out_at_the_next_page_and_cannot_come_back(client, person, now):
    someone = person("auditor")
    sign_in(client, someone.email)
    people.deactivate(someone, by=None, at=now)
    assert not client.get("/").context["user"].is_authenticated
    sign_in(client, someone.email)
    assert not client.get("/").context["user"].is_authenticated


def test_changing_a_password_ends_the_other_sessions(person):
    someone = person("auditor")
    here, elsewhere = Client(), Client()
    sign_in(here, someone.email)
    sign_in(elsewhere, someone.email)
    chosen = {"oldpassword": PASSWORD, "password1": "another long phrase", "password2": "another long phrase"}
    here.post(reverse("account_change_password"), chosen)
    assert here.get("/").context["user"].is_authenticated
    assert not elsewhere.get("/").context["user"].is_authenticated


def test_a_short_password_is_refused(client, person):
    someone = person("auditor")
    client.force_login(someone)
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "court", "password2": "court"}
    )
    assert answer.status_code == 200
    someone.refresh_from_db()
    assert someone.check_password(PASSWORD)


def test_a_forgotten_password_is_chosen_again_by_a_link_that_serves_once(client, person):
    someone = person("auditor")
    client.post(reverse("account_reset_password"), {"email": someone.email})
    assert len(mail.outbox) == 1 and mail.outbox[0].to == [someone.email]
    assert "nouveau mot de passe" in mail.outbox[0].body
    link = re.search(r"/compte/\S+", mail.outbox[0].body).group(0)
    form = client.get(link, follow=True)
    chosen = {"password1": "a brand new phrase", "password2": "a brand new phrase"}
    client.post(form.redirect_chain[-1][0], chosen)
    someone.refresh_from_db()
    assert someone.check_password("a brand new phrase")
    assert "Ce lien ne sert plus" in Client().get(link, follow=True).content.decode()


def test_asking_for_an_unknown_address_sends_nothing_and_says_the_same(client):
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert mail.outbox == []
    assert "Si un compte porte cette adresse" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "signup/", "email/", "confirm-email/", "confirm-email/abc/", "password/set/", "login/code/confirm/",
        "3rdparty/", "3rdparty/signup/", "social/signup/", "social/connections/",
    ],
)  # fmt: skip
def test_the_pages_that_this_house_does_not_have_do_not_exist(client, person, address):
    assert client.get(f"/compte/{address}").status_code == 404
    client.force_login(person("auditor"))
    assert client.post(f"/compte/{address}").status_code == 404


def test_a_signer_activates_a_second_factor_before_anything_else(client, person):
    sign_in(client, person("sector-chief", "sector", "19", has_second_factor=False).email)
    answer = client.get("/feuilles-de-route/")
    assert answer.status_code == 302 and answer.url == reverse("mfa_activate_totp")
    page = client.get(answer.url).content.decode()
    assert "activez le second facteur avant de continuer" in page
    activate(client)
    assert client.get("/feuilles-de-route/").status_code == 200


def test_a_reader_is_not_asked_for_a_second_factor(client, person):
    sign_in(client, person("elected-reader").email)
    assert client.get("/").status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(person):
    someone = person("sector-chief", "sector", "19", has_second_factor=False)
    first, later = Client(), Client()
    sign_in(first, someone.email)
    secret = activate(first)
    assert sign_in(later, someone.email).url == reverse("mfa_authenticate")
    assert not later.get("/").context["user"].is_authenticated
    later.post(reverse("mfa_authenticate"), {"code": "abcdef"})
    assert not later.get("/").context["user"].is_authenticated
    cache.clear()  # a code serves once: forget that the activation used it
    later.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert later.get("/").context["user"] == someone


def test_a_recovery_code_replaces_the_telephone_once(person):
    someone = person("sector-chief", "sector", "19", has_second_factor=False)
    first = Client()
    sign_in(first, someone.email)
    activate(first)
    code = first.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    second, third = Client(), Client()
    for attempt in (second, third):
        sign_in(attempt, someone.email)
        attempt.post(reverse("mfa_authenticate"), {"code": code})
    assert second.get("/").context["user"] == someone
    assert not third.get("/").context["user"].is_authenticated


def test_a_required_second_factor_cannot_be_taken_away(client, person):
    someone = person("sector-chief", "sector", "19", has_second_factor=False)
    sign_in(client, someone.email)
    activate(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert someone.authenticator_set.filter(type="totp").exists()


def test_in_the_invented_city_the_second_factor_is_offered_and_not_forced(client, person):
    City.objects.create(pk=1, is_invented=True)
    sign_in(client, person("sector-chief", "sector", "19", has_second_factor=False).email)
    assert client.get("/feuilles-de-route/").status_code == 200
    assert "dans une vraie ville le second facteur serait obligatoire" in client.get("/compte/2fa/").content.decode()


def test_the_invented_city_offers_one_sign_in_per_role_through_the_real_form(client):
    City.objects.create(pk=1, is_invented=True)
    name, *_ = demonstration.SIGN_INS[0]
    someone = Person.objects.create_user(f"{name}@{demonstration.DOMAIN}", demonstration.PASSWORD, first_name="Claire")
    page = client.get(LOGIN).content.decode()
    assert "Claire" in page and demonstration.PASSWORD in page
    assert sign_in(client, someone.email, demonstration.PASSWORD).status_code == 302


def test_a_real_city_shows_no_demonstration_sign_in(client):
    Person.objects.create_user(f"{demonstration.SIGN_INS[0][0]}@{demonstration.DOMAIN}", demonstration.PASSWORD)
    assert demonstration.PASSWORD not in client.get(LOGIN).content.decode()
