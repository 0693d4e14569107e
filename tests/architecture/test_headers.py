"""What every answer says to the browser: no script but ours, no frame, cookies kept to ourselves."""

import os
import subprocess
import sys

import pytest

from parvis.web.middleware import CONTENT_SECURITY_POLICY

SETTINGS = """
import json
from parvis.config import settings as s
print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT,
                  s.SECURE_PROXY_SSL_HEADER]))
"""


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/compte/login/", "/cette-page-n-existe-pas/", "/journal/", "/sante/"])
def test_every_answer_carries_the_policy(client, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_policy_allows_no_inline_code_no_outside_host_and_no_frame():
    parts = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["connect-src"] == "'self'"
    assert parts["frame-ancestors"] == "'none'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY and "http" not in CONTENT_SECURITY_POLICY


def test_the_blob_of_the_map_is_the_one_exception():
    blobs = [part.split(" ")[0] for part in CONTENT_SECURITY_POLICY.split("; ") if "blob:" in part]
    assert blobs == ["img-src", "worker-src", "child-src"]


@pytest.mark.django_db
def test_the_session_cookie_is_out_of_reach_of_scripts(client, person):
    client.post("/compte/login/", {"login": person("auditor").email, "password": "a long passphrase"})
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.parametrize("https", ["0", "1"])
def test_behind_tls_cookies_are_secure_and_the_browser_is_told_to_stay(https, settings):
    environment = {**os.environ, "PARVIS_HTTPS": https}
    out = subprocess.run([sys.executable, "-c", SETTINGS], env=environment, capture_output=True, text=True, check=True)
    said = out.stdout.strip()
    if https == "1":
        assert said == '[true, true, 31536000, true, ["HTTP_X_FORWARDED_PROTO", "https"]]'
    else:
        assert said == "[false, false, 0, false, null]"
