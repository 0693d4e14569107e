"""The real file of winning projects: every row accepted or explained, every euro accounted for."""

import csv
import hashlib
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from parvis.domains.roadmaps.contracts.winning_projects import CONTRACT
from parvis.domains.roadmaps.models import (
    Action,
    ActionRevision,
    MeansLine,
    Milestone,
    MilestoneReport,
    Placement,
    Plan,
)
from parvis.kernel import Forbidden
from parvis.kernel.contracts import quarantine
from parvis.kernel.contracts.importing import run_import
from parvis.kernel.contracts.models import KnownRow, QuarantinedRow
from parvis.kernel.journal.models import Entry

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TOTAL = 677_408_707_00
HEAD = (
    "Identifiant;URL;Édition;Titre;Thématique;Direction pilote;Budget;Échelle;Adresse;Arrondissement;Quartier populaire;"
    "Avancement;Début des études;Lancement des procédures;Lancement des travaux;Livraison prévue;Ouverture au public\n"
)
LINE = "1;;2019;Une fontaine;Sport;DJS;1000;arrondissement;3 rue X;75019;Oui;{progress};{dates}\n"


@pytest.fixture
def real(real_files):
    return real_files / "participation" / "paris-bp-winners-2014-2023.csv"


@pytest.fixture
def rows(real):
    with real.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="class")
