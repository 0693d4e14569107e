"""Any spreadsheet that people send: recognised by its content, read whole, or refused in plain words."""

import csv
import io
import zipfile
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.kernel.contracts import reading
from parvis.kernel.contracts.refusals import UnusableFile

HEAD = "Numéro d’ordre;Titre;Prix;Date d’achat;Prêté\r\n"

ROWS = "1;Été;12,50;01/02/2024;oui\r\n2;Hiver;3;;non\r\n"


def read(contract, path):
    with reading.opened(contract, path) as table:
        rows = list(table.rows)
    return table, rows


def cells(rows):
    return [(row.number, row.cells["code"], row.cells["title"]) for row in rows]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_encoding_is_recognised(books, file, encoding, found):
    table, rows = read(books, file(HEAD + ROWS, encoding=encoding))
    assert table.reading["encoding"] == found
    assert cells(rows) == [(2, "1", "Été"), (3, "2", "Hiver")]


@pytest.mark.parametrize(
    ("separator", "name"), [(";", "point-virgule"), (",", "virgule"), ("\t", "tabulation"), ("|", "barre verticale")]
)
def test_the_separator_is_recognised(books, file, separator, name):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([["N°", "Titre", "Prix"], ["1", "a; b, c | d\te", "3,5"]])
    table, rows = read(books, file(out.getvalue()))
    assert table.reading["separator"] == name
    assert cells(rows) == [(2, "1", "a; b, c | d\te")]


def test_a_preamble_is_skipped_and_rows_keep_the_number_of_the_sheet(books, file):
    table, rows = read(books, file("Ville de Paris;;;;\r\n\r\nExtrait du 3 mars;;;;\r\n" + HEAD + "\r\n" + ROWS))
    assert table.header.number == 4
    assert [row.number for row in rows] == [6, 7]


@pytest.mark.parametrize("title", ["NUMERO D'ORDRE", "numéro  d’ordre *", "Code", "n°", "NumÃ©ro dâ€™ordre"])
def test_a_header_is_known_by_its_synonyms_whatever_accents_and_apostrophes(books, file, title):
    _, rows = read(books, file(f"{title};INTITULE\n5;x\n"))
    assert cells(rows) == [(2, "5", "x")]


def test_unknown_and_repeated_columns_are_told_and_the_first_is_read(books, file):
    table, rows = read(books, file("Code;Titre;Titre;Couleur\n1;un;deux;bleu\n"))
    assert [(i.rule, i.value) for i in table.issues] == [("unknown-column", "Couleur"), ("duplicate-column", "Titre")]
    assert cells(rows) == [(2, "1", "un")]


def test_a_missing_required_column_is_named(books, file):
    with pytest.raises(UnusableFile, match="colonne obligatoire : « Titre »"):
        read(books, file("Code;Prix;Prêté\n1;2;oui\n"))


def test_a_file_of_something_else_says_what_was_read(books, file):
    with pytest.raises(UnusableFile) as refused:
        read(books, file("nom;prénom\nDupont;Anne\n"))
    assert "nom · prénom" in refused.value.blockers[0]


def test_a_record_may_span_lines(books, file):
    _, rows = read(books, file(HEAD + '1;"Un\r\ntitre ""long""\r\nsur trois lignes";1;;\r\n2;b;1;;\r\n'))
    assert cells(rows) == [(2, "1", 'Un\r\ntitre "long"\r\nsur trois lignes'), (3, "2", "b")]


def test_an_orphan_quote_breaks_its_own_line_alone(books, file):
    lines = "".join(f"{n};livre {n};1;;\r\n" for n in range(3, 900))
    _, rows = read(
        books, file(HEAD + '1;"orphelin;1;;\r\n2;bien;1;;\r\n' + lines + '900;"encore;2;;\r\n901;fin;2;;\r\n')
    )
    broken = [(row.number, row.issues[0].rule) for row in rows if row.issues]
    assert broken == [(2, "orphan-quote"), (901, "orphan-quote")]
    assert len(rows) == 901
    assert rows[-1].cells["title"] == "fin"


