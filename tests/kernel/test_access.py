"""One predicate says who may see and do what, where, and between which days."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from parvis.domains.roadmaps.models import Plan
from parvis.kernel import Forbidden, access
from parvis.kernel.organisation.models import Assignment
from parvis.kernel.territories.models import Sector

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans(now):
    """A draft roadmap in the 19th and in the 5th, and a published one in the 5th."""

    def made(sector, year, state):
        return Plan.objects.create(
            code=f"{sector}-{year}", kind="roadmap", title=f"{sector} {year}", year=year, state=state,
            sector=Sector.objects.get(code=sector), created_at=now,
        )  # fmt: skip

    return {"19": made("19", 2026, "draft"), "5": made("5", 2026, "draft"), "5 signed": made("5", 2025, "signed")}


def seen(person, permission="roadmaps.view_plan"):
    return set(access.visible(person, permission, Plan.objects.all()).values_list("code", flat=True))


def test_everyone_reads_what_is_published_and_nothing_else(plans):
    assert seen(AnonymousUser()) == {"5-2025"}


def test_a_sector_chief_reads_her_sector_at_any_state_and_what_is_published_elsewhere(plans, person):
    assert seen(person("sector-chief", "sector", "19")) == {"19-2026", "5-2025"}


def test_a_pilot_of_the_house_reads_everything(plans, person):
    assert seen(person("roadmap-pilot")) == {"19-2026", "5-2026", "5-2025"}


def test_a_role_on_one_plan_stops_at_that_plan(plans, person):
    pilot = person("roadmap-pilot", "plan", str(plans["5"].pk))
    assert seen(pilot, "roadmaps.steer_plan") == {"5-2026"}


def test_two_roles_add_up(plans, person):
    someone = person("sector-chief", "sector", "19")
    Assignment.objects.create(
        person=someone, role="sector-chief", scope_kind="sector", scope_id="5", starts_on=date(2020, 1, 1)
    )
    assert seen(someone, "roadmaps.steer_plan") == {"19-2026", "5-2026", "5-2025"}


def test_a_reader_steers_nothing(plans, person):
    assert seen(person("elected-reader"), "roadmaps.steer_plan") == set()


def test_asking_of_one_row_gives_the_same_answer_as_listing(plans, person):
    for someone in (AnonymousUser(), person("sector-chief", "sector", "19"), person("auditor")):
        listed = seen(someone)
        assert {p.code for p in plans.values() if access.may(someone, "roadmaps.view_plan", p)} == listed


def test_an_assignment_holds_from_its_first_day_and_no_longer_on_its_last(plans, person):
    from django.utils import timezone

    today = timezone.localdate()
    begins, ends = person(), person()
    for someone, starts, stops in ((begins, today, today + timedelta(1)), (ends, today - timedelta(9), today)):
        Assignment.objects.create(person=someone, role="auditor", scope_kind="house", starts_on=starts, ends_on=stops)
    assert access.may_anywhere(begins, "roadmaps.see_campaign")
    assert not access.may_anywhere(ends, "roadmaps.see_campaign")


def test_a_deactivated_person_keeps_the_rights_of_the_public_alone(plans, person):
    someone = person("roadmap-pilot", is_active=False)
    assert seen(someone) == {"5-2025"}


def test_a_superuser_without_a_role_sees_what_the_public_sees(plans, person):
    assert seen(person(is_superuser=True)) == {"5-2025"}


def test_an_undeclared_permission_is_refused_to_everyone(plans, person):
    pilot = person("directorate-head")
    assert seen(pilot, "roadmaps.anything") == set()
    assert not access.may(pilot, "roadmaps.anything", plans["19"])
    with pytest.raises(Forbidden):
        access.require(pilot, "roadmaps.anything", plans["19"])


def test_requiring_what_is_held_says_nothing(plans, person):
    access.require(person("sector-chief", "sector", "19"), "roadmaps.steer_plan", plans["19"])


def test_holding_a_permission_somewhere_opens_a_page_and_decides_on_no_row(plans, person):
    chief = person("sector-chief", "sector", "19")
    assert access.may_anywhere(chief, "roadmaps.steer_plan")
    assert not access.may(chief, "roadmaps.steer_plan", plans["5"])


def test_asking_twice_in_a_request_reads_the_assignments_once(plans, person, django_assert_num_queries):
    chief = person("sector-chief", "sector", "19")
    with django_assert_num_queries(1):
        access.may_anywhere(chief, "roadmaps.steer_plan")
        access.may_anywhere(chief, "roadmaps.view_plan")


def test_whoever_reads_everything_still_does_when_her_right_is_joined_to_another(plans, person):
    """Django drops an empty Q from `Q(x) | Q()`, which would keep x alone."""
    everything = access.predicate(person("roadmap-pilot"), "roadmaps.view_plan")
    assert Plan.objects.filter(Q(code="19-2026") | everything).count() == 3
    assert Plan.objects.filter(Q(code="19-2026") & everything).count() == 1


def test_reading_everything_adds_nothing_to_the_question(plans, person):
    seen = access.visible(person("roadmap-pilot"), "roadmaps.view_plan", Plan.objects.all())
    assert "WHERE" not in str(seen.query)
