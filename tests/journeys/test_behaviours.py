"""The page's own behaviours, in a real browser: a form sent once, a wait that is said, a proposal taken and not sent."""

from pathlib import Path

import pytest

import parvis.web

SCRIPT = Path(parvis.web.__file__).parent / "static" / "web" / "parvis.js"
PAGE = """<!doctype html><meta charset="utf-8"><body><form method="post" action="/ecrire"><label>Titre<input id="titre" name="t"></label>
<button type="button" hidden data-fill="titre" value="Une fontaine">Reprendre</button><button id="envoyer">Envoyer</button>
<p role="status" data-waiting="Lecture du fichier…"></p></form><script src="/parvis.js"></script></body>"""

CLICKS = """() => {
  let left = 0;
  window.addEventListener("submit", (event) => { left += event.defaultPrevented ? 0 : 1; });
  for (let n = 0; n < 3; n += 1) document.getElementById("envoyer").click();
  return [left, document.querySelector("[data-waiting]").textContent];
}"""


@pytest.fixture
def opened(chromium):
    """opened(scripts) → the page; page.sent lists what was posted, never answered."""
    contexts = []

    def open_page(*, scripts=True):
        context = chromium.new_context(java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.sent = []
        page.route("**/parvis.js", lambda route: route.fulfill(path=SCRIPT, content_type="text/javascript"))
        page.route("**/ecrire", lambda route: page.sent.append(route.request.post_data))
        page.route(
            "http://house.test/", lambda route: route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")
        )
        page.goto("http://house.test/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_form_clicked_three_times_is_sent_once_and_says_that_it_is_waiting(opened):
    page = opened()
    assert page.get_by_role("status").inner_text() == ""
    assert page.evaluate(CLICKS) == [1, "Lecture du fichier…"]


def test_a_proposal_fills_its_field_and_nothing_is_sent(opened):
    page = opened()
    page.get_by_role("button", name="Reprendre").click()
    assert page.input_value("#titre") == "Une fontaine"
    assert page.evaluate("document.activeElement.id") == "titre"
    assert page.sent == []


def test_without_script_no_button_promises_what_it_cannot_do(opened):
    assert not opened(scripts=False).get_by_text("Reprendre").is_visible()
