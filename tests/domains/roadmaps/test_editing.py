"""An action is changed by who may, one revision at a time, and what is signed is held still."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from drafts import action, finalised, plan

from parvis.domains.roadmaps.actions import editing
from parvis.domains.roadmaps.models import (
    Action,
    ActionRevision,
    Amendment,
    Dependency,
    MeansLine,
    Placement,
    PublicPolicy,
)
from parvis.domains.roadmaps.queries import history, ties
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.journal.models import Entry
from parvis.kernel.organisation.models import Directorate

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(person):
    return person("sector-chief", "sector", "19")


@pytest.fixture
def draft():
    return action(plan("19", actions=0), "E1", title="Ancien titre", address="", precision="unknown")


@pytest.fixture
def signed():
    made = plan("19", year=2025, state="in_execution", actions=0, version=1)
    return action(made, "S1", title="Titre signé")


def test_a_change_writes_the_field_the_revision_the_journal_and_derives_the_status_again(draft, chief, now):
    saved = editing.edit(draft, {"title": "École rouverte", "due_on": date(2026, 3, 1)}, by=chief, at=now)
    saved.refresh_from_db()
    assert (saved.title, saved.revision, saved.changed_at) == ("École rouverte", 2, now)
    assert saved.search_text == "ecole rouverte e1"
    assert saved.status == "late"
    assert [r.number for r in saved.revisions.all()] == [1, 2]
    entry = Entry.objects.get(verb="action.edit")
    assert entry.codes == {"fields": ["due_on", "title"], "revision": 2}
    assert entry.actor_id == chief.pk


def test_changing_nothing_writes_nothing(draft, chief, now):
    editing.edit(draft, {"title": "Ancien titre"}, by=chief, at=now)
    assert not ActionRevision.objects.exists()
    assert not Entry.objects.filter(verb="action.edit").exists()


def test_the_difference_between_two_revisions_reads_in_plain_words(draft, chief, now):
    editing.edit(draft, {"title": "Nouveau", "due_on": date(2026, 12, 24), "is_climate": True}, by=chief, at=now)
    (revision,) = history.revisions(draft)
    told = {c.label: (c.before, c.after) for c in revision.changes}
    assert told["titre"] == ("Ancien titre", "Nouveau")
    assert told["échéance"] == ("30 novembre 2026", "24 décembre 2026")
    assert told["climat"] == ("non", "oui")


@pytest.mark.parametrize(
    ("role", "kind", "scope"),
    [("sector-chief", "sector", "5"), ("auditor", "house", ""), ("elected-reader", "house", ""),
     ("contributor", "directorate", "DAC"), ("district-office", "sector", "19")],
)  # fmt: skip
def test_who_may_not_edit_is_refused_and_nothing_changes(draft, person, now, role, kind, scope):
    with pytest.raises(Forbidden):
        editing.edit(draft, {"title": "Pris"}, by=person(role, kind, scope), at=now)
    assert Action.objects.get().title == "Ancien titre"


def test_the_second_of_two_people_is_told_and_nothing_is_lost(draft, chief, now):
    editing.edit(draft, {"title": "Le premier"}, by=chief, at=now, seen_revision=1)
    with pytest.raises(editing.Conflict):
        editing.edit(draft, {"title": "Le second"}, by=chief, at=now, seen_revision=1)
    assert Action.objects.get().title == "Le premier"


def test_dates_that_cross_are_refused_in_words(draft, chief, now):
    with pytest.raises(Refusal, match="avant le début"):
        editing.edit(draft, {"due_on": date(2020, 1, 1)}, by=chief, at=now)
    assert not ActionRevision.objects.exists()


@pytest.mark.parametrize("field", ["title", "due_on", "policy", "milestones", "means"])
def test_what_defines_a_signed_action_changes_by_amendment_alone(signed, chief, now, field):
    values = {
        "title": "Autre", "due_on": date(2027, 1, 1), "policy": PublicPolicy.objects.last(),
        "milestones": [{"id": None, "title": "Nouveau"}], "means": [{"id": None, "year": 2027, "amount_cents": 1}],
    }  # fmt: skip
    with pytest.raises(Refusal, match="avenant"):
        editing.edit(signed, {field: values[field]}, by=chief, at=now)
    Amendment.objects.create(plan=signed.placements.get().plan, number=2, reason="Étendre", opened_at=now)
    assert editing.edit(signed, {field: values[field]}, by=chief, at=now).revision == 2


def test_following_a_signed_action_stays_free(signed, chief, now):
    saved = editing.edit(signed, {"owner": chief, "risk": "high", "risk_note": "Sous-sol"}, by=chief, at=now)
    assert (saved.owner, saved.risk) == (chief, "high")


def test_the_sector_follows_the_arrondissement_and_an_old_point_does_not_survive_a_new_address(draft, chief, now):
    saved = editing.edit(
        draft, {"arrondissement_code": "75103", "longitude": 2.36, "latitude": 48.86}, by=chief, at=now
    )
    assert (saved.sector_code, saved.precision) == ("centre", "point")
    saved = editing.edit(saved, {"address": "12 rue de Bretagne"}, by=chief, at=now)
    assert (saved.longitude, saved.precision, saved.sector_code) == (None, "arrondissement", "centre")
    saved = editing.edit(saved, {"arrondissement_code": "", "sector_code": "", "precision": "city"}, by=chief, at=now)
    assert (saved.sector_code, saved.precision) == ("", "city")


def test_lines_are_added_changed_and_removed_and_those_not_named_stay(draft, chief, now):
    first = draft.milestones.get()
    editing.edit(
        draft, {"milestones": [{"id": None, "title": "Chantier", "planned_on": date(2026, 9, 1)}]}, by=chief, at=now
    )
    editing.edit(draft, {"milestones": [{"id": first.pk, "title": "Marché notifié"}]}, by=chief, at=now)
    assert sorted(m.title for m in draft.milestones.all()) == ["Chantier", "Marché notifié"]
    editing.edit(draft, {"milestones": [{"id": first.pk, "delete": True}]}, by=chief, at=now)
    assert [m.title for m in draft.milestones.all()] == ["Chantier"]


def test_a_line_of_another_action_is_not_within_reach(draft, chief, now):
    foreign = action(plan("5", actions=0), "F1").milestones.get()
    with pytest.raises(Refusal, match="supprimée"):
        editing.edit(draft, {"milestones": [{"id": foreign.pk, "title": "Pris"}]}, by=chief, at=now)
    foreign.refresh_from_db()
    assert foreign.title == "Marché"


def test_a_measured_indicator_and_a_reported_milestone_are_proofs_and_stay(draft, chief, now):
    indicator, milestone = draft.indicators.get(), draft.milestones.get()
    indicator.values.create(measured_on=date(2026, 5, 1), value=3, reported_at=now)
    milestone.reports.create(reported_at=now, is_done=True)
    for part, number in (("indicators", indicator.pk), ("milestones", milestone.pk)):
        with pytest.raises(Refusal, match="preuve"):
            editing.edit(draft, {part: [{"id": number, "delete": True}]}, by=chief, at=now)


def test_two_lines_of_means_for_one_year_are_refused_in_words(draft, chief, now):
    with pytest.raises(Refusal, match="même année"):
        editing.edit(draft, {"means": [{"id": None, "year": 2026, "amount_cents": 5}]}, by=chief, at=now)
    assert MeansLine.objects.count() == 1


def test_dependencies_refuse_a_circle_and_another_sectors_draft(draft, chief, now):
    other = action(Placement.objects.get(action=draft).plan, "E2")
    hidden = action(plan("5", actions=0), "H1")
    editing.edit(draft, {"needs": {"E2": True, "H1": True}}, by=chief, at=now)
    assert [d.needs_id for d in Dependency.objects.all()] == [other.pk]
    assert hidden not in ties.waits_for(draft, chief)
    with pytest.raises(Refusal, match="attend déjà"):
        editing.edit(other, {"needs": {"E1": True}}, by=chief, at=now)


def test_objectives_are_links_that_can_be_undone(draft, chief, now):
    editing.edit(draft, {"objectives": {"2025-2026/P2": True}}, by=chief, at=now)
    assert [c.title[:2] for c in ties.objective_cards(draft, chief)] == ["P2"]
    editing.edit(draft, {"objectives": {"2025-2026/P2": False}}, by=chief, at=now)
    assert ties.objectives(draft) == []
    assert ties.named(["p2", "Z9"], chief, 2026) == {"p2": "2025-2026/P2"}


def test_a_new_action_takes_the_next_code_and_stands_in_its_plan(chief, now):
    made = plan("19", actions=0)
    one = editing.create(made, {"title": "Un"}, by=chief, at=now)
    two = editing.create(made, {"title": "Deux", "lead": Directorate.objects.get(code="DAC")}, by=chief, at=now)
    assert [one.code, two.code] == ["roadmap-19-2026-001", "roadmap-19-2026-002"]
    assert [p.order for p in made.placements.all()] == [1, 2]
    assert one.status and one.revision == 1


def test_an_action_is_not_created_in_a_signed_plan_nor_without_a_title_nor_for_another_directorate(person, chief, now):
    with pytest.raises(Refusal, match="avenant"):
        editing.create(plan("19", state="signed", year=2024, actions=0), {"title": "X"}, by=chief, at=now)
    with pytest.raises(Refusal, match="titre"):
        editing.create(plan("19", actions=0), {"title": "  "}, by=chief, at=now)
    with pytest.raises(Forbidden):
        editing.create(plan("5", actions=0), {"title": "X"}, by=chief, at=now)
    assert not Action.objects.exists()


def test_one_action_stands_in_several_plans_without_a_copy(draft, person, now):
    head = person("directorate-head")
    other = plan(None, kind="thematic", actions=0)
    editing.place(draft, other, by=head, at=now)
    editing.place(draft, other, by=head, at=now)
    assert Action.objects.count() == 1 and draft.placements.count() == 2
    editing.withdraw(draft, other, by=head, at=now)
    with pytest.raises(Refusal, match="seul plan"):
        editing.withdraw(draft, draft.placements.get().plan, by=head, at=now)


def test_a_public_action_of_another_sector_cannot_be_taken_into_ones_own_plan_to_edit_it(signed, person, now):
    five = person("sector-chief", "sector", "5")
    mine = plan("5", actions=0)
    with pytest.raises(Forbidden):
        editing.place(signed, mine, by=five, at=now)


def test_dropping_goes_through_its_move_with_a_reason_and_a_signed_plan_holds_it(draft, signed, chief, now):
    with pytest.raises(Refusal, match="motif"):
        editing.drop(draft, " ", by=chief, at=now)
    dropped = editing.drop(draft, "Crédits retirés", by=chief, at=now)
    dropped.refresh_from_db()
    assert (dropped.state, dropped.status, dropped.closing_reason) == ("dropped", "dropped", "Crédits retirés")
    assert Entry.objects.filter(verb="action.drop", subject_id="E1").exists()
    with pytest.raises(Refusal, match="avenant"):
        editing.drop(signed, "Crédits retirés", by=chief, at=now)


# The edit page


def sheet(client, code: str) -> dict:
    """What a browser would send back untouched."""
    response = client.get(reverse("roadmaps:action_edit", args=[code]))
    assert response.status_code == 200
    context = response.context
    data = {"revision": str(context["action"].revision)}
    every = [context["form"], *(f for *_, rows in context["parts"] for f in (rows.management_form, *rows.forms))]
    for form in every:
        for bound in form:
            value = bound.field.widget.format_value(bound.value()) if bound.widget_type != "checkbox" else bound.value()
            value = value[0] if isinstance(value, list) and value else value
            if bound.widget_type == "checkbox":
                data |= {bound.html_name: "on"} if value else {}
            else:
                data[bound.html_name] = "" if value in (None, []) else str(value)
            if bound.field.show_hidden_initial:
                shown = bound.field.hidden_widget().format_value(bound.value())
                data[bound.html_initial_name] = "" if shown is None else str(shown)
    return data


@pytest.fixture
def page(client, chief):
    client.force_login(chief)
    return client


def test_saving_the_page_untouched_changes_nothing(page, draft):
    data = sheet(page, "E1")
    assert page.post(reverse("roadmaps:action_edit", args=["E1"]), data).status_code == 302
    draft.refresh_from_db()
    assert draft.revision == 1


def test_the_page_saves_what_was_typed_the_french_way(page, draft):
    data = sheet(page, "E1") | {
        "title": "Rue apaisée", "place": "75103", "due_on": "2026-12-24", "is_climate": "on", "objectives": "p2",
        "means-1-year": "2027", "means-1-amount": "1 234,50", "means-1-fte": "0,5",
        "milestones-1-title": "Ouverture", "milestones-1-planned_on": "2026-12-01",
    }  # fmt: skip
    response = page.post(reverse("roadmaps:action_edit", args=["E1"]), data)
    assert response.status_code == 302, response.context["errors"]
    draft.refresh_from_db()
    assert (draft.title, draft.sector_code, draft.is_climate) == ("Rue apaisée", "centre", True)
    line = MeansLine.objects.get(year=2027)
    assert (line.amount_cents, line.fte) == (123450, Decimal("0.5"))
    assert {m.title for m in draft.milestones.all()} == {"Ouverture", "Marché"}


def test_errors_stand_beside_their_field_and_at_the_top_with_a_link(page, draft):
    data = sheet(page, "E1") | {"title": "", "due_on": "2020-01-01", "objectives": "Z9", "needs": "nulle-part"}
    response = page.post(reverse("roadmaps:action_edit", args=["E1"]), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#id_title">Titre</a> : Ce champ est nécessaire.' in text
    assert "L’échéance tombe avant le début" in text
    assert Action.objects.get().title == "Ancien titre"
    again = page.post(
        reverse("roadmaps:action_edit", args=["E1"]), sheet(page, "E1") | {"objectives": "Z9", "needs": "rien"}
    )
    assert again.content.decode().count("Code inconnu") == 4


def test_two_at_once_each_on_her_field_the_second_keeps_hers_and_sees_the_other(page, draft, chief, now):
    data = sheet(page, "E1") | {"deliverable": "Ma phrase"}
    editing.edit(draft, {"title": "Le titre de l’autre", "due_on": date(2026, 10, 1)}, by=chief, at=now)
    response = page.post(reverse("roadmaps:action_edit", args=["E1"]), data)
    assert response.status_code == 409
    form = response.context["form"]
    assert form["deliverable"].value() == "Ma phrase"
    assert form["title"].value() == "Le titre de l’autre"
    differences = {d.label: d for d in response.context["differences"]}
    assert differences["Titre"].now == "Le titre de l’autre" and not differences["Titre"].is_contested
    assert differences["Échéance"].now == "1 octobre 2026"
    draft.refresh_from_db()
    assert draft.deliverable != "Ma phrase"


def test_two_at_once_on_the_same_field_nothing_is_lost_and_the_second_save_passes(page, draft, chief, now):
    data = sheet(page, "E1") | {"title": "Le mien"}
    editing.edit(draft, {"title": "Le sien"}, by=chief, at=now)
    response = page.post(reverse("roadmaps:action_edit", args=["E1"]), data)
    assert response.context["form"]["title"].value() == "Le mien"
    (difference,) = response.context["differences"]
    assert (difference.before, difference.now, difference.is_contested) == ("Ancien titre", "Le sien", True)
    again = dict(response.context["form"].data.items()) | {"revision": str(response.context["action"].revision)}
    assert page.post(reverse("roadmaps:action_edit", args=["E1"]), again).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Le mien"


def test_a_line_removed_meanwhile_comes_back_when_she_had_changed_it(page, draft, chief, now):
    milestone = draft.milestones.get()
    data = sheet(page, "E1") | {"milestones-0-title": "Marché relancé"}
    editing.edit(draft, {"milestones": [{"id": milestone.pk, "delete": True}]}, by=chief, at=now)
    response = page.post(reverse("roadmaps:action_edit", args=["E1"]), data)
    assert response.status_code == 409
    again = dict(response.context["form"].data.items()) | {"revision": "2"}
    assert page.post(reverse("roadmaps:action_edit", args=["E1"]), again).status_code == 302
    assert [m.title for m in draft.milestones.all()] == ["Marché relancé"]


def test_a_signed_action_gives_the_text_back_and_says_to_open_an_amendment(page, signed):
    data = sheet(page, "S1") | {"title": "Changé sans le dire"}
    response = page.post(reverse("roadmaps:action_edit", args=["S1"]), data)
    text = response.content.decode()
    assert response.status_code == 409
    assert "avenant" in text and "Changé sans le dire" in text
    signed.refresh_from_db()
    assert signed.title == "Titre signé"


def test_one_more_line_is_offered_without_saving(page, draft):
    data = sheet(page, "E1") | {"title": "Pas encore", "more": "milestones"}
    response = page.post(reverse("roadmaps:action_edit", args=["E1"]), data)
    assert "milestones-2-title" in response.content.decode()
    assert "Pas encore" in response.content.decode()
    assert Action.objects.get().title == "Ancien titre"


def test_another_sectors_draft_is_not_found_and_a_public_one_is_refused(client, person, draft):
    client.force_login(person("sector-chief", "sector", "5"))
    assert client.get(reverse("roadmaps:action_edit", args=["E1"])).status_code == 404
    assert client.get(reverse("roadmaps:action", args=["E1"])).status_code == 404
    public = action(plan("18", state="in_execution", actions=0), "P1")
    assert client.get(reverse("roadmaps:action", args=[public.code])).status_code == 200
    assert client.get(reverse("roadmaps:action_edit", args=[public.code])).status_code == 403


def test_the_edit_page_takes_the_same_few_queries_whatever_the_lines(page, draft, django_assert_max_num_queries):
    page.get(reverse("roadmaps:action_edit", args=["E1"]))
    for n in range(30):
        draft.milestones.create(title=f"Étape {n}", order=n)
    with django_assert_max_num_queries(20):
        page.get(reverse("roadmaps:action_edit", args=["E1"]))


def test_an_action_is_created_from_its_page(page):
    made = plan("19", actions=0)
    address = reverse("roadmaps:action_new", args=[made.code])
    form = page.get(address).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"title": "Semer la rue", "axis": "A1"}
    response = page.post(address, data)
    assert response.status_code == 302
    created = Action.objects.get()
    assert (created.title, created.sector_code, created.placements.get().axis.code) == ("Semer la rue", "19", "A1")


def test_a_finalised_plan_still_takes_changes(chief, now):
    ready = finalised("19")
    one = ready.placements.get().action
    assert editing.edit(one, {"title": "Encore libre"}, by=chief, at=now).title == "Encore libre"
