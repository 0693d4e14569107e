"""An officer defines an indicator without code; another approves it; it is measured like any other."""

from dataclasses import replace
from datetime import UTC, date, datetime

import ibis
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.domains.steering.invented_files import FILES, NOBODY, a_file, amounts, settle_in

from parvis.domains.steering.actions import definitions as acts
from parvis.domains.steering.actions import measuring
from parvis.domains.steering.compiling import Condition, Recipe, compiled, wrongs
from parvis.domains.steering.models import Definition
from parvis.domains.steering.queries import definitions as queries
from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.indicators.indicator import AGGREGATIONS, SURVIVAL
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import snapshots

pytestmark = pytest.mark.django_db
ROWS = [
    a_file("a", cents=10_50, closed_on=date(2026, 9, 20), is_urgent=True),
    a_file("b", "20", cents=20_00, team="DEVE", weight=0.1),
    a_file("c", None, cents=None, closed_on=date(2026, 9, 14), weight=0.2),
]  # fmt: skip


@pytest.fixture(autouse=True)
def own_lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"


@pytest.fixture
def house(monkeypatch, now):
    snapshots.take(settle_in(monkeypatch, ROWS, described=NOBODY), by=None, at=now)


@pytest.fixture
def officer(person):
    return person("data-officer")


@pytest.fixture
def head(person):
    return person("directorate-head")


def a_recipe(**more) -> Recipe:
    said = {
        "code": "files.sum", "title": "Montants des dossiers", "question": "Combien coûtent les dossiers ?", "unit": "€",
        "better": "down", "objective": "P2", "owner": "DDCT", "dataset": "test.files", "aggregation": "sum",
        "at": "opened_on", "place": "sector", "measure": "cents",
    }  # fmt: skip
    return Recipe(**(said | more))


def measured(now, code="files.sum"):
    return measuring.measure_all(by=None, at=now).measurements.get(indicator=code)


def worth(recipe, now, person):
    """The previewed value of a recipe."""
    dataset = faces.house().datasets["test.files"]
    assert wrongs(recipe, dataset) == []
    return queries.preview(compiled(recipe, dataset), dataset, person, date(2026, 11, 24)).cell


def test_what_is_proposed_is_measured_once_another_person_has_approved_it(house, now, officer, head):
    made = acts.propose(a_recipe(), by=officer, at=now)
    assert "files.sum" not in faces.house().indicators
    acts.approve(made, by=head, at=now)
    held = measured(now)
    assert (held.value, held.counted, held.left_out) == (30.5, 2, 1)
    assert held.places["19"][0] == 10.5


def test_nobody_approves_or_refuses_her_own_proposal(house, now, head):
    made = acts.propose(a_recipe(), by=head, at=now)
    for step, reason in (("approve", ""), ("refuse", "non")):
        with pytest.raises(Refusal, match="une autre personne"):
            acts.settle(made, step, by=head, at=now, reason=reason)
    made.refresh_from_db()
    assert made.state == "proposed"


