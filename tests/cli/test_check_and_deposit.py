"""`parvis check` and `parvis deposit`: faults named, exit statuses that a script can trust, nothing written by a check."""

import json

import pytest

from parvis.cli import main
from parvis.kernel.contracts.models import ImportRun
from parvis.kernel.lake.models import Snapshot

pytestmark = pytest.mark.django_db

GOOD = "insee,name,population\n75056,Paris,2103778\n75101,Paris 1er,15114\n"
BAD = GOOD + "751,Ailleurs,0\n"


@pytest.fixture(autouse=True)
def lake(tmp_path, settings) -> None:
    settings.LAKE = tmp_path / "lake"


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "population.csv") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def test_a_file_that_holds_its_contract_is_said_good(file, capsys):
    assert main(["check", "atlas.population", file(GOOD)]) == 0
    assert "Le fichier tient le contrat." in capsys.readouterr().out


def test_faults_are_named_and_the_status_is_one(file, capsys):
    assert main(["check", "atlas.population", file(BAD)]) == 1
    said = capsys.readouterr().out
    assert "3 lignes lues = 2 acceptées + 1 refusées" in said.replace("\u202f", " ")
    assert "ligne 4, colonne « insee » · erreur [pattern] : « 751 » n’a pas la forme attendue" in said


def test_a_program_receives_every_fault(file, capsys):
    assert main(["check", "atlas.population", file(BAD), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["accepted"], told["refused"], told["valid"]) == (3, 2, 1, False)
    assert [(f["row"], f["column"], f["rule"]) for f in told["faults"]] == [
        (4, "insee", "pattern"),
        (4, "population", "minimum"),
    ]


def test_a_table_schema_in_a_file_is_a_contract_too(file):
    schema = file(
        json.dumps({"fields": [{"name": "insee"}, {"name": "name", "constraints": {"maxLength": 5}}]}), "contrat.json"
    )
    assert main(["check", schema, file(GOOD)]) == 1


def test_a_contract_of_import_is_tried_and_writes_nothing(file, capsys):
    assert main(["check", "roadmaps.winning-projects", file("Titre\nx\n")]) == 2
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("contract, content, said", [
    ("atlas.ailleurs", GOOD, "Contrat inconnu"), ("atlas.population", "%PDF-1.7", "un PDF"),
])  # fmt: skip
def test_what_cannot_be_checked_is_told_with_status_two(file, capsys, contract, content, said):
    assert main(["check", contract, file(content)]) == 2
    assert said in capsys.readouterr().err


def test_an_impossible_contract_is_refused_with_its_fault(file, capsys):
    schema = file(
        json.dumps({"fields": [{"name": "n", "type": "number", "constraints": {"minimum": 9, "maximum": 1}}]}), "c.json"
    )
    assert main(["check", schema, file(GOOD)]) == 2
    assert "« minimum » (9) dépasse « maximum » (1)" in capsys.readouterr().err


def test_a_deposit_keeps_the_good_rows_and_tells_the_others(file, capsys):
    assert main(["deposit", "atlas.population", file(BAD), "--as-of", "2026-01-01"]) == 1
    said = capsys.readouterr().out.replace("\u202f", " ")
    assert "3 lignes lues = 2 acceptées + 1 en quarantaine" in said and "photographie du 01/01/2026" in said
    assert Snapshot.objects.get().row_count == 2


def test_a_trial_deposit_writes_nothing(file, capsys):
    assert main(["deposit", "atlas.population", file(GOOD), "--dry-run"]) == 0
    assert "essai : rien n’a été écrit" in capsys.readouterr().out
    assert not Snapshot.objects.exists() and not ImportRun.objects.exists()


def test_the_same_file_again_is_said_known(file, capsys):
    path = file(GOOD)
    main(["deposit", "atlas.population", path])
    assert main(["deposit", "atlas.population", path]) == 0
    assert "ce fichier y était déjà" in capsys.readouterr().out
    assert Snapshot.objects.count() == 1


def test_an_unknown_dataset_is_told_with_those_that_take_files(file, capsys):
    assert main(["deposit", "atlas.ailleurs", file(GOOD)]) == 2
    assert "atlas.population" in capsys.readouterr().err


def test_contracts_lists_both_kinds_and_says_which(capsys):
    assert main(["contracts", "--json"]) == 0
    kinds = {told["code"]: told["kind"] for told in json.loads(capsys.readouterr().out)}
    assert (kinds["roadmaps.winning-projects"], kinds["grants.scdl-subventions-p1"]) == ("import", "deposit")
