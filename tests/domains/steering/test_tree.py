"""The tree of objectives: what is known of each, as far as the reader may see, on any day; what is missing is said."""

from datetime import date, timedelta

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.domains.roadmaps import drafts
from tests.domains.steering.invented_files import a_file, amounts, settle_in

from parvis.domains.roadmaps.models import Action, MeansLine
from parvis.domains.roadmaps.queries import filters, serving
from parvis.domains.steering import reference, standing
from parvis.domains.steering.actions import confidence, measuring
from parvis.domains.steering.models import Alert, Objective
from parvis.domains.steering.queries import objectives, tree
from parvis.kernel.indicators.indicator import Target, Thresholds
from parvis.kernel.lake import snapshots
from parvis.kernel.references import Reference, links

pytestmark = pytest.mark.django_db
P1 = Reference("objective", "2025-2026/P1")
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def own_lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"


def tied(*actions, at=drafts.BORN):
    for action in actions:
        links.link(action.reference(), "serves", P1, by=None, at=at)


def branch(person, code="P1", **asked):
    found = tree.tree(person, TODAY, **asked)
    return next(each for each in found.branches if each.objective.code == code)


def seen(monkeypatch, now, *indicators, rows=None):
    """A house with these indicators, measured this morning."""
    dataset = settle_in(monkeypatch, rows or [a_file("a"), a_file("b", cents=50_00)], *indicators)
    snapshots.take(dataset, by=None, at=now)
    measuring.measure_all(by=None, at=now)


# What serves an objective


def test_an_action_counts_for_whoever_may_see_it_and_for_nobody_else(person):
    tied(drafts.plan("19").placements.get().action)
    assert branch(AnonymousUser()).servings == ()
    (served,) = branch(person("auditor")).servings
    assert (served.noun, served.count) == ("actions", 1)


def test_euros_and_staff_are_those_that_were_said_and_the_others_are_counted_not_guessed(person):
    plan = drafts.plan("19", actions=3)
    tied(*Action.objects.all())
    MeansLine.objects.filter(action__placements__plan=plan, action__code__endswith="-3").delete()
    MeansLine.objects.update_or_create(
        action=Action.objects.first(), year=2031, defaults={"amount_cents": 900, "fte": 9}
    )
    (served,) = branch(person("auditor")).servings
    assert (served.amount_cents, served.fte, served.unsaid_count) == (24_000_000, 2.0, 1)
    assert served.by_year == ((2026, 24_000_000, 2.0),)


def test_when_nobody_said_the_means_there_is_no_sum_at_all(person):
    drafts.plan("19")
    tied(Action.objects.get())
    MeansLine.objects.all().delete()
    (served,) = branch(person("auditor")).servings
    assert (served.amount_cents, served.fte, served.unsaid_count) == (None, None, 1)


def test_the_means_of_a_dropped_action_are_set_apart(person):
    drafts.plan("19", actions=2)
    tied(*Action.objects.all())
    Action.objects.filter(code__endswith="-1").update(status="dropped")
    (served,) = branch(person("auditor")).servings
    assert served.count == 2 and served.amount_cents == 12_000_000
    assert ("abandonnées", "none", 1) in served.standing


def test_the_statuses_come_from_the_most_urgent_on(person):
    drafts.plan("19", actions=3)
    tied(*Action.objects.all())
    for code, status in (("-1", "complete"), ("-2", "late"), ("-3", "")):
        Action.objects.filter(code__endswith=code).update(status=status)
    (served,) = branch(person("auditor")).servings
    assert [(words, number) for words, _, number in served.standing] == [
        ("en retard", 1), ("sans mesure", 1), ("terminées", 1),
    ]  # fmt: skip


def test_the_list_behind_the_number_holds_the_same_actions(person):
    drafts.plan("19", actions=3)
    tied(*Action.objects.filter(code__endswith="-1"))
    reader = person("auditor")
    (served,) = branch(reader).servings
    assert served.url.endswith("?objective=2025-2026%2FP1")
    assert filters.filtered(reader, {"objective": ["2025-2026/P1"]}).count() == served.count == 1