def test_the_database_itself_refuses_an_author_who_approves_and_a_state_written_by_hand(house, now, officer, head):
    made = acts.approve(acts.propose(a_recipe(), by=officer, at=now), by=head, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Definition.objects.filter(pk=made.pk).update(decided_by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Definition.objects.filter(pk=made.pk).update(state="withdrawn")


def test_who_may_not_define_or_approve_is_refused(house, now, officer, person):
    chief = person("sector-chief", "sector", "19")
    with pytest.raises(Forbidden):
        acts.propose(a_recipe(), by=chief, at=now)
    made = acts.propose(a_recipe(), by=officer, at=now)
    with pytest.raises(Forbidden):
        acts.approve(made, by=person("roadmap-pilot"), at=now)


def test_a_dataset_that_is_not_hers_to_open_is_refused(house, now, person):
    with pytest.raises(Forbidden, match="ne vous sont pas ouvertes"):
        acts.propose(a_recipe(), by=person("roadmap-pilot"), at=now)
    with pytest.raises(Refusal, match="n’est pas au catalogue"):
        acts.propose(a_recipe(dataset="no.such"), by=person("data-officer"), at=now)


def test_an_edit_is_a_new_version_and_past_measurements_keep_their_definition(house, now, officer, head):
    acts.approve(acts.propose(a_recipe(), by=officer, at=now), by=head, at=now)
    before = measured(now)
    second = acts.propose(a_recipe(filters=(Condition("team", "eq", "DEVE"),)), by=officer, at=now)
    assert second.version == 2
    assert measured(now).value == before.value
    acts.approve(second, by=head, at=now)
    after = measured(now)
    assert (after.value, before.value) == (20, 30.5)
    assert after.fingerprint != before.fingerprint
    assert list(Definition.objects.values_list("version", "state")) == [(1, "replaced"), (2, "approved")]


def test_only_one_proposal_waits_under_a_code(house, now, officer):
    acts.propose(a_recipe(), by=officer, at=now)
    with pytest.raises(Refusal, match="porte déjà le code"):
        acts.propose(a_recipe(title="Autre"), by=officer, at=now)
    assert Definition.objects.count() == 1


def test_a_proposal_is_taken_back_by_its_author_alone_and_withdrawn_with_a_reason(house, now, officer, head):
    made = acts.propose(a_recipe(), by=officer, at=now)
    with pytest.raises(Refusal, match="Seule la personne"):
        acts.settle(made, "take_back", by=head, at=now)
    acts.settle(made, "take_back", by=officer, at=now)
    again = acts.approve(acts.propose(a_recipe(), by=officer, at=now), by=head, at=now)
    with pytest.raises(Refusal, match="motif"):
        acts.settle(again, "withdraw", by=head, at=now)
    acts.settle(again, "withdraw", by=head, at=now, reason="plus suivie")
    assert "files.sum" not in faces.house().indicators


def test_the_journal_keeps_codes_and_never_what_people_wrote(house, now, officer, head):
    made = acts.propose(a_recipe(), by=officer, at=now)
    acts.settle(made, "refuse", by=head, at=now, reason="trop vague")
    told = Entry.objects.filter(subject_kind="definition")
    assert {entry.verb for entry in told} == {"definition.propose", "definition.refuse"}
    assert "trop vague" not in str(list(told.values_list("codes", flat=True)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"question": "Combien"}, "point d’interrogation"),
        ({"baseline": 80.0, "targets": ((date(2026, 12, 31), 80.0),)}, "La cible est égale à la valeur de départ"),
        ({"targets": ((date(2026, 12, 31), 80.0), (date(2026, 12, 31), 90.0))}, "Deux cibles portent la même date"),
        ({"objective": "Z9"}, "L’objectif « Z9 » n’existe pas"),
        ({"code": "Pas un code"}, "Le code s’écrit"),
        ({"code": "test.amounts"}, "déjà pris par un indicateur de la maison"),
        ({"measure": "team"}, "demande une mesure"),
        ({"measure": "no_such"}, "n’existe pas dans"),
        ({"at": "team"}, "Choisissez la date"),
        ({"place": "team"}, "Le lieu doit être"),
        ({"aggregation": "ratio"}, "qui divise"),
        ({"aggregation": "share"}, "demande la condition"),
        ({"aggregation": "km_median"}, "une date de fin"),
        ({"aggregation": "approximate"}, "Choisissez comment"),
        ({"filters": (Condition("name", "eq", "Nom"),)}, "identifie des personnes"),
        ({"dimensions": ("name",)}, "identifie des personnes"),
        ({"filters": (Condition("cents", "contains", "1"),)}, "ne se compare pas ainsi"),
        ({"filters": (Condition("cents", "ge", "beaucoup"),)}, "un montant en euros"),
        ({"filters": (Condition("cents", "ge", "1e30"),)}, "un montant en euros"),
        ({"filters": (Condition("opened_on", "ge", "30/02/2026"),)}, "une date, comme"),
        ({"filters": (Condition("is_urgent", "eq", "peut-être"),)}, "oui ou non"),
        ({"filters": (Condition("weight", "gt", "NaN"),)}, "un nombre"),
    ],
)
def test_a_fault_is_named_in_plain_french_and_nothing_is_kept(monkeypatch, now, officer, change, said):
    settle_in(monkeypatch, ROWS, amounts())
    with pytest.raises(Refusal) as refused:
        acts.propose(a_recipe(**change), by=officer, at=now)
    assert said in str(refused.value)
    assert not Definition.objects.exists()