def imported(django_db_setup, django_db_blocker, real_files):
    """The real file, imported once for the whole class; each test then works in its own savepoint above it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield run_import(CONTRACT, real_files / "participation" / "paris-bp-winners-2014-2023.csv", by=None, at=AT)
        transaction.set_rollback(True)


@pytest.fixture
def report(imported, db):
    return imported


def count(report, rule):
    return sum(held for (name, _), held in report.counts.items() if name == rule)


@pytest.mark.real_input
class TestTheRealFile:
    def test_every_row_is_accepted_or_quarantined(self, report):
        assert (report.rows, report.accepted, report.quarantined) == (1214, 1209, 5)
        assert Action.objects.count() == Placement.objects.count() == 1209

    def test_budgets_reconcile_to_the_cent(self, report):
        total = report.totals["budget_cents"]
        assert total["file"] == total["accepted"] + total["quarantined"] == TOTAL
        assert MeansLine.objects.aggregate(cents=Sum("amount_cents"))["cents"] == total["accepted"]

    def test_the_five_without_title_wait_with_a_proposal(self, report):
        errors = [issue for issue in report.issues if issue.severity == "error"]
        assert [(i.column, i.rule) for i in errors] == [("title", "required")] * 5
        assert errors[0].proposal == "Projet lauréat 2204 (Cadre de vie)"

    def test_the_forty_two_without_address_are_explained(self, report):
        assert count(report, "no-address") == 42
        assert Action.objects.filter(address="").count() == 42 - missing_among_quarantined("address")

    def test_75116_is_the_sixteenth(self, report, rows):
        codes = [
            f"BP-{r['Identifiant du projet lauréat']}" for r in rows if r["Arrondissement du projet lauréat"] == "75116"
        ]
        placed = Action.objects.filter(code__in=codes)
        assert len(codes) == placed.filter(arrondissement_code="75116", sector_code="16").count() == 11
        assert {p.plan.sector.code for p in Placement.objects.filter(action__in=placed)} == {"16"}

    def test_75123_is_flagged_and_never_guessed(self, report):
        assert count(report, "unknown-sector") == 33
        nowhere = Placement.objects.filter(plan__code__endswith="secteur-inconnu")
        assert nowhere.count() == 33
        assert set(nowhere.values_list("plan__sector", "action__sector_code", "action__precision")) == {
            (None, "", "unknown")
        }

    def test_citywide_projects_are_not_at_the_town_hall(self, report):
        citywide = Placement.objects.filter(plan__code__endswith="-paris")
        assert count(report, "citywide-place") == 63
        assert set(citywide.values_list("action__arrondissement_code", "action__precision")) == {("", "city")}

    def test_all_eleven_themes_and_every_named_directorate_are_known(self, report):
        assert count(report, "unknown-policy") == count(report, "unknown-directorate") == 0
        assert count(report, "no-lead") == 64
        assert not Action.objects.filter(policy=None).exists()
        assert Action.objects.exclude(lead=None).values("lead").distinct().count() == 14

    def test_progress_agrees_with_what_is_stored(self, report, rows):
        said = Counter(r["Avancement du projet"] for r in rows)
        assert said == {
            "FIN": 683, "LIVRAISON": 160, "ETUDES": 149, "TRAVAUX": 73, "PROCEDURES": 51, "(non démarré)": 51, "ABANDONNÉ": 47,
        }  # fmt: skip
        stored = {f"BP-{r['Identifiant du projet lauréat']}": r["Avancement du projet"] for r in rows}
        waiting = Counter(stored[f"BP-{key}"] for key in QuarantinedRow.objects.values_list("key", flat=True))
        table: dict[str, Counter] = {}
        for code, state, status in Action.objects.values_list("code", "state", "status"):
            table.setdefault(stored[code], Counter())[state, status] += 1
        assert {word: sum(held.values()) + waiting[word] for word, held in table.items()} == said
        assert set(table["FIN"]) == {("live", "complete")}
        assert set(table["ABANDONNÉ"]) == {("dropped", "dropped")}
        assert set(table["(non démarré)"]) == {("live", "not_started"), ("live", "late")}
        for word in ("ETUDES", "PROCEDURES", "TRAVAUX", "LIVRAISON"):
            assert set(table[word]) <= {("live", "on_time"), ("live", "watch"), ("live", "late")}

    def test_dates_keep_the_precision_of_the_month(self, report):
        assert set(Milestone.objects.values_list("precision", flat=True)) == {"month"}
        step = Milestone.objects.get(action__code="BP-3780", kind="opening")
        assert (step.planned_on, step.actual_on, step.is_done) == (date(2018, 10, 31), date(2022, 1, 1), True)

    def test_plans_are_per_edition_and_sector_with_their_mandate(self, report):
        assert set(Plan.objects.values_list("kind", "state")) == {("winners", "in_execution")}
        assert Plan.objects.get(code="bp-2019-18").mandate.code == "2014-2020"
        assert Plan.objects.get(code="bp-2021-centre").mandate.code == "2020-2026"
        assert Plan.objects.get(code="bp-2014-paris").title == "Budget participatif 2014 · tout Paris"

    def test_contradictions_of_the_file_are_flagged(self, report):
        assert count(report, "dates-without-start") == 3
        assert count(report, "opened-not-finished") == 1
        assert count(report, "dates-out-of-order") == 74
        assert count(report, "step-behind") > 0

    def test_a_second_import_leaves_the_database_untouched(self, report, real):
        before = digest()
        again = run_import(CONTRACT, real, by=None, at=AT)
        assert (again.accepted, again.unchanged, again.quarantined) == (1209, 1209, 5)
        assert digest() == before

    def test_a_quarantined_row_is_corrected_and_stands_in_its_plan(self, report, person):
        officer = person("data-officer")
        held = QuarantinedRow.objects.get(key="2204")
        row = quarantine.correct(held, {"title": "Une esplanade"}, by=officer, at=AT)
        assert not row.is_refused
        action = Action.objects.get(code="BP-2204")
        assert (action.title, action.status) == ("Une esplanade", "complete")
        assert (QuarantinedRow.objects.get(pk=held.pk).outcome, Entry.objects.filter(verb="import.row_corrected").count()) == (
            "corrected", 1,
        )  # fmt: skip


def missing_among_quarantined(name):
    return QuarantinedRow.objects.filter(**{f"cells__{name}": ""}).count()


def digest():
    """A fingerprint of every table that an import may write, but the run itself."""
    summed = hashlib.sha256()
    for model in (
        Plan,
        Action,
        Placement,
        MeansLine,
        Milestone,
        MilestoneReport,
        ActionRevision,
        KnownRow,
        QuarantinedRow,
    ):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY id), '')) FROM {model._meta.db_table} t"
            )
            summed.update(cursor.fetchone()[0].encode())
    return summed.hexdigest()


@pytest.mark.real_input
def test_the_number_of_statements_does_not_grow_with_the_rows(db, real, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        run_import(CONTRACT, real, by=None, at=AT)


# A later file of the same projects


@pytest.fixture
def bring(db, tmp_path):
    def run(progress, dates=";;;;", at=AT, by=None):
        path = tmp_path / "projets.csv"
        path.write_text(
            HEAD.replace("URL", "Lien URL vers le projet lauréat") + LINE.format(progress=progress, dates=dates),
            "utf-8",
        )
        return run_import(CONTRACT, path, by=by, at=at)

    return run


def test_progress_made_since_is_brought_up_to_date_with_a_revision(bring, person):
    bring("ETUDES", "2019-11;;;2021-06;")
    report = bring("TRAVAUX", "2019-11;2020-02;2020-09;2021-06;", by=person("data-officer"))
    action = Action.objects.get()
    assert (report.accepted, report.unchanged, report.quarantined) == (1, 0, 0)
    assert list(action.milestones.values_list("kind", "is_done", "actual_on")) == [
        ("studies", True, date(2019, 11, 1)), ("procedures", True, date(2020, 2, 1)),
        ("works", True, date(2020, 9, 1)), ("opening", False, None),
    ]  # fmt: skip
    assert action.milestones.get(kind="works").reports.count() == 2
    assert action.milestones.get(kind="studies").reports.count() == 1


def test_a_project_abandoned_since_is_dropped_by_its_workflow(bring, person):
    bring("ETUDES", "2019-11;;;2021-06;")
    bring("ABANDONNÉ", by=person("data-officer"))
    action = Action.objects.get()
    assert (action.state, action.status, action.revision) == ("dropped", "dropped", 2)
    assert action.closing_reason
    assert Entry.objects.filter(verb="action.drop", subject_id="BP-1").count() == 1


def test_a_project_of_no_known_progress_waits(bring):
    report = bring("PRESQUE")
    assert (report.quarantined, report.issues[0].rule) == (1, "enum")
    assert not Plan.objects.exists()


def test_a_sector_pilot_may_not_import_the_whole_city(bring, person):
    with pytest.raises(Forbidden):
        bring("FIN", by=person("sector-chief", "sector", "19"))
    assert not Action.objects.exists()
