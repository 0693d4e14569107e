"""The SQL console: what it answers, and everything that an attacker tries."""

import csv
import hashlib
from datetime import timedelta
from io import StringIO

import duckdb
import pytest

from parvis.domains.datahub import sandbox, tasks
from parvis.domains.datahub.actions import console
from parvis.domains.datahub.models import LakeQuery
from parvis.domains.datahub.queries.console import examples, tables
from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import snapshots

PAGE = "/donnees/console/"


@pytest.fixture
def market_table(kept_markets):
    return kept_markets.table_name


@pytest.fixture
def ask(officer, now, market_table):
    """Each question at its own minute, so that none is too frequent."""
    moments = (now + timedelta(minutes=n) for n in range(1000))
    return lambda sql, by=officer, **limits: console.ask(sql.format(t=market_table), by=by, at=next(moments), **limits)


@pytest.mark.parametrize(("sql", "first"), [
    ("SELECT count(*) FROM {t}", [24]), ("WITH m AS (FROM {t}) SELECT max(code) FROM m", ["024"]),
    ("DESCRIBE {t}", ["code", "VARCHAR", "YES", None, None, None]), ("VALUES (1)", [1]), ("SELECT 1;", [1]),
    ("SELECT 1 /* ; DROP TABLE x */ -- ; et la suite", [1]), ("SELECT sum(i) FROM range(10) r(i)", [45]),
])  # fmt: skip
def test_a_reading_is_answered(ask, sql, first):
    answer = ask(sql)
    assert (answer.query.outcome, answer.message) == ("answered", "")
    assert answer.rows[0] == first


REFUSED = [
    "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM glob('/*')",
    "SELECT * FROM '/etc/passwd'", "FROM 'https://example.org/x.parquet'", "SELECT * FROM read_parquet('lake/*/*.parquet')",
    "SELECT * FROM {t}, LATERAL (SELECT * FROM glob('*'))", "SELECT (SELECT content FROM read_text('/etc/hostname'))",
    "WITH x AS (SELECT * FROM sniff_csv('/etc/passwd')) SELECT * FROM x", "SELECT getenv('HOME')",
    "SELECT current_setting('memory_limit')", "SELECT * FROM duckdb_settings()", "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM query('SELECT 1')", "SELECT * FROM query_table('x')", "SELECT * FROM information_schema.tables",
    "SELECT * FROM pg_catalog.pg_settings", "SELECT * FROM sqlite_master", "SHOW TABLES", "SHOW ALL TABLES", "SHOW DATABASES",
    "SELECT * FROM pragma_version()", "PRAGMA version", "CALL pragma_version()", "ATTACH '/tmp/x.db'", "DETACH memory",
    "COPY {t} TO '/tmp/out.csv'", "COPY (SELECT 1) TO '/tmp/out.parquet'", "EXPORT DATABASE '/tmp/x'", "INSTALL httpfs",
    "LOAD httpfs", "SET memory_limit = '100GB'", "RESET memory_limit", "SET VARIABLE x = 1", "CREATE TABLE x AS SELECT 1",
    "DROP VIEW {t}", "INSERT INTO {t} SELECT 1", "UPDATE {t} SET code = ''", "DELETE FROM {t}", "CHECKPOINT", "VACUUM",
    "CREATE MACRO f(x) AS TABLE SELECT * FROM read_text(x)", "PREPARE q AS SELECT 1", "EXPLAIN SELECT 1", "BEGIN",
    "SELECT 1; SELECT 2", "SELECT 1; COPY {t} TO '/tmp/out.csv'", "SELECT 1 /* */; /* */ ATTACH 'x'", ";", "-- rien",
    "SELECT /* sans fin", "selec 1", "SELECT write_log('x')", "SELECT * FROM roadmaps_nowhere",
    "SELECT c.* FROM (WITH duckdb_columns AS (SELECT 1) SELECT 1) x, duckdb_columns c",
    'SELECT c.* FROM (WITH "SQLITE_MASTER" AS (SELECT 1) SELECT 1) x, sqlite_master c',
]  # fmt: skip


def test_everything_but_one_reading_of_the_open_tables_is_refused_in_french(ask):
    """One process each: the whole list in one test."""
    passed = []
    for sql in REFUSED:
        with duckdb.connect(":memory:") as connection:
            try:
                sandbox.gate(connection, sql.format(t="t"), {"t"})
                passed.append(sql)
            except sandbox.Refused as refusal:
                assert str(refusal).endswith((".", "»")) or "ne se lit pas" in str(refusal), sql
    assert passed == []


