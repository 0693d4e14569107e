"""Who may sign in, and how: what Parvis changes to django-allauth.

Accounts are made by the house (`parvis person add`); nobody signs up. An identity provider signs in only people who
already have an account, matched by the address that it vouches for. Whoever signs or administers keeps a second
factor. Refuses to know what a person may do once inside: that is kernel.access.
"""

import json
import time

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.reauthentication import get_authentication_records
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from parvis.kernel.organisation import demonstration
from parvis.kernel.organisation.models import City, Person


class Accounts(DefaultAccountAdapter):
    """Local accounts: made by the house, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whoever gave her password a few minutes ago is not asked for it again."""
        given = get_authentication_records(self.request, self.request.user)
        recent = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > recent for record in given)


class Identities(DefaultSocialAccountAdapter):
    """Accounts at an identity provider (ProConnect): they open an existing account, they never make one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        return False

    def get_requests_session(self):
        """ProConnect answers `userinfo` as a signed token rather than JSON: read both."""
        session = super().get_requests_session()
        session.hooks["response"].append(_open_token)
        return session


class SecondFactors(DefaultMFAAdapter):
    """The second factor of whoever must have one cannot be taken away."""

    def get_totp_issuer(self) -> str:
        return f"Parvis {City.current().name}"

    def get_totp_label(self, user) -> str:
        return user.email

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not must_have_second_factor(authenticator.user)


def must_have_second_factor(person: Person) -> bool:
    """Signers and administrators must; in the invented city it is offered and nobody is held to it."""
    return person.needs_second_factor and not City.current().is_invented


def has_second_factor(person: Person) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def set_password_address(person: Person) -> str:
    """A link, good once and for PASSWORD_RESET_TIMEOUT, by which a person chooses her password."""
    key = default_token_generator.make_token(person)
    where = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    return settings.PUBLIC_ADDRESS.rstrip("/") + where


def demonstration_sign_ins() -> list[dict]:
    """One sign-in per role of the invented city; nothing in a real one."""
    if not City.current().is_invented:
        return []
    offered = demonstration.sign_ins()
    people = Person.objects.filter(email__in=[email for _, email in offered], is_active=True)
    by_email = {person.email: person for person in people}
    return [{"label": label, "person": by_email[email]} for label, email in offered if email in by_email]


def _open_token(response, **parts):
    """Turn a token answered over TLS by the provider itself into the JSON it carries (OpenID Connect Core 5.3.2)."""
    if response.headers.get("content-type", "").split(";")[0] == "application/jwt":
        import jwt

        claims = jwt.decode(response.text, options={"verify_signature": False})
        response._content = json.dumps(claims).encode()
    return response
