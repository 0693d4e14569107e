"""The page of an action: open to who may see it, quiet about what is said inside, and every gesture checked."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from drafts import action, asked, plan

from parvis.domains.roadmaps.models import Action, Comment, Milestone
from parvis.kernel.documents.models import Document

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def one():
    return action(plan("19", state="in_execution", actions=0), "P1", confidence="cloudy", confidence_note="Le sous-sol")


@pytest.fixture
def chief(client, person):
    someone = person("sector-chief", "sector", "19")
    client.force_login(someone)
    return someone


def page(client, query: str = "") -> str:
    return client.get(reverse("roadmaps:action", args=["P1"]) + query).content.decode()


def test_everyone_reads_a_published_action_and_nobody_the_talk_around_it(client, one, now):
    Comment.objects.create(action=one, at=now, text="Entre nous")
    text = page(client)
    assert one.title in text and "D’où vient ce statut ?" in text
    assert "Entre nous" not in text and "Le sous-sol" not in text and "Modifier l’action" not in text


def test_those_inside_read_the_talk(client, one, chief, now):
    Comment.objects.create(action=one, at=now, text="Entre nous")
    text = page(client)
    assert "Entre nous" in text and "Le sous-sol" in text and "Modifier l’action" in text


def test_a_forged_code_of_another_sectors_draft_is_not_found(client, person):
    action(plan("5", actions=0), "D1")
    client.force_login(person("sector-chief", "sector", "19"))
    for name in ("action", "action_edit"):
        assert client.get(reverse(f"roadmaps:{name}", args=["D1"])).status_code == 404
    for name in ("report_milestone", "report_value", "action_comment", "action_attach", "action_move", "ask_partner"):
        assert client.post(reverse(f"roadmaps:{name}", args=["D1"])).status_code == 404


def test_the_past_is_replayed(client, one, chief):
    Milestone.objects.filter(action=one).update(planned_on=date(2026, 5, 1))
    assert "à l’heure" in page(client, "?le=2026-03-01")
    assert "en retard" in page(client, "?le=2026-06-01")
    assert client.get(reverse("roadmaps:action", args=["P1"]) + "?le=hier").status_code == 200


def test_a_gesture_is_done_and_said_or_refused_in_words(client, one, chief):
    milestone = one.milestones.get()
    done = client.post(
        reverse("roadmaps:report_milestone", args=["P1"]), {"milestone": milestone.pk, "done": "oui"}, follow=True
    )
    assert "Le jalon est rapporté." in done.content.decode()
    wrong = client.post(
        reverse("roadmaps:report_value", args=["P1"]),
        {"indicator": one.indicators.get().pk, "value": "beaucoup"},
        follow=True,
    )
    assert "La valeur doit être un nombre." in wrong.content.decode()
    client.post(reverse("roadmaps:action_comment", args=["P1"]), {"text": "Vu sur place"})
    assert Comment.objects.get().author == chief


def test_a_part_of_another_action_is_not_found(client, one, chief):
    foreign = action(plan("5", state="in_execution", actions=0), "F1").milestones.get()
    sent = {"milestone": foreign.pk, "done": "oui"}
    assert client.post(reverse("roadmaps:report_milestone", args=["P1"]), sent).status_code == 404
    foreign.refresh_from_db()
    assert not foreign.is_done


def test_who_may_only_read_makes_no_gesture(client, one, person):
    client.force_login(person("elected-reader"))
    for name, sent in (("action_comment", {"text": "x"}), ("action_attach", {}), ("say_confidence", {"level": "fair"}),
                       ("action_move", {"move": "drop", "reason": "x"})):  # fmt: skip
        assert client.post(reverse(f"roadmaps:{name}", args=["P1"]), sent).status_code == 403
    assert Action.objects.get().confidence == "cloudy" and not Comment.objects.exists()


def test_a_document_comes_back_as_an_attachment_that_no_browser_runs(client, one, chief):
    client.post(reverse("roadmaps:action_attach", args=["P1"]), {"file": SimpleUploadedFile("../preuve.pdf", PDF)})
    document = Document.objects.get()
    answer = client.get(reverse("roadmaps:action_document", args=["P1", document.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="preuve.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    html = client.post(
        reverse("roadmaps:action_attach", args=["P1"]), {"file": SimpleUploadedFile("x.pdf", b"<html>")}, follow=True
    )
    assert "n’est pas celui d’un fichier .pdf" in html.content.decode()


def test_a_document_is_reached_through_its_own_action_alone(client, one, chief, person):
    hidden = action(plan("12", actions=0), "H1")
    document = Document.objects.create(
        owner_kind="action", owner_id=hidden.code, name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        added_at=hidden.created_at,
    )  # fmt: skip
    for code in ("P1", "H1"):
        assert client.get(reverse("roadmaps:action_document", args=[code, document.pk])).status_code == 404


def test_a_way_back_never_leads_outside(client, one, chief):
    sent = {"text": "x", "next": "https://ailleurs.example/"}
    assert client.post(reverse("roadmaps:action_comment", args=["P1"]), sent)["Location"].startswith(
        "/feuilles-de-route/"
    )


def test_the_page_takes_the_same_queries_whatever_it_shows(client, one, chief, now):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    asked(one)
    Comment.objects.create(action=one, at=now, text="un", author=chief)
    page(client)
    before = count()
    for n, code in enumerate(("DAC", "DPE", "DASCO", "DJS")):
        asked(one, code)
        one.milestones.create(title=f"Étape {n}", planned_on=date(2026, 5, n + 1))
        Comment.objects.create(action=one, at=now, text="x", author=chief)
    assert count() == before
