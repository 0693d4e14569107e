"""The page of an indicator answers its question from its cells; the list and the files hold the same figures."""

from datetime import date
from io import BytesIO

import ibis
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.domains.steering.invented_files import a_file, amounts, settle_in

from parvis.domains.steering import plots, sentences, wording
from parvis.domains.steering.actions import measuring
from parvis.domains.steering.exports import indicators_book
from parvis.domains.steering.queries import indicator_page
from parvis.domains.steering.sentences import Facts
from parvis.kernel import faces
from parvis.kernel.indicators.indicator import Target, Thresholds
from parvis.kernel.lake import snapshots

OCTOBER, SEPTEMBER, TODAY = date(2026, 10, 1), date(2026, 9, 1), date(2026, 11, 24)
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})


def plain(text: str) -> str:
    return text.translate(SPACES)


def said(**facts) -> str:
    known = {"unit": "%", "rhythm": "month", "better": "up", "period": OCTOBER}
    return plain(sentences.of_indicator(Facts(**known | facts)))


# The sentence


def test_the_sentence_says_the_value_its_change_and_its_target():
    assert said(
        value=62.4, previous=65.5, numerator=311, denominator=498, target=85, target_on=date(2026, 12, 31)
    ) == (
        "En octobre 2026, 62,4 % (311 sur 498) ; 3,1 points de moins qu’en septembre 2026 ; "
        "la cible est 85 % au 31 décembre 2026."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"value": 12, "previous": 10, "unit": "jours", "better": "down"}, "En octobre 2026, 12 jours ; 2 jours de plus qu’en septembre 2026."),
        ({"value": 1, "previous": 2, "unit": "jours"}, "En octobre 2026, 1 jour ; 1 jour de moins qu’en septembre 2026."),
        ({"value": 50, "previous": 50}, "En octobre 2026, 50 % ; autant qu’en septembre 2026."),
        ({"value": 7, "unit": "sur 8", "previous": 6.5}, "En octobre 2026, 7 sur 8 ; 0,5 point de plus qu’en septembre 2026."),
        ({"value": 3, "period": date(2026, 1, 1)}, "En janvier 2026, 3 %."),
        ({"value": 3, "previous": 1, "period": date(2026, 1, 1)}, "En janvier 2026, 3 % ; 2 points de plus qu’en décembre 2025."),
        ({"value": 3, "previous": 1, "rhythm": "quarter"}, "Au 4e trimestre 2026, 3 % ; 2 points de plus qu’au 3e trimestre 2026."),
        ({"value": 3, "previous": 1, "rhythm": "year", "period": date(2026, 1, 1)}, "En 2026, 3 % ; 2 points de plus qu’en 2025."),
        ({"value": 3, "where": "dans le 19e arrondissement"}, "En octobre 2026, dans le 19e arrondissement, 3 %."),
        ({"value": None}, "En octobre 2026, rien à mesurer."),
        ({"value": 90, "target": 85, "target_on": date(2026, 6, 1)}, "En octobre 2026, 90 % ; la cible est 85 % au 1er juin 2026, elle est atteinte."),
        ({"value": 90, "target": 85, "target_on": date(2026, 6, 1), "better": "down"}, "En octobre 2026, 90 % ; la cible est 85 % au 1er juin 2026."),
        ({"period": None, "note": "Aucune photographie."}, "Aucune photographie."),
        ({"period": None}, "Aucune mesure n’existe encore."),
        ({"value": 1234567.0, "unit": "€", "previous": 1000000.0}, "En octobre 2026, 1,2 M€ ; 234,6 k€ de plus qu’en septembre 2026."),
    ],
)  # fmt: skip
def test_the_sentence_is_right_in_both_directions_and_without_a_figure(facts, expected):
    assert said(**facts) == expected


def test_the_sentence_of_a_hidden_cell_gives_no_figure():
    told = said(is_hidden=True, value=3, previous=9)
    assert "n’est pas montré" in told and not any(figure in told for figure in "0123456789")


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_change_is_never_told_in_the_wrong_direction(value, before):
    told = sentences.change(value, before, "%")
    assert told == "autant" or told.endswith("plus" if value > before else "moins")


def test_a_tree_without_any_measure_says_so_and_counts_nothing_twice():
    assert plain(sentences.of_tree({"unmeasured": 15})) == "Aucun des 15 objectifs n’a de mesure connue ce jour-là."
    assert plain(sentences.of_tree({"bad": 1, "good": 2, "unmeasured": 12})) == (
        "Sur 15 objectifs, 1 est en alerte, 2 sont conformes à leurs seuils et 12 n’ont pas encore de mesure."
    )


# Drawings


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40))
def test_the_marks_of_an_axis_go_around_every_value_and_are_few(values):
    marks = plots.round_marks(values)
    slack = 1e-6 * max(1.0, *map(abs, values))
    assert marks[0] <= min(values) + slack and max(values) - slack <= marks[-1] and 2 <= len(marks) <= 8
    assert marks == sorted(marks)


