"""A mark says its word; a bar says its numbers; nothing relies on colour alone."""

import re

import pytest
from django.template import Context, Template

from parvis.domains.roadmaps.operationality import CRITERIA
from parvis.domains.roadmaps.status import LABELS, TONES, Status


def render(source: str, **context) -> str:
    return Template("{% load roadmaps_parts %}" + source).render(Context(context))


@pytest.mark.parametrize("status", Status)
def test_a_status_is_told_by_its_word_and_a_shape_of_its_own(status):
    shown = render("{% status_mark s %}", s=status.value)
    assert LABELS[status] in shown
    assert f"mark {TONES[status]}" in shown
    shapes = {re.search(r' d="([^"]+)"', render("{% status_mark s %}", s=s.value))[1] for s in Status}
    assert len(shapes) == len(Status)


@pytest.mark.parametrize(
    ("tag", "words"), [("status_mark ''", "non calculée"), ("confidence_mark ''", "non renseignée")]
)
def test_what_is_not_known_says_so(tag, words):
    assert words in render("{% " + tag + " %}")


def test_the_weather_is_told_in_words():
    assert "compromise" in render("{% confidence_mark 'stormy' %}")


def test_a_grade_says_how_many_and_what_is_missing():
    shown = render("{% grade_mark 6 missing %}", missing=["owner", "place"])
    assert "6 sur 8" in shown
    assert "il manque un responsable et un lieu" in shown
    assert shown.count("<rect") == len(CRITERIA)


def test_a_bar_says_its_numbers_and_fills_its_width():
    shown = render("{% status_bar counts 300 %}", counts={"late": 1, Status.ON_TIME: 2, "watch": 0})
    assert shown.count("<rect") == 2
    assert shown.count("1 en retard et 2 à l’heure") == 2  # once for the eye, once for the picture's name
    assert "style=" not in shown


def test_an_empty_bar_is_a_sentence():
    assert "Aucune action." in render("{% status_bar counts %}", counts={})
