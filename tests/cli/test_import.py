"""`parvis import` and `parvis contracts`: exit status, one plain sentence when refused, and nothing written by a dry run."""

import io
import json
import os

import pytest
import xlsxwriter

from parvis.cli import main
from parvis.domains.roadmaps.models import Action
from parvis.kernel.contracts.models import ImportRun, KnownRow, QuarantinedRow, RowIssue
from parvis.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db

CODE = "roadmaps.winning-projects"
HEAD = "Identifiant;Édition;Titre;Budget;Échelle;Arrondissement;Avancement\n"
CLEAN = "1;2019;Une fontaine;1000;arrondissement;75019;FIN\n2;2019;Un banc;500;arrondissement;75019;FIN\n"
FAULTY = CLEAN + "3;2019;;700;arrondissement;75019;FIN\n"


def written():
    return [model.objects.count() for model in (ImportRun, RowIssue, QuarantinedRow, KnownRow, Entry, Action)]


@pytest.fixture
def projects(tmp_path):
    """projects(lines) → a file of winning projects."""

    def make(lines=CLEAN):
        path = tmp_path / "projets.csv"
        path.write_text(HEAD + lines, encoding="utf-8")
        return path

    return make


def told(path):
    report = json.loads(path.read_text(encoding="utf-8"))
    report.pop("unchanged")
    return report


def half_a_workbook():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet().write_row(0, 0, HEAD.split(";"))
    book.close()
    return out.getvalue()[:-600]


def test_a_clean_file_is_imported(projects, capsys):
    assert main(["import", CODE, str(projects())]) == 0
    said = capsys.readouterr()
    assert "2 lignes lues = 2 acceptées (dont 0 inchangées) + 0 en quarantaine" in said.out
    assert not said.err
    assert Action.objects.count() == 2


def test_a_file_with_a_row_that_waits_says_so_by_its_status(projects, capsys):
    assert main(["import", CODE, str(projects(FAULTY))]) == 1
    out = capsys.readouterr().out
    assert "3 lignes lues = 2 acceptées (dont 0 inchangées) + 1 en quarantaine" in out
    assert "[required] · ligne 4, colonne « Titre »" in out
    assert QuarantinedRow.objects.count() == 1


def test_the_same_file_a_second_time_changes_nothing(projects, capsys):
    path = str(projects())
    main(["import", CODE, path])
    before = (KnownRow.objects.count(), list(Action.objects.order_by("code").values_list("revision", "changed_at")))
    assert main(["import", CODE, path]) == 0
    assert "2 acceptées (dont 2 inchangées)" in capsys.readouterr().out
    assert (
        KnownRow.objects.count(),
        list(Action.objects.order_by("code").values_list("revision", "changed_at")),
    ) == before


def test_a_dry_run_writes_nothing_and_gives_the_same_report(projects, tmp_path):
    path, dry, real = str(projects(FAULTY)), tmp_path / "essai.json", tmp_path / "vrai.json"
    main(["contracts"])  # the house is ready
    before = written()
    assert main(["import", CODE, path, "--dry-run", "--report", str(dry)]) == 1
    assert written() == before
    assert main(["import", CODE, path, "--report", str(real)]) == 1
    assert told(dry) == told(real)
    assert told(real)["totals"]["budget_cents"] == {"file": 220000, "accepted": 150000, "quarantined": 70000}
    refused = next(issue for issue in told(real)["issues"] if issue["severity"] == "error")
    assert (refused["row"], refused["column"], refused["field"]) == (4, "Titre", "title")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "une image"),
        (bytes(range(256)) * 40, "binaire"),
        (half_a_workbook(), "abîmé ou incomplet"),
    ],
    ids=["empty", "image", "binary", "half a workbook"],
)
def test_what_cannot_be_read_is_refused_in_one_sentence_and_leaves_nothing(tmp_path, capsys, content, words):
    path, report = tmp_path / "projets.csv", tmp_path / "rapport.json"
    path.write_bytes(content)
    _refused([CODE, str(path), "--report", str(report)], words, capsys)
    assert not report.exists()


def test_a_missing_file_a_folder_and_an_unknown_contract_are_refused(projects, tmp_path, capsys):
    _refused([CODE, str(tmp_path / "absent.csv")], "Aucun fichier", capsys)
    _refused([CODE, str(tmp_path)], "est un dossier", capsys)
    _refused(["roadmaps.rien", str(projects())], CODE, capsys)


def test_a_report_that_cannot_be_written_stops_the_import_before_it_starts(projects, tmp_path, capsys):
    _refused([CODE, str(projects()), "--report", str(tmp_path / "nulle-part" / "r.json")], "rapport", capsys)


def test_a_report_lost_on_a_full_disk_is_said_and_the_import_stands(projects, capsys):
    assert main(["import", CODE, str(projects()), "--report", "/dev/full"]) == 0
    assert "L’import, lui, est allé à son terme" in capsys.readouterr().err
    assert Action.objects.count() == 2


def _refused(arguments, words, capsys):
    main(["contracts"])
    capsys.readouterr()
    before = written()
    assert main(["import", *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("Rien n’a été importé.")
    assert words in said.err
    assert "Traceback" not in said.err
    assert not set(said.err) & set(map(chr, range(32))) - {os.linesep}
    assert not said.out
    assert written() == before


def test_the_contracts_are_listed_for_people_and_for_programs(capsys):
    assert main(["contracts"]) == 0
    assert "roadmaps.actions (import) — Actions d’un plan" in capsys.readouterr().out
    assert main(["contracts", "--json"]) == 0
    listed = {contract["code"]: contract for contract in json.loads(capsys.readouterr().out)}
    assert {"roadmaps.actions", CODE} <= set(listed)
    assert listed[CODE]["title"] == "Projets lauréats du budget participatif"
    title = next(field for field in listed[CODE]["fields"] if field["name"] == "title")
    assert set(title) == {"name", "type", "required", "label", "synonyms"}
    assert title["required"]