def test_a_quote_in_the_middle_of_a_word_is_a_letter(books, file):
    _, rows = read(books, file(HEAD + '1;écran 5" neuf;1;;\r\n2;b;1;;\r\n'))
    assert not any(row.issues for row in rows)
    assert rows[0].cells["title"] == 'écran 5" neuf'


@pytest.mark.parametrize(
    ("tail", "rule"), [("3;Prin", "truncated-row"), ('3;"Prin', "truncated-row"), ("3;Printemps;4,2", "truncated-row")]
)
def test_a_last_line_cut_short_is_refused_and_the_others_kept(books, file, tail, rule):
    _, rows = read(books, file(HEAD + ROWS + tail))
    assert [(row.number, [i.rule for i in row.issues]) for row in rows] == [(2, []), (3, []), (4, [rule])]
    assert rows[-1].is_refused


def test_a_file_cut_in_the_middle_of_a_letter_is_still_read(books, file):
    content = (HEAD + ROWS + "3;Ét").encode()[:-2]
    _, rows = read(books, file(content))
    assert len(rows) == 3
    assert rows[-1].is_refused


def test_empty_cells_left_out_at_the_end_of_a_line_are_only_flagged(books, file):
    _, rows = read(books, file(HEAD + "1;a;3\r\n2;b;3;;\r\n"))
    assert [(i.rule, i.severity) for i in rows[0].issues] == [("short-row", "warning")]


def test_a_line_with_too_many_cells_is_refused(books, file):
    _, rows = read(books, file(HEAD + "1;a;3;;;surplus\r\n"))
    assert [i.rule for i in rows[0].issues] == ["long-row"]


def test_a_workbook_is_read_from_wherever_its_table_starts(books, file, workbook):
    day = datetime(2024, 2, 1)  # noqa: DTZ001
    content = workbook([["N°", "Titre", "Prix", "Date d’achat"], [1, "Été", 12.5, day], [2, "Hiver", 3, ""]], start=4)
    table, rows = read(books, file(content, name="trompeur.csv"))
    assert table.reading["kind"] == "xlsx"
    assert [(r.number, r.cells["code"], r.cells["price"]) for r in rows] == [(6, 1.0, 12.5), (7, 2.0, 3.0)]


def test_the_sheet_that_holds_the_table_is_found(books, file, workbook):
    table, rows = read(books, file(workbook([["Code", "Titre"], [1, "a"]], sheets=("Lisez-moi", "Données"))))
    assert table.reading["sheet"] == "Données"
    assert len(rows) == 1


def test_an_ods_is_read(books, file):
    table, rows = read(
        books,
        file(
            ods(
                "<table:table-row>{}{}</table:table-row>".format(text("Code"), text("Titre"))
                + "<table:table-row>{}{}</table:table-row>".format(text("1"), text("Été"))
            )
        ),
    )
    assert table.reading["kind"] == "ods"
    assert cells(rows) == [(2, "1", "Été")]


def text(words, repeated=1):
    return f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}"><text:p>{words}</text:p></table:table-cell>'


def ods(rows):
    out = io.BytesIO()
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    body = f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="F">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return out.getvalue()


# Hostile and broken files


def zipped(names, size=0):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * size)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\0\1\2\3binaire" * 500, "binaire"),
        (HEAD.encode() + ROWS.encode() * 200 + b"\0\0\0", "binaire"),
        (b"%PDF-1.7\n...", "un PDF"),
        (b"\x89PNG\r\n\x1a\n....", "une image"),
        (b"<html><table><tr><td>Code</td></tr></table></html>", "page web"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "page web"),
        (b"PK\x03\x04 a broken archive", "abîmé"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "abîmé"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (zipped(["photo.txt"]), "archive"),
        (zipped(["xl/workbook.xml"]), "abîmé"),
        (b"\xef\xbb\xbf" + HEAD.encode("cp1252") * 3, "s’annonce en utf-8"),
        (b"\n\n\n   \n", "en-tête"),
    ],
)  # fmt: skip
def test_what_is_not_a_table_is_refused_in_plain_words(books, file, content, words):
    with pytest.raises(UnusableFile, match=words):
        read(books, file(content))


