"""A file under a Table Schema: every bad cell named, the same by the engine as by the rules, and what is refused."""

import csv
import zipfile
from datetime import date

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.kernel.contracts import (
    checking,
    checks_cells,
    checks_csv,
    checks_expressions,
    checks_patterns,
    checks_rules,
    checks_staging,
)
from parvis.kernel.contracts.refusals import UnusableFile


def _schema(*fields, **more):
    return {"fields": list(fields), **more}


CODE = {"name": "code", "type": "string", "constraints": {"required": True, "pattern": "^[A-Z]\\d{3}$"}}
AMOUNT = {"name": "montant", "type": "number", "constraints": {"minimum": 0}}
DAY = {"name": "jour", "type": "date"}
SIMPLE = _schema(CODE, AMOUNT, DAY)


@pytest.fixture
def file(tmp_path):
    def write(text: str, encoding: str = "utf-8", name: str = "lignes.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def _told(path, schema=SIMPLE) -> list[tuple[int, str, str]]:
    with checking.check(path, schema) as checked:
        return [(f.row, f.column, f.rule) for f in checked.faults()]


# What is found


def test_every_bad_cell_is_named_with_its_line_its_column_and_its_rule(file):
    path = file("code,montant,jour\nA123,10,2024-02-29\nb,-1,2023-02-29\n,abc,\n")
    assert _told(path) == [
        (3, "code", "pattern"), (3, "montant", "minimum"), (3, "jour", "type"), (4, "code", "required"), (4, "montant", "type"),
    ]  # fmt: skip


def test_a_fault_is_said_in_french_with_the_value(file):
    with checking.check(file("code,montant,jour\nA123,-5,\n"), SIMPLE) as checked:
        assert [f.message for f in checked.faults()] == ["« -5 » est en dessous de 0."]


def test_rows_are_those_accepted_and_those_refused_and_blank_lines_are_neither(file):
    with checking.check(file("code,montant,jour\nA123,1,\n\nX,2,\n;\n".replace(";", ",,")), SIMPLE) as checked:
        assert (checked.row_count, checked.accepted_count, checked.refused_count) == (2, 1, 1)
        assert [f.rule for f in checked.faults() if f.severity == "warning"] == ["blank-row", "blank-row"]
        kept = pa.Table.from_batches(checked.rows(is_refused=False))
    assert kept.to_pylist() == [{"row": 2, "code": "A123", "montant": "1", "jour": ""}]


def test_a_line_cut_short_and_a_line_too_long_are_told(file):
    assert _told(file("code,montant,jour\nA123,1\nA124,1,,de trop\n")) == [
        (2, "jour", "missing-cell"),
        (3, "", "extra-cell"),
    ]


def test_empty_cells_past_the_header_are_no_fault(file):
    assert _told(file("code;montant;jour\nA123;1;;;;\n")) == []


def test_a_preamble_a_byte_order_mark_and_french_separators_change_nothing(file):
    path = file("\ufeffExport du 3 mai\n\ncode;montant;jour\nA123;1;2024-01-31\nB;2;\n")
    assert _told(path) == [(5, "code", "pattern")]


def test_letters_of_another_encoding_are_read(file):
    schema = _schema({"name": "nature", "type": "string", "constraints": {"enum": ["aide en numéraire"]}}, CODE)
    assert _told(file("nature,code\naide en numéraire,A123\n", "cp1252"), schema) == []


def test_columns_missing_unknown_repeated_or_out_of_order_are_told_on_the_header(file):
    assert _told(file("montant,jour,couleur,montant\n1,,rouge,2\n")) == [
        (1, "code", "missing-column"), (1, "couleur", "unknown-column"),
        (1, "montant", "duplicate-column"),
    ]  # fmt: skip
    assert _told(file("jour,montant,code\n,1,A123\n")) == [
        (1, "jour", "misordered-column"), (1, "code", "misordered-column")
    ]  # fmt: skip


def test_a_column_out_of_order_or_optional_does_not_make_a_file_invalid(file):
    with checking.check(file("montant,code\n1,A123\n"), SIMPLE) as checked:
        assert checked.is_valid
    with checking.check(file("montant,jour\n1,\n"), SIMPLE) as checked:
        assert not checked.is_valid


def test_a_value_met_twice_breaks_unique_and_the_second_line_is_named(file):
    schema = _schema({"name": "n", "type": "integer", "constraints": {"unique": True}}, {"name": "t"})
    assert _told(file("n,t\n1,a\n2,b\n1,c\n"), schema) == [(4, "n", "unique")]
    assert _told(file("n,t\n1,a\n01,b\n 1,c\n"), schema) == [(3, "n", "unique"), (4, "n", "unique")]


def test_a_key_is_told_when_it_is_empty_or_taken(file):
    schema = _schema({"name": "a"}, {"name": "b"}, {"name": "c"}, primaryKey=["a", "b"])
    assert _told(file("a,b,c\nx,1,\nx,2,\n,,z\nx,1,\n"), schema) == [(4, "", "primary-key"), (5, "", "primary-key")]


def test_a_tolerated_spelling_is_a_warning_and_the_row_is_kept(file):
    field = {
        "name": "ue",
        "type": "boolean",
        "trueValues": ["oui"],
        "falseValues": ["non"],
        "parvis:tolerated": {"yes": "oui"},
    }
    with checking.check(file("ue,code\nyes,A123\nouais,A124\n"), _schema(field, CODE)) as checked:
        assert [(f.row, f.rule, f.severity) for f in checked.faults()] == [
            (2, "tolerated", "warning"),
            (3, "type", "error"),
        ]


def test_an_orphan_quote_is_told_and_the_lines_below_are_read(file):
    told = _told(file('code,montant,jour\nA123,1,\n"A124,2,\nA125,3,\nB,4,\n'))
    assert (3, "", "orphan-quote") in told and (5, "code", "pattern") in told


def test_a_workbook_is_checked_like_a_text(tmp_path):
    path = tmp_path / "lignes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["code", "montant", "jour"])
        sheet.write_row(1, 0, ["A123", 12.5])
        sheet.write_datetime(1, 2, date(2024, 5, 3), day)
        sheet.write_row(2, 0, ["A1", -2])
    assert _told(path) == [(3, "code", "pattern"), (3, "montant", "minimum")]


def test_json_is_checked_object_by_object(file):
    text = (
        '{"date": "x", "data": [{"code": "A123", "montant": 1.5}, {"code": null, "montant": -1, "jour": "2024-01-01"}]}'
    )
    assert _told(file(text)) == [(2, "code", "required"), (2, "montant", "minimum")]


# Where we differ from the reference validator, on purpose


def test_a_pattern_holds_the_whole_cell(file):
    schema = _schema({"name": "mot", "constraints": {"pattern": "oui|non"}}, {"name": "autre"})
    assert _told(file('mot,autre\noui,1\nouiste,2\nson non,3\n"oui\n",4\n'), schema) == [
        (3, "mot", "pattern"), (4, "mot", "pattern"), (5, "mot", "pattern")
    ]  # fmt: skip


def test_infinity_and_not_a_number_are_no_numbers(file):
    assert _told(file("code,montant,jour\nA123,NaN,\nA124,Infinity,\n")) == [
        (2, "montant", "type"),
        (3, "montant", "type"),
    ]


# The engine and the rules agree


TEXTS = st.one_of(
    st.text(max_size=14), st.integers(-(10**17), 10**17).map(str), st.decimals(allow_nan=False, places=3).map(str),
    st.dates().map(str), st.dates().map(lambda d: f"{d:%d/%m/%Y}"), st.sampled_from(["oui", "non", "", "W123456789", "+1", "1e3"]),
    st.from_regex(r"\A[A-Z][0-9]{3}\Z"), st.from_regex(r"\A[0-9]{1,4}-[0-9]{1,2}(-[0-9]{1,2})?\Z"),
)  # fmt: skip
FIELDS = [
    CODE, AMOUNT, DAY, {"name": "a", "type": "integer", "constraints": {"minimum": -5, "maximum": 10**12}},
    {"name": "b", "type": "number", "decimalChar": ",", "constraints": {"exclusiveMaximum": 10}},
    {"name": "c", "type": "number", "constraints": {"enum": [1, 2.5]}}, {"name": "d", "type": "year"},
    {"name": "e", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "01/01/2000"}},
    {"name": "f", "type": "yearmonth", "constraints": {"maximum": "2020-06"}}, {"name": "g", "type": "datetime"},
    {"name": "h", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
    {"name": "i", "constraints": {"minLength": 2, "maxLength": 4}}, {"name": "j", "constraints": {"pattern": "\\w+ ?(é|[^0-9])*"}},
    {"name": "k", "constraints": {"enum": ["oui", "W123456789"]}}, {"name": "l", "constraints": {"pattern": ".{3}"}},
    {"name": "m", "type": "date", "constraints": {"minimum": "2000-01-01", "maximum": "2030-12-31"}},
]  # fmt: skip


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(TEXTS.filter(lambda t: "\x00" not in t), min_size=200, max_size=400))
def test_no_engine_calls_good_a_cell_that_the_rules_refuse(texts):
    fields = [checks_rules.loaded(_schema(f)).fields[0] for f in FIELDS]
    cells = pa.table({"cell": pa.array([*texts, None], pa.string())})
    backend = ibis.duckdb.connect()
    backend.con.register("cells", cells)
    table = ibis.table({"cell": "string"}, name="cells")
    said = backend.to_pyarrow(
        table.select("cell", **{f"s{n}": checks_expressions.suspect(f, table.cell) for n, f in enumerate(fields)})
    )
    for row in said.to_pylist():
        for number, field in enumerate(fields):
            if not row[f"s{number}"]:
                assert checks_cells.broken(field, row["cell"]) == (), (FIELDS[number], row["cell"])