def test_a_definition_whose_dataset_lost_a_column_is_refused_at_approval_and_fails_alone(
    monkeypatch, now, officer, head
):
    settle_in(monkeypatch, ROWS)
    made = acts.propose(a_recipe(), by=officer, at=now)
    other = acts.propose(a_recipe(code="files.count", aggregation="count"), by=officer, at=now)
    acts.approve(other, by=head, at=now)
    thinner = replace(FILES, columns=tuple(c for c in FILES.columns if c.name != "cents"), rows=lambda as_of: [])
    house = faces.house()
    faces_now = tuple(replace(f, datasets=(thinner,)) if f.code == "test" else f for f in house.faces)
    monkeypatch.setattr(faces, "house", lambda: faces.House(faces_now))
    with pytest.raises(Refusal, match="n’existe pas dans"):
        acts.approve(made, by=head, at=now)


def test_a_definition_whose_dataset_was_withdrawn_stays_declared_and_says_so(house, monkeypatch, now, officer, head):
    acts.approve(acts.propose(a_recipe(), by=officer, at=now), by=head, at=now)
    faces_now = tuple(replace(f, datasets=()) if f.code == "test" else f for f in faces.house().faces)
    monkeypatch.setattr(faces, "house", lambda: faces.House(faces_now))
    held = measured(now)
    assert held.note == "Le jeu de données « test.files » a été retiré du catalogue."
    assert "retiré du catalogue" in dict(queries.in_words(Definition.objects.get()))["Jeu de données"]


# Compiled: the same figures as counted by hand.


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({}, 30.5),
        ({"aggregation": "count"}, 3),
        ({"aggregation": "mean"}, 15.25),
        ({"aggregation": "median"}, 15.25),
        ({"measure": "weight"}, 1.8),
        ({"aggregation": "mean", "measure": "closed_on"}, 7),
        ({"aggregation": "km_median", "measure": "closed_on"}, 10),
        ({"aggregation": "share", "share_of": Condition("is_urgent", "eq", "oui")}, 100 / 3),
        ({"aggregation": "share", "share_of": Condition("closed_on", "filled")}, 200 / 3),
        ({"aggregation": "ratio", "base": "weight"}, 30.5 / 1.6),
        ({"aggregation": "ratio", "measure": "weight", "base": "cents"}, 1.6 / 30.5),
        ({"aggregation": "count", "filters": (Condition("cents", "ge", "10,50"),)}, 2),
        ({"aggregation": "count", "filters": (Condition("cents", "ne", "20"),)}, 2),
        ({"aggregation": "count", "filters": (Condition("team", "contains", "dev"),)}, 1),
        ({"aggregation": "count", "filters": (Condition("closed_on", "lt", "20/09/2026"),)}, 1),
        ({"aggregation": "count", "filters": (Condition("cents", "empty"), Condition("team", "eq", "DVD"))}, 1),
    ],
)
def test_a_recipe_is_worth_what_a_hand_counts(house, now, officer, change, value):
    assert worth(a_recipe(**change), now, officer)["value"] == pytest.approx(value)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_every_recipe_is_portable_and_keeps_its_fingerprint(aggregation):
    measure = "closed_on" if aggregation in SURVIVAL else "cents"
    recipe = a_recipe(
        aggregation=aggregation, measure=measure, base="weight", share_of=Condition("at", "ge", "2026-01-01"),
        filters=(Condition("team", "ne", "x"), Condition("at", "filled")), dimensions=("team", "is_urgent"),
    )  # fmt: skip
    assert Recipe.read(recipe.stored()) == recipe
    tables = {"test.files": FILES.unbound}
    expression = compiled(recipe, FILES).expression(tables)
    assert ibis.pyspark.compile(expression)
    again = compiled(Recipe.read(recipe.stored()), FILES)
    assert again.fingerprint(tables) == compiled(recipe, FILES).fingerprint(tables)


