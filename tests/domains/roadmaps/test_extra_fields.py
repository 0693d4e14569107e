"""A plan's own fields: typed, shown and filled in by role, and never told to anyone else by any way."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse
from drafts import action, plan

from parvis.domains.roadmaps.actions import editing, extra_fields
from parvis.domains.roadmaps.models import Action, ExtraField, ExtraValue
from parvis.domains.roadmaps.queries import actions
from parvis.domains.roadmaps.queries.extra_fields import editable_fields, shown, visible_fields
from parvis.domains.roadmaps.queries.search import search
from parvis.kernel import Forbidden, Refusal

pytestmark = pytest.mark.django_db
SECRET = "réserve foncière 4417"


def definition(label="Places", type="number", **fields) -> dict:
    given = {"label": label, "type": type, "unit": "", "choices": [], "seen_by": [], "edited_by": [], "order": 0}
    return given | fields


@pytest.fixture
def chief(person):
    return person("sector-chief", "sector", "19")


@pytest.fixture
def nineteen():
    return plan("19", state="in_execution", actions=0)


@pytest.fixture
def hidden(nineteen, chief, now):
    """A field that sector chiefs alone see, filled in on a public action."""
    field = extra_fields.define(
        nineteen, definition("Note foncière", "text", seen_by=["sector-chief"]), by=chief, at=now
    )
    ExtraValue.objects.create(field=field, action=action(nineteen, "X1"), value=SECRET)
    return field


def test_a_field_is_seen_by_the_roles_it_names_where_they_are_held(hidden, nineteen, chief, person):
    assert visible_fields(chief, [nineteen]) == [hidden]
    for other in (person("sector-chief", "sector", "5"), person("roadmap-pilot"), AnonymousUser(), person()):
        assert visible_fields(other, [nineteen]) == []


def test_what_is_hidden_from_her_is_never_hers_to_fill_in(nineteen, chief, now, person):
    extra_fields.define(
        nineteen, definition("A", seen_by=["sector-chief"], edited_by=["roadmap-pilot"]), by=chief, at=now
    )
    assert editable_fields(person("roadmap-pilot"), [nineteen]) == []
    assert editable_fields(chief, [nineteen]) == []


def test_a_hidden_value_leaves_by_no_page_no_search_no_filter(client, hidden, person):
    pages = [reverse("roadmaps:action", args=["X1"]), reverse("roadmaps:actions") + "?plan=roadmap-19-2026",
             reverse("roadmaps:board"), reverse("roadmaps:timeline"),
             reverse("roadmaps:actions") + f"?plan=roadmap-19-2026&x.{hidden.pk}=4417"]  # fmt: skip
    for someone in (None, person("roadmap-pilot"), person("elected-reader"), person("sector-chief", "sector", "5")):
        client.logout()
        if someone:
            client.force_login(someone)
        for page in pages:
            text = client.get(page).content.decode()
            assert SECRET not in text and "Note foncière" not in text
        reader = someone or AnonymousUser()
        assert search(reader, "foncière", 9) == [] and search(reader, "4417", 9) == []
        assert list(actions.listed(reader, QueryDict(f"x.{hidden.pk}={SECRET}"))) == []


def test_a_hidden_value_leaves_by_no_export(client, hidden, person):
    for someone in (person("roadmap-pilot"), person("elected-reader")):
        client.force_login(someone)
        text = client.get(reverse("roadmaps:actions_csv") + "?plan=roadmap-19-2026").content.decode("utf-8-sig")
        assert "X1" in text and SECRET not in text and "Note foncière" not in text


def test_whoever_may_see_it_sees_it_on_the_page_and_in_the_filter(client, hidden, chief):
    client.force_login(chief)
    assert SECRET in client.get(reverse("roadmaps:action", args=["X1"])).content.decode()
    assert "Note foncière" in client.get(reverse("roadmaps:actions") + "?plan=roadmap-19-2026").content.decode()
    assert [a.code for a in actions.listed(chief, QueryDict(f"x.{hidden.pk}={SECRET}"))] == ["X1"]


def test_the_journal_and_the_revisions_page_do_not_tell_it_either(client, hidden, chief, now, person):
    editing.edit(Action.objects.get(), {"risk": "low"}, by=chief, at=now)
    client.force_login(person("roadmap-pilot"))
    assert SECRET not in client.get(reverse("roadmaps:action", args=["X1"])).content.decode()


def test_numbers_and_dates_filter_by_bounds_and_choices_by_value(nineteen, chief, now):
    number = extra_fields.define(nineteen, definition("Places"), by=chief, at=now)
    choice = extra_fields.define(nineteen, definition("Étape", "choice", choices=["APS", "DCE"]), by=chief, at=now)
    for code, places, step in (("X1", 9, "APS"), ("X2", 10, "DCE"), ("X3", 200, "DCE")):
        one = action(nineteen, code)
        ExtraValue.objects.create(field=number, action=one, value=places)
        ExtraValue.objects.create(field=choice, action=one, value=step)

    def found(query: str) -> list[str]:
        return [a.code for a in actions.listed(chief, QueryDict(query))]

    assert found(f"x.{number.pk}.min=10") == ["X2", "X3"]
    assert found(f"x.{number.pk}.min=10&x.{number.pk}.max=199,5") == ["X2"]
    assert found(f"x.{number.pk}=9") == ["X1"]
    assert found(f"x.{choice.pk}=DCE&x.{number.pk}.max=10") == ["X2"]
    assert found(f"x.{number.pk}.min=beaucoup") == []


def test_filling_in_checks_who_and_an_empty_value_removes(hidden, nineteen, chief, now, person):
    open_field = extra_fields.define(nineteen, definition("Places"), by=chief, at=now)
    draft = action(plan("19", year=2027, actions=0), "X9")
    from parvis.domains.roadmaps.models import Placement

    with pytest.raises(Forbidden):
        editing.edit(draft, {"extra": {open_field.pk: 3}}, by=chief, at=now)  # not a field of its plans
    own = ExtraField.objects.create(plan=Placement.objects.get(action=draft).plan, code="p", label="P", type="number")
    editing.edit(draft, {"extra": {own.pk: 3}}, by=chief, at=now)
    assert draft.extra_values.get().value == 3
    editing.edit(draft, {"extra": {own.pk: None}}, by=chief, at=now)
    assert not draft.extra_values.exists()


@pytest.mark.parametrize(
    ("kind", "unit", "value", "said"),
    [("number", "places", 1250.5, "1 250,5 places"), ("date", "", "2026-03-01", "1 mars 2026"), ("text", "", "", ""),
     ("choice", "", "APS", "APS")],
)  # fmt: skip
def test_a_value_is_shown_with_its_unit(kind, unit, value, said):
    text = shown(ExtraField(type=kind, unit=unit), value)
    assert text.replace("\u202f", " ").replace("\xa0", " ") == said


def test_a_field_is_defined_once_and_its_type_stays_once_filled(nineteen, chief, now):
    field = extra_fields.define(nineteen, definition("Places"), by=chief, at=now)
    with pytest.raises(Refusal, match="déjà"):
        extra_fields.define(nineteen, definition("Places"), by=chief, at=now)
    with pytest.raises(Refusal, match="choix"):
        extra_fields.define(nineteen, definition("Étape", "choice"), by=chief, at=now)
    ExtraValue.objects.create(field=field, action=action(nineteen, "X1"), value=3)
    with pytest.raises(Refusal, match="type"):
        extra_fields.change(field, definition("Places", "text"), by=chief, at=now)
    assert extra_fields.change(field, definition("Places assises"), by=chief, at=now).label == "Places assises"


def test_only_those_who_steer_the_plan_define_its_fields(client, nineteen, person, chief):
    address = reverse("roadmaps:extra_fields", args=[nineteen.code])
    for someone, status in (
        (person("sector-chief", "sector", "5"), 403),
        (person("elected-reader"), 403),
        (chief, 200),
    ):
        client.force_login(someone)
        assert client.get(address).status_code == status
    draft = plan("12", actions=0)
    assert client.get(reverse("roadmaps:extra_fields", args=[draft.code])).status_code == 404


def test_the_page_defines_changes_and_removes(client, nineteen, chief):
    client.force_login(chief)
    address = reverse("roadmaps:extra_fields", args=[nineteen.code])
    sent = {"label": "Étape", "type": "choice", "choices": "APS\n\nDCE\nAPS", "seen_by": ["auditor"], "order": "1"}
    assert client.post(address, sent).status_code == 302
    field = ExtraField.objects.get()
    assert (field.choices, field.seen_by, field.order) == (["APS", "DCE"], ["auditor"], 1)
    assert client.post(f"{address}?champ={field.code}", sent | {"label": "Phase"}).status_code == 302
    assert ExtraField.objects.get().label == "Phase"
    assert client.post(address, {"do": "remove", "field": field.code}).status_code == 302
    assert not ExtraField.objects.exists()
