"""Whatever is typed in a form the house answers; and a button clicked twice does its work once."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from parvis.domains.roadmaps.actions.comments import comment
from parvis.domains.roadmaps.models import (
    Action,
    ActionIndicator,
    Comment,
    Commitment,
    Deployment,
    IndicatorValue,
    Plan,
)
from parvis.kernel.journal.models import Entry
from parvis.kernel.organisation.models import Directorate

from . import city
from .test_garbage import HUGE, every_route, filled

FORMS = {
    "actual_on", "forecast_on", "done", "value", "measured_on", "held_on", "decisions", "level", "note", "text", "directorate",
    "part", "due", "answer", "reason", "move", "document", "title", "starts_on", "due_on", "longitude", "latitude", "weight",
    "review_every_days", "owner", "lead", "place", "policy", "risk", "objectives", "needs", "revision", "more", "axis", "code",
    "name", "query", "view", "do", "label", "type", "unit", "choices", "seen_by", "edited_by", "order", "field", "year",
    "opens_on", "asked_on", "given_on", "party", "sha256", "document_reference", "pk", "from", "on", "euros", "fte", "lesson",
    "sequel", "step", "mode", "seen", "shift", "token", "rhythm", "kinds", "next", "milestones-TOTAL_FORMS",
    "milestones-INITIAL_FORMS", "indicators-TOTAL_FORMS", "means-TOTAL_FORMS", "means-INITIAL_FORMS", "indicators-INITIAL_FORMS",
}  # fmt: skip
RUBBISH = ("", "-1", HUGE, "1e999999", "NaN", "9999-12-31", "0001-01-01", "é" * 6000, "a:b", "2026-11-24", "1")


@pytest.fixture
def plans(db):
    return city.build()


@pytest.fixture
def head(person, plans):
    client = Client(raise_request_exception=False)
    client.force_login(person("directorate-head"))
    return client


@pytest.mark.parametrize("rubbish", RUBBISH, ids=lambda text: ascii(text[:12]))
def test_rubbish_in_every_field_of_every_form_breaks_nothing(head, rubbish):
    found = []
    parts = {"milestone": Action.objects.get(code="fdr-own-a0").milestones.get().pk,
             "indicator": ActionIndicator.objects.get(action__code="fdr-own-a0").pk}  # fmt: skip
    for route in every_route():
        for given in (dict.fromkeys(FORMS, rubbish), dict.fromkeys(FORMS, rubbish) | parts):
            mark = transaction.savepoint()
            status = head.post(filled(route), given).status_code
            transaction.savepoint_rollback(mark)
            found += [(route, status)] if status >= 500 else []
    assert found == []


def traces() -> tuple:
    """What a second click could double."""
    return (
        Comment.objects.count(), IndicatorValue.objects.count(), Action.objects.count(), Commitment.objects.count(),
        Deployment.objects.count(), Plan.objects.count(),
        Entry.objects.exclude(verb__startswith="saved_view").count(),
    )  # fmt: skip


def clicks():
    action = Action.objects.get(code="fdr-own-a0")
    own = "/feuilles-de-route/actions/fdr-own-a0/"
    asked = Directorate.objects.exclude(code__in=("DEVE", "DPE")).first()
    return {
        "comment": (own + "commentaire/", {"text": "Une seule fois."}),
        "measure": (own + "mesure/", {"indicator": action.indicators.get().pk, "value": "12", "measured_on": "2026-03-02"}),
        "milestone": (own + "jalon/", {"milestone": action.milestones.get().pk, "done": "oui", "actual_on": "2026-03-02"}),
        "review": (own + "revue/", {"held_on": "2026-03-02", "decisions": "On continue."}),
        "partner": (own + "partenaire/", {"directorate": asked.code, "part": "Planter"}),
        "drop": (own + "etape/", {"move": "drop", "reason": "Sans objet désormais."}),
        "new": ("/feuilles-de-route/plans/fdr-own/nouvelle-action/",
                {"title": "Une rue aux écoles", "lead": "DEVE", "place": "75119", "weight": "1"}),
        "opinion": ("/feuilles-de-route/plans/fdr-own/avis/", {"asked_on": "2026-02-01", "given_on": "2026-03-01"}),
        "consult": ("/feuilles-de-route/plans/fdr-own/etapes/consult/", {}),
        "field": ("/feuilles-de-route/plans/fdr-own/champs/", {"label": "Budget", "type": "number", "order": "0"}),
        "campaign": ("/feuilles-de-route/campagnes/", {"year": "2027", "opens_on": "2026-11-30"}),
    }  # fmt: skip


@pytest.mark.parametrize("what", ["comment", "measure", "milestone", "review", "partner", "drop", "new", "opinion", "consult",
                                  "field", "campaign"])  # fmt: skip
def test_a_button_clicked_twice_does_its_work_once(head, what):
    path, given = clicks()[what]
    before = traces()
    first = head.post(path, given)
    assert first.status_code in (200, 302), re.sub(r"\s+", " ", first.content.decode())[-900:]
    after = traces()
    assert after != before
    assert head.post(path, given).status_code < 500
    assert traces() == after


def test_the_same_words_a_day_later_are_said_again(head, plans, person, now):
    chief, action = person("sector-chief", "sector", "19"), Action.objects.get(code="fdr-own-a0")
    first = comment(action, "Relancé.", by=chief, at=now)
    assert comment(action, "Relancé.", by=chief, at=now + timedelta(days=1)).pk != first.pk
