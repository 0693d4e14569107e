"""A file through its contract: wholly or not at all, reconciled, and the same file twice changes nothing."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from parvis.kernel import Forbidden
from parvis.kernel.contracts.importing import run_import
from parvis.kernel.contracts.models import ImportRun, KnownRow, QuarantinedRow, RowIssue
from parvis.kernel.contracts.refusals import ImportFailed
from parvis.kernel.contracts.reports import headings
from parvis.kernel.journal.models import Entry

HEAD = "Code;Titre;Prix;Date d’achat;Prêté\n"
ROWS = "1;Été;12,50;01/02/2024;oui\n2;;3;;non\n3;Hiver;abc;;\n4;Automne;1 000;;\n"


def written():
    return [model.objects.count() for model in (ImportRun, RowIssue, QuarantinedRow, KnownRow, Entry)]


@pytest.fixture
def nothing(db):
    """Nothing was written: compared at the end with what stood before."""
    before = written()
    yield
    assert written() == before


def test_good_rows_are_accepted_and_bad_ones_wait(db, books, file, at, shelf):
    report = run_import(books, file(HEAD + ROWS), by=None, at=at)
    assert (report.rows, report.accepted, report.quarantined, report.unchanged) == (4, 2, 2, 0)
    assert shelf == [("1", "Été", 1250), ("4", "Automne", 100000)]
    held = QuarantinedRow.objects.order_by("row").values_list("row", "key", "cells__title", "cells__price")
    assert list(held) == [(3, "2", "", "3"), (4, "3", "Hiver", "abc")]
    assert report.exit_status == 1


def test_totals_reconcile_to_the_cent_and_unreadable_amounts_are_listed(db, books, file, at):
    report = run_import(books, file(HEAD + ROWS), by=None, at=at)
    assert report.totals == {"price_cents": {"file": 101550, "accepted": 101250, "quarantined": 300}}
    assert report.reading["unreadable_amounts"] == [{"row": 4, "column": "Prix", "field": "price", "value": "abc"}]


def test_the_report_has_one_shape(db, books, file, at):
    report = run_import(books, file(HEAD + ROWS), by=None, at=at).as_dict()
    assert set(report) == {"contract", "rows", "accepted", "quarantined", "unchanged", "totals", "issues", "reading"}
    assert report["issues"][0] == {
        "row": 3, "column": "Titre", "field": "title", "rule": "required", "severity": "error", "value": "",
        "message": "« Titre » est obligatoire et la cellule est vide.", "proposal": "",
    }  # fmt: skip


def test_a_column_is_named_as_in_the_file_and_by_its_label_when_absent(db, books, file, at):
    report = run_import(books, file("N°;Intitulé;Auteur\n1;;X\n"), by=None, at=at).as_dict()
    assert [(i["column"], i["field"], i["rule"]) for i in report["issues"]] == [
        ("Auteur", "", "unknown-column"), ("Intitulé", "title", "required"),
    ]  # fmt: skip
    assert headings(books, {"columns": {"Intitulé": "title"}})["price"] == "Prix"


def test_the_same_file_twice_changes_nothing(db, books, file, at, shelf):
    path = file(HEAD + ROWS)
    run_import(books, path, by=None, at=at)
    known, waiting, on_shelf = list(KnownRow.objects.values()), list(QuarantinedRow.objects.values()), list(shelf)
    again = run_import(books, path, by=None, at=at)
    assert (again.accepted, again.unchanged, again.quarantined) == (2, 2, 2)
    assert list(KnownRow.objects.values()) == known
    assert list(QuarantinedRow.objects.values()) == waiting
    assert shelf == on_shelf


def test_the_same_rows_from_a_workbook_are_unchanged_too(db, books, file, at, workbook):
    run_import(books, file(HEAD + "1;Été;12,50;01/02/2024;oui\n"), by=None, at=at)
    day = datetime(2024, 2, 1)  # noqa: DTZ001
    content = workbook([["N°", "Intitulé", "Montant (€)", "Date d’achat", "Prêté"], [1, "Été", 12.5, day, True]])
    assert run_import(books, file(content, name="a.xlsx"), by=None, at=at).unchanged == 1


def test_only_the_rows_that_changed_are_written_again(db, books, file, at, shelf):
    run_import(books, file(HEAD + "1;a;1;;\n2;b;2;;\n"), by=None, at=at)
    shelf.clear()
    report = run_import(books, file(HEAD + "1;a;1;;\n2;b;2,01;;\n"), by=None, at=at)
    assert (report.accepted, report.unchanged, shelf) == (2, 1, [("2", "b", 201)])


def test_a_key_met_twice_in_a_file_stands_once(db, books, file, at, shelf):
    report = run_import(books, file(HEAD + "1;a;1;;\n1;b;2;;\n"), by=None, at=at)
    assert (report.accepted, report.quarantined) == (1, 1)
    assert shelf == [("1", "a", 100)]
    assert [(i.row, i.rule) for i in report.issues] == [(3, "duplicate-key")]
    assert "la ligne 2" in report.issues[0].message


def test_a_dry_run_says_all_and_writes_nothing(nothing, books, file, at, shelf):
    report = run_import(books, file(HEAD + ROWS), by=None, at=at, dry_run=True)
    assert (report.accepted, report.quarantined, report.run_id, shelf) == (2, 2, None, [])


def test_a_run_leaves_one_line_in_the_journal_with_codes_alone(db, books, file, at):
    report = run_import(books, file(HEAD + ROWS), by=None, at=at)
    (line,) = Entry.objects.filter(verb="import.run")
    assert (line.subject_id, line.codes["rows"], line.codes["quarantined"]) == (str(report.run_id), 4, 2)


def test_one_who_may_not_import_is_refused(nothing, person, books, file, at):
    with pytest.raises(Forbidden):
        run_import(books, file(HEAD + ROWS), by=person("elected-reader"), at=at)


def test_nul_and_control_characters_never_reach_the_database(db, books, at, workbook, file):
    content = workbook([["Code", "Titre"], ["1", "a\x01b\tc"]])
    assert run_import(books, file(content), by=None, at=at).accepted == 1


# Cut short


def many(count):
    return HEAD + "".join(f"{n};livre {n};1;;\n" for n in range(count))


def test_a_fault_in_the_third_batch_leaves_nothing(nothing, books, file, at):
    calls = []

    def apply(rows, lookups, *, run, by, at):
        calls.append(len(rows))
        if len(calls) == 3:
            raise RuntimeError("a bug in the domain")

    with pytest.raises(RuntimeError):
        run_import(replace(books, apply=apply), file(many(5000)), by=None, at=at)
    assert calls == [2000, 2000, 1000]


@pytest.fixture
def failing_table(db):
    """The real table of known rows, refusing its 4,000th row as a server with a full disk does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.key = '4000' THEN "
            "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END IF; RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON contracts_knownrow FOR EACH ROW EXECUTE FUNCTION pg_temp.full_disk()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER full_disk ON contracts_knownrow")


