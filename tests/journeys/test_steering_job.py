"""From objective to proof, in a browser: the tree, an indicator, a sector on the map, the rows, the record; an alert
raised, treated, and verified by the figure itself; a review printed."""

from datetime import datetime, timedelta

from playwright.sync_api import expect

from parvis.kernel.calendar import PARIS

TODAY = datetime.now(PARIS).date()
NEXT_NIGHT = """
from datetime import timedelta
from django.utils import timezone
from parvis.domains.steering import tasks
assert tasks.night(timezone.now() + timedelta(days=1))
"""
SEEN = "La mairie demande pourquoi le délai a changé."


def said(page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def test_a_director_goes_from_an_objective_to_the_record_behind_a_figure(visit):
    page = visit("directrice", "/pilotage/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Où en sommes-nous ?")
    page.locator("#P2").get_by_role("link", name="P2").first.click()
    page.get_by_role("link", name="Actions en retard", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("en retard ?")
    page.locator(".sector-map a[data-code='19']").first.click()
    expect(page.locator("#lieu")).to_have_value("19")
    counted = page.locator(".figures .figure").nth(1).locator("b").inner_text()
    page.get_by_role("link", name="Ouvrir ces lignes").click()
    expect(page.locator("nav.tabs a[aria-current] .num")).to_have_text(counted)
    assert "photographié le" in said(page)
    first = page.locator("main tbody th a").first
    title = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.faults == []


def test_an_alert_is_raised_treated_and_verified_by_the_figure_itself(visit, house, parvis):
    page = visit("directrice", "/pilotage/alertes/")
    page.select_option("#indicator", "roadmaps.new-actions")
    page.fill("#sentence", SEEN)
    page.click("text=Lever l’alerte")
    expect(page.locator(".standfirst")).to_contain_text(SEEN)
    address = page.url
    page.click("text=Je la prends en charge")
    expect(page.get_by_role("status")).to_contain_text("L’alerte est à vous.")
    page.fill("#plan", "Revoir le calendrier de saisie avec les mairies")
    page.select_option("#who", index=1)
    page.fill("#due_on", (TODAY + timedelta(days=10)).isoformat())
    page.click("text=Inscrire l’action")
    expect(page.get_by_role("status")).to_contain_text("L’action est inscrite.")
    page.click("text=La dire traitée")
    page.fill("#reason", "Le calendrier est revu et partagé.")
    page.get_by_role("button", name="Dire traitée").click()
    assert "traitée, à vérifier" in said(page)

    assert parvis("manage", "shell", "-v", "0", "-c", NEXT_NIGHT).returncode == 0
    page.goto(address)
    assert "vérifiée par le chiffre" in said(page)
    assert page.get_by_role("button", name="Dire traitée").count() == 0  # nobody marks it by hand


def test_a_review_is_frozen_decided_and_printed(visit):
    page = visit("directrice", "/pilotage/revues/")
    page.select_option("#kind", "yearly")
    page.fill("#period", TODAY.isoformat())
    page.fill("#planned_on", TODAY.isoformat())
    page.get_by_role("button", name="Préparer").click()
    page.get_by_role("button", name="Figer les chiffres").click()
    expect(page.get_by_role("status")).to_contain_text("Les chiffres sont figés.")
    page.fill("#d-title", "Publier le bilan de l’année")
    page.fill("#d-due", (TODAY + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Inscrire la décision").click()
    assert "Publier le bilan de l’année" in said(page)
    for label, opens in (("Dossier (PDF)", b"%PDF"), ("Chiffres (xlsx)", b"PK"), ("Présentation (pptx)", b"PK")):
        with page.expect_download() as download:
            page.get_by_role("link", name=label).click()
        assert download.value.path().read_bytes().startswith(opens)
