"""Every chart is a server-side SVG with its numbers in words, one scale, and no inline style."""

import re

import pytest
from django.template import Context, Engine, Template
from django.test import Client
from django.urls import reverse

from parvis.web.scales import figure, frame_for, scale_of

SECTORS = ["centre", *map(str, range(5, 21))]


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


def picture(html: str) -> str:
    return html.split("<details")[0]


@pytest.fixture
def values() -> dict:
    return {code: 40 + 3 * rank for rank, code in enumerate(SECTORS)}


def test_the_map_draws_seventeen_links_each_naming_its_sector_and_value(db, values):
    html = render('{% sector_map values unit="%" %}', values=values)
    labels = re.findall(r'<a href="(/secteurs/[^"]+/)"[^>]* aria-label="([^"]+)"', picture(html))
    assert len(labels) == 17
    assert ("/secteurs/19/", "19e arrondissement : 85\u202f%") in labels


def test_the_map_says_the_same_in_a_table_row_by_row(db, values):
    html = render('{% sector_map values unit="%" title="Actions" %}', values=values)
    table = html.split("<table>")[1]
    assert table.count("<tr>") == 18
    assert all(figure(value, "%") in table for value in values.values())


def test_without_loaded_boundaries_the_map_says_schema(db):
    assert "schéma" in render("{% sector_map %}")


def test_a_sector_without_a_measure_is_said_to_have_none_and_is_not_zero(db, values):
    html = render('{% sector_map values unit="%" %}', values=values | {"8": None})
    assert "8e arrondissement : pas de mesure" in html
    assert 'class="area m-0"' in html
    assert html.count("m-0") == 2  # the sector and its legend


def test_the_highlighted_sector_is_outlined_and_announced(db, values):
    html = render('{% sector_map values highlight="19" %}', values=values)
    assert html.count('aria-current="true"') == 1
    assert html.count('class="here"') == 1


def test_a_long_unit_is_said_in_the_table_and_not_squeezed_into_each_sector(db):
    html = render('{% sector_map values unit="actions" %}', values={"19": 12})
    assert ">12</tspan>" in html
    assert "19e arrondissement : 12\u00a0actions" in html


def test_no_chart_carries_an_inline_style_or_script(db, values):
    html = render(
        '{% sector_map values %}{% sparkline points target=3 %}{% multiples series %}{% stacked_bar parts legend=True %}',
        values=values, points=[1, 2, None, 4], series={"19": [1, 2]}, parts=[("good", 3, "à l’heure")],
    )  # fmt: skip
    assert "style=" not in html
    assert "<script" not in html
    assert not re.search(r"\son\w+=", html)


def test_numbers_in_attributes_are_never_localised(db):
    html = render("{% sparkline points target=2.5 %}", points=[1.5, 2.25, 1234.5])
    assert re.search(r'y1="[\d.]+"', html)
    assert all(re.fullmatch(r"[\d., ]+", p) for p in re.findall(r'points="([^"]+)"', html))


def test_a_sparkline_says_every_value_and_its_target():
    html = render('{% sparkline points target=85 unit="%" label="Signées" %}', points=[48, None, 71])
    assert 'aria-label="Signées : 48\u202f%, pas de mesure, 71\u202f% ; cible 85\u202f%"' in html


def test_a_gap_in_the_measures_is_a_gap_in_the_line():
    assert render("{% sparkline points %}", points=[1, 2, None, 4, 5]).count("<polyline") == 2


def test_a_sparkline_of_nothing_draws_nothing_and_says_so():
    html = render("{% sparkline points %}", points=[])
    assert "aucune mesure" in html
    assert "<circle" not in html


def test_small_multiples_share_one_scale_and_show_the_target_in_each(db):
    html = render('{% multiples series target=50 unit="%" %}', series={"5": [0, 100], "19": [40, 60]})
    assert html.count('class="target"') == 17
    lines = re.findall(r'points="([^"]+)"', html)
    heights = [[float(p.split(",")[1]) for p in line.split()] for line in lines]
    assert max(heights[0]) > max(heights[1])  # 0 stands lower than 40
    assert min(heights[0]) < min(heights[1])


