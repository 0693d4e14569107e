"""Many actions changed at once: what would change is said first, what cannot is named, all or the rest as chosen."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from drafts import action, plan

from parvis.domains.roadmaps.actions import bulk, editing
from parvis.domains.roadmaps.models import Action
from parvis.kernel import Refusal
from parvis.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(person):
    return person("sector-chief", "sector", "19")


@pytest.fixture
def three():
    """One free, one signed, one of another sector that everyone sees."""
    free = action(plan("19", actions=0), "B1")
    signed = action(plan("19", year=2025, state="in_execution", actions=0), "B2")
    foreign = action(plan("5", state="in_execution", actions=0), "B3")
    return [free, signed, foreign]


def test_the_preview_says_what_changes_and_why_some_cannot(three, chief):
    lines = bulk.preview(three, {"shift_days": 14}, by=chief)
    assert lines[0].changes == {"due_on": date(2026, 12, 14)} and not lines[0].refusal
    assert "avenant" in lines[1].refusal
    assert "droit" in lines[2].refusal
    assert Action.objects.get(code="B1").due_on == date(2026, 11, 30)


def test_doing_the_rest_leaves_the_refused_untouched(three, chief, now):
    lines = bulk.change_all(three, {"shift_days": 14}, {}, do_the_rest=True, by=chief, at=now)
    assert [line.is_done for line in lines] == [True, False, False]
    assert [a.due_on.day for a in Action.objects.order_by("code")] == [14, 30, 30]
    entry = Entry.objects.get(verb="action.bulk_edit")
    assert entry.codes == {"count": 1, "refused": 2, "fields": ["shift_days"]}
    assert Entry.objects.filter(verb="action.edit").count() == 1


def test_all_or_nothing_changes_nothing_and_names_each_reason(three, chief, now):
    with pytest.raises(Refusal) as refused:
        bulk.change_all(three, {"shift_days": 14}, {}, do_the_rest=False, by=chief, at=now)
    assert len(refused.value.blockers) == 2
    assert not Entry.objects.filter(verb__startswith="action.").exists()
    assert Action.objects.get(code="B1").revision == 1


def test_following_a_signed_action_is_free_in_bulk_too(three, chief, now):
    lines = bulk.change_all(three[:2], {"owner": chief, "confidence": "fair"}, {}, do_the_rest=False, by=chief, at=now)
    assert [line.is_done for line in lines] == [True, True]
    assert {a.owner_id for a in Action.objects.filter(code__in=["B1", "B2"])} == {chief.pk}


def test_an_action_changed_since_it_was_read_is_left_alone(three, chief, now):
    editing.edit(three[0], {"title": "Autre"}, by=chief, at=now)
    (line,) = bulk.change_all(three[:1], {"is_climate": True}, {"B1": 1}, do_the_rest=True, by=chief, at=now)
    assert "entre-temps" in line.refusal
    assert not Action.objects.get(code="B1").is_climate


@pytest.mark.parametrize(
    ("fields", "wanted", "why"),
    [
        ({"due_on": None}, {"shift_days": 3}, "pas d’échéance"),
        ({}, {"shift_days": -400}, "avant le début"),
    ],
)
def test_a_shift_that_makes_no_sense_is_refused_for_that_action(chief, fields, wanted, why):
    one = action(plan("19", actions=0), "B1", **fields)
    (line,) = bulk.preview([one], wanted, by=chief)
    assert why in line.refusal


@pytest.mark.parametrize(("wanted", "why"), [({}, "Aucun changement"), ({"shift_days": 99999}, "Dix ans")])
def test_a_request_without_sense_is_refused_whole(three, chief, wanted, why):
    with pytest.raises(Refusal, match=why):
        bulk.preview(three, wanted, by=chief)
    with pytest.raises(Refusal, match="cochée"):
        bulk.preview([], {"is_climate": True}, by=chief)


def test_what_already_stands_so_is_neither_done_nor_refused(chief, now):
    one = action(plan("19", actions=0), "B1", is_climate=True)
    (line,) = bulk.change_all([one], {"is_climate": True}, {}, do_the_rest=False, by=chief, at=now)
    assert not line.is_done and not line.refusal
    assert Action.objects.get().revision == 1


def test_the_preview_takes_the_same_queries_at_one_and_at_fifty(chief):
    made, counted = plan("19", actions=0), []
    chief.live_assignments()
    for first, last in ((0, 1), (1, 50)):
        for n in range(first, last):
            action(made, f"B{n:02d}")
        rows = list(Action.objects.all())
        with CaptureQueriesContext(connection) as queries:
            assert len(bulk.preview(rows, {"is_climate": True}, by=chief)) == last
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 4


def test_the_three_steps_in_the_browser(client, three, chief):
    client.force_login(chief)
    address = reverse("roadmaps:bulk")
    assert "Action B1" in client.get(f"{address}?code=B1&code=B2&code=Z9").content.decode()
    asked = {"code": ["B1", "B2"], "shift_days": "7"}
    page = client.post(address, asked | {"step": "preview"}).content.decode()
    assert "1 action changera ; 1 ne peut pas l’être." in page
    assert "30/11/2026 → <b>07/12/2026</b>" in page
    assert Action.objects.get(code="B1").due_on == date(2026, 11, 30)
    done = client.post(address, asked | {"step": "apply", "mode": "rest", "seen": ["B1:1", "B2:1"]}, follow=True)
    assert "1 action changée." in done.content.decode()
    assert "est restée telle quelle" in done.content.decode()
    assert Action.objects.get(code="B1").due_on == date(2026, 12, 7)


def test_a_hidden_action_sent_by_hand_is_not_even_named(client, three, chief):
    action(plan("12", actions=0), "HID", title="Secret du 12e")
    client.force_login(chief)
    page = client.post(reverse("roadmaps:bulk"), {"code": ["HID", "B1"], "is_climate": "True", "step": "preview"})
    assert "Secret du 12e" not in page.content.decode()
    client.post(reverse("roadmaps:bulk"), {"code": ["HID"], "is_climate": "True", "step": "apply", "mode": "rest"})
    assert not Action.objects.get(code="HID").is_climate


def test_a_reader_does_not_open_the_page(client, person):
    client.force_login(person("elected-reader"))
    assert client.get(reverse("roadmaps:bulk")).status_code == 403