@pytest.mark.parametrize(
    "field, cell",
    [(CODE, "A123"), (AMOUNT, "12.50"), (DAY, "2024-01-31"), (FIELDS[3], "-5"), (FIELDS[4], "9,99"), (FIELDS[7], "31/12/2020"),
     (FIELDS[8], "2020-06"), (FIELDS[9], "2024-01-31T23:59:59Z"), (FIELDS[10], "non"), (FIELDS[15], "2030-12-31")],
)  # fmt: skip
def test_an_ordinary_good_cell_never_reaches_the_slow_rules(field, cell):
    table = ibis.memtable({"cell": [cell]})
    suspect = checks_expressions.suspect(checks_rules.loaded(_schema(field)).fields[0], table.cell)
    assert ibis.duckdb.connect().to_pyarrow(suspect).to_pylist() == [False]


@pytest.mark.parametrize(
    "pattern", ["^\\d{14}$", "[A-Z]{2}-\\d+", "(?:a|b)?c*", "\\w\\.\\-", "é+", "[^0-9a]", "a{2,}", "[\\dA-F]+"]
)
def test_an_ordinary_pattern_is_run_by_the_engine(pattern):
    assert checks_patterns.portable(pattern) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)b",
        "(a)\\1",
        "(?i)a",
        "\\bmot\\b",
        "[^\\d]",
        "\\D",
        "a++",
        "a*?",
        "[a&&b]",
        "\\p{L}",
        "(a{100}){100}",
        "a$b",
    ],
)
def test_a_pattern_that_engines_read_otherwise_is_left_to_the_exact_rules(pattern):
    assert checks_patterns.portable(pattern) is None