@pytest.mark.parametrize("sql", ["SELECT * FROM read_csv('/etc/passwd')", "INSTALL httpfs", "SELECT 1; SELECT 2"])
def test_a_refusal_is_told_on_the_page_and_kept_in_the_record(ask, sql):
    answer = ask(sql)
    assert answer.query.outcome == "refused"
    assert answer.message and not answer.rows


def test_were_the_gate_open_the_engine_itself_would_still_refuse_every_file(monkeypatch, tmp_path):
    """Two walls: the parser's, and the engine's own lock."""
    monkeypatch.setattr(sandbox, "gate", lambda connection, sql, tables: set())
    (tmp_path / "secret.csv").write_text("a\n1\n")
    asked = {"tables": {}, "memory": "128MB", "rows": 5}
    for sql in (f"FROM read_csv('{tmp_path}/secret.csv')", f"FROM '{tmp_path}/secret.csv'", f"FROM glob('{tmp_path}/*')",
                f"COPY (SELECT 1) TO '{tmp_path}/out.csv'", f"ATTACH '{tmp_path}/x.db'", "INSTALL httpfs", "LOAD httpfs",
                "SET enable_external_access = true", "SET memory_limit = '10GB'"):  # fmt: skip
        assert sandbox.answer(asked | {"sql": sql})["outcome"] == "failed", sql
    assert {path.name for path in tmp_path.iterdir()} == {"secret.csv"}
    assert duckdb.sql("SELECT 1").fetchone() == (1,)


def test_a_question_without_end_is_stopped_when_its_time_is_up(ask):
    answer = ask("WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r", seconds=2)
    assert answer.query.outcome == "stopped"
    assert "arrêtée" in answer.message


@pytest.mark.parametrize("sql", [
    "SELECT list(i) FROM range(1000000000) r(i)", "SELECT repeat('x', 2000000000)",
    "SELECT string_agg(repeat('x', 1000), '') FROM range(10000000)",
])  # fmt: skip
def test_a_question_that_eats_the_memory_is_refused_in_plain_words(ask, sql):
    answer = ask(sql)
    assert answer.query.outcome == "memory"
    assert "mémoire" in answer.message


def test_an_answer_too_long_is_cut_and_says_so(ask):
    answer = ask("SELECT i, repeat('é', 5000) AS long FROM range(100000) r(i)", longest=20)
    assert (len(answer.rows), answer.is_cut, answer.query.is_cut) == (20, True, True)
    assert len(answer.rows[0][1]) == 2001
    assert not ask("SELECT * FROM range(20) r(i)", longest=20).is_cut


def test_an_answer_too_wide_is_refused(ask):
    wide = ", ".join(f"{n} AS c{n}" for n in range(300))
    assert ask(f"SELECT {wide}").query.outcome == "refused"


def test_what_the_engine_says_of_the_question_is_told_and_nothing_of_the_machine(ask, settings):
    answer = ask("SELECT nope FROM {t}")
    assert answer.query.outcome == "failed"
    assert "nope" in answer.message and str(settings.HOME) not in answer.message


def test_the_process_that_answers_has_no_environment_of_ours(ask, monkeypatch):
    """Nothing but the two letters of its locale reaches the child, and not the database's address above all."""
    seen = {}
    real = console.subprocess.Popen
    monkeypatch.setattr(console.subprocess, "Popen", lambda *a, **k: seen.update(k) or real(*a, **k))
    ask("SELECT 1")
    assert seen["env"] == {"LC_ALL": "C.UTF-8"}
    assert seen["start_new_session"] and seen["cwd"] == "/"


def test_a_personal_column_does_not_exist_for_who_may_not_read_it(ask, head, officer, market_table):
    (mine,) = [t for t in tables(officer) if t.name == market_table]
    (hers,) = [t for t in tables(head) if t.name == market_table]
    email = next(c.name for c in mine.columns if c.is_personal)
    assert email not in {c.name for c in hers.columns}
    assert ask(f"SELECT count({email}) FROM {{t}}").rows == [[24]]
    refused = ask(f"SELECT {email} FROM {{t}}", by=head)
    assert refused.query.outcome == "failed"
    assert not any("example.org" in str(row) for row in ask("SELECT * FROM {t}", by=head).rows)