def test_a_full_disk_is_told_plainly_and_leaves_nothing(failing_table, nothing, books, file, at):
    with pytest.raises(ImportFailed, match="disque de la base de données est plein") as refused:
        run_import(books, file(many(5000)), by=None, at=at)
    assert "Rien n’a été écrit" in refused.value.remedy


def test_a_refused_write_is_told_plainly_and_leaves_nothing(nothing, books, file, at):
    def apply(rows, lookups, *, run, by, at):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    with pytest.raises(ImportFailed, match="a refusé une écriture"):
        run_import(replace(books, apply=apply), file(many(3)), by=None, at=at)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_is_told_plainly_and_leaves_nothing(books, file, at):
    def apply(rows, lookups, *, run, by, at):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    before = written()
    with pytest.raises(ImportFailed, match="ne répond plus"):
        run_import(replace(books, apply=apply), file(many(3)), by=None, at=at)
    connection.close()
    assert written() == before


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_contract_at_once_are_refused(books, file, at):
    other = connections.create_connection("default")
    try:

        def apply(rows, lookups, *, run, by, at):
            with pytest.raises(ImportFailed, match="Un autre import"):
                swapped(other, lambda: run_import(books, file(many(2), name="b.csv"), by=None, at=at))

        assert run_import(replace(books, apply=apply), file(many(3)), by=None, at=at).accepted == 3
    finally:
        other.close()


def swapped(other, act):
    """Run with another real connection to the same database."""
    mine = connections["default"]
    connections["default"] = other
    try:
        act()
    finally:
        connections["default"] = mine


KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from parvis.kernel.contracts.contract import Contract
from parvis.kernel.contracts.importing import run_import

def apply(rows, lookups, *, run, by, at):
    if rows[0].number > 2000:
        print("half-way", flush=True)
        time.sleep(60)

schema = {"primaryKey": "code", "fields": [{"name": "code"}, {"name": "titre"}]}
contract = Contract("tests.killed", "Livres", "", schema, "roadmaps.import", apply)
run_import(contract, Path(sys.argv[2]), by=None, at=datetime.now(UTC))
"""


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_half_way_leaves_nothing_and_can_be_done_again(file, books, at):
    before, path = written(), file(many(5000))
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "parvis.config.settings"}
    name = connection.settings_dict["NAME"]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, name, str(path)], env=environment, stdout=subprocess.PIPE
    ) as killed:
        assert killed.stdout.readline().strip() == b"half-way"
        killed.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while written() != before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert written() == before
    again = replace(books, code="tests.killed")
    assert run_import(again, path, by=None, at=datetime.now(UTC)).accepted == 5000
