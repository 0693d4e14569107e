"""What every template and every answer must be: our own, without inline code, under a strict policy."""

import re

import pytest

from .tree import SOURCE, relative, templates

PARTIALS = re.compile(
    r"^\s*(\{%\s*(load|extends|comment|include|with|if|for|trans|blocktrans)|<(?!html|!doctype))", re.I
)
STANDALONE = {"web/away.html", "web/broken.html"}  # shown when nothing else can be: they ask the database nothing
OURS = [*templates(), *SOURCE.rglob("static/web/*"), *SOURCE.rglob("domains/*/static/**/*.*")]
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son(click|change|submit|load|input|error|focus|blur|key\w+|mouse\w+)\s*=|javascript:", re.I
)
SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.I)
OUTSIDE = re.compile(
    r"""(?:src|href|action|url\(|@import|fetch\()\s*=?\s*["'(]?\s*(?:https?:)?//(?!www\.w3\.org)""", re.I
)
MAIL = "templates/web/mail/"  # an e-mail has no style sheet of ours to link to


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_a_template_carries_no_inline_code(path):
    text = path.read_text()
    if MAIL in path.as_posix():
        return
    assert not INLINE.search(text)
    assert not SCRIPT.search(text)


@pytest.mark.parametrize("path", OURS, ids=relative)
def test_nothing_of_ours_asks_an_outside_host(path):
    if path.suffix in (".html", ".css", ".js", ".svg"):
        assert not OUTSIDE.search(path.read_text())


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_a_template_extends_the_house_or_is_a_part_of_a_page(path):
    text, name = path.read_text(), path.as_posix().split("/templates/")[1]
    if name == "web/base.html" or name in STANDALONE or name.startswith("web/mail/"):
        return
    extends = re.match(r'\{%\s*extends\s+"([^"]+)"', text)
    assert extends or ("<html" not in text and "<body" not in text)


@pytest.mark.parametrize("path", templates(), ids=relative)
def test_a_page_has_one_title_and_one_first_heading(path):
    text = path.read_text()
    if (
        re.match(r'\{%\s*extends\s+"(web/base|account/entrance)', text)
        and "account/entrance.html" not in path.as_posix()
    ):
        assert "{% block title %}" in text
        assert len(re.findall(r"<h1\b", text)) + len(re.findall(r"{% block heading %}", text)) >= 1


def test_french_sentences_use_the_typographic_apostrophe():
    straight = re.compile(r"{%\s*trans \"[^\"]*\w'\w")
    assert [relative(p) for p in templates() if straight.search(p.read_text())] == []
