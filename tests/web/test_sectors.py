"""The page of a sector gathers what every domain says of it, under the reader's own rights."""

from dataclasses import replace

import pytest
from django.test import Client

from parvis.kernel import faces
from parvis.kernel.faces import Face, House, Panel


@pytest.fixture
def with_panels(monkeypatch):
    def arrange(*panels: Panel) -> None:
        house = faces.house()
        bare = tuple(replace(face, panels=()) for face in house.faces)
        arranged = House((*bare, Face("essai", "Essai", panels=panels)))
        monkeypatch.setattr(faces, "house", lambda: arranged)

    return arrange


def page(code: str = "19", client: Client | None = None) -> str:
    answer = (client or Client()).get(f"/secteurs/{code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def panel(code: str, **said) -> Panel:
    template = said.pop("template", "web/charts/sparkline.html")
    return Panel(
        code, said.pop("title", code.capitalize()), template, lambda sector, person, today: said, said.pop("order", 50)
    )


def test_a_panel_lends_its_sentence_and_its_figures_to_the_top_of_the_page(db, with_panels):
    figures = [{"label": "Actions", "value": "62", "unit": "suivies"}]
    with_panels(panel("actions", standfirst="Le logement n’a aucune action ici.", figures=figures))
    html = page()
    assert '<p class="standfirst">Le logement n’a aucune action ici.</p>' in html
    assert html.index("62 <small>suivies</small>") < html.index("Habitants")


def test_the_panel_is_asked_for_the_sector_the_reader_and_the_day(db, with_panels, person):
    asked = []

    def context(sector, reader, today) -> dict:
        asked.append((sector.code, reader.pk, today))
        return {}

    with_panels(Panel("x", "X", "web/charts/sparkline.html", context))
    client, reader = Client(), person("auditor")
    client.force_login(reader)
    page("7", client)
    assert [(code, pk) for code, pk, _ in asked] == [("7", reader.pk)]


def test_a_panel_that_writes_nothing_is_left_out(db, with_panels):
    with_panels(panel("vide", title="Panneau vide", template="web/charts/line.html"))
    html = page()
    assert "Panneau vide" not in html
    assert "Aucun plan n’y est encore suivi." in html


def test_panels_stand_in_their_order_under_one_heading_each(db, with_panels):
    with_panels(panel("b", title="Second", order=60), panel("a", title="Premier", order=10))
    html = page()
    assert html.index(">Premier</h2>") < html.index(">Second</h2>")


def test_the_page_opens_with_at_most_four_figures(db, with_panels):
    with_panels(panel("n", figures=[{"label": f"F{n}", "value": str(n)} for n in range(9)]))
    assert page().count('<div class="figure">') == 4


def test_the_page_leads_to_the_map_narrowed_to_the_sector(db):
    assert 'href="/carte/?sector=19"' in page()


def test_every_visitor_may_open_every_sector_with_a_constant_number_of_queries(db, django_assert_max_num_queries):
    for code in ("centre", "5", "20"):
        with django_assert_max_num_queries(40):
            page(code)