def test_a_stacked_bar_is_as_wide_as_its_whole_and_names_each_part():
    html = render(
        '{% stacked_bar parts unit="actions" legend=True width=100 %}',
        parts=[("good", 6, "à l’heure"), ("watch", 0, "à surveiller"), ("bad", 2, "en retard")],
    )
    assert [float(w) for w in re.findall(r'tone-\w+" x="[\d.]+" width="([\d.]+)"', html)] == [75.0, 25.0]
    assert "8\u00a0actions, dont 6 à l’heure, 2 en retard" in html
    assert html.count('class="mark') == 3


def test_a_stacked_bar_of_nothing_divides_by_nothing():
    assert "0\u00a0actions" in render('{% stacked_bar parts unit="actions" %}', parts=[])


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([48, 94], ["48–57", "58–66", "67–76", "77–85", "86–94"]),
        ([0, 3], ["0", "1", "2", "3"]),
        ([7, 7], ["7"]),
        ([0.5, 0.5], ["0,5"]),
        ([0.0, 2.5], ["0–0,5", "0,5–1", "1–1,5", "1,5–2", "2–2,5"]),
    ],
)
def test_the_legend_has_at_most_five_steps_that_never_overlap_for_whole_numbers(numbers, words):
    assert [step.words() for step in scale_of(numbers).steps()] == words


@pytest.mark.parametrize("numbers", [[48, 94], [0, 3], [1, 11], [0, 100], [3, 1000], [5, 9]])
def test_every_whole_value_falls_in_the_step_whose_words_contain_it(numbers):
    scale = scale_of(numbers)
    for value in range(numbers[0], numbers[1] + 1):
        step = next(s for s in scale.steps() if s.rank == scale.rank_of(value))
        assert step.low <= value <= step.high


def test_counts_are_measured_from_zero_so_that_twelve_is_not_nothing_beside_twenty_one():
    assert scale_of([12, 21]).rank_of(12) == 1
    assert scale_of([12, 21], from_zero=True).rank_of(12) == 3
    assert scale_of([12, 21], from_zero=True).steps()[0].low == 0


def test_a_scale_of_nothing_is_none():
    assert scale_of([None, None]) is None


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "%", "—"),
        (71, "%", "71\u202f%"),
        (1234567, "€", "1\u202f234\u202f567\u00a0€"),
        (7.84, "", "7,8"),
        (-3, "", "−3"),
    ],
)
def test_figures_are_written_in_french_with_their_unit(value, unit, words):
    assert figure(value, unit) == words


def test_a_frame_keeps_the_target_in_sight():
    frame = frame_for([[1, 2]], 100, 40, target=10)
    assert 0 <= frame.y(10) < frame.y(2)


def test_the_chart_tags_are_at_hand_in_every_template():
    assert "parvis.web.templatetags.charts" in Engine.get_default().builtins


def test_the_list_of_sectors_and_each_sector_page_open_on_the_map(db):
    assert Client().get(reverse("web:sectors")).content.decode().count('<a href="/secteurs/') >= 34
    for code in SECTORS:
        page = Client().get(reverse("web:sector", args=[code]))
        assert page.status_code == 200
        assert page.content.decode().count('aria-current="true"') == 1


def test_a_sector_that_does_not_exist_is_not_found(db):
    assert Client().get("/secteurs/21/").status_code == 404


def test_the_sector_page_leads_to_the_one_before_and_the_one_after(db):
    html = Client().get("/secteurs/5/").content.decode()
    assert 'rel="prev" href="/secteurs/centre/"' in html
    assert 'rel="next" href="/secteurs/6/"' in html
    assert 'rel="prev"' not in Client().get("/secteurs/centre/").content.decode()
    assert 'rel="next"' not in Client().get("/secteurs/20/").content.decode()
