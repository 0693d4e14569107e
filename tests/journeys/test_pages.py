"""Every main page, wide and narrow: axe finds nothing, nothing scrolls sideways, the console stays silent."""

from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from parvis.kernel.calendar import PARIS

YEAR = datetime.now(PARIS).year  # the demonstration city lives in the present
PAGES = {
    "welcome": (None, "/"),
    "sign-in": (None, "/compte/login/"),
    "desk": ("secteur19", "/"),
    "overview": (None, "/feuilles-de-route/"),
    "roadmap": ("secteur19", f"/feuilles-de-route/plans/fdr-{YEAR}-19/"),
    "actions": ("pilote", "/feuilles-de-route/actions/"),
    "coverage": ("pilote", "/feuilles-de-route/couverture/"),
    "campaign": ("pilote", f"/feuilles-de-route/campagnes/campagne-{YEAR}/"),
    "sector": (None, "/secteurs/19/"),
    "map": (None, "/carte/"),
    "imports": ("donnees", "/donnees/"),
}


@pytest.mark.parametrize("viewport", ["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit, name, viewport):
    who, path = PAGES[name]
    page = visit(who, path, viewport)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0, f"the page is {sideways} px too wide"
    assert page.faults == []
