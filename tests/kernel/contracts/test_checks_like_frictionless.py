"""The same errors as the reference validator, cell by cell: on any cell, and on whole files."""

import csv
import json
import re
from collections import Counter

import pytest
from frictionless import Resource, Schema, system
from frictionless.formats import CsvControl
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from parvis.kernel.contracts import checking, checks_cells, checks_rules

V2 = "https://datapackage.org/profiles/2.0/tableschema.json"  # the one that knows exclusive bounds
SAID = re.compile(r'constraint "(\w+)" is')
NAMES = {"type-error": "type", "unique-error": "unique", "primary-key": "primary-key", "missing-cell": "missing-cell",
         "extra-cell": "extra-cell"}  # fmt: skip
SPACES = st.sampled_from(["", " ", "  ", "\t", "\u00a0", "\u202f"])
DIGITS = st.text("0123456789", min_size=0, max_size=18)
NUMBERS = st.builds(
    "".join,
    st.tuples(SPACES, st.sampled_from(["", "+", "-", "−"]), DIGITS, st.sampled_from(["", ".", ",", "e", "E", " ", "_", "٣"]),
              DIGITS, st.sampled_from(["", "e5", "E-3", "€", "%", "."]), SPACES),
)  # fmt: skip
DAYS = st.one_of(
    st.dates().map(str), st.dates().map(lambda d: d.strftime("%d/%m/%Y")), st.dates().map(lambda d: d.strftime("%m/%d/%Y")),
    st.builds("{:d}-{:d}-{:d}".format, st.integers(0, 2100), st.integers(0, 13), st.integers(0, 32)),
    st.builds("{:04d}-{:02d}-{:02d}".format, st.sampled_from([1900, 2000, 2023, 2024]), st.integers(1, 12), st.integers(27, 32)),
    st.builds("2024-02-29T{:02d}:{:02d}:00{}".format, st.integers(0, 25), st.integers(0, 60), st.sampled_from(["", "Z", "+01:00"])),
    st.sampled_from(["2024-01-01T24:00:00", "2023-02-29", "2024-02-29", " 2024-01-01", "2024-1-1", "0000-01-01", "24:00"]),
)  # fmt: skip
WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["oui", "non", "OUI", "true", "True", "1", "0", "W123456789", "75001", "é", "🙂🙂"]),
)
CELLS = st.one_of(
    NUMBERS, DAYS, WORDS, st.sampled_from(["", "NA", "-", "2024", "2024-05", "0012", "1e400", "0,5", "1 200,50"])
)


def _constraints(type_: str):
    whole, decimals = st.integers(-50, 3000), st.decimals(-50, 3000, places=2).map(float)
    bounds = {
        "integer": whole, "number": st.one_of(whole, decimals), "year": st.integers(1000, 2500),
        "date": st.dates().map(str), "yearmonth": st.dates().map(lambda d: f"{d:%Y-%m}"),
    }  # fmt: skip
    if type_ == "string":
        limits = {"minLength": st.integers(0, 4), "maxLength": st.integers(4, 9),
                  "pattern": st.sampled_from(["^W\\d{9}$", "[0-9]{5}", "^\\w+$", "(oui|non)", "[^0-9]*", ".{2,4}", "é?🙂+"]),
                  "enum": st.lists(WORDS, min_size=1, max_size=4, unique=True)}  # fmt: skip
    elif type_ in bounds:
        limits = dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), bounds[type_])
    else:
        limits = {}
    return st.fixed_dictionaries({}, optional={"required": st.booleans(), **limits})


@st.composite
def fields(draw):
    type_ = draw(st.sampled_from(["string", "integer", "number", "boolean", "date", "year", "yearmonth", "datetime"]))
    described = {"name": "colonne", "type": type_, "constraints": draw(_constraints(type_))}
    if draw(st.booleans()):
        described["missingValues"] = draw(st.sampled_from([["", "NA"], ["-"], [""]]))
    extra = {
        "boolean": {"trueValues": ["oui", "1"], "falseValues": ["non", "0"]}, "integer": {"bareNumber": False},
        "number": {"decimalChar": ",", "groupChar": " "}, "date": {"format": "%d/%m/%Y"},
    }.get(type_, {})  # fmt: skip
    if draw(st.booleans()):
        described |= extra
    if described.get("format") and "constraints" in described:
        described["constraints"] = {k: v for k, v in described["constraints"].items() if k == "required"}
    return described


def _can_be_held(described) -> bool:
    try:
        checks_rules.loaded({"fields": [described]})
    except checks_rules.ImpossibleRule:
        return False
    return True


FIELDS = fields().filter(_can_be_held)


