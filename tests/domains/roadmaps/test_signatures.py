"""Three parties sign what they read; the third signature freezes it."""

import threading
from datetime import timedelta

import drafts
import pytest
from django.db import InternalError, close_old_connections, connection, transaction
from django.db.utils import DatabaseError

from parvis.domains.roadmaps.actions.plans import pass_gate
from parvis.domains.roadmaps.actions.signatures import sign
from parvis.domains.roadmaps.models import PlanVersion, Signature
from parvis.domains.roadmaps.queries import versions
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.journal.models import Entry

ACT = "lettre du 12 mars 2026, n° 2026-114"


@pytest.fixture
def signers(person):
    return {
        "district_mayor": person("district-office", "sector", "19"),
        "city_executive": person("directorate-head", "house"),
        "administration": person("sector-chief", "sector", "19"),
    }


def seen(plan):
    return versions.fingerprint(versions.content(plan))


def sign_as(signers, plan, party, now, **fields):
    fields = {"seen_sha256": seen(plan)} | ({"document_reference": ACT} if party == "city_executive" else {}) | fields
    return sign(plan, party, by=signers[party], at=now, **fields)


def test_the_third_signature_signs_the_plan_and_freezes_what_was_read(db, signers, now):
    plan = drafts.finalised()
    for party in ("district_mayor", "city_executive"):
        sign_as(signers, plan, party, now)
        plan.refresh_from_db()
        assert (plan.state, plan.version) == ("finalised", 0)
    sign_as(signers, plan, "administration", now)
    plan.refresh_from_db()
    version = PlanVersion.objects.get(plan=plan)
    assert (plan.state, plan.version, str(plan.signed_on)) == ("signed", 1, "2026-11-24")
    assert version.sha256 == versions.fingerprint(version.content) == plan.signatures.first().content_sha256
    verbs = list(Entry.objects.filter(subject_id=plan.code).order_by("id").values_list("verb", flat=True))
    assert verbs[-5:] == ["plan.signature", "plan.signature", "plan.signature", "plan.sign", "plan.freeze"]


def test_what_changed_since_it_was_displayed_is_not_signed(db, signers, now):
    plan = drafts.finalised()
    displayed = seen(plan)
    plan.placements.get().action.milestones.update(title="Marché notifié")
    with pytest.raises(Refusal, match="a changé"):
        sign_as(signers, plan, "administration", now, seen_sha256=displayed)
    assert not Signature.objects.exists()


def test_following_up_an_action_does_not_change_what_is_signed(db):
    plan = drafts.finalised()
    displayed = seen(plan)
    action = plan.placements.get().action
    action.milestones.update(is_done=True, actual_on=drafts.date(2026, 5, 2))
    type(action).objects.update(confidence="stormy", risk="high", status="late", changed_at=drafts.BORN + timedelta(1))
    assert seen(plan) == displayed


def test_a_signature_of_an_earlier_content_no_longer_counts(db, signers, now):
    plan = drafts.finalised()
    sign_as(signers, plan, "district_mayor", now)
    plan.placements.get().action.milestones.update(title="Marché notifié")
    sign_as(signers, plan, "city_executive", now)
    sign_as(signers, plan, "administration", now)
    plan.refresh_from_db()
    assert plan.state == "finalised"
    sign_as(signers, plan, "district_mayor", now)
    plan.refresh_from_db()
    assert (plan.state, plan.signatures.count()) == ("signed", 4)


def test_a_party_never_signs_twice(db, signers, person, now):
    plan = drafts.finalised()
    sign_as(signers, plan, "administration", now)
    other = {"administration": person("sector-chief", "sector", "19", email="autre@example.org")}
    with pytest.raises(Refusal, match="déjà signé"):
        sign_as(other, plan, "administration", now)
    assert Signature.objects.count() == 1


def test_one_person_does_not_sign_for_two_parties(db, signers, now):
    plan = drafts.finalised()
    sign_as(signers, plan, "city_executive", now)
    with pytest.raises(Refusal, match="pour une autre partie"):
        sign_as(signers | {"administration": signers["city_executive"]}, plan, "administration", now)
    assert Signature.objects.count() == 1


def test_the_executive_signature_is_recorded_with_the_act(db, signers, now):
    plan = drafts.finalised()
    with pytest.raises(Refusal, match="référence de l’acte"):
        sign_as(signers, plan, "city_executive", now, document_reference="  ")
    assert sign_as(signers, plan, "city_executive", now).document_reference == ACT