def test_a_missing_period_is_a_gap_in_the_line_and_no_point():
    plot = plots.history([("a", 1.0), ("b", 2.0), ("c", None), ("d", 3.0), ("e", 4.0)], "%")
    assert len(plot.curves) == 2 and len(plot.points) == 4


def test_nothing_known_is_nothing_drawn():
    assert plots.history([("a", None)], "%") is None


# The page


@pytest.fixture(autouse=True)
def own_lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"


def _urgent(tables):
    files = tables["test.files"]
    return files.select(
        subject=files.code, at=files.opened_on, place=files.sector, value=files.is_urgent, team=files.team, left_out=ibis.null("string"),
    )  # fmt: skip


def urgent(**more):
    return amounts(**{
        "code": "test.urgent", "title": "Urgences", "question": "Combien d’urgences ?", "unit": "%", "better": "down",
        "aggregation": "share", "facts": _urgent, "scale": 1, "dimension_labels": {"team": "service"},
        "thresholds": Thresholds(watch=20, alert=60), "targets": (Target(date(2026, 12, 31), 10.0),),
    } | more)  # fmt: skip


def files():
    """Ten files a month in each of four sectors; the 19th is urgent far more often."""
    often = {"19": 10, "20": 2, "18": 2, "5": 3}
    return [
        a_file(f"{month.month}-{sector}-{n}", sector, month, is_urgent=n < (often[sector] if month == OCTOBER else 1), team="DVD" if n % 2 else "DPE")
        for month in (date(2025, 10, 1), SEPTEMBER, OCTOBER) for sector in often for n in range(10)
    ]  # fmt: skip


@pytest.fixture
def measured(db, monkeypatch, now):
    dataset = settle_in(monkeypatch, files(), urgent(), amounts(is_public=True))
    snapshots.take(dataset, by=None, at=now)
    return measuring.measure_all(by=None, at=now)


def opened(code="test.urgent", **asked):
    return indicator_page.page(faces.house().indicators[code], TODAY, **asked)


def test_the_page_shows_the_last_complete_period_with_what_it_counts(measured):
    page = opened()
    assert (page.period, page.value, page.cell["numerator"], page.cell["denominator"]) == (OCTOBER, 42.5, 17, 40)
    assert page.previous["value"] == 10 and page.year_before["value"] == 10 and page.year_gap == 32.5
    assert plain(page.sentence).startswith(
        "En octobre 2026, 42,5 % (17 sur 40) ; 32,5 points de plus qu’en septembre 2026"
    )


def test_a_period_and_a_place_are_chosen_by_the_address_and_an_unknown_one_is_ignored(measured):
    page = opened(period=SEPTEMBER, place="19")
    assert (page.period, page.value, page.place) == (SEPTEMBER, 10, "19")
    assert "dans le 19e arrondissement" in page.sentence
    assert opened(period=date(2001, 1, 1), place="99").period == OCTOBER


def test_a_sector_is_set_against_the_median_of_the_others_and_against_chance(measured):
    rows = {row.sector.code: row for row in opened().rows}
    assert rows["19"].line.gap == 80 and rows["19"].line.verdict == "far-above" and rows["19"].tone == "bad"
    assert rows["5"].line.verdict == "ordinary" and rows["7"].cell is None
    assert opened().comparison_sentence.endswith("s’écarte plus que le hasard ne l’explique\u00a0: 19e arrondissement.")


def test_a_count_is_compared_per_inhabitant_when_the_indicator_says_so(measured, monkeypatch, now):
    counted = amounts(code="test.count", aggregation="count", unit="dossiers", scale=1, per_inhabitant=True)
    dataset = settle_in(monkeypatch, files(), counted)
    snapshots.take(dataset, by=None, at=now)
    measuring.measure_all(by=None, at=now)
    page = opened("test.count")
    assert plain(page.compared_unit) == "dossiers pour 1 000 habitants"
    row = next(row for row in page.rows if row.sector.code == "5")
    assert row.line.place.value == pytest.approx(10 * 1000 / 55252) and row.line.place.size == 55252
    assert row.line.verdict != "unknown"


def test_the_members_of_a_dimension_are_shown_at_the_same_period_and_place(measured):
    ((_, label, rows),) = opened(place="19").dimensions
    assert label == "service" and {row["member"]: row["counted"] for row in rows} == {"DVD": 5, "DPE": 5}


def test_the_lineage_names_the_photographs_and_the_earlier_figures(measured, now):
    (source,) = opened().sources
    assert source.title == "Dossiers d’essai" and source.snapshot.row_count == 120
    again = measuring.measure_all(by=None, at=now, as_of=date(2026, 11, 20))
    assert [held.evaluation_id for held in indicator_page.earlier("test.urgent", measured)] == [again.pk]


def test_a_past_day_shows_what_was_known_then(measured):
    page = opened(as_of=date(2026, 1, 1))
    assert page.is_past and page.period is None and page.sentence == "Aucune mesure n’existe encore."