def test_a_text_that_looks_like_sql_is_only_a_text(house, now, officer):
    evil = Condition("team", "eq", "DVD'; DROP TABLE test_files; --")
    with pytest.raises(Refusal, match="Aucune ligne"):
        worth(a_recipe(filters=(evil,)), now, officer)


def test_over_a_dataset_of_people_small_numbers_are_hidden_without_asking(monkeypatch, now, officer):
    snapshots.take(settle_in(monkeypatch, ROWS), by=None, at=now)
    cell = worth(a_recipe(aggregation="count"), now, officer)
    assert (cell["hidden"], cell["value"]) == (True, None)


# Pages.

TYPED = {
    "code": "files.sum", "title": "Montants des dossiers", "question": "Combien ?", "unit": "€", "better": "down",
    "objective": "P2", "owner": "DDCT", "rhythm": "month", "delay_days": "5", "aggregation": "sum", "at": "opened_on",
    "place": "sector", "measure": "cents", "watch": "1 000,5", "target_1": "20", "target_on_1": "2026-12-31",
}  # fmt: skip


def signed_in(someone) -> Client:
    client = Client()
    client.force_login(someone)
    return client


def test_the_preview_shows_the_figure_and_its_first_rows_and_keeps_nothing(house, officer):
    answer = signed_in(officer).post(reverse("steering:definition_new") + "?jeu=test.files", TYPED | {"preview": "1"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Aperçu" in text
    assert not Definition.objects.exists()


def test_a_page_leads_from_the_form_to_the_approval_by_another(house, officer, head):
    answer = signed_in(officer).post(reverse("steering:definition_new") + "?jeu=test.files", TYPED | {"propose": "1"})
    made = Definition.objects.get()
    assert answer.url == reverse("steering:definition", args=["files.sum", 1])
    assert Recipe.read(made.recipe).watch == 1000.5
    mine = signed_in(officer).get(answer.url).content.decode()
    assert "Reprendre sa proposition" in mine
    assert ">Approuver<" not in mine
    hers = signed_in(head)
    assert ">Approuver<" in hers.get(answer.url).content.decode()
    hers.post(reverse("steering:definition_move", args=["files.sum", 1, "approve"]))
    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("approved", head)
    again = signed_in(officer).get(reverse("steering:definition_new") + "?depuis=files.sum/1").content.decode()
    assert 'value="Montants des dossiers"' in again


def test_what_waits_is_on_the_desk_of_whoever_may_decide_and_of_nobody_else(house, now, officer, head, person):
    acts.propose(a_recipe(), by=officer, at=now)
    (waiting,) = queries.todos(head, date(2026, 11, 24))
    assert (waiting.url, waiting.key) == (
        reverse("steering:definition", args=["files.sum", 1]),
        "definition:files.sum/1",
    )
    assert queries.todos(officer, date(2026, 11, 24)) == []
    assert queries.todos(person("sector-chief", "sector", "19"), date(2026, 11, 24)) == []


def test_a_refused_form_keeps_what_was_typed_and_names_the_fault(house, officer):
    wrong = TYPED | {"propose": "1", "question": "Combien", "target_on_1": ""}
    text = signed_in(officer).post(reverse("steering:definition_new") + "?jeu=test.files", wrong).content.decode()
    assert "Une cible est une valeur et une date" in text
    wrong = TYPED | {"propose": "1", "question": "Combien"}
    text = signed_in(officer).post(reverse("steering:definition_new") + "?jeu=test.files", wrong).content.decode()
    assert "point d’interrogation" in text
    assert 'value="Montants des dossiers"' in text


def test_the_form_offers_no_column_that_identifies_a_person(house, officer):
    text = signed_in(officer).get(reverse("steering:definition_new") + "?jeu=test.files").content.decode()
    assert "Nom de la personne" not in text


def test_the_list_shows_every_version_with_a_constant_number_of_queries(
    house, now, officer, head, django_assert_max_num_queries
):
    for n in range(12):
        acts.propose(a_recipe(code=f"files.n{n}"), by=officer, at=datetime(2026, 11, 1, tzinfo=UTC))
    client = signed_in(head)
    client.get(reverse("steering:definitions"))
    with django_assert_max_num_queries(14):
        text = client.get(reverse("steering:definitions")).content.decode()
    assert text.count("Montants des dossiers") == 12