@pytest.mark.parametrize(
    ("role", "kind", "scope", "party"),
    [
        ("sector-chief", "sector", "18", "administration"),
        ("district-office", "sector", "18", "district_mayor"),
        ("district-office", "sector", "19", "administration"),
        ("sector-chief", "sector", "19", "district_mayor"),
        ("directorate-head", "directorate", "DVD", "administration"),
        ("directorate-head", "directorate", "DVD", "city_executive"),
        ("roadmap-pilot", "house", "", "administration"),
        ("elected-reader", "house", "", "city_executive"),
        (None, "house", "", "administration"),
    ],
)
def test_nobody_signs_for_a_party_whose_pen_she_does_not_hold(db, person, now, role, kind, scope, party):
    plan = drafts.finalised()
    with pytest.raises(Forbidden):
        sign(plan, party, by=person(role, kind, scope), at=now, seen_sha256=seen(plan), document_reference=ACT)
    plan.refresh_from_db()
    assert plan.state == "finalised" and not Signature.objects.exists()


@pytest.mark.parametrize("steps", [(), ("consult",), ("consult", "arbitrate")])
def test_nothing_is_signed_before_it_is_finalised(db, signers, now, steps):
    plan = drafts.walk(drafts.plan(), *steps)
    with pytest.raises(Refusal, match="rien à signer"):
        sign_as(signers, plan, "administration", now)


def test_a_thematic_plan_is_signed_by_two_parties(db, person, now):
    plan = drafts.finalised(sector=None, kind="thematic")
    first, second = (person("directorate-head", "house", email=f"d{n}@example.org") for n in (1, 2))
    sign(plan, "administration", by=first, at=now, seen_sha256=seen(plan))
    with pytest.raises(Refusal, match="ne signe pas ce plan"):
        sign(plan, "district_mayor", by=second, at=now, seen_sha256=seen(plan))
    sign(plan, "city_executive", by=second, at=now, seen_sha256=seen(plan), document_reference=ACT)
    plan.refresh_from_db()
    assert plan.state == "signed"


def test_a_gate_holds_the_signature_until_it_is_met_or_passed_in_writing(db, signers, now):
    plan = drafts.finalised()
    weak = plan.placements.get().action
    type(weak).objects.filter(pk=weak.pk).update(grade=5, grade_missing=["place", "means", "owner"])
    with pytest.raises(Refusal, match="pas encore possible") as refused:
        sign_as(signers, plan, "administration", now)
    assert len(refused.value.blockers) == 1 and weak.title in refused.value.blockers[0]
    pass_gate(plan, "operationality", by=signers["administration"], at=now, reason="Le lieu sera choisi au printemps.")
    assert sign_as(signers, plan, "administration", now)


def test_a_signed_version_and_its_signatures_cannot_be_touched_in_the_database(db, signers, now):
    plan = drafts.finalised()
    for party in signers:
        sign_as(signers, plan, party, now)
    for statement in (
        "UPDATE roadmaps_planversion SET sha256 = 'x'",
        "DELETE FROM roadmaps_planversion",
        "UPDATE roadmaps_signature SET party = 'x'",
        "DELETE FROM roadmaps_signature",
        "UPDATE roadmaps_plan SET state = 'draft'",
    ):
        with pytest.raises((DatabaseError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert PlanVersion.objects.get(plan=plan).sha256 == seen(plan)


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_leave_one_signature_a_party(person, now):
    plan = drafts.finalised()
    people = [person("sector-chief", "sector", "19", email=f"c{n}@example.org") for n in range(4)]
    fingerprint, start, outcomes = seen(plan), threading.Barrier(4), []

    def attempt(someone):
        start.wait()
        try:
            sign(plan, "administration", by=someone, at=now, seen_sha256=fingerprint)
            outcomes.append("signed")
        except Refusal:
            outcomes.append("refused")
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=attempt, args=(someone,)) for someone in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "refused", "refused", "signed"]
    assert Signature.objects.filter(plan=plan).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_two_parties_signing_at_once_freeze_one_version(person, now):
    plan = drafts.finalised()
    head, chief, office = (
        person("directorate-head", "house"), person("sector-chief", "sector", "19"), person("district-office", "sector", "19")
    )  # fmt: skip
    fingerprint = seen(plan)
    sign(plan, "city_executive", by=head, at=now, seen_sha256=fingerprint, document_reference=ACT)
    start = threading.Barrier(2)

    def attempt(party, someone):
        start.wait()
        try:
            sign(plan, party, by=someone, at=now, seen_sha256=fingerprint)
        finally:
            connection.close()

    pairs = (("administration", chief), ("district_mayor", office))
    threads = [threading.Thread(target=attempt, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    plan.refresh_from_db()
    assert (plan.state, plan.version, PlanVersion.objects.count()) == ("signed", 1, 1)
