"""The main job, in a browser, on real input: a real file becomes followed actions, and a roadmap is signed for good."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from parvis.kernel.calendar import PARIS

TODAY = datetime.now(PARIS).date()
WINNERS = ("participation", "paris-bp-winners-2014-2023.csv")
NAMED = "Une halle ouverte à tous"  # the title that the real file leaves empty, given by the person who corrects it
HELD_ROW = "243"
REASON = "Accord écrit du maire et de l’Exécutif, dans l’attente des dernières réponses."


@pytest.fixture
def winners_file(real_files):
    return real_files.joinpath(*WINNERS)


def said(page) -> str:
    """What the page says, its narrow and unbreakable spaces made plain."""
    return " ".join(page.locator("main").inner_text().split())


def test_the_real_file_of_winning_projects_is_tried_imported_corrected_and_found(visit, house, winners_file):
    page = visit("donnees", "/donnees/imports/contrats/roadmaps.winning-projects/")
    page.set_input_files("#fichier", winners_file)
    page.click("text=Essayer le fichier")
    expect(page.get_by_role("heading", name="Essai de")).to_be_visible()
    assert "1 214 lignes lues" in said(page)
    assert "677 408 707 €" in said(page)
    assert "rien n’est encore écrit" in said(page)

    page.click("text=Importer pour de bon")
    expect(page.get_by_role("status")).to_contain_text("Le fichier est importé.")
    assert "1 214 lignes lues : 1 209 acceptées, 5 en quarantaine." in said(page)

    page.click(f"text=Corriger la ligne {HELD_ROW}")
    page.get_by_label("Titre du projet lauréat").fill(NAMED)
    page.click("text=Vérifier et accepter")
    expect(page.get_by_role("status")).to_contain_text(f"La ligne {HELD_ROW} est acceptée.")
    assert "4 lignes en attente." in said(page)

    page.goto(f"{house}/feuilles-de-route/actions/?q={NAMED}")
    page.locator("#resultats th").get_by_role("link", name=NAMED).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAMED)
    assert "600 000 €" in said(page)

    page.goto(f"{house}/carte/?q={NAMED}")
    expect(page.locator("table.places").get_by_role("link", name=NAMED)).to_be_visible()
    assert page.locator(".sectors tr", has_text="10e").inner_text().split() == [
        "10e",
        "0",
        "1",
        "1",
    ]  # no point is invented


def test_a_finalised_roadmap_is_let_through_its_gates_signed_by_all_and_frozen(visit):
    signing = f"/feuilles-de-route/plans/fdr-{TODAY.year}-8/signer/"
    _note_the_councils_opinion(visit("pilote", signing))
    _pass_what_stands_in_the_way(visit("pilote", signing))
    for who, party in (("mairie8", "le maire"), ("secteur8", "l’administration"), ("directrice", "l’Exécutif")):
        _sign(visit(who, signing), party)
    page = visit(None, f"/feuilles-de-route/plans/fdr-{TODAY.year}-8/versions/")
    assert REASON in said(page)  # for ever, and for everybody
    page.get_by_role("link", name="Version 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui a été signé, mot pour mot")
    assert "contenu intact" in said(page)
    fingerprint = page.locator(".sealed").inner_text().split()[-1]
    assert len(bytes.fromhex(fingerprint)) == 32


def _note_the_councils_opinion(page) -> None:
    page.fill("#asked_on", (TODAY - timedelta(days=30)).isoformat())
    page.click("text=Noter ces dates")
    expect(page.get_by_role("status")).to_contain_text("sont notées")


def _pass_what_stands_in_the_way(page) -> None:
    """Each gate that may be passed asks for a written reason, kept for ever."""
    gates = page.locator("details", has=page.locator("summary", has_text="Passer outre, avec un motif écrit"))
    while gates.count():
        gate = gates.first
        gate.locator("summary").click()
        gate.locator("textarea").fill(REASON)
        gate.get_by_role("button", name="Passer outre").click()
        expect(page.get_by_role("status")).to_contain_text("Votre motif reste inscrit")


def _sign(page, party: str) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    act = page.get_by_label("Référence de l’acte signé par l’Exécutif")
    if act.count():
        act.fill("2026 DDCT 8")
    page.get_by_role("button", name=f"Signer pour {party}").click()
    expect(page.get_by_role("status")).to_be_visible()
