"""Any table that a person drops is read or refused in words."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from parvis.domains.datahub import dropped_files, table_schema
from parvis.kernel.contracts import checking
from parvis.kernel.contracts.refusals import UnusableFile


@pytest.fixture
def file(tmp_path):
    def make(content: str | bytes, name: str = "a.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def workbook(rows) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet("Marchés")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return held.getvalue()


def names(found):
    return [column.name for column in found.proposal.columns]


def test_a_csv_is_read_under_its_preamble_with_its_separator_and_its_encoding(file):
    path = file("Liste au 1er mars;;\n;;\nCode;Libellé;Coût\n001;Été;12,50\n002;Hiver;8\n".encode("cp1252"))
    found = dropped_files.profile(path, "a.csv")
    assert names(found) == ["code", "libelle", "cout"]
    assert found.row_count == 2
    assert "point-virgule" in found.says and "ligne 3" in found.says


def test_decimal_commas_do_not_pass_for_separators(file):
    assert names(dropped_files.profile(file("x;y\n1,5;2,5\n3,5;4,5\n"))) == ["x", "y"]


def test_a_workbook_and_a_json_give_the_same_columns_as_the_csv(file):
    rows = [["Code", "Jour"], ["A1", "mardi"], ["A2", "jeudi"]]
    book = dropped_files.profile(file(workbook(rows), "a.xlsx"), "a.xlsx")
    objects = json.dumps({"total": 2, "data": [{"Code": "A1", "Jour": "mardi"}, {"Code": "A2", "Jour": "jeudi"}]})
    held = dropped_files.profile(file(objects, "a.json"), "a.json")
    assert names(book) == names(held) == ["code", "jour"]
    assert book.proposal == held.proposal


def test_a_formula_in_a_csv_stays_the_text_it_is(file, tmp_path):
    found = dropped_files.profile(file("code,note\nA1,=1+1\nA2,@SUM(A1)\n"))
    assert found.sample[0] == ("A1", "=1+1")
    assert found.proposal.columns[1].type == "string"


def test_half_a_letter_of_a_json_file_is_told_as_a_question_mark(file, tmp_path):
    path = file('[{"nom": "caf\\ud83d", "ville": "\\ud83c\\udf33 Paris"}, {"nom": "thé", "ville": "Lyon"}]', "a.json")
    found = dropped_files.profile(path)
    assert found.sample[0] == ("caf?", "🌳 Paris")
    into = tmp_path / "aside.csv"
    assert dropped_files.rewritten(path, table_schema.descriptor(found.proposal.columns, found.proposal.key), into) == 2
    assert "caf?,🌳 Paris" in into.read_text(encoding="utf-8")


def test_a_sample_keeps_the_beginning_of_a_very_long_cell(file):
    (row,) = dropped_files.profile(file(f"nom;note\nx;{'y' * 100_000}\n")).sample
    assert (row[0], len(row[1])) == ("x", dropped_files.LONGEST_SHOWN)


def test_what_people_write_takes_the_form_of_the_contract_and_keeps_its_line(file, tmp_path):
    path = file(
        "Titre;;;;\n\nCode;Coût;Ouvert le;Couvert;Arrondissement\n01;1 200,50 €;31/12/2024;oui;7e\n\n02;8;2024-01-05;non;Paris 12e\n"
    )
    found = dropped_files.profile(path)
    schema = table_schema.descriptor(found.proposal.columns, found.proposal.key)
    assert dropped_files.rewritten(path, schema, tmp_path / "out.csv") == 2
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[3] == "01,1200.50,2024-12-31,true,75107"
    assert lines[5] == "02,8,2024-01-05,false,75112"
    with checking.check(tmp_path / "out.csv", schema) as checked:
        assert checked.accepted_count == 2


def test_what_cannot_be_read_stays_as_typed_and_is_refused_at_its_line(file, tmp_path):
    good = dropped_files.profile(file("Code;Coût\n01;8\n02;9\n"))
    schema = table_schema.descriptor(good.proposal.columns, good.proposal.key)
    dropped_files.rewritten(file("Code;Coût\n01;environ 8\n02;9\n", "b.csv"), schema, tmp_path / "out.csv")
    with checking.check(tmp_path / "out.csv", schema) as checked:
        (fault,) = [fault for fault in checked.faults() if fault.severity == "error"]
    assert (fault.row, fault.column, fault.value) == (2, "cout", "environ 8")


def test_columns_in_another_order_are_found_by_their_title(file, tmp_path):
    good = dropped_files.profile(file("Code;Coût\n01;8\n02;9\n"))
    schema = table_schema.descriptor(good.proposal.columns, good.proposal.key)
    dropped_files.rewritten(file("COUT;Inutile;code\n8;x;01\n", "b.csv"), schema, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines() == ["code,cout", "01,8"]


def test_a_missing_column_is_named(file, tmp_path):
    good = dropped_files.profile(file("Code;Coût\n01;8\n02;9\n"))
    schema = table_schema.descriptor(good.proposal.columns, good.proposal.key)
    with pytest.raises(UnusableFile, match="« Coût »"):
        dropped_files.rewritten(file("Code;Autre\n01;8\n", "b.csv"), schema, tmp_path / "out.csv")


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("readme.txt", "rien")
    return held.getvalue()


HOSTILE = {
    "pdf under a csv name": (b"%PDF-1.7 ...", "a.csv", "PDF"),
    "csv under a json name": (b"a;b\n1;2\n", "a.json", "JSON"),
    "broken json": (b'[{"a": 1}, {"b":', "a.json", "JSON"),
    "json without rows": (b'{"a": 1}', "a.json", "tableau d"),
    "binary": (b"a;b\n\x00\x01\x02\x03;4\n", "a.csv", "binaire"),
    "archive": (bomb(), "a.xlsx", "archive"),
    "empty": (b"", "a.csv", "vide"),
    "titles alone": (b"code;note\n", "a.csv", "aucune ligne"),
    "twice the same title": (b"code;code\n1;2\n", "a.csv", "même titre"),
    "20,000 columns": (";".join(f"c{n}" for n in range(20_000)).encode() + b"\n1\n", "a.csv", "20000 colonnes"),
    "web page": (b"<!doctype html><table><tr><td>1", "a.csv", "page web"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_what_mends_it(file, name):
    content, file_name, said = HOSTILE[name]
    with pytest.raises(UnusableFile, match=said) as refused:
        dropped_files.profile(file(content, file_name), file_name)
    assert refused.value.remedy


def test_a_file_too_large_is_refused_before_it_is_read(file, settings):
    settings.MAX_IMPORT_BYTES = 10
    with pytest.raises(UnusableFile, match="limite"):
        dropped_files.profile(file("code;note\n1;2\n"))


@pytest.mark.real_input
def test_every_file_that_departments_really_publish_is_read(real_files):
    for path in sorted((real_files / "grants" / "scdl-field").iterdir()):
        found = dropped_files.profile(path, path.name)
        assert found.row_count > 0 and len(found.proposal.columns) > 5, path.name


@pytest.mark.real_input
def test_four_thousand_beneficiaries_are_read_with_their_siret_in_text(real_files):
    found = dropped_files.profile(real_files / "grants" / "paris-beneficiaries-2023.json")
    kinds = {column.name: column.type for column in found.proposal.columns}
    assert found.row_count == 5167
    assert (kinds["montant_total"], kinds["siret"], kinds["annee"]) == ("cents", "string", "integer")
