"""A back-up is worth what its restore gives back: written, carried to another house, checked, compared."""

import json
import resource
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from houses import House

COUNTED = ("organisation_person", "organisation_assignment", "journal_entry", "journal_seal", "django_migrations")


@pytest.fixture(scope="module")
def houses(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two houses on the test server, each with its own database and folder; the first has lived, the second is bare."""
    with django_db_blocker.unblock():
        made = {name: House(f"backup_{name}", tmp_path_factory.mktemp(name)) for name in ("first", "second")}
        live(made["first"])
        yield made
        for house in made.values():
            house.drop()


def live(house):
    for name, role, scope in (("claire", "directorate-head", "house"), ("helene", "sector-chief", "sector:19")):
        done = house.parvis("person", "add", f"{name}@ville.example", "--role", role, "--scope", scope)
        assert done.returncode == 0, done.stderr
    (house.folder / "documents" / "ab").mkdir(parents=True)
    (house.folder / "documents" / "ab" / "abcdef").write_bytes(b"%PDF-1.7 une note")
    (house.folder / "lake" / "aside" / "spilled-1").mkdir(parents=True)
    (house.folder / "lake" / "aside" / "spilled-1" / "block.tmp").write_bytes(b"what an engine spills is not kept")
    house.shell(SEAL_TODAY)


def counts(house):
    return {table: house.query(f"SELECT count(*) FROM {table}")[0][0] for table in COUNTED}


SEAL_TODAY = """
from datetime import date
from django.utils import timezone
from parvis.kernel import faces
from parvis.kernel.journal import seals
from parvis.kernel.lake import snapshots
snapshots.take(faces.house().datasets["roadmaps.plans"], by=None, at=timezone.now())
seals.seal_until(timezone.localdate(), at=timezone.now())
"""


@pytest.fixture(scope="module")
def backup(houses, tmp_path_factory):
    target = tmp_path_factory.mktemp("kept") / "parvis.tar"
    done = houses["first"].parvis("backup", target)
    assert done.returncode == 0, done.stderr
    return target


def test_a_back_up_holds_the_database_the_documents_the_lake_and_their_fingerprints(backup):
    with tarfile.open(backup) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
        assert set(archive.getnames()) == {"manifest.json", *manifest["files"]}
    (snapshot,) = (name for name in manifest["files"] if name.startswith("lake/"))
    assert set(manifest["files"]) == {"database.dump", "documents/ab/abcdef", snapshot}
    assert Path(snapshot).stem == manifest["files"][snapshot]
    assert datetime.fromisoformat(manifest["written_at"]).tzinfo == UTC


def test_a_back_up_is_never_written_over_a_file(houses, backup):
    before = backup.read_bytes()
    done = houses["first"].parvis("backup", backup)
    assert done.returncode == 1 and "existe déjà" in done.stderr
    assert backup.read_bytes() == before


def test_restored_elsewhere_the_house_is_the_same_and_its_journal_holds(houses, backup):
    first, second = houses["first"], houses["second"]
    done = second.parvis("restore", backup)
    assert done.returncode == 0, done.stderr
    assert "Le journal tient : 5 lignes, 1 jours scellés" in done.stdout
    assert counts(second) == counts(first)
    assert (second.folder / "documents" / "ab" / "abcdef").read_bytes() == b"%PDF-1.7 une note"
    verified = second.parvis("verify")
    assert verified.returncode == 0 and "Le lac tient : 1 fichiers" in verified.stdout


def test_a_lost_file_of_the_lake_is_named_and_the_status_says_so(houses):
    first = houses["first"]
    (file,) = (first.folder / "lake").glob("??/*.parquet")
    content = file.read_bytes()
    for damage in (lambda: file.write_bytes(content[:-1]), file.unlink):
        damage()
        done = first.parvis("verify")
        assert done.returncode == 1 and "Le journal tient" in done.stdout
        assert "La photographie de « roadmaps.plans » du" in done.stdout and file.stem[:12] in done.stdout
    file.write_bytes(content)
    assert first.parvis("verify").returncode == 0


def test_a_house_that_lives_is_not_replaced_unless_forced(houses, backup):
    first = houses["first"]
    first.query("UPDATE organisation_person SET first_name = 'Changé'")
    refused = first.parvis("restore", backup)
    assert refused.returncode == 1 and "n’est pas vide" in refused.stderr
    assert first.query("SELECT DISTINCT first_name FROM organisation_person") == [("Changé",)]
    forced = first.parvis("restore", backup, "--force")
    assert forced.returncode == 0, forced.stderr
    assert ("Changé",) not in first.query("SELECT DISTINCT first_name FROM organisation_person")


def test_a_restored_house_can_be_saved_and_restored_again(houses, backup, tmp_path):
    second = houses["second"]
    if not second.query("SELECT to_regclass('organisation_person')")[0][0]:
        second.parvis("restore", backup)
    assert second.parvis("backup", tmp_path / "again.tar").returncode == 0
    done = second.parvis("restore", tmp_path / "again.tar", "--force")
    assert done.returncode == 0, done.stderr


def test_a_damaged_back_up_is_refused_and_changes_nothing(houses, backup, tmp_path):
    first = houses["first"]
    before = counts(first)
    damaged = tmp_path / "damaged.tar"
    content = bytearray(backup.read_bytes())
    place = content.index(b"%PDF-1.7 une note")
    content[place + 5 : place + 8] = b"2.0"
    damaged.write_bytes(content)
    done = first.parvis("restore", damaged, "--force")
    assert done.returncode == 1
    assert "abîmée" in done.stderr and "documents/ab/abcdef" in done.stderr
    assert counts(first) == before


def test_a_file_that_is_no_back_up_is_refused(houses, tmp_path):
    (tmp_path / "notes.tar").write_text("rien")
    done = houses["first"].parvis("restore", tmp_path / "notes.tar", "--force")
    assert done.returncode == 1 and "n’est pas une sauvegarde" in done.stderr


def test_when_the_disk_is_full_the_back_up_says_so_and_leaves_nothing_behind(houses, tmp_path):
    """A limit on the size of files stands for a full disk: the same write fails, in the same place."""

    def small_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    done = houses["first"].parvis("backup", tmp_path / "parvis.tar", preexec_fn=small_disk)
    assert done.returncode == 1
    assert "disque est plein" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_a_plain_refusal(houses, tmp_path):
    done = houses["first"].parvis("backup", tmp_path / "absent" / "parvis.tar")
    assert done.returncode == 1 and "n’a pas pu être écrite" in done.stderr and "Traceback" not in done.stderr