def test_a_past_day_knows_neither_the_links_nor_the_actions_nor_the_statuses_that_came_later(person, now):
    plan = drafts.plan("19", actions=2)
    first, second = Action.objects.order_by("code")
    tied(first)
    tied(second, at=now)
    Action.objects.update(status="late")
    reader = person("auditor")
    was = serving.serving([P1], reader, date(2026, 3, 1))[P1]
    assert was.count == 1 and "en retard" not in {words for words, _, _ in was.standing}
    Action.objects.filter(pk=first.pk).update(created_at=now)
    assert serving.serving([P1], reader, date(2026, 3, 1)) == {}
    assert serving.serving([P1], reader)[P1].count == 2 and plan.placements.count() == 2


def test_a_day_that_was_photographed_shows_the_statuses_of_its_photograph(person, now):
    drafts.plan("19")
    tied(Action.objects.get())
    Action.objects.update(status="late")
    snapshots.take_all(by=None, at=now)
    Action.objects.update(status="complete")
    reader = person("auditor")
    assert [words for words, _, _ in serving.serving([P1], reader, TODAY)[P1].standing] == ["en retard"]
    for path in configured.LAKE.rglob("*.parquet"):
        path.unlink()
    assert serving.serving([P1], reader, TODAY)[P1].standing  # its file is gone: the day is replayed


# Figures


def test_the_public_reads_what_is_published_and_whoever_works_here_reads_all(person, monkeypatch, now):
    seen(monkeypatch, now, amounts(), amounts(code="test.open", title="Ouvert", is_public=True))
    assert [each.indicator.code for each in branch(AnonymousUser()).figures] == ["test.open"]
    assert len(branch(person("elected-reader")).figures) == 2


def test_what_asks_for_attention_comes_first_and_what_was_never_measured_last(person, monkeypatch, now):
    limits = Thresholds(watch=200, alert=90)
    seen(
        monkeypatch, now, amounts(), amounts(code="test.bad", thresholds=Thresholds(alert=1000)),
        amounts(code="test.watch", thresholds=limits), amounts(code="test.absent", datasets=("nowhere",)),
    )  # fmt: skip
    shown = branch(person("auditor"))
    assert [each.indicator.code for each in shown.figures][:2] == ["test.bad", "test.watch"]
    assert shown.figures[-1].indicator.code == "test.absent"
    assert shown.tone == "bad" and shown.more_count == 1


def test_the_gap_to_the_target_and_the_lateness_of_a_figure_are_told(person, monkeypatch, now):
    seen(monkeypatch, now, amounts(targets=(Target(date(2026, 12, 31), 200.0),)))
    (shown,) = branch(person("auditor")).figures
    assert shown.period == date(2026, 9, 1) and shown.gap == -50
    assert shown.is_late  # October is over, and told of nothing


def test_a_figure_is_late_only_once_a_later_period_should_be_known():
    monthly = amounts(delay_days=5)
    assert standing.expected_period(monthly, date(2026, 11, 4)) == date(2026, 9, 1)
    assert standing.expected_period(monthly, date(2026, 11, 5)) == date(2026, 10, 1)
    assert not standing.is_late(monthly, date(2026, 9, 1), date(2026, 11, 4))
    assert standing.is_late(monthly, date(2026, 9, 1), date(2026, 11, 5))
    assert standing.expected_period(amounts(rhythm="year", delay_days=0), date(2026, 12, 31)) == date(2026, 1, 1)
    assert standing.expected_period(amounts(rhythm="year", delay_days=0), date(2026, 12, 30)) == date(2025, 1, 1)


def test_a_past_day_shows_the_evaluation_known_then_and_none_before_the_first(person, monkeypatch, now):
    seen(monkeypatch, now, amounts())
    measuring.measure_all(by=None, at=now, as_of=date(2026, 10, 20))
    reader = person("auditor")
    assert tree.tree(reader, TODAY, as_of=date(2026, 11, 1)).evaluation.as_of == date(2026, 10, 20)
    assert tree.tree(reader, TODAY, as_of=date(2026, 1, 1)).evaluation is None
    assert not tree.tree(reader, TODAY, as_of=TODAY).is_past


def alert(objective="P1", **fields):
    said = {
        "subject": "test.amounts", "title": "Montants", "objective": objective, "cause": "threshold", "level": "alert",
        "sentence": "90 €, seuil d’alerte à 100 €.", "raised_at": drafts.BORN, "turn_since": drafts.BORN,
    }  # fmt: skip
    return Alert.objects.create(**(said | fields))