def _theirs(described, text: str) -> Counter:
    field = Schema.from_descriptor({"$schema": V2, "fields": [described]}).fields[0]
    _, notes = field.read_cell(text)
    return Counter(notes or {})


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(FIELDS, CELLS)
@example({"name": "c", "type": "number", "constraints": {"maximum": 1}}, "1.00000000000000001")
@example({"name": "c", "type": "integer"}, "1_000")
@example({"name": "c", "type": "datetime"}, "2024-01-01T24:00:00")
def test_a_cell_breaks_the_rules_that_the_reference_validator_says(described, text):
    ours = Counter(dict.fromkeys(checks_cells.broken(checks_rules.loaded({"fields": [described]}).fields[0], text), 1))
    if text.strip().lower().lstrip("+-") in ("nan", "inf", "infinity", "snan"):
        return
    assert dict.fromkeys(ours, 1) == dict.fromkeys(_theirs(described, text), 1)


@st.composite
def files(draw):
    described = [draw(FIELDS) | {"name": f"colonne_{n}"} for n in range(draw(st.integers(2, 5)))]
    for field in described:  # a data package of today knows no exclusive bound: those are tried on cells
        field["constraints"] = {k: v for k, v in field["constraints"].items() if not k.startswith("exclusive")}
        if field["type"] in ("string", "integer", "number", "date") and draw(st.integers(0, 3)) == 0:
            field["constraints"] = field["constraints"] | {"unique": True}
    key = draw(st.lists(st.sampled_from([f["name"] for f in described]), unique=True, max_size=2))
    few = st.sampled_from(draw(st.lists(CELLS.filter(lambda t: "\x00" not in t), min_size=3, max_size=8)))
    cell = st.one_of(few, CELLS).filter(lambda t: not re.search("[\x00\r\n]", t))
    rows = draw(st.lists(st.lists(cell, min_size=len(described), max_size=len(described)), min_size=1, max_size=25))
    for row in rows:
        cut = draw(st.integers(0, 12))
        if cut == 0:
            row.append("de trop")
        elif cut == 1:
            row.pop()
    return {"fields": described, "primaryKey": key}, rows


def _written(path, schema, rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([[f["name"] for f in schema["fields"]], *rows])


def _reported(path, schema) -> Counter:
    with system.use_context(trusted=True):
        resource = Resource(
            path=str(path), encoding="utf-8", schema=Schema.from_descriptor(schema), control=CsvControl()
        )
        errors = resource.validate(limit_errors=100_000).tasks[0].errors
    blank = {e.row_number for e in errors if e.type == "blank-row"}
    return Counter(
        (e.row_number, getattr(e, "field_name", "") or "", NAMES.get(e.type) or SAID.search(e.note)[1])
        for e in errors if e.type != "blank-row" and e.row_number not in blank
    )  # fmt: skip


def _found(path, schema) -> Counter:
    with checking.check(path, schema) as checked:
        return Counter((f.row, f.column, f.rule) for f in checked.faults() if f.rule != "blank-row")


def _without_names(faults: Counter) -> Counter:
    """A key has no one column, and a cell too many none at all."""
    return Counter(
        {(r, "" if rule in ("primary-key", "extra-cell") else c, rule): n for (r, c, rule), n in faults.items()}
    )


@settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # a file takes too long to shrink
)  # fmt: skip
@given(files())
def test_a_file_has_the_faults_that_the_reference_validator_reports(tmp_path_factory, made):
    schema, rows = made
    path = tmp_path_factory.mktemp("fichier") / "lignes.csv"
    _written(path, schema, rows)
    if any(t.strip().lower().lstrip("+-") in ("nan", "inf", "infinity") for row in rows for t in row):
        return
    assert _without_names(_found(path, schema)) == _without_names(_reported(path, schema))


@pytest.mark.real_input
@pytest.mark.parametrize("profile", ["p1", "p2"])
@pytest.mark.parametrize("name", ["exemple_valide", "exemple_invalide_erreurs_cellules"])
def test_the_public_examples_have_the_same_faults_under_the_public_schema(real_files, profile, name):
    folder = real_files / "grants" / "scdl"
    schema = json.loads((folder / f"schema-{profile}.json").read_text(encoding="utf-8"))
    with system.use_context(trusted=True):
        resource = Resource(path=str(folder / f"{name}.csv"), schema=Schema.from_descriptor(schema))
        resource.detector.schema_sync = True
        errors = resource.validate(limit_errors=100_000).tasks[0].errors
    theirs = Counter(
        (e.row_number, e.field_name, NAMES.get(e.type) or SAID.search(e.note)[1])
        for e in errors
        if hasattr(e, "row_number")
    )
    assert _found_cells(folder / f"{name}.csv", schema) == theirs


def _found_cells(path, schema) -> Counter:
    with checking.check(path, schema) as checked:
        return Counter((f.row, f.column, f.rule) for f in checked.faults() if f not in checked.column_faults)
