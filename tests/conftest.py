"""The test house: one embedded PostgreSQL for all workers, the real migrations, the real reference data."""

import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("PARVIS_HOME", str(Path(tempfile.gettempdir()) / f"parvis-tests-{os.getuid()}"))
(Path(os.environ["PARVIS_HOME"]) / "static").mkdir(parents=True, exist_ok=True)
os.environ["PARVIS_PLAIN_STATIC"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"  # here, not in pyproject: settings read what precedes
os.environ["PARVIS_EMAIL_BACKEND"] = "django.core.mail.backends.locmem.EmailBackend"

import django  # noqa: E402
import pytest  # noqa: E402

django.setup()  # before any other conftest names a model
from django.test.testcases import TransactionTestCase  # noqa: E402


def _flush_past_the_triggers(case, flush=TransactionTestCase._fixture_teardown):
    """Append-only tables refuse TRUNCATE; between transactional tests the superuser sets the triggers aside."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    flush(case)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
    from parvis.cli.boot import load_reference

    load_reference()


TransactionTestCase._fixture_teardown = _flush_past_the_triggers

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
JAVA = shutil.which("java")
NO_CHROMIUM, NO_JAVA = "no Chromium on this machine", "no Java on this machine"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item) -> None:
    """Without a browser, or Java, the tests that need it do not run; the end of the report says so in capitals."""
    if item.get_closest_marker("browser") and not CHROMIUM:
        pytest.skip(NO_CHROMIUM)
    if item.get_closest_marker("spark") and not JAVA:
        pytest.skip(NO_JAVA)


def pytest_terminal_summary(terminalreporter) -> None:
    missed = _missed(terminalreporter)
    if missed:
        terminalreporter.section(
            f"NO CHROMIUM OR NO JAVA: {len(missed)} TESTS DID NOT RUN", sep="!", red=True, bold=True
        )
        for name in missed:
            terminalreporter.line(f"DID NOT RUN: {name}")
        terminalreporter.line("INSTALL THEM (apt-get install chromium openjdk-17-jre-headless) AND RUN AGAIN.")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session) -> None:
    """On the machine that vouches for a revision, a test that did not run is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and os.environ.get("CI") == "true" and _missed(reporter) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _missed(reporter) -> list[str]:
    skipped = reporter.stats.get("skipped", [])
    return [r.nodeid for r in skipped if NO_CHROMIUM in str(r.longrepr) or NO_JAVA in str(r.longrepr)]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database carries the reference data, as every house does."""
    from parvis.cli.boot import load_reference

    with django_db_blocker.unblock():
        from django.core.management import call_command
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        call_command("createcachetable", verbosity=0)
        load_reference()


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    """What a server process counts by visitor does not outlive a test."""
    from django.core.cache import caches

    caches["process"].clear()


@pytest.fixture(scope="session")
def real_files() -> Path:
    """The folder of public files beside the project: PARVIS_DATA, else ../shared/data. Skips loudly without it."""
    folder = Path(os.environ.get("PARVIS_DATA") or ROOT.parent / "shared" / "data")
    if not folder.exists():
        pytest.skip(f"real files not found: set PARVIS_DATA (looked in {folder})")
    return folder


@pytest.fixture
def now():
    from datetime import UTC, datetime

    return datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def person(db):
    """Make a person holding one role: person("sector-chief", "sector", "19").

    Whoever signs or administers has her second factor already, as in a real house, unless told otherwise.
    """
    from datetime import date

    from allauth.mfa.models import Authenticator

    from parvis.kernel.access.roles import SECOND_FACTOR_ROLES
    from parvis.kernel.organisation.models import Assignment, Person

    made = []

    def make(
        role: str | None = None,
        scope_kind: str = "house",
        scope_id: str = "",
        *,
        has_second_factor: bool = True,
        **fields,
    ) -> Person:
        fields.setdefault("email", f"p{len(made)}.{role or 'none'}.{scope_id or 'x'}@example.org".lower())
        someone = Person.objects.create_user(fields.pop("email"), "a long passphrase", **fields)
        made.append(someone)
        if role:
            Assignment.objects.create(
                person=someone, role=role, scope_kind=scope_kind, scope_id=scope_id, starts_on=date(2020, 1, 1)
            )
        if has_second_factor and role in SECOND_FACTOR_ROLES:
            Authenticator.objects.create(user=someone, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
        return someone

    return make
