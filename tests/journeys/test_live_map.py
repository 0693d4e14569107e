"""The live map in a real browser: reached by keyboard, told in words, and not needed."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def live(visit):
    def open_map(query: str = "", who: str | None = None, viewport: str = "wide"):
        page = visit(who, f"/carte/{query}", viewport)
        page.wait_for_selector(".is-live", timeout=15_000)
        return page

    return open_map


def test_the_live_map_takes_the_place_of_the_drawn_one_and_asks_no_other_host(visit, house):
    page = visit(None, "/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{house}/carte/")
    page.wait_for_selector(".is-live", timeout=15_000)
    assert not page.locator(".sector-map > svg").is_visible()
    assert page.locator(".atlas-map canvas").is_visible()
    assert {url for url in asked if not url.startswith((house, "blob:", "data:"))} == set()
    assert page.faults == []


def test_each_sector_is_a_link_that_the_keyboard_reaches_in_the_order_of_the_town_halls(live):
    page = live()
    labels = page.locator(".sector-label")
    assert labels.count() == 17
    labels.first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/secteurs/5/"
    assert "5e arrondissement" in page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_a_row_shows_itself_on_the_map_and_escape_gives_the_focus_back(live):
    page = live()
    button = page.locator("[data-show]:visible").first
    code = button.get_attribute("data-show")
    button.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".maplibregl-popup")
    popup.wait_for()
    assert popup.locator("a").first.get_attribute("href").endswith(f"/{code}/")
    assert popup.locator(".mark svg").count() == 1
    assert popup.locator(".mark").inner_text().strip()
    assert page.evaluate("document.activeElement.closest('.maplibregl-popup') !== null")
    page.keyboard.press("Escape")
    assert popup.count() == 0
    assert page.evaluate("document.activeElement.dataset.show") == code


def test_a_cluster_is_a_button_that_says_how_many_and_opens(live):
    page = live()
    cluster = page.locator("button.cluster").first
    cluster.wait_for()
    assert "actions ici" in cluster.get_attribute("aria-label")
    before = cluster.get_attribute("aria-label")
    cluster.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=before, exact=True)).to_have_count(0)


def test_the_map_opens_on_the_sector_asked(live):
    page = live("?sector=19")
    assert page.locator("#filtre-sector").input_value() == "19"
    assert "19" in page.locator(".sectors .is-here").inner_text()


def test_without_script_the_drawn_map_the_filters_and_the_table_do_the_work(chromium, house):
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{house}/carte/")
    assert page.locator(".sector-map > svg a").count() == 17
    assert page.locator(".sector-map > svg").is_visible()
    assert page.locator("table.places tbody tr").count() > 0
    assert not page.locator("[data-show]").first.is_visible()
    page.select_option("#filtre-sector", "19")
    page.click("form.filters button >> nth=0")
    assert "sector=19" in page.url
    context.close()


def test_where_the_layer_does_not_answer_the_drawing_stays_and_says_so(visit, house):
    page = visit(None, "/")
    page.route("**/couches/*", lambda route: route.fulfill(status=503, body="away"))
    page.goto(f"{house}/carte/")
    expect(page.locator("[data-atlas-says]")).not_to_be_empty()
    assert page.locator(".sector-map > svg").is_visible()
    assert not page.locator(".atlas-map").is_visible()


@pytest.mark.parametrize("viewport", ["wide", "narrow"])
def test_the_live_map_passes_axe_and_does_not_scroll_the_page_sideways(live, viewport):
    from axe_playwright_python.sync_playwright import Axe

    page = live(viewport=viewport)
    page.locator("button.cluster").first.wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
