"""People treat alerts within their rights; the pages say what, where, since when, whose turn and by when."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.domains.roadmaps import drafts
from tests.domains.steering.alerts_scene import CODE, evaluation

from parvis.domains.roadmaps.models import Action
from parvis.domains.steering.actions import alerting, alerts, silences
from parvis.domains.steering.models import Alert, Rebase, Silence
from parvis.domains.steering.queries import alerts as queries
from parvis.domains.steering.queries import figures, signals
from parvis.domains.steering.queries.routes import routes
from parvis.kernel import Forbidden, Refusal, access, faces
from parvis.kernel.calendar import paris_day
from parvis.kernel.organisation.models import Directorate
from parvis.kernel.references import links
from parvis.kernel.workflow.moves import available_moves

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot(person):
    return person("roadmap-pilot", first_name="Karim", last_name="Benali")


@pytest.fixture
def chief(person):
    return person("sector-chief", "sector", "19")


@pytest.fixture
def raised(now, pilot, chief):
    """One alert on the 19th and the 20th."""
    evaluation(now, hits=95, places={"19": 70, "20": 60}, months=14)
    alerting.raise_alerts(at=now)
    return Alert.objects.get(subject=CODE, cause="threshold")


def reading(who):
    client = Client()
    client.force_login(who)
    return client


def test_a_sector_chief_treats_the_alerts_of_her_sector_and_no_other(raised, chief, person, now):
    elsewhere = person("sector-chief", "sector", "5")
    with pytest.raises(Forbidden):
        alerts.acknowledge(raised, by=elsewhere, at=now)
    assert available_moves(raised, elsewhere) == []
    alerts.acknowledge(raised, by=chief, at=now)
    assert Alert.objects.get().owner == chief


def test_a_sector_chief_does_not_treat_the_alerts_of_the_total(raised, chief, now):
    evaluation(now, hits=60)
    alerting.raise_alerts(at=now + timedelta(hours=1))
    with pytest.raises(Forbidden):
        alerts.acknowledge(Alert.objects.get(), by=chief, at=now)


def test_the_public_and_elected_readers_see_no_alert(raised, person):
    assert not access.may(person("elected-reader"), "steering.view_alerts", raised)
    assert Client().get(reverse("steering:alerts")).status_code == 302
    assert reading(person("elected-reader")).get(reverse("steering:alerts")).status_code == 403


def test_a_plan_needs_what_who_and_when(raised, pilot, now):
    with pytest.raises(Refusal, match="ce qui sera fait, qui le fera, pour quel jour"):
        alerts.plan(raised, " ", who=None, due_on=None, by=pilot, at=now)
    with pytest.raises(Refusal, match="passé"):
        alerts.plan(raised, "Revoir", who=pilot, due_on=date(2026, 11, 23), by=pilot, at=now)
    assert Alert.objects.get().state == "open"
    alerts.plan(raised, "Revoir", who=pilot, due_on=paris_day(now), by=pilot, at=now)
    assert Alert.objects.get().plan_due_on == paris_day(now)


def test_a_plan_is_tied_to_an_action_that_the_person_may_see(raised, pilot, now):
    drafts.plan("19", state="signed", actions=1)
    code = Action.objects.get().code
    with pytest.raises(Refusal, match="Aucune action"):
        alerts.plan(raised, "Revoir", who=pilot, due_on=date(2026, 12, 1), by=pilot, at=now, action="nulle-part")
    assert Alert.objects.get().state == "open"
    alerts.plan(raised, "Revoir", who=pilot, due_on=date(2026, 12, 1), by=pilot, at=now, action=code)
    (target,) = links.targets([raised.reference()], "treated-by")[raised.reference()]
    assert (target.kind, target.id) == ("action", code)


def test_saying_it_is_treated_needs_a_written_reason(raised, pilot, now):
    alerts.acknowledge(raised, by=pilot, at=now)
    with pytest.raises(Refusal, match="motif écrit"):
        alerts.resolve(raised, reason="  ", by=pilot, at=now)
    alerts.resolve(raised, reason="Fiches complétées.", by=pilot, at=now)
    assert Alert.objects.get().reason == "Fiches complétées."


def test_the_owner_is_found_by_function_then_directorate_then_whoever_steers(person, now):
    today = paris_day(now)
    assert routes(today).owner("DDCT") is None
    head = person("directorate-head")
    assert routes(today).owner("Mission inconnue") == head
    park = person("contributor", "directorate", "DEVE", directorate=Directorate.objects.get(code="DEVE"))
    named = person("data-officer", job_title="Responsable des données")
    assert routes(today).owner("DEVE") == park
    assert routes(today).owner("responsable des données") == named
    assert routes(today).owner("", is_about_data=True) == named


def test_what_waits_goes_to_its_owner_its_sector_and_those_it_climbed_to(raised, pilot, chief, person, now):
    head, today = person("directorate-head"), paris_day(now)
    assert [len(queries.todos(who, today)) for who in (pilot, chief, head)] == [1, 1, 0]
    alerting.raise_alerts(at=now + timedelta(days=9))
    assert [todo.urgency for todo in queries.todos(head, today)] == ["late"]


def test_more_than_five_are_told_in_one_line(raised, pilot, now):
    for n in range(6):
        alerts.raise_by_hand(faces.house().indicators[CODE], f"Doute {n}.", by=pilot, at=now)
    (line,) = queries.todos(pilot, paris_day(now))
    assert line.sentence == "7 alertes vous attendent"


def test_raising_by_hand_needs_a_sentence_a_known_place_and_the_right(pilot, person, now):
    indicator = faces.house().indicators[CODE]
    with pytest.raises(Refusal, match="une phrase"):
        alerts.raise_by_hand(indicator, " ", by=pilot, at=now)
    with pytest.raises(Refusal, match="n’existe pas"):
        alerts.raise_by_hand(indicator, "Doute.", by=pilot, at=now, places=("99",))
    with pytest.raises(Forbidden):
        alerts.raise_by_hand(indicator, "Doute.", by=person("auditor"), at=now)


def test_open_alerts_give_the_code_of_their_indicator_to_those_who_may_read(raised, pilot, person):
    assert [alert.indicator for alert in queries.open_alerts(pilot)] == [CODE]
    assert queries.open_alerts(person("elected-reader")) == []


@pytest.mark.parametrize(
    ("starts", "ends", "reason", "subject"),
    [(1, 0, "Motif", CODE), (0, 400, "Motif", CODE), (0, 5, " ", CODE), (0, 5, "Motif", "nulle.part")],
)
def test_a_silence_needs_its_days_its_reason_and_a_subject(pilot, now, starts, ends, reason, subject):
    today = paris_day(now)
    with pytest.raises(Refusal):
        silences.silence(
            "indicator", subject, starts_on=today + timedelta(days=starts), ends_on=today + timedelta(days=ends),
            reason=reason, by=pilot, at=now,
        )  # fmt: skip
    assert not Silence.objects.exists()


def test_a_sector_chief_silences_nothing(chief, now):
    with pytest.raises(Forbidden):
        silences.silence("indicator", CODE, starts_on=now.date(), ends_on=now.date(), reason="Non", by=chief, at=now)


def test_a_rebase_is_a_dated_decision_that_the_chart_shows(raised, pilot, now):
    silences.rebase(CODE, date(2026, 6, 1), reason="Nouveau périmètre", by=pilot, at=now)
    with pytest.raises(Refusal, match="déjà"):
        silences.rebase(CODE, date(2026, 6, 1), reason="Encore", by=pilot, at=now)
    with pytest.raises(Refusal, match="pas encore venu"):
        silences.rebase(CODE, date(2027, 6, 1), reason="Trop tôt", by=pilot, at=now)
    chart = signals.chart_of(figures.figures()[CODE], "19")
    assert [segment.reason for segment in chart.segments] == ["", "Nouveau périmètre"]
    assert len(chart.marks) == 14 and chart.last.value == 70
    silences.remove_rebase(Rebase.objects.get(), by=pilot, at=now)
    assert len(signals.chart_of(figures.figures()[CODE]).segments) == 1


def test_a_figure_never_measured_has_an_empty_chart():
    assert signals.chart_of(figures.figures()[CODE]).marks == ()


def test_the_list_filters_by_state_objective_sector_owner_and_cause(raised, pilot):
    client, url = reading(pilot), reverse("steering:alerts")
    for asked in (
        "",
        "?secteur=19",
        "?cause=threshold",
        "?objectif=P2",
        f"?responsable={pilot.pk}",
        "?etat=open",
        "?etat=toutes",
    ):
        page = client.get(url + asked).content.decode()
        assert raised.sentence in page and "À Karim Benali de la prendre en charge avant le 26 novembre 2026" in page
    for asked in ("?secteur=5", "?cause=shift", "?objectif=Q1", "?responsable=0", "?etat=verified"):
        assert raised.sentence not in client.get(url + asked).content.decode()


def test_the_page_of_an_alert_shows_its_chart_its_map_its_history_and_what_may_be_done(raised, pilot, person):
    page = reading(pilot).get(reverse("steering:alert", args=[raised.pk])).content.decode()
    for words in ("control-chart", "Le graphique de contrôle en tableau", "Où ?", "Levée", "Je la prends en charge"):
        assert words in page
    assert "La dire traitée" not in page
    quiet = reading(person("auditor")).get(reverse("steering:alert", args=[raised.pk])).content.decode()
    assert "Je la prends en charge" not in quiet


def test_an_alert_is_treated_from_its_page_to_the_end(raised, pilot):
    client, page = reading(pilot), reverse("steering:alert", args=[raised.pk])
    step = lambda name, **told: client.post(reverse("steering:alert_move", args=[raised.pk, name]), told)  # noqa: E731
    assert step("acknowledge").url == page
    step("plan", plan="Revoir les fiches", who=pilot.pk, due_on="2099-12-01")
    step("resolve", reason="Fiches revues.")
    assert step("verify").status_code == 404
    client.post(reverse("steering:alert_comment", args=[raised.pk]), {"text": "Vu en réunion."})
    shown = client.get(page).content.decode()
    assert Alert.objects.get().state == "resolved"
    for words in ("Revoir les fiches", "Fiches revues.", "Vu en réunion.", "La prochaine évaluation la vérifiera"):
        assert words in shown


def test_silences_and_rebases_are_decided_and_ended_from_their_page(raised, pilot):
    client, page = reading(pilot), reverse("steering:alert_silences")
    client.post(
        page, {"subject": f"indicator:{CODE}", "starts_on": "2026-01-01", "ends_on": "2026-03-01", "reason": "Travaux"}
    )
    client.post(page, {"indicator": CODE, "on": "2026-05-01", "reason": "Nouvelle saisie"})
    shown = client.get(page).content.decode()
    assert "Travaux" in shown and "Nouvelle saisie" in shown
    client.post(reverse("steering:rebase_remove", args=[Rebase.objects.get().pk]))
    assert not Rebase.objects.exists() and Silence.objects.count() == 1
    assert (
        client.post(page, {"subject": "indicator:x", "starts_on": "", "ends_on": "", "reason": "r"}).status_code == 409
    )