def test_a_small_number_of_people_is_shown_nowhere(db, monkeypatch, now, person):
    dataset = settle_in(monkeypatch, files(), urgent(counts_people=True))
    snapshots.take(dataset, by=None, at=now)
    measuring.measure_all(by=None, at=now)
    page = opened(place="20")
    assert page.cell["hidden"] and page.value is None
    assert "n’est pas montré" in page.sentence
    shown = read(person("auditor"), "/pilotage/indicateurs/test.urgent/?lieu=20")
    assert "masqué" in shown and "2 sur 10" not in plain(shown)
    hidden = [
        line for line in indicators_book.page_delimited(page).decode("utf-8-sig").splitlines() if line.endswith(";oui")
    ]
    assert hidden and all(line.split(";")[5:10] == [""] * 5 for line in hidden)


def test_every_number_leads_to_its_rows_for_whoever_works_here(measured, person):
    page = read(person("auditor"), "/pilotage/indicateurs/test.urgent/")
    assert "/pilotage/indicateurs/test.urgent/lignes/?periode=2026-10-01&amp;lieu=19" in page
    assert "nettement au-dessus de ce que le hasard explique (99,8" in page
    assert "lignes/" not in read(None, "/pilotage/indicateurs/test.amounts/")


def test_a_visitor_reads_what_is_published_and_is_asked_to_sign_in_for_the_rest(measured):
    browser = Client()
    assert browser.get("/pilotage/indicateurs/test.amounts/").status_code == 200
    answer = browser.get("/pilotage/indicateurs/test.urgent/?lieu=19")
    assert answer.status_code == 302 and "lieu%3D19" in answer["Location"]
    assert browser.get("/pilotage/indicateurs/test.urgent/chiffres.csv").status_code == 302
    assert browser.get("/pilotage/indicateurs/nowhere/").status_code == 404


def test_an_indicator_without_facts_says_why(db, monkeypatch, now, person):
    settle_in(monkeypatch, [], urgent())
    measuring.measure_all(by=None, at=now)
    assert "Aucune photographie" in read(person("auditor"), "/pilotage/indicateurs/test.urgent/")


# The list and the files


def test_the_list_is_narrowed_and_sorted_by_its_address(measured, person):
    reader = person("auditor")
    assert "2 indicateurs" in plain(read(reader, "/pilotage/indicateurs/"))
    assert "1 indicateur sur 2 : 1 à surveiller." in plain(read(reader, "/pilotage/indicateurs/?etat=watch"))
    assert "1 indicateur sur 2" in plain(read(reader, "/pilotage/indicateurs/?q=URGENCES"))
    assert "Aucun indicateur ne répond" in read(reader, "/pilotage/indicateurs/?objectif=D3")
    page = read(reader, "/pilotage/indicateurs/?tri=-titre")
    assert page.index("indicateurs/test.urgent/") < page.index("indicateurs/test.amounts/")


def test_the_list_of_a_visitor_holds_what_is_published(measured):
    assert "1 indicateur " in plain(read(None, "/pilotage/indicateurs/")).replace(".", " ").replace(":", " ")


def test_the_files_hold_the_figures_of_the_page_with_their_lineage(measured, person):
    browser = signed_in(person("auditor"))
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get("/pilotage/indicateurs.xlsx").content))
    head, *rows = book.get_sheet_by_name("Chiffres").to_python()
    row = dict(zip(head, next(r for r in rows if "test.urgent" in r), strict=False))
    assert (row["Valeur"], row["Numérateur"], row["Dénominateur"], row["Cible"]) == (42.5, 17, 40, 10)
    held = measured.measurements.get(indicator="test.urgent")
    assert row["Empreinte de la définition"] == held.fingerprint
    assert held.snapshots["test.files"][1] in row["Photographies"]
    one = CalamineWorkbook.from_filelike(
        BytesIO(browser.get("/pilotage/indicateurs/test.urgent/chiffres.xlsx").content)
    )
    assert one.sheet_names == ["Valeurs", "Secteurs", "À propos"]
    lines = browser.get("/pilotage/indicateurs/test.urgent/chiffres.csv").content.decode("utf-8-sig").splitlines()
    assert "01/10/2026;ensemble;;;;42,5;17,0;40,0;40;0;" in lines
    assert browser.get("/pilotage/indicateurs.pdf").status_code == 404


def test_a_figure_never_leaves_its_unit():
    assert plain(wording.figure(62.44, "%")) == "62,4 %" and plain(wording.figure(1, "actions")) == "1 action"
    assert plain(wording.gap(-1.5, "sur 8")) == "−1,5 point" and wording.gap(0, "%").startswith("0")


def signed_in(person) -> Client:
    browser = Client()
    if person:
        browser.force_login(person)
    return browser


def read(person, address) -> str:
    answer = signed_in(person).get(address)
    assert answer.status_code == 200
    return answer.content.decode()
