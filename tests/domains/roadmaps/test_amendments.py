"""A signed plan changes by amendment alone; withdrawn, it comes back to what was signed."""

from datetime import date

import drafts
import pytest
from test_signatures import seen, sign_as, signers  # noqa: F401 - the fixture is used by name

from parvis.domains.roadmaps import difference
from parvis.domains.roadmaps.actions.amendments import open_amendment, withdraw
from parvis.domains.roadmaps.models import (
    Action,
    ActionRevision,
    Amendment,
    Axis,
    ExtraField,
    ExtraValue,
    Milestone,
    PlanVersion,
)  # fmt: skip
from parvis.domains.roadmaps.queries import versions
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.organisation.models import Directorate

WHY = "Le budget voté en juillet change deux actions."


@pytest.fixture
def signed(db, signers, now):  # noqa: F811
    plan = drafts.finalised(actions=3)
    for party in signers:
        sign_as(signers, plan, party, now)
    plan.refresh_from_db()
    return plan


def edit(plan, answer="asked"):
    """Change, add and remove, as an amendment does."""
    first, second, third = Action.objects.filter(placements__plan=plan).order_by("code")
    Action.objects.filter(pk=first.pk).update(
        title="Rue aux écoles", due_on=date(2027, 2, 1), lead=Directorate.objects.get(code="DEVE")
    )
    first.milestones.update(title="Marché notifié", is_done=True)
    first.milestones.create(title="Ouverture", planned_on=date(2026, 9, 1))
    first.means.update(amount_cents=99)
    second.indicators.all().delete()
    drafts.asked(second, state=answer)
    second.placements.update(axis=Axis.objects.create(plan=plan, code="B", title="Autre"))
    third.placements.filter(plan=plan).delete()
    drafts.action(plan, "nouvelle", title="Une fontaine", order=9)


def test_an_amendment_makes_version_two_and_version_one_stays(signed, signers, now):  # noqa: F811
    before = PlanVersion.objects.get(plan=signed)
    amendment = open_amendment(signed, WHY, by=signers["administration"], at=now)
    edit(signed, answer="accepted")
    for party in signers:
        sign_as(signers, signed, party, now)
    amendment.refresh_from_db()
    signed.refresh_from_db()
    assert (amendment.state, signed.state, signed.version) == ("signed", "signed", 2)
    assert PlanVersion.objects.get(plan=signed, number=1).content == before.content
    told = difference.between(before.content, PlanVersion.objects.get(plan=signed, number=2).content)
    assert told.sentence == "1 action ajoutée, 1 retirée, 2 modifiées."


def test_withdrawing_brings_back_every_signed_value(signed, signers, now):  # noqa: F811
    signed_content = PlanVersion.objects.get(plan=signed).content
    amendment = open_amendment(signed, WHY, by=signers["administration"], at=now)
    edit(signed)
    field = ExtraField.objects.create(plan=signed, code="visa", label="Visa", type="text")
    ExtraValue.objects.create(field=field, action=Action.objects.get(code=f"{signed.code}-1"), value="oui")
    assert seen(signed) != versions.fingerprint(signed_content)
    withdraw(amendment, "Le budget est finalement inchangé.", by=signers["administration"], at=now)
    restored = versions.content(signed)
    for action in restored["actions"]:  # an indicator that was deleted comes back under its own number
        assert action in signed_content["actions"]
    assert restored == signed_content
    amendment.refresh_from_db()
    assert (amendment.state, amendment.closing_reason) == ("withdrawn", "Le budget est finalement inchangé.")


def test_withdrawing_keeps_what_was_followed_up_and_drops_what_was_added(signed, signers, now):  # noqa: F811
    amendment = open_amendment(signed, WHY, by=signers["administration"], at=now)
    edit(signed)
    withdraw(amendment, "Le budget est finalement inchangé.", by=signers["administration"], at=now)
    milestone = Milestone.objects.get(action__code=f"{signed.code}-1")
    assert (milestone.title, milestone.is_done) == ("Marché", True)
    assert Action.objects.get(code="nouvelle").state == "dropped"
    assert ActionRevision.objects.get(action__code=f"{signed.code}-1").content["due_on"] == "2026-11-30"


def test_two_amendments_are_not_open_at_once(signed, signers, now):  # noqa: F811
    open_amendment(signed, WHY, by=signers["administration"], at=now)
    with pytest.raises(Refusal, match="déjà en préparation"):
        open_amendment(signed, WHY, by=signers["city_executive"], at=now)
    assert Amendment.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "trop court"])
def test_an_amendment_says_why(signed, signers, now, reason):  # noqa: F811
    with pytest.raises(Refusal, match="motif"):
        open_amendment(signed, reason, by=signers["administration"], at=now)


def test_a_plan_not_yet_signed_is_not_amended(db, person, now):
    plan = drafts.finalised()
    with pytest.raises(Refusal, match="plan signé"):
        open_amendment(plan, WHY, by=person("roadmap-pilot"), at=now)


def test_another_sector_and_a_partner_directorate_do_not_amend(signed, person, now):
    for role, kind, scope in (("sector-chief", "sector", "18"), ("directorate-head", "directorate", "DVD")):
        with pytest.raises(Forbidden):
            open_amendment(signed, WHY, by=person(role, kind, scope), at=now)


def test_a_signed_plan_holds_its_actions_until_an_amendment_frees_them(signed, signers, now):  # noqa: F811
    action = Action.objects.get(code=f"{signed.code}-1")
    assert versions.locking_plans(action) == [signed] and versions.locked_ids([action]) == {action.pk}
    open_amendment(signed, WHY, by=signers["administration"], at=now)
    assert versions.locking_plans(action) == [] and versions.locked_ids([action]) == set()


def test_while_an_amendment_is_prepared_the_page_leads_to_the_version_that_commits(client, signed, signers, now):  # noqa: F811
    address = f"/feuilles-de-route/plans/{signed.code}/"
    assert "Seule la version signée engage" not in client.get(address).content.decode()
    open_amendment(signed, WHY, by=signers["administration"], at=now)
    page = client.get(address).content.decode()
    assert "Seule la version signée engage" in page
    assert f"{address}versions/1/" in page
