"""The pages of the list: one sentence, filters in the address, chips, saved views, board and timeline."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from drafts import action, asked, plan

from parvis.domains.roadmaps import gantt
from parvis.domains.roadmaps.actions import saved_views
from parvis.domains.roadmaps.models import SavedView
from parvis.domains.roadmaps.queries import actions
from parvis.domains.roadmaps.queries.saved_views import of
from parvis.domains.roadmaps.views.lists import sentence
from parvis.kernel import Refusal

pytestmark = pytest.mark.django_db
LIST, BOARD, TIMELINE = (reverse(f"roadmaps:{name}") for name in ("actions", "board", "timeline"))


@pytest.fixture
def pilot(person, client):
    someone = person("roadmap-pilot")
    client.force_login(someone)
    return someone


def test_the_sentence_counts_and_agrees():
    assert sentence({}) == "0 action."
    assert sentence({"late": 1}) == "1 action, dont 1 en retard."
    assert sentence({"late": 4, "watch": 12, "on_time": 46}) == "62 actions, dont 4 en retard et 12 à surveiller."


def test_the_page_opens_on_its_sentence_and_keeps_its_filters(pilot, client):
    made = plan("19", actions=0)
    action(made, "L1", status="late")
    action(made, "L2", status="on_time")
    page = client.get(f"{LIST}?status=late&sector=19").content.decode()
    assert "1 action, dont 1 en retard." in page
    assert "Action L1" in page and "Action L2" not in page
    assert "Retirer le filtre Statut : en retard" in page
    assert f"{BOARD}?status=late&amp;sector=19" in page and f"{TIMELINE}?status=late&amp;sector=19" in page


def test_without_any_action_the_page_says_what_to_do(client):
    page = client.get(LIST).content.decode()
    assert "Les actions paraissent ici quand une feuille de route est signée." in page


def test_when_no_action_answers_the_filters_can_be_cleared(pilot, client):
    plan("19", actions=1)
    page = client.get(f"{LIST}?q=introuvable").content.decode()
    assert "Aucune action ne répond à tous ces filtres." in page


@pytest.mark.parametrize("address", [LIST, BOARD, TIMELINE])
def test_each_way_takes_the_same_queries_at_one_and_at_fifty(pilot, client, address):
    made, counted = plan("19", actions=0), []
    client.get(LIST)  # the session's first request writes its own lines
    for first, last in ((0, 1), (1, 50)):
        for n in range(first, last):
            asked(action(made, f"Q{n:02d}", status="late"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{address}?sector=19").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 15


def test_a_page_beyond_the_last_is_the_last(pilot, client):
    plan("19", actions=1)
    assert "Page 1 sur 1" in client.get(f"{LIST}?page=9999").content.decode()


def test_the_board_sorts_cards_by_status_then_by_the_partners_answers(pilot, client):
    made = plan("19", actions=0)
    asked(action(made, "B1", status="late"), state="declined")
    action(made, "B2", status="complete")
    by_status = client.get(BOARD).content.decode()
    assert by_status.index("en retard") < by_status.index("Action B1") < by_status.index("Action B2")
    by_answer = client.get(f"{BOARD}?colonnes=reponses").content.decode()
    assert by_answer.index("déclinée") < by_answer.index("Action B1") < by_answer.index("Action B2")


def test_a_full_column_of_the_board_does_not_hide_the_others(pilot, client, monkeypatch):
    monkeypatch.setattr("parvis.domains.roadmaps.views.lists.MOST_IN_COLUMN", 1)
    made = plan("19", actions=0)
    for code, status in (("B1", "late"), ("B2", "late"), ("B3", "complete")):
        action(made, code, status=status)
    page = client.get(BOARD).content.decode()
    assert "1 sur 2" in page
    assert "Action B3" in page


def test_a_card_offers_a_move_only_to_whoever_may_make_it(client, person):
    made = plan("19", actions=0, state="in_execution")
    action(made, "B1")
    assert "Déplacer" not in client.get(BOARD).content.decode()
    client.force_login(person("sector-chief", "sector", "19"))
    assert "Déplacer" in client.get(BOARD).content.decode()


def test_the_timeline_draws_what_is_dated_and_says_what_is_not(pilot, client):
    made = plan("19", actions=0)
    action(made, "T1")
    bare = action(made, "T2", starts_on=None, due_on=None)
    bare.milestones.all().delete()
    page = client.get(TIMELINE).content.decode()
    assert "1 n’a aucune date." in page
    assert "La même chose en tableau" in page


def test_a_milestone_is_a_shape_by_what_became_of_it(person):
    made = plan("19", actions=0)
    one = action(made, "G1")
    one.milestones.create(title="Passé", planned_on=date(2026, 3, 1), order=1)
    one.milestones.create(title="Tenu", planned_on=date(2026, 3, 1), is_done=True, order=2)
    one.milestones.create(title="À venir", planned_on=date(2026, 12, 1), order=3)
    rows = actions.with_milestones(actions.listed(person("roadmap-pilot"), {}))
    (group,) = gantt.draw(rows, today=date(2026, 6, 1)).groups
    assert {m.title: m.shape for m in group.rows[0].marks} == {
        "Marché": "late", "Passé": "late", "Tenu": "done", "À venir": "ahead",
    }  # fmt: skip


@pytest.mark.parametrize(("start", "end"), [(date(2026, 6, 1), date(2026, 6, 1)), (date(1990, 1, 1), date(2090, 1, 1))])
def test_one_day_or_a_century_stays_inside_the_drawing(person, start, end):
    action(plan("19", actions=0), "G1", starts_on=start, due_on=end).milestones.all().delete()
    rows = actions.with_milestones(actions.listed(person("roadmap-pilot"), {}))
    chart = gantt.draw(rows, today=date(2026, 6, 1))
    row = chart.groups[0].rows[0]
    assert 0 <= float(row.x) <= float(row.x) + float(row.width) <= gantt.WIDTH
    assert (chart.last - chart.first).days <= gantt.LONGEST_DAYS + 2 * gantt.MARGIN_DAYS


def test_a_saved_view_keeps_filters_and_shows_each_reader_only_hers(person, now):
    me, other = person("roadmap-pilot"), person("elected-reader")
    view = saved_views.save(me, "Mes retards", "?status=late&page=3", is_shared=False, by=me, at=now)
    assert view.query == "status=late"
    assert of(other) == []
    saved_views.share(view, True, by=me, at=now)
    assert [v.name for v in of(other)] == ["Mes retards"]


def test_saving_under_the_same_name_replaces_and_an_empty_name_is_refused(person, now):
    me = person("roadmap-pilot")
    saved_views.save(me, "Retards", "status=late", is_shared=False, by=me, at=now)
    saved_views.save(me, "Retards", "status=watch", is_shared=False, by=me, at=now)
    assert [v.query for v in SavedView.objects.all()] == ["status=watch"]
    with pytest.raises(Refusal, match="nom"):
        saved_views.save(me, "  ", "status=late", is_shared=False, by=me, at=now)


def test_another_persons_view_cannot_be_deleted(pilot, client, person, now):
    other = person("roadmap-pilot", email="other@example.org")
    view = saved_views.save(other, "La sienne", "", is_shared=True, by=other, at=now)
    page = reverse("roadmaps:saved_views")
    assert client.post(page, {"view": view.pk, "do": "delete"}).status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()
    mine = client.post(page, {"do": "save", "name": "La mienne", "query": "status=late", "is_shared": "1"})
    assert mine["Location"].endswith("?status=late")
