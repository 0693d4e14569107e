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
    "action": ("secteur19", f"/feuilles-de-route/actions/19-{YEAR}-001/"),
    "action-edit": ("secteur19", f"/feuilles-de-route/actions/19-{YEAR}-001/modifier/"),
    "board": ("pilote", "/feuilles-de-route/actions/tableau/?sector=19"),
    "timeline": ("pilote", "/feuilles-de-route/actions/frise/?sector=19"),
    "deployment": ("pilote", "/feuilles-de-route/plans/climat-2025/deploiement/"),
    "commitments": ("deve", "/feuilles-de-route/engagements/"),
    "versions": ("secteur19", f"/feuilles-de-route/plans/fdr-{YEAR}-19/versions/"),
    "version": (None, f"/feuilles-de-route/plans/fdr-{YEAR}-19/versions/1/"),
    "signing": ("secteur8", f"/feuilles-de-route/plans/fdr-{YEAR}-8/signer/"),
    "multi-directions": ("pilote", "/feuilles-de-route/multi-directions/"),
    "coverage": ("pilote", "/feuilles-de-route/couverture/"),
    "campaign": ("pilote", f"/feuilles-de-route/campagnes/campagne-{YEAR}/"),
    "sector": (None, "/secteurs/19/"),
    "map": (None, "/carte/"),
    "objectives": (None, "/pilotage/"),
    "tree": ("directrice", "/pilotage/"),
    "objective": ("directrice", "/pilotage/objectifs/2025-2026/P2/"),
    "indicators": ("directrice", "/pilotage/indicateurs/"),
    "indicator": ("directrice", "/pilotage/indicateurs/roadmaps.milestones-on-time/"),
    "cell": ("directrice", "/pilotage/indicateurs/roadmaps.milestones-on-time/lignes/"),
    "definition-new": ("donnees", "/pilotage/definitions/nouvelle/?jeu=roadmaps.action-months"),
    "manual-series-new": ("donnees", "/pilotage/saisies/nouvelle/"),
    "reviews": ("directrice", "/pilotage/revues/"),
    "promises": (None, "/pilotage/engagements/"),
    "alerts": ("pilote", "/pilotage/alertes/"),
    "alert": ("pilote", "/pilotage/alertes/1/"),
    "silences": ("pilote", "/pilotage/alertes/silences/"),
    "catalogue": ("donnees", "/donnees/catalogue/"),
    "dataset": ("donnees", "/donnees/catalogue/roadmaps.action-months/"),
    "dataset-of-a-sector": ("secteur19", "/donnees/catalogue/roadmaps.actions/"),
    "console": ("donnees", "/donnees/console/"),
    "register": ("donnees", "/donnees/registre/"),
    "processing": ("audit", "/donnees/registre/agents/"),
    "processing-edit": ("donnees", "/donnees/registre/agents/modifier/"),
    "imports": ("donnees", "/donnees/imports/"),
    "contract": ("donnees", "/donnees/imports/contrats/roadmaps.winning-projects/"),
    "deposit-new": ("donnees", "/donnees/ajouter/"),
    "contract-edit": ("donnees", "/donnees/contrats/ajouts.marches/"),
    "publications": ("donnees", "/donnees/publications/"),
    "publication": ("donnees", "/donnees/publications/actions-des-feuilles-de-route/"),
    "open-data": (None, "/donnees/ouvertes/"),
    "open-dataset": (None, "/donnees/ouvertes/actions-des-feuilles-de-route/"),
    "features": (None, "/donnees/ogc/collections/actions-des-feuilles-de-route/items?f=html&limit=20"),
    "features-api": (None, "/donnees/ogc/api?f=html"),
    "journal": ("audit", "/journal/"),
    "search": ("pilote", "/recherche/?q=march%C3%A9"),
    "preferences": ("deve", "/mes-courriels/"),
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
