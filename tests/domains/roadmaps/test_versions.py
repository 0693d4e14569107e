"""Freezing keeps the whole plan, quickly; its pages show it to those who may see it."""

from datetime import date

import drafts
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from test_amendments import WHY, edit, signed  # noqa: F401 - fixtures are used by name
from test_signatures import ACT, seen, signers  # noqa: F401

from parvis.domains.roadmaps.actions.amendments import open_amendment
from parvis.domains.roadmaps.actions.versions import freeze, freeze_campaign
from parvis.domains.roadmaps.models import Campaign, Plan, PlanVersion, Signature
from parvis.domains.roadmaps.queries import versions
from parvis.kernel import Refusal


def address(plan, tail):
    return f"/feuilles-de-route/plans/{plan.code}/{tail}"


def test_only_a_signed_plan_is_frozen(db, now):
    with pytest.raises(Refusal, match="plan signé"):
        freeze(drafts.finalised(), by=None, at=now)
    assert not PlanVersion.objects.exists()


def test_freezing_keeps_a_content_that_can_be_checked_again(db, now):
    plan = drafts.plan(state="signed", actions=2)
    version = freeze(plan, by=None, at=now)
    version.refresh_from_db()
    assert (plan.version, version.number, len(version.content["actions"])) == (1, 1, 2)
    assert versions.fingerprint(version.content) == version.sha256


def test_a_campaign_is_frozen_in_as_many_queries_small_or_large_and_once(db, now):
    def frozen(year, actions):
        campaign = Campaign.objects.create(
            code=f"c-{year}", title="Campagne", year=year, opens_on=date(year - 1, 11, 3)
        )
        for sector in ("centre", *map(str, range(5, 21))):
            drafts.plan(sector, year=year, state="signed", actions=actions, campaign=campaign)
        with CaptureQueriesContext(connection) as made:
            assert len(freeze_campaign(campaign, by=None, at=now)) == 17
        assert freeze_campaign(campaign, by=None, at=now) == []
        return len(made)

    assert frozen(2026, 1) == frozen(2027, 10)


# Pages


def test_the_public_reads_a_signed_version_without_names(client, signed, signers):  # noqa: F811
    for tail in ("versions/", "versions/1/"):
        page = client.get(address(signed, tail))
        assert page.status_code == 200
        assert not any(str(person) in page.content.decode() for person in signers.values())
    assert client.get(address(signed, "versions/2/")).status_code == 404
    assert client.get(address(signed, "versions/99999999/")).status_code == 404


def test_what_is_not_signed_yet_is_not_the_public_s_to_read(client, signed, signers, person, now):  # noqa: F811
    open_amendment(signed, WHY, by=signers["administration"], at=now)
    edit(signed)
    assert client.get(address(signed, "versions/1/preparation/")).status_code == 404
    assert "avenant" not in client.get(address(signed, "versions/")).content.decode().lower()
    client.force_login(person("sector-chief", "sector", "18"))
    assert client.get(address(signed, "versions/1/preparation/")).status_code == 404
    client.force_login(signers["administration"])
    assert "Rue aux écoles" in client.get(address(signed, "versions/1/preparation/")).content.decode()


def test_one_signs_in_the_browser_what_the_page_showed(client, db, signers):  # noqa: F811
    plan = drafts.finalised()
    client.force_login(signers["city_executive"])
    page = client.get(address(plan, "signer/")).content.decode()
    assert seen(plan) in page and "Mètres apaisés" in page
    form = {"party": "city_executive", "sha256": seen(plan), "document_reference": ACT}
    assert client.post(address(plan, "signer/"), form | {"sha256": "0" * 64}).status_code == 409
    assert client.post(address(plan, "signer/"), form | {"party": "administration"}).status_code == 302
    assert client.post(address(plan, "signer/"), form).status_code == 409
    assert [s.party for s in Signature.objects.all()] == ["administration"]


def test_a_forged_plan_of_another_sector_is_neither_read_nor_signed(client, db, person):
    plan = drafts.finalised()
    client.force_login(person("sector-chief", "sector", "18"))
    for tail in ("signer/", "evaluation/", "versions/"):
        assert client.get(address(plan, tail)).status_code == 404
    form = {"party": "administration", "sha256": seen(plan)}
    assert client.post(address(plan, "signer/"), form).status_code == 404
    for tail in (
        "etapes/reopen/",
        "conditions/partners/",
        "avis/",
        "avenant/",
        "avenant/retrait/",
        "evaluation/reports/",
    ):
        assert client.post(address(plan, tail), {"reason": WHY}).status_code == 404
    assert Plan.objects.get().state == "finalised"


def test_the_signing_page_takes_as_many_queries_for_one_as_for_fifty(client, db, signers):  # noqa: F811
    plan = drafts.finalised()
    client.force_login(signers["administration"])

    def count():
        with CaptureQueriesContext(connection) as made:
            assert client.get(address(plan, "signer/")).status_code == 200
        return len(made)

    count()  # the first request of a session does more: it opens it
    one = count()
    for n in range(50):
        drafts.action(plan, f"X-{n}")
    assert count() == one


def test_an_amendment_is_opened_and_withdrawn_in_the_browser(client, signed, signers):  # noqa: F811
    client.force_login(signers["administration"])
    client.post(address(signed, "avenant/"), {"reason": WHY})
    edit(signed)
    client.post(address(signed, "avenant/retrait/"), {"reason": "Le budget ne change plus."})
    assert signed.amendments.get().state == "withdrawn"
    assert seen(signed) == PlanVersion.objects.get(plan=signed).sha256
