"""What a cell says, in French habits."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.kernel.contracts import casting
from parvis.kernel.contracts.contract import Field
from parvis.kernel.contracts.rows import Month, Row

MONEY = Field("a", "number", "Montant", is_money=True)


def read(cell, **described):
    described.setdefault("type", "string")
    row = Row(7, {"a": cell})
    casting.cast(row, [Field("a", label="Montant", **described)])
    return row.values["a"], [(i.rule, i.severity, i.proposal) for i in row.issues]


def cents(cell):
    return read(cell, type="number", is_money=True)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1 234,50 €", 123450), ("1\u202f234,50", 123450), ("1\u00a0234", 123400), ("1.234,56", 123456), ("1,234.56", 123456),
        ("12,5", 1250), ("0.07", 7), ("-3,20", -320), ("1500000", 150000000), (1234.5, 123450), (0.1 + 0.2, 30), (7, 700),
        ("1 234 567,89 EUR", 123456789), ("− 5", -500), ("1'234,50", 123450), ("12.345.678", 1234567800),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_french_people_write_it(cell, expected):
    assert cents(cell)[0] == expected


@pytest.mark.parametrize(
    ("cell", "rule", "proposal"),
    [
        ("1,234", "ambiguous-number", "1234"), ("1.234", "ambiguous-number", "1234"), ("1,5 M€", "abbreviated-number", "1500000"),
        ("80 k€", "abbreviated-number", "80000"), ("environ 300", "number", ""), ("#N/A", "number", ""), ("1e400", "number", ""),
        (float("nan"), "number", ""), (True, "number", ""), ("9" * 40, "too-large", ""),
    ],
)  # fmt: skip
def test_an_ambiguous_amount_is_never_guessed(cell, rule, proposal):
    value, issues = cents(cell)
    assert value is None
    assert issues == [(rule, "error", proposal)]


def test_an_amount_with_more_than_two_decimals_is_rounded_and_said():
    assert cents("10,1299") == (1013, [("rounded", "warning", "10.13")])


@given(st.integers(-(10**12), 10**12))
def test_every_amount_survives_being_written_and_read(value):
    sign, (whole, rest) = ("-" if value < 0 else ""), divmod(abs(value), 100)
    grouped = f"{whole:,}".replace(",", "\u202f")
    assert cents(f"{sign}{whole},{rest:02d}")[0] == value
    assert cents(f"{sign}{grouped},{rest:02d} €")[0] == value
    assert cents(value / 100)[0] == value


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_day_survives_the_three_ways_to_write_it(day):
    for cell in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day.day}/{day.month}/{day.year}",
        datetime(day.year, day.month, day.day),  # noqa: DTZ001
    ):
        assert read(cell, type="date") == (day, [])


@given(st.integers(1900, 2200), st.integers(1, 12))
def test_every_month_survives_being_written_and_read(year, month):
    said = Month(year, month)
    assert read(str(said), type="yearmonth") == (said, [])
    assert read(f"{month:02d}/{year}", type="yearmonth") == (said, [])
    assert said.first().day == 1
    assert (said.last().year, said.last().month) == (year, month)
    assert said.last().toordinal() + 1 == Month(year + month // 12, month % 12 + 1).first().toordinal()


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_the_reading(text):
    for kind in casting.CASTS:
        row = Row(1, {"a": text})
        casting.cast(row, [Field("a", kind, "A", is_money=kind == "number")])
        assert row.values["a"] is not None or row.issues or not text.strip()


@pytest.mark.parametrize(
    ("cell", "expected", "issues"),
    [
        ("1er mars 2024", date(2024, 3, 1), []),
        ("12 févr. 2024", date(2024, 2, 12), []),
        ("2024-03-05T00:00:00", date(2024, 3, 5), []),
        ("05_03_2024", date(2024, 3, 5), []),
        (45356.0, date(2024, 3, 5), [("serial-date", "warning", "05/03/2024")]),
        ("45356", date(2024, 3, 5), [("serial-date", "warning", "05/03/2024")]),
        ("5/3/24", date(2024, 3, 5), [("short-year", "warning", "05/03/2024")]),
        ("12/25/2024", None, [("month-first", "error", "25/12/2024")]),
        ("31/02/2024", None, [("date", "error", "")]),
        ("2024-03", None, [("day-missing", "error", "31/03/2024")]),
        ("bientôt", None, [("date", "error", "")]),
        ("12", None, [("date", "error", "")]),
    ],
)
def test_a_day_is_read_or_explained(cell, expected, issues):
    assert read(cell, type="date") == (expected, issues)


@pytest.mark.parametrize(
    ("cell", "expected"), [("Oui", True), ("NON", False), ("x", True), ("0", False), (True, True), ("vrai", True)]
)
def test_yes_and_no_are_read_in_french(cell, expected):
    assert read(cell, type="boolean") == (expected, [])


def test_a_perhaps_is_neither():
    assert read("peut-être", type="boolean") == (None, [("boolean", "error", "")])


def test_an_identifier_turned_into_a_number_is_repaired_and_flagged():
    assert read("12345.0", is_identifier=True) == ("12345", [("float-identifier", "warning", "12345")])
    assert read(12345.0, is_identifier=True) == ("12345", [])
    assert read("1,23457E+13", is_identifier=True)[1][0][:2] == ("scientific-identifier", "error")


@pytest.mark.parametrize(
    ("cell", "rules"),
    [("73282932000074", []), ("732 829 320 00074", []), ("73282932000075", ["siret-check"]), ("732829320", ["siret"]),
     ("73282932000074.0", ["float-identifier"]), ("35600000000048", [])],
)  # fmt: skip
def test_a_siret_is_fourteen_digits_that_check(cell, rules):
    assert [rule for rule, _, _ in read(cell, is_identifier=True, format="siret")[1]] == rules


def test_text_read_in_the_wrong_encoding_is_repaired_and_flagged():
    assert read("Ã‰tÃ© Ã  Paris") == ("Été à Paris", [("mojibake", "warning", "Été à Paris")])
    assert read("Ça, là, Âme") == ("Ça, là, Âme", [])


def test_letters_lost_for_good_are_pointed_out():
    assert read("D\ufffdmocratie")[1] == [("lost-letters", "warning", "")]


def test_a_choice_is_recognised_without_its_accents_and_a_near_miss_is_proposed():
    choices = ("ABANDONNÉ", "FIN")
    assert read("abandonne", choices=choices) == ("ABANDONNÉ", [])
    assert read("ABANDONEE", choices=choices) == (None, [("enum", "error", "ABANDONNÉ")])


def test_an_empty_required_cell_is_refused_with_what_the_others_suggest():
    row = Row(3, {"title": "  ", "id": "12"})
    casting.cast(
        row,
        [
            Field("id", "string", "Id"),
            Field("title", "string", "Titre", is_required=True, proposal="Projet {id}{missing}"),
        ],
    )
    assert [(i.rule, i.proposal, i.row) for i in row.issues] == [("required", "Projet 12", 3)]


def test_limits_are_told_in_the_unit_of_the_column():
    row = Row(3, {"a": "-1"})
    casting.cast(row, [Field("a", "number", "Montant", is_money=True, minimum=0)])
    assert row.issues[0].message == "« Montant » ne peut pas être inférieur à 0 €."
    assert read("x" * 12, max_length=10)[1] == [("too-long", "error", "x" * 9 + "…")]


def test_several_values_in_one_cell_are_told_apart():
    assert read("DVD ; DEVE| DVD\nDASCO", type="list")[0] == ("DVD", "DEVE", "DASCO")


def test_a_plain_number_keeps_its_decimals():
    assert read("1,25", type="number")[0] == Decimal("1.25")
    assert read("1,5", type="integer")[1][0][0] == "integer"
