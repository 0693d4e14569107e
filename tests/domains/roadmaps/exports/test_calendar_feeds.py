from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from parvis.domains.roadmaps.actions import subscriptions as acts
from parvis.domains.roadmaps.models import Action, Milestone
from parvis.domains.roadmaps.queries import subscriptions
from parvis.kernel.journal.models import Entry

from .conftest import HOSTILE


def events_of(response) -> dict[str, dict]:
    assert response.status_code == 200, response.status_code
    assert response["Content-Type"].startswith("text/calendar")
    return {str(event["uid"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_a_plan_gives_its_due_dates_and_milestones_as_days(client, make_plan):
    make_plan("19", 1)
    events = events_of(client.get("/feuilles-de-route/plans/19-2026/echeances.ics"))
    due = events["action-19-2026-0001-due@parvis"]
    assert due["dtstart"].dt == date(2026, 12, 12)
    assert due["dtend"].dt == date(2026, 12, 13)
    assert due["dtstart"].params["VALUE"] == "DATE"
    assert len(events) == 3


def test_a_month_is_said_to_be_a_month(client, make_plan):
    make_plan("19", 1)
    studies = Milestone.objects.get(title="Études")
    event = events_of(client.get("/feuilles-de-route/plans/19-2026/echeances.ics"))[f"milestone-{studies.pk}@parvis"]
    assert "(dans le mois)" in event["summary"]
    assert "au mois près" in event["description"]


def test_an_event_keeps_its_identifier_when_its_date_moves(client, make_plan):
    make_plan("19", 1)
    before = events_of(client.get("/feuilles-de-route/plans/19-2026/echeances.ics"))
    Action.objects.update(due_on=date(2027, 1, 15), title="Un autre titre")
    Milestone.objects.update(forecast_on=date(2026, 11, 2))
    after = events_of(client.get("/feuilles-de-route/plans/19-2026/echeances.ics"))
    assert before.keys() == after.keys()
    assert after["action-19-2026-0001-due@parvis"]["dtstart"].dt == date(2027, 1, 15)


def test_a_hostile_title_stays_inside_its_line(client, make_plan):
    make_plan("19", 1)
    hostile = f"{HOSTILE}\nEND:VEVENT\nBEGIN:VALARM; x,y"
    Action.objects.update(title=hostile)
    response = client.get("/feuilles-de-route/plans/19-2026/echeances.ics")
    events = events_of(response)
    assert len(events) == 3
    assert "END:VEVENT" in events["action-19-2026-0001-due@parvis"]["summary"]
    assert response.content.count(b"\nEND:VEVENT") == 3
    assert b"\nBEGIN:VALARM" not in response.content


def test_a_plan_in_preparation_gives_no_calendar_to_the_public(client, make_plan, person, sign_in):
    make_plan("19", 1, state="draft")
    assert client.get("/feuilles-de-route/plans/19-2026/echeances.ics").status_code == 404
    sign_in(person("sector-chief", "sector", "8"))
    assert client.get("/feuilles-de-route/plans/19-2026/echeances.ics").status_code == 404
    sign_in(person("sector-chief", "sector", "19"))
    assert client.get("/feuilles-de-route/plans/19-2026/echeances.ics").status_code == 200


def test_campaign_deadlines_are_for_the_staff_alone(client, make_plan, campaign, person, sign_in):
    make_plan("19", 1, campaign=campaign)
    assert "stage-2026-signed@parvis" not in events_of(client.get("/feuilles-de-route/plans/19-2026/echeances.ics"))
    sign_in(person("sector-chief", "sector", "19"))
    events = events_of(client.get("/feuilles-de-route/plans/19-2026/echeances.ics"))
    assert events["stage-2026-signed@parvis"]["dtstart"].dt == date(2026, 3, 31)


def test_a_personal_feed_needs_no_session_and_holds_exactly_what_its_person_sees(client, make_plan, person):
    make_plan("19", 2, state="draft")
    make_plan("8", 3, state="draft")
    chief = person("sector-chief", "sector", "19")
    events = events_of(client.get(f"/feuilles-de-route/agenda/{subscriptions.token_of(chief)}.ics"))
    assert len(events) == 2 * 3
    assert all("19-2026" in uid for uid in events if uid.startswith("action-"))
    outsider = person("sector-chief", "sector", "5")
    assert not events_of(client.get(f"/feuilles-de-route/agenda/{subscriptions.token_of(outsider)}.ics"))


def test_a_renewed_address_makes_the_old_one_unknown(client, make_plan, person, now):
    chief = person("sector-chief", "sector", "19")
    old = subscriptions.token_of(chief)
    acts.renew_feed(chief, by=chief, at=now)
    new = subscriptions.token_of(chief)
    assert client.get(f"/feuilles-de-route/agenda/{old}.ics").status_code == 404
    assert client.get(f"/feuilles-de-route/agenda/{new}.ics").status_code == 200
    assert Entry.objects.filter(verb="calendar.renew", actor=chief).count() == 1


def test_a_forged_or_former_persons_address_is_not_found(client, person):
    chief = person("sector-chief", "sector", "19")
    token = subscriptions.token_of(chief)
    assert client.get(f"/feuilles-de-route/agenda/{token[:-2]}xx.ics").status_code == 404
    assert client.get("/feuilles-de-route/agenda/1.ics").status_code == 404
    chief.is_active = False
    chief.save()
    assert client.get(f"/feuilles-de-route/agenda/{token}.ics").status_code == 404


def test_the_page_of_my_address_shows_it_and_renews_it(client, person, sign_in):
    chief = person("sector-chief", "sector", "19")
    assert client.get("/feuilles-de-route/agenda/").status_code == 302
    sign_in(chief)
    page = client.get("/feuilles-de-route/agenda/")
    assert subscriptions.token_of(chief) in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    before = subscriptions.token_of(chief)
    client.post("/feuilles-de-route/agenda/")
    assert subscriptions.token_of(chief) != before


def test_a_feed_takes_the_same_number_of_queries_for_one_action_and_for_fifty(client, make_plan):
    make_plan("19", 1)
    make_plan("8", 50)

    def queries(code: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/feuilles-de-route/plans/{code}/echeances.ics").status_code == 200
        return len(seen)

    assert queries("19-2026") == queries("8-2026") <= 12


def test_a_dropped_action_is_cancelled_in_the_calendars_that_hold_it(client, make_plan):
    make_plan("19", 1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL parvis.moving = 'on'")
        Action.objects.update(state="dropped")
        cursor.execute("SET LOCAL parvis.moving = 'off'")
    events = events_of(client.get("/feuilles-de-route/plans/19-2026/echeances.ics"))
    assert {str(e["status"]) for e in events.values()} == {"CANCELLED"}
    assert all(e["dtend"].dt - e["dtstart"].dt == timedelta(days=1) for e in events.values())
