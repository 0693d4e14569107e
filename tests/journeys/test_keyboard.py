"""The keyboard alone, no mouse: from the skip link to signing out, each stop with a focus that shows."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from parvis.kernel.calendar import PARIS

YEAR = datetime.now(PARIS).year
PASSWORD = "parvis-demonstration"
FAR = 150  # more stops than any page asks for
CALLED = """() => {
  const at = document.activeElement;
  const words = [at.ariaLabel, ...[...(at.labels || [])].map((label) => label.textContent), at.matches("select, input, main") ? "" : at.textContent];
  return words.filter(Boolean).join(" ").trim();
}"""
SHOWS = "() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"


def reach(page, name: str, kind: str = "*") -> None:
    """Press Tab until the focus stands on what is so called; there it must show."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate(CALLED).startswith(name) and page.evaluate("k => document.activeElement.matches(k)", kind):
            assert page.evaluate(SHOWS), f"the focus does not show on « {name} »"
            return
    pytest.fail(f"the keyboard does not reach « {name} »")


def press(page, name: str, kind: str = "*") -> None:
    reach(page, name, kind)
    page.keyboard.press("Enter")


def follow(page, name: str, kind: str = "*") -> None:
    """Reach what is so called, press Enter, and wait for the page that it opens."""
    reach(page, name, kind)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def test_the_first_stop_skips_to_the_content_and_sign_in_needs_no_mouse(visit):
    page = visit(None, "/compte/login/")
    page.keyboard.press("Tab")
    assert page.evaluate(CALLED) == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    reach(page, "Courriel", "input")
    page.keyboard.type("secteur19@demo.parvis.example")
    reach(page, "Mot de passe", "input")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def test_a_list_is_filtered_an_action_opened_and_a_milestone_reported(visit):
    page = visit("secteur19", "/")
    follow(page, "Feuilles de route", "nav a")
    follow(page, "Toutes les actions", "main a")
    reach(page, "Secteur", "select")
    page.keyboard.type("19e")
    press(page, "Filtrer", "button")
    page.wait_for_url("**sector=19**")
    page.wait_for_load_state("networkidle")
    follow(page, "", f"#resultats th a[href*='/19-{YEAR}-']")
    press(page, "Rapporter un jalon", "summary")
    reach(page, "Est-il tenu", "select")
    page.keyboard.type("oui")
    reach(page, "Tenu le", "input")
    page.keyboard.type(f"0101{YEAR}")  # the first of January reads the same in every order of day and month
    follow(page, "Rapporter", "button")
    expect(page.get_by_role("status")).to_be_visible()


def test_the_menu_closes_on_escape_gives_the_focus_back_and_signs_out(visit):
    page = visit("secteur19", "/", alone=True)
    press(page, "Hélène Vasseur", "summary")
    menu = page.locator("details.menu")
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate(CALLED).startswith("Hélène Vasseur")
    page.keyboard.press("Enter")
    follow(page, "Se déconnecter", "button")
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()


def test_what_the_map_shows_is_reached_through_its_filters_and_its_table(visit):
    page = visit(None, "/carte/")
    reach(page, "Secteur", "select")
    page.keyboard.type("19e")  # choosing with the keys does not leave the page: the button does
    follow(page, "Filtrer", "button")
    assert "sector=19" in page.url
    follow(page, "", "table.places th a")
    assert "/feuilles-de-route/actions/" in page.url