def test_a_pattern_left_to_the_exact_rules_is_held_all_the_same(file):
    schema = _schema({"name": "mot", "constraints": {"pattern": "(?i)(?!non)[a-z]+"}}, {"name": "autre"})
    assert _told(file("mot,autre\nOUI,1\nNON,2\n"), schema) == [(3, "mot", "pattern")]


# The fast reading and the careful one


ROWS = st.lists(
    st.lists(st.text('ab;",\n\ré \t', max_size=5), min_size=1, max_size=4), min_size=1, max_size=12
)  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(ROWS, st.booleans())
def test_the_fast_reading_gives_the_records_of_the_careful_one(tmp_path_factory, rows, is_raw):
    path = tmp_path_factory.mktemp("fichier") / "lignes.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        if is_raw:
            out.write("a;b;c\n" + "\n".join(";".join(row) for row in rows) + "\n")
        else:
            csv.writer(out, delimiter=";").writerows([["a", "b", "c"], *rows])
    rules = checks_rules.loaded(_schema({"name": "a"}, {"name": "b"}, {"name": "c"}))
    fast = checks_staging.staged(path, rules, path.parent)
    read = pq.read_table(fast.path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks_csv, "tables", _never)
        careful = checks_staging.staged(path, rules, path.parent)
    expected = pq.read_table(careful.path)
    assert _without_blanks(read) == _without_blanks(expected)
    assert fast.row_count == careful.row_count


def _never(*_):
    raise checks_csv.NotPlain


def _without_blanks(table: pa.Table) -> list[dict]:
    return [row for row in table.to_pylist() if any(row[f"c{n}"] for n in range(3)) or row["extra"] or row["fault"]]


