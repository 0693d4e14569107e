"""The demonstration city is whole, says that it is invented, and is never loaded over real people."""

import pytest
from django.contrib.auth import authenticate

from parvis.cli import demo
from parvis.domains.roadmaps.models import Action, Plan, PlanVersion, Signature
from parvis.kernel.journal import seals
from parvis.kernel.organisation import demonstration
from parvis.kernel.organisation.models import City, Person

pytestmark = pytest.mark.django_db


def test_the_small_city_has_17_roadmaps_signed_by_three_and_a_journal_that_holds():
    assert demo.load("small")
    assert City.current().is_invented
    this_year = Plan.objects.filter(kind="roadmap").order_by("-year").values_list("year", flat=True)[0] - 1
    assert Plan.objects.filter(kind="roadmap", year=this_year).count() == 17
    assert Plan.objects.filter(kind="thematic").count() == 4
    assert Signature.objects.count() == 3 * PlanVersion.objects.count() > 0
    assert not Action.objects.filter(status="").exists()
    assert seals.verify().holds


def test_a_second_load_changes_nothing():
    demo.load("small")
    before = (Action.objects.count(), Person.objects.count())
    assert demo.load("small")
    assert (Action.objects.count(), Person.objects.count()) == before


def test_every_role_can_sign_in_with_the_printed_password():
    demo.load("small")
    for _, email in demonstration.sign_ins():
        assert authenticate(None, email=email, password=demonstration.PASSWORD), email


def test_a_house_of_real_people_refuses_the_invented_city(person):
    person("auditor")
    assert not demo.load("small")
    assert not City.current().is_invented
