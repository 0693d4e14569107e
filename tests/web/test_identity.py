"""Sign-in through an identity provider: a real one over HTTP, small, with its own key, that vouches for what it is told."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from parvis.config.settings import identity_providers
from parvis.kernel.organisation.models import Person

CLIENT_ID = "parvis"
SECRET = "a secret shared with the provider, and long enough"


class Provider(ThreadingHTTPServer):
    """Knows one person at a time (`claims`); gives codes good once, bound to the browser that asked (PKCE)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict = {}
        self.codes: dict[str, dict] = {}
        self.tokens: set[str] = set()

    def discovery(self, asked) -> dict:
        paths = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        ends = {f"{name}_endpoint": f"{self.url}/{path}" for name, path in paths.items()}
        return {
            "issuer": self.url, "jwks_uri": f"{self.url}/jwks", "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"], **ends,
        }  # fmt: skip

    def jwks(self, asked) -> dict:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]}

    def token(self, asked: dict) -> dict | None:
        given = self.codes.pop(asked.get("code", ""), None)
        verifier = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if given is None or asked.get("client_secret") != SECRET or challenge != given["code_challenge"]:
            return None
        now, opens = int(time.time()), secrets.token_urlsafe()
        self.tokens.add(opens)
        told = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **self.claims}
        if "nonce" in given:
            told["nonce"] = given["nonce"]
        signed = jwt.encode(told, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": opens, "token_type": "Bearer", "expires_in": 300, "id_token": signed}


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self):
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/authorize":
            return self._send_back(asked)
        if url.path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            return self._say(self.server.claims if token in self.server.tokens else None)
        known = {"/.well-known/openid-configuration": self.server.discovery, "/jwks": self.server.jwks}
        return self._say(known[url.path](asked))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        basic = self.headers.get("Authorization", "").removeprefix("Basic ")
        if basic:
            asked["client_secret"] = base64.b64decode(basic).decode().partition(":")[2]
        self._say(self.server.token(asked))

    def _send_back(self, asked):
        code = secrets.token_urlsafe()
        self.server.codes[code] = asked
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
        self.end_headers()

    def _say(self, told):
        self.send_response(200 if told else 401)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told or {"error": "refused"}).encode())

    def log_message(self, *args):
        """Its lines are nobody's business."""


@pytest.fixture
def provider(db, settings, monkeypatch):
    cache.clear()
    monkeypatch.setenv("PARVIS_OIDC_ID", CLIENT_ID)
    monkeypatch.setenv("PARVIS_OIDC_SECRET", SECRET)
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": identity_providers(server.url)}}
    yield server
    server.shutdown()
    server.server_close()


def through(provider, client, **claims):
    """All the way: to the provider and back with its code."""
    provider.claims = {"sub": "42", **claims}
    away = client.post(reverse("openid_connect_login", args=["identite"]))
    assert away.status_code == 302 and away["Location"].startswith(f"{provider.url}/authorize")
    back = urlsplit(requests.get(away["Location"], allow_redirects=False, timeout=5).headers["Location"])
    return client.get(f"{back.path}?{back.query}", follow=True)


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_a_person_of_the_house_comes_in_by_the_address_that_the_provider_vouches_for(provider, person):
    someone, client = person("contributor", "directorate", "DEVE", email="ana@ville.example"), Client()
    through(provider, client, email="ana@ville.example", email_verified=True)
    assert signed_in(client) == str(someone.pk)


def test_someone_unknown_is_refused_and_no_account_is_made(provider, person):
    client, before = Client(), Person.objects.count()
    answer = through(provider, client, email="inconnue@ville.example", email_verified=True)
    assert signed_in(client) is None
    assert Person.objects.count() == before
    assert "Aucun compte ne porte cette adresse" in answer.content.decode()


def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(provider, person):
    person("contributor", "directorate", "DEVE", email="ana@ville.example")
    client, before = Client(), Person.objects.count()
    through(provider, client, email="ana@ville.example", email_verified=False)
    assert signed_in(client) is None
    assert Person.objects.count() == before


def test_a_forged_return_opens_nothing(provider, person):
    person("contributor", "directorate", "DEVE", email="ana@ville.example")
    client = Client()
    provider.claims = {"sub": "42", "email": "ana@ville.example", "email_verified": True}
    client.post(reverse("openid_connect_login", args=["identite"]))
    client.get(reverse("openid_connect_callback", args=["identite"]), {"code": "forged", "state": "forged"})
    assert signed_in(client) is None


def test_a_closed_account_stays_closed(provider, person):
    person("contributor", "directorate", "DEVE", email="ana@ville.example", is_active=False)
    client = Client()
    through(provider, client, email="ana@ville.example", email_verified=True)
    assert signed_in(client) is None