def test_a_missing_file_is_refused(books, tmp_path):
    with pytest.raises(UnusableFile, match="Aucun fichier"):
        read(books, tmp_path / "rien.csv")


def test_a_workbook_cut_in_half_is_refused(books, file, workbook):
    content = workbook([["Code", "Titre"], *([n, "a" * 50] for n in range(500))])
    with pytest.raises(UnusableFile, match="abîmé"):
        read(books, file(content[: len(content) // 2]))


def test_a_file_past_the_limit_is_refused_before_it_is_read(books, tmp_path):
    path = tmp_path / "énorme.csv"
    with path.open("wb") as sparse:
        sparse.truncate(200 * 2**20)
    with pytest.raises(UnusableFile, match="pèse 200 Mo ; la limite est de 100 Mo"):
        read(books, path)


def test_a_zip_bomb_is_refused_on_its_declared_size(books, file):
    with pytest.raises(UnusableFile, match="se déplie"):
        read(books, file(zipped(["xl/workbook.xml", *(f"xl/worksheets/sheet{n}.xml" for n in range(7))], 100 * 2**20)))


def test_a_bomb_that_lies_about_its_size_is_found_out(books, file):
    content = bytearray(zipped(["xl/workbook.xml", "xl/sharedStrings.xml"], 2**20))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = content.rindex(mark)
        content[start + place : start + place + 4] = (100).to_bytes(4, "little")
    with pytest.raises(UnusableFile, match="abîmé"):
        read(books, file(bytes(content)))


def test_a_lone_cell_at_the_far_corner_is_refused(books, file, workbook):
    rows = [["Code", "Titre"], [1, "a"]]
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(rows))) as source, zipfile.ZipFile(content, "w") as copy:
        for name in source.namelist():
            body = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                body = body.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            copy.writestr(name, body)
    with pytest.raises(UnusableFile, match="millions de cellules"):
        read(books, file(content.getvalue()))


def test_an_ods_cell_repeated_without_end_is_refused(books, file):
    row = f'<table:table-row table:number-rows-repeated="1000000">{text("x", 1000)}</table:table-row>'
    with pytest.raises(UnusableFile, match="millions de cellules"):
        read(books, file(ods(row)))


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(WORDS, WORDS), max_size=8), st.sampled_from([";", ",", "\t"]), st.sampled_from(["\n", "\r\n"])
)
def test_whatever_is_written_as_csv_is_read_back(books, file, rows, separator, end):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerow(["Code", "Titre"])
    writer.writerows((f"c{code}", title) for code, title in rows)
    _, found = read(books, file(out.getvalue()))
    assert [(row.cells["code"], row.cells["title"]) for row in found] == [(f"c{code}", title) for code, title in rows]
    assert not any(row.issues for row in found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_whatever_break_the_reading(books, file, content, with_head):
    try:
        _, rows = read(books, file((HEAD.encode() if with_head else b"") + content))
    except UnusableFile as refused:
        assert refused.message
    else:
        assert all(isinstance(row.number, int) for row in rows)


@pytest.mark.parametrize(
    ("content", "why"), [(";".join(["a"] * 1_000_000), "colonnes"), ("a" * 2**21, "en-tête")], ids=["wide", "long"]
)
def test_a_line_that_never_ends_is_refused_in_words_and_at_once(books, file, content, why):
    with pytest.raises(UnusableFile, match=why):
        read(books, file(content))