def test_only_the_datasets_of_which_she_sees_every_row_are_tables(lake, person, now):
    """A head of one directorate may ask, but of the imports she sees only her own: they are no table of hers."""
    snapshots.take(faces.house().datasets["datahub.imports"], by=None, at=now)
    everywhere, of_deve = person("directorate-head"), person("directorate-head", "directorate", "DEVE")
    assert "datahub_imports" in {t.name for t in tables(everywhere)}
    assert "datahub_imports" not in {t.name for t in tables(of_deve)}
    answer = console.ask("SELECT * FROM datahub_imports", by=of_deve, at=now)
    assert answer.query.outcome == "refused"


def test_a_question_is_journaled_by_its_fingerprint_and_its_text_stays_in_its_record(ask, officer):
    sql = "SELECT count(*) AS combien FROM range(3)"
    answer = ask(sql)
    entry = Entry.objects.get(verb="lake.query", subject_id=str(answer.query.pk))
    assert entry.codes == {"sha256": hashlib.sha256(sql.encode()).hexdigest()}
    assert answer.query.text == sql and "combien" not in str(entry.codes)


def test_the_text_goes_after_ninety_days_and_the_journal_stays(ask, now):
    answer = ask("SELECT 1")
    assert console.forget_old(at=answer.query.asked_at + timedelta(days=90)) == 0
    assert console.forget_old(at=answer.query.asked_at + timedelta(days=90, seconds=1)) == 1
    assert Entry.objects.filter(verb="lake.query").count() == 1


def test_the_nightly_task_forgets_what_is_old_and_nothing_else(ask, now):
    ask("SELECT 1")
    LakeQuery.objects.update(asked_at=now - timedelta(days=4000))
    ask("SELECT 2")
    LakeQuery.objects.filter(text="SELECT 2").update(asked_at=now + timedelta(days=36500))
    assert tasks.forget_old_queries(0) == 1
    assert LakeQuery.objects.get().text == "SELECT 2"


def test_the_thirteenth_question_of_a_minute_waits(officer, lake, now):
    for _ in range(console.PER_MINUTE):
        LakeQuery.objects.create(text="SELECT 1", sha256="x", asked_at=now, asked_by=officer)
    with pytest.raises(Refusal, match="en une minute"):
        console.ask("SELECT 1", by=officer, at=now)


@pytest.mark.parametrize("sql", ["", "   \n", "x" * 10_001])
def test_an_empty_or_endless_text_is_refused_before_anything_is_written(officer, lake, now, sql):
    with pytest.raises(Refusal):
        console.ask(sql, by=officer, at=now)
    assert not LakeQuery.objects.exists()


@pytest.mark.parametrize(
    "role", [("sector-chief", "sector", "19"), ("elected-reader",), ("contributor", "directorate", "DEVE")]
)
def test_who_may_not_ask_is_refused(person, now, role):
    with pytest.raises(Forbidden):
        console.ask("SELECT 1", by=person(*role), at=now)


def test_the_page_answers_and_keeps_what_was_typed(client, officer, market_table):
    client.force_login(officer)
    assert market_table in client.get(PAGE).content.decode()
    page = client.post(PAGE, {"sql": f"SELECT count(*) AS total FROM {market_table}"})
    assert page.status_code == 200
    assert ">24<" in page.content.decode()
    wrong = client.post(PAGE, {"sql": "SELEC total"})
    assert wrong.status_code == 422
    assert "SELEC total" in wrong.content.decode()
    empty = client.post(PAGE, {"sql": " "})
    assert (empty.status_code, "vide" in empty.content.decode()) == (422, True)


def test_an_address_with_a_question_fills_the_editor_and_runs_nothing(client, officer, lake):
    client.force_login(officer)
    assert "SELECT 42" in client.get(PAGE, {"sql": "SELECT 42"}).content.decode()
    assert not LakeQuery.objects.exists()


def test_the_file_makes_formulas_harmless_and_holds_the_same_rows(client, officer, lake):
    client.force_login(officer)
    answer = client.post(f"{PAGE}reponse.csv", {"sql": "SELECT '=1+1' AS formule, -5 AS nombre, NULL AS rien"})
    rows = list(csv.reader(StringIO(answer.content.decode().removeprefix("\ufeff")), delimiter=";"))
    assert rows == [["formule", "nombre", "rien"], ["'=1+1", "-5", ""]]


def test_every_example_is_answered(ask, officer):
    made = examples(tables(officer))
    assert len(made) == 3
    assert {ask(sql).query.outcome for _, sql in made} == {"answered"}
