"""The list of actions: the filters of the address narrow what a person may see, and never widen it."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from drafts import action, asked, plan

from parvis.domains.roadmaps import layers
from parvis.domains.roadmaps.models import Action, PublicPolicy
from parvis.domains.roadmaps.queries import actions, filters
from parvis.domains.roadmaps.queries.search import action_cards, plan_cards, search

pytestmark = pytest.mark.django_db


def codes(person, query: str) -> list[str]:
    return [a.code for a in actions.listed(person, QueryDict(query))]


@pytest.fixture
def two_sectors():
    """A signed roadmap of the 19th with three actions, a draft of the 5th with one."""
    nineteen, five = plan("19", state="in_execution", actions=0), plan("5", actions=0)
    action(
        nineteen,
        "N1",
        title="Rouvrir l’école Curial",
        due_on=date(2026, 6, 30),
        sector_code="19",
        search_text="rouvrir l'ecole curial n1",
    )
    action(nineteen, "N2", lead="DEVE", status="late", grade=6, grade_missing=["owner", "place"], is_climate=True)
    action(nineteen, "N3", longitude=2.38, latitude=48.88, precision="point", confidence="stormy", risk="high")
    action(five, "F1", lead="DAC", status="late")
    return nineteen, five


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["F1", "N1", "N2", "N3"]),
        ("plan=roadmap-19-2026", ["N1", "N2", "N3"]),
        ("sector=5", ["F1"]),
        ("year=2026", ["F1", "N1", "N2", "N3"]),
        ("year=2025", []),
        ("kind=thematic", []),
        ("directorate=DEVE", ["N2"]),
        ("status=late", ["F1", "N2"]),
        ("status=late&sector=19", ["N2"]),
        ("status=late&status=on_time", ["F1", "N2"]),
        ("confidence=stormy", ["N3"]),
        ("confidence=aucun", ["F1", "N1", "N2"]),
        ("risk=high", ["N3"]),
        ("flag=climate", ["N2"]),
        ("flag=climate&flag=gender", []),
        ("missing=owner&missing=place", ["N2"]),
        ("operational=non", ["N2"]),
        ("operational=oui", ["F1", "N1", "N3"]),
        ("located=oui", ["N3"]),
        ("located=non&sector=19", ["N1", "N2"]),
        ("due_before=2026-07-01", ["N1"]),
        ("due_after=2026-07-01&sector=19", ["N2", "N3"]),
        ("due_before=demain", ["F1", "N1", "N2", "N3"]),
        ("q=ÉCOLE curial", ["N1"]),
        ("q=école zzz", []),
        ("owner=aucun&sector=5", ["F1"]),
        ("unknown=1&sector=5", ["F1"]),
        ("sort=-code&sector=19", ["N3", "N2", "N1"]),
        ("sort=password", ["F1", "N1", "N2", "N3"]),
        ("sort=due&sector=19", ["N1", "N2", "N3"]),
        ("x.999=secret", []),
    ],
)
def test_each_parameter_of_the_address_narrows_the_list(two_sectors, person, query, expected):
    assert codes(person("roadmap-pilot"), query) == expected


def test_a_directorate_is_found_as_lead_or_as_partner(two_sectors, person):
    asked(Action.objects.get(code="N3"), "DEVE")
    assert codes(person("roadmap-pilot"), "directorate=DEVE") == ["N2", "N3"]


def test_several_directorates_count_the_lead_and_those_that_did_not_decline(two_sectors, person):
    asked(Action.objects.get(code="N3"), "DEVE")
    asked(Action.objects.get(code="N1"), "DEVE", state="declined")
    assert codes(person("roadmap-pilot"), "multi=oui") == ["N3"]
    assert codes(person("roadmap-pilot"), "multi=non") == ["F1", "N1", "N2"]


def test_mine_are_those_i_own(two_sectors, person):
    me = person("roadmap-pilot")
    Action.objects.filter(code="N2").update(owner=me)
    assert codes(me, "owner=moi") == ["N2"]
    assert codes(AnonymousUser(), "owner=moi") == []


def test_no_policy_can_be_asked_for(two_sectors, person):
    Action.objects.filter(code="F1").update(policy=None)
    first = PublicPolicy.objects.first()
    assert codes(person("roadmap-pilot"), "policy=aucun") == ["F1"]
    assert codes(person("roadmap-pilot"), f"policy={first.code}") == ["N1", "N2", "N3"]


def test_what_is_being_prepared_elsewhere_is_never_listed_whatever_the_filter(two_sectors, person):
    elected = person("elected-reader")
    for query in ("", "sector=5", "plan=roadmap-5-2026", "status=late", "directorate=DAC"):
        assert "F1" not in codes(elected, query)
        assert "F1" not in codes(AnonymousUser(), query)
    assert codes(person("sector-chief", "sector", "5"), "sector=5") == ["F1"]


def test_filtering_by_a_draft_one_may_not_see_tells_nothing_of_what_stands_in_it(two_sectors, person):
    """N1 is public and also stands in the draft of the 5th: that is not for a reader to learn."""
    _, five = two_sectors
    from parvis.domains.roadmaps.models import Placement

    Placement.objects.create(plan=five, action=Action.objects.get(code="N1"))
    reader = person("elected-reader")
    assert codes(reader, "plan=roadmap-5-2026") == []
    assert codes(reader, "sector=5") == []
    (shown,) = actions.listed(reader, {"q": "curial"})
    assert [p.plan.code for p in shown.seen_placements] == ["roadmap-19-2026"]


def test_a_list_takes_the_same_queries_at_one_and_at_fifty(person, django_assert_num_queries):
    pilot, made = person("roadmap-pilot"), plan("19", actions=0, state="in_execution")
    pilot.live_assignments()

    def read(size: int) -> None:
        with django_assert_num_queries(3):
            rows = list(actions.listed(pilot, {"sector": "19"})[:50])
            for row in rows:
                [row.policy.name, row.lead.code, row.owner, *(c.directorate.code for c in row.commitments.all())]
                [str(p.plan.sector) for p in row.seen_placements]
        assert len(rows) == size

    asked(action(made, "A0"))
    read(1)
    for n in range(1, 50):
        asked(action(made, f"A{n}"))
    read(50)


def test_an_unknown_value_that_looks_like_sql_is_a_value(two_sectors, person):
    assert codes(person("roadmap-pilot"), "q=%27%3B+DROP+TABLE--&status=%00x".replace("%00", "")) == []
    assert filters.values(QueryDict("a=1&a=&a=2"), "a") == ["1", "2"]


def test_the_map_shows_the_points_and_its_table_the_rest(two_sectors, person):
    pilot = person("roadmap-pilot")
    (feature,) = layers.features(pilot, QueryDict("sector=19"))
    assert feature["geometry"]["coordinates"] == [2.38, 48.88]
    assert feature["properties"]["code"] == "N3"
    rows = layers.rows(pilot, QueryDict("sector=19"))
    assert [(r["code"], r["is_located"]) for r in rows] == [("N1", False), ("N2", False), ("N3", True)]
    assert list(layers.features(AnonymousUser(), QueryDict("sector=5"))) == []


def test_a_search_forgets_accents_and_respects_rights(two_sectors, person):
    pilot, reader = person("roadmap-pilot"), person("elected-reader")
    assert [hit.title for hit in search(pilot, "école", 5)] == ["Rouvrir l’école Curial"]
    assert [hit.kind for hit in search(pilot, "route 5 2026", 5)] == ["Plans"]
    assert search(reader, "route 5 2026", 5) == []
    assert search(pilot, "   ", 5) == []


def test_a_card_shows_only_what_its_reader_may_see(two_sectors, person):
    assert [c.title for c in action_cards(["N1", "F1", "Z"], person("elected-reader"))] == ["Rouvrir l’école Curial"]
    assert [c.reference.id for c in plan_cards(["roadmap-5-2026"], person("sector-chief", "sector", "5"))] == [
        "roadmap-5-2026"
    ]
    assert plan_cards(["roadmap-5-2026"], AnonymousUser()) == []
