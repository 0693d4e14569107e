"""A deposited file becomes a snapshot whole or not at all; what is wrong in it waits, and nothing is lost."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.db import connection

from parvis.kernel import Forbidden, Refusal
from parvis.kernel.access import HOUSE, Permission, Role
from parvis.kernel.contracts import importing
from parvis.kernel.contracts.models import ImportRun, QuarantinedRow, RowIssue
from parvis.kernel.contracts.refusals import ImportFailed, UnusableFile
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import deposits, snapshots
from parvis.kernel.lake.dataset import Column, Dataset, columns_of
from parvis.kernel.lake.deposits import deposit, may_deposit
from parvis.kernel.lake.models import Snapshot

SCHEMA = {
    "fields": [
        {"name": "annee", "type": "year", "parvis:keptAs": "date", "constraints": {"required": True}},
        {"name": "nom", "type": "string", "constraints": {"required": True}},
        {"name": "montant", "type": "number", "parvis:money": True, "constraints": {"minimum": 0}},
        {"name": "voté", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
    ]
}
DATASET = Dataset(
    code="tests.deposited", title="Sommes versées", sentence="Pour essayer les dépôts.", key="ligne", owner="DDCT",
    columns=(Column("ligne", "string", "Ligne"), *columns_of(SCHEMA)), schema=SCHEMA, permission="datahub.import_files",
    deposit_permission="datahub.import_files", business_date="annee", replaces_by="annee",
)  # fmt: skip
GOOD = "annee;nom;montant;voté\n2023;Un;1000.10;oui\n2023;Deux;0.05;non\n2023;Trois;;\n"


@pytest.fixture(autouse=True)
def lake(tmp_path, settings) -> Path:
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "sommes.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def _rows(snapshot: Snapshot) -> list[dict]:
    return pq.read_table(snapshots.path_of(snapshot.sha256)).to_pylist()


def _nothing_was_written(lake: Path) -> bool:
    left = [p for p in lake.rglob("*") if p.is_file()]
    return not (left or Snapshot.objects.exists() or ImportRun.objects.exists() or RowIssue.objects.exists())


def test_the_accepted_rows_are_kept_with_their_types_and_keyed_by_their_line(db, now, file):
    made = deposit(DATASET, file(GOOD), by=None, at=now)
    first, second, third = _rows(made.snapshot)
    assert first == {"ligne": first["ligne"], "annee": date(2023, 1, 1), "nom": "Un", "montant": 100010, "voté": True}
    assert (second["montant"], third["montant"], third["voté"]) == (5, None, None)
    assert [row["ligne"].split("-")[1] for row in (first, second, third)] == ["2", "3", "4"]
    assert (made.snapshot.as_of, made.snapshot.business_on) == (date(2026, 11, 24), date(2023, 1, 1))


def test_bad_rows_wait_and_rows_and_cents_add_up(db, now, file):
    made = deposit(DATASET, file(GOOD + "2023;;12.34;oui\n2023;Quatre;-1;non\nvingt;Cinq;abc;non\n"), by=None, at=now)
    assert (made.row_count, made.accepted_count, made.quarantined_count, made.exit_status) == (6, 3, 3, 1)
    assert made.totals["montant_cents"] == {"file": 101149, "accepted": 100015, "quarantined": 1134}
    run = ImportRun.objects.get(pk=made.run_id)
    assert (run.contract, run.row_count, run.accepted_count, run.quarantined_count) == (DATASET.code, 6, 3, 3)
    issues = RowIssue.objects.filter(run=run).order_by("pk").values_list("row", "column", "rule")
    assert list(issues) == [
        (5, "nom", "required"), (6, "montant", "minimum"), (7, "annee", "type"), (7, "montant", "type"),
    ]  # fmt: skip
    assert QuarantinedRow.objects.get(run=run, row=5).cells == {
        "annee": "2023",
        "nom": "",
        "montant": "12.34",
        "voté": "oui",
    }


def test_the_deposit_is_journalled_without_a_word_of_its_content(db, now, file):
    made = deposit(DATASET, file(GOOD), by=None, at=now)
    said = list(Entry.objects.filter(verb__in=["import.run", "snapshot.take"]).values_list("verb", "codes"))
    assert {verb for verb, _ in said} == {"import.run", "snapshot.take"}
    assert "Trois" not in str(said)
    assert made.snapshot.origin["run"] == made.run_id


def test_the_same_file_twice_is_the_same_snapshot_and_one_run(db, now, file):
    first = deposit(DATASET, file(GOOD), by=None, at=now)
    again = deposit(DATASET, file(GOOD, "copie.csv"), by=None, at=now + timedelta(minutes=5))
    assert (again.snapshot, again.run_id, again.is_new) == (first.snapshot, first.run_id, False)
    assert ImportRun.objects.count() == Snapshot.objects.count() == 1


def test_a_file_replaces_the_years_it_tells_and_leaves_the_others(db, now, file):
    deposit(DATASET, file(GOOD), by=None, at=now)
    deposit(DATASET, file(GOOD.replace("2023;", "2024;"), "b.csv"), by=None, at=now)
    last = deposit(DATASET, file("annee;nom;montant;voté\n2023;Seul;1;non\n", "c.csv"), by=None, at=now)
    assert sorted((row["annee"].year, row["nom"]) for row in _rows(last.snapshot)) == [
        (2023, "Seul"), (2024, "Deux"), (2024, "Trois"), (2024, "Un"),
    ]  # fmt: skip


def test_a_past_day_is_told_as_it_was_known(db, now, file):
    deposit(DATASET, file(GOOD), by=None, at=now, as_of=date(2024, 1, 31))
    deposit(DATASET, file(GOOD.replace("2023;", "2024;"), "b.csv"), by=None, at=now, as_of=date(2025, 1, 31))
    held = snapshots.latest([DATASET.code], as_of=date(2024, 6, 1))[DATASET.code]
    assert {row["annee"].year for row in _rows(held)} == {2023}
    with pytest.raises(Refusal, match="n’est pas encore passé"):
        deposit(DATASET, file(GOOD), by=None, at=now, as_of=date(2030, 1, 1))


def test_a_row_waits_no_longer_once_its_file_is_deposited_anew(db, now, file):
    first = deposit(DATASET, file(GOOD + "2023;;1;oui\n"), by=None, at=now)
    deposit(DATASET, file(GOOD + "2023;Quatre;1;oui\n", "b.csv"), by=None, at=now)
    held = QuarantinedRow.objects.get(run_id=first.run_id)
    assert (held.outcome, held.reason) == ("dropped", deposits.REPLACED)


def test_a_trial_says_the_same_and_writes_nothing(db, now, file, lake):
    tried = deposit(DATASET, file(GOOD + "2023;;1;oui\n"), by=None, at=now, dry_run=True)
    assert (tried.snapshot, tried.accepted_count, tried.quarantined_count, tried.is_dry) == (None, 3, 1, True)
    assert [f.message for f in tried.faults] == ["« nom » est obligatoire et la cellule est vide."]
    assert _nothing_was_written(lake)


@pytest.mark.parametrize(
    "text, said",
    [
        ("annee;montant\n2023;1\n", "La colonne obligatoire « nom » manque"),
        ("annee;nom;montant\n", "n’a aucune ligne"),
        ("annee;nom;montant\nx;Un;1\ny;Deux;2\n", "2 lignes sur 2 sont refusées"),
        ("annee;nom;montant\n2023;Un;99999999999999999999\n", "trop grand pour être gardé"),
    ],
)
def test_a_file_that_is_not_of_this_dataset_is_refused_and_nothing_is_written(db, now, file, lake, text, said):
    with pytest.raises(UnusableFile, match=said):
        deposit(DATASET, file(text), by=None, at=now)
    assert _nothing_was_written(lake)


def test_a_file_with_too_many_bad_rows_is_refused(db, now, file, monkeypatch):
    monkeypatch.setattr(deposits, "MOST_REFUSED", 1)
    with pytest.raises(UnusableFile, match="2 lignes sur 5 sont refusées"):
        deposit(DATASET, file(GOOD + "2023;;1;oui\n2023;;2;non\n"), by=None, at=now)


def test_a_dataset_of_records_takes_no_file(db, now, file):
    with pytest.raises(Refusal, match="ne se dépose pas"):
        deposit(replace(DATASET, schema=None), file(GOOD), by=None, at=now)


def test_only_those_who_may_everywhere_deposit(person, now, file):
    officer, pilot = person("data-officer"), person("sector-chief", "sector", "19")
    assert may_deposit(officer, DATASET) and not may_deposit(pilot, DATASET)
    with pytest.raises(Forbidden):
        deposit(DATASET, file(GOOD), by=pilot, at=now)
    assert deposit(DATASET, file(GOOD), by=officer, at=now).snapshot.taken_by == officer


def test_a_full_disk_is_told_and_leaves_nothing(db, now, file, lake, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "write_batch", full)
        with pytest.raises(Refusal, match="le disque est plein"):
            deposit(DATASET, file(GOOD), by=None, at=now)
    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "write_table", full)
        with pytest.raises(Refusal, match="Le disque est plein"):
            deposit(DATASET, file(GOOD), by=None, at=now)
    assert _nothing_was_written(lake)


@pytest.mark.django_db(transaction=True)
def test_two_deposits_of_a_dataset_do_not_go_at_once(now, file):
    path, outcome = file(GOOD), []

    def other() -> None:
        try:
            deposit(DATASET, path, by=None, at=now)
        except ImportFailed as refused:
            outcome.append(str(refused))
        finally:
            connection.close()

    with importing.all_or_nothing(DATASET):
        rival = threading.Thread(target=other)
        rival.start()
        rival.join()
    assert ["Un autre import de « Sommes versées » est en cours." in said for said in outcome] == [True]
    assert deposit(DATASET, path, by=None, at=now).is_new


KILLED = """
    import os, signal, sys
    from parvis.cli import boot
    boot.configure()
    from django.conf import settings
    from django.utils import timezone
    settings.DATABASES["default"]["NAME"] = sys.argv[3]
    from pathlib import Path
    settings.LAKE = Path(sys.argv[2])
    from tests.kernel.lake.test_deposits import DATASET
    from parvis.kernel.lake import deposits, snapshots
    keep = snapshots.keep
    def kept_then_killed(*args, **fields):
        keep(*args, **fields)
        os.kill(os.getpid(), signal.SIGKILL)
    snapshots.keep = kept_then_killed
    deposits.deposit(DATASET, Path(sys.argv[1]), by=None, at=timezone.now())
"""


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_the_dataset_is_as_it_was_and_the_file_can_come_again(now, file, lake):
    path = file(GOOD)
    name = connection.settings_dict["NAME"]
    script = textwrap.dedent(KILLED)
    ended = subprocess.run(
        [sys.executable, "-c", script, str(path), str(lake), name], env={**os.environ, "PYTHONPATH": "."}
    )
    assert ended.returncode == -signal.SIGKILL
    assert not (Snapshot.objects.exists() or ImportRun.objects.exists())
    assert deposit(DATASET, path, by=None, at=now).accepted_count == 3


def test_the_permission_of_a_deposit_is_one_of_the_house():
    from parvis.kernel import faces

    known: dict[str, Permission] = dict(faces.house().permissions)
    deposited = [d for face in faces.house().faces for d in face.datasets if d.schema]
    assert deposited and all(known[d.deposit_permission].grants[Role.DATA_OFFICER] == HOUSE for d in deposited)
