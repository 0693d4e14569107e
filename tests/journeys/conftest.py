"""Journeys drive a real Chromium against a real house: `parvis demo`, its own database, its own server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
]
VIEWPORTS = {"wide": {"width": 1440, "height": 1000}, "narrow": {"width": 390, "height": 844}}
PASSWORD = "parvis-demonstration"


def pytest_collection_modifyitems(items) -> None:
    """Every journey shares one house and one browser, so one worker runs them all; what fills or signs comes last."""
    items.sort(key=lambda item: item.path.name == "test_main_job.py")
    for item in items:
        if "journeys" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def environment(tmp_path_factory) -> dict[str, str]:
    """What a command of that house is started with: its own folder and database, and the files that a server serves."""
    home = tmp_path_factory.mktemp("house")
    kept = {**os.environ, "PARVIS_HOME": str(home), "PARVIS_PLAIN_STATIC": "0"}
    kept.pop("DATABASE_URL", None)
    return kept


@pytest.fixture(scope="session")
def parvis(environment):
    """Run `parvis …` in the house that is served."""

    def run(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "parvis.cli", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)

    return run


@pytest.fixture(scope="session")
def house(environment) -> Iterator[str]:
    """The address of a demonstration house that is really served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = Path(environment["PARVIS_HOME"])
    log = (home / "server.log").open("w")
    command = [sys.executable, "-m", "parvis.cli", "demo", "--scale", "small", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server, home)
        yield address
    finally:
        server.terminate()
        server.wait(90)


def _wait_for(address: str, server: subprocess.Popen, home: Path) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.5)
        else:
            return
    pytest.fail("the house did not open: " + (home / "server.log").read_text()[-3000:])


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(chromium, house):
    """The session of each person, signed in once through the page itself."""
    sessions: dict[str, dict] = {}

    def session_of(who: str) -> dict:
        if who not in sessions:
            context = chromium.new_context(locale="fr-FR")
            sign_in(context.new_page(), house, who)
            sessions[who] = context.storage_state()
            context.close()
        return sessions[who]

    return session_of


@pytest.fixture
def visit(chromium, house, signed_in):
    """Open a page as somebody: visit("secteur19", "/feuilles-de-route/", viewport="narrow"). None is a visitor.

    `alone` signs in anew, for a journey that signs out.
    """
    contexts = []

    def open_page(who: str | None, path: str, viewport: str = "wide", alone: bool = False):
        context = chromium.new_context(
            viewport=VIEWPORTS[viewport],
            locale="fr-FR",
            reduced_motion="reduce",
            storage_state=signed_in(who) if who and not alone else None,
        )
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda line: page.faults.append(line.text) if line.type == "error" else None)
        if who and alone:
            sign_in(page, house, who)
        page.goto(house + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page, house: str, who: str) -> None:
    page.goto(f"{house}/compte/login/")
    page.fill("#id_login", f"{who}@demo.parvis.example")
    page.fill("#id_password", PASSWORD)
    page.click("form:has(#id_password) button[type=submit]")
    page.wait_for_load_state()