def test_the_alerts_that_live_are_counted_for_those_who_read_them_and_on_no_past_day(person, monkeypatch, now):
    seen(monkeypatch, now, amounts(is_public=True))
    alert()
    alert("E4", subject="test.other")
    assert branch(person("auditor")).alert_count == 1 and branch(person("auditor"), "P2").alert_count == 0
    assert branch(AnonymousUser()).alert_count is None
    assert branch(person("auditor"), as_of=TODAY - timedelta(days=9)).alert_count is None
    page = text(client(person("roadmap-pilot")), "/pilotage/objectifs/2025-2026/P1/")
    assert "90 €, seuil d’alerte à 100 €." in page
    assert "seuil d’alerte" not in text(client(None), "/pilotage/objectifs/2025-2026/P1/")


# The page


def test_a_missing_part_is_said_in_words(person, monkeypatch, now):
    seen(monkeypatch, now, amounts(datasets=("nowhere",)))
    page = text(client(person("auditor")), "/pilotage/")
    for words in ("jamais mesuré", "aucun indicateur encore", "aucune action reliée", "Confiance non renseignée"):
        assert words in page


def test_the_page_of_a_past_day_states_the_day(person):
    page = text(client(person("auditor")), "/pilotage/?le=2026-03-01")
    assert "le 1er mars 2026 au soir" in page


def test_an_impossible_day_is_not_found_and_an_unknown_year_is_said(person):
    assert client(None).get("/pilotage/?le=2026-02-31").status_code == 404
    assert "Aucun objectif n’est chargé pour cette année." in text(client(None), "/pilotage/?annee=1999-2000")


def test_an_objective_opens_on_its_own_page_for_everyone_and_another_is_not_there(person):
    page = text(client(None), "/pilotage/objectifs/2025-2026/E4/")
    assert "Aucun indicateur public." in page and "La confiance" not in page
    assert client(None).get("/pilotage/objectifs/2025-2026/Z9/").status_code == 404


def test_one_of_fifty_actions_and_fifty_objectives_cost_no_more_queries_than_one(person, monkeypatch, now):
    seen(monkeypatch, now, amounts())
    plan, reader = drafts.plan("19"), person("auditor")
    tied(Action.objects.get())
    reader.live_assignments()
    few = counted(reader)
    for number in range(49):
        tied(drafts.action(plan, f"N-{number}"))
    Objective.objects.bulk_create(
        Objective(
            year="2025-2026", code=f"X{n}", axis="X", axis_title="Essai", short_title="x", title="x", order=90 + n
        )
        for n in range(35)
    )
    assert counted(reader) == few


# Reference data


def test_every_objective_has_an_owner_and_a_sponsor_who_are_functions():
    rows = objectives.tree("2025-2026")
    assert len(rows) == 15 and all(row.owner and row.sponsor for row in rows)


def test_a_new_year_stands_beside_the_old_one_and_loading_twice_changes_nothing(client):
    Objective.objects.create(
        year="2026-2027", code="P1", axis="P", axis_title="Proximité", short_title="Neuf", title="Neuf", order=1
    )
    reference.load()
    assert objectives.years() == ["2026-2027", "2025-2026"]
    assert Objective.objects.filter(year="2025-2026").count() == 15
    assert [row.short_title for row in objectives.tree()] == ["Neuf"]
    assert "2026-2027" in client.get("/pilotage/?annee=2025-2026").content.decode()


def test_the_tree_of_a_past_day_keeps_the_confidence_of_that_day(person, now):
    head, objective = person("directorate-head"), Objective.objects.get(year="2025-2026", code="P1")
    confidence.say(objective, "sunny", "Tout va.", by=head, at=now - timedelta(days=30))
    confidence.say(objective, "stormy", "Plus rien ne va.", by=head, at=now)
    assert branch(head).confidence.level == "stormy"
    assert branch(head, as_of=TODAY - timedelta(days=2)).confidence.level == "sunny"
    assert branch(AnonymousUser()).confidence is None


def client(person) -> Client:
    browser = Client()
    if person:
        browser.force_login(person)
    return browser


def text(browser, address) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def counted(reader) -> int:
    with CaptureQueriesContext(connection) as captured:
        tree.tree(reader, TODAY)
    return len(captured)