# What is refused


@pytest.mark.parametrize(
    "field, said",
    [
        ({"name": "c", "type": "integer", "constraints": {"enum": ["rouge"]}}, "« enum » vaut « rouge »"),
        ({"name": "c", "type": "string", "constraints": {"enum": [3]}}, "« enum » vaut « 3 »"),
        ({"name": "c", "constraints": {"enum": []}}, "la liste des valeurs permises est vide"),
        ({"name": "c", "type": "number", "constraints": {"minimum": 10, "maximum": 2}}, "dépasse « maximum »"),
        ({"name": "c", "type": "integer", "constraints": {"exclusiveMinimum": 3, "maximum": 3}}, "dépasse « maximum »"),
        ({"name": "c", "type": "date", "constraints": {"minimum": "31/12/2020"}}, "n’est pas une date"),
        ({"name": "c", "constraints": {"minLength": 5, "maxLength": 2}}, "dépasse « maxLength »"),
        ({"name": "c", "constraints": {"maxLength": -1}}, "une longueur est un nombre entier"),
        ({"name": "c", "constraints": {"pattern": "(["}}, "n’est pas une expression régulière"),
        ({"name": "c", "constraints": {"pattern": "[0-9]+", "enum": ["a", "b"]}}, "aucune valeur de la liste"),
        ({"name": "c", "type": "couleur"}, "le type « couleur » n’existe pas"),
        ({"name": "c", "type": "number", "constraints": {"pattern": "1"}}, "ne s’applique pas"),
        ({"name": "c", "type": "date", "format": "%Q"}, "ne se lit pas"),
        ({"name": "c", "type": "boolean", "trueValues": ["x"], "falseValues": ["x"]}, "à la fois oui et non"),
        ({"name": "c", "constraints": {"required": "oui"}}, "valent vrai ou faux"),
        ({"name": "c", "type": "number", "decimalChar": ",", "groupChar": ","}, "le même signe"),
    ],
)
def test_an_impossible_rule_is_refused_before_any_file_is_read(field, said):
    with pytest.raises(checks_rules.ImpossibleRule, match="ne peut pas être tenu") as refused:
        checks_rules.loaded(_schema(field))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "schema, said",
    [
        ({}, "aucune colonne"), ({"fields": []}, "aucune colonne"), ({"fields": [{"type": "string"}]}, "n’a pas de nom"),
        (_schema({"name": "a"}, {"name": "a"}), "deux fois"), (_schema({"name": "a"}, primaryKey="b"), "n’est pas une colonne"),
    ],
)  # fmt: skip
def test_a_contract_that_describes_nothing_or_a_foreign_key_is_refused(schema, said):
    with pytest.raises(checks_rules.ImpossibleRule) as refused:
        checks_rules.loaded(schema)
    assert said in str(refused.value)


def test_every_schema_of_the_house_can_be_held(db):
    schemas = checking.schemas_of_the_house()
    assert {"roadmaps.winning-projects", "grants.scdl-subventions-p1", "grants.beneficiaries"} <= set(schemas)
    for schema in schemas.values():
        assert checks_rules.loaded(schema).fields


@pytest.mark.parametrize(
    "content, said",
    [(b"\x7fELF\x00\x00\x01", "binaire"), (b"", "vide"), (b"%PDF-1.7", "un PDF"), (b"{\"a\": 1}", "tableau d’objets"),
     (b"[1, 2]", "tableau d’objets"), (b"{pas du json", "JSON"), (b"rien,du,tout\n1,2,3\n", "Aucune ligne d’en-tête")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path, content, said):
    path = tmp_path / "fichier"
    path.write_bytes(content)
    with pytest.raises(UnusableFile) as refused:
        checking.check(path, SIMPLE)
    assert said in str(refused.value)


def test_a_workbook_that_unpacks_to_gigabytes_is_not_opened(tmp_path):
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(700 * 2**20))
    with pytest.raises(UnusableFile, match="se déplie en"):
        checking.check(path, SIMPLE)


def test_a_line_of_a_million_cells_is_refused(file):
    with pytest.raises(UnusableFile, match="colonnes"):
        checking.check(file("code," * 1_000_000 + "montant\n1,2\n"), SIMPLE)


def test_a_file_of_passage_goes_with_the_answer(file):
    with checking.check(file("code,montant\nA123,1\n"), SIMPLE) as checked:
        path = checked.staged.path
        assert path.exists()
    assert not path.exists()
