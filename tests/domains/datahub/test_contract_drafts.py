"""A person adds a dataset by dropping a file, changes its contract knowing what breaks, and cannot take away what serves."""

import dataclasses

import pytest
from django.test import Client
from tests.domains.datahub.markets import CONTENT

from parvis.domains.datahub import typed_contract
from parvis.domains.datahub.actions import contract_drafts as actions
from parvis.domains.datahub.actions import deposits
from parvis.domains.datahub.models import AddedDataset, ContractDraft, ContractVersion
from parvis.domains.datahub.queries import added_datasets
from parvis.domains.datahub.queries import contract_drafts as queries
from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.contracts.models import QuarantinedRow
from parvis.kernel.contracts.refusals import UnusableFile
from parvis.kernel.indicators.indicator import Indicator
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Snapshot

pytestmark = pytest.mark.django_db


def with_column(typed, name, **changes):
    """The contract as typed, with one column changed."""
    columns = [{**column, **changes} if column["name"] == name else column for column in typed["columns"]]
    return typed | {"columns": columns}


@pytest.fixture
def draft(lake, officer, drop, now):
    made = actions.begin(drop(), by=officer, at=now)
    actions.write(made, made.typed | {"sentence": "Un marché découvert.", "owner": "DDCT"})
    return made


@pytest.fixture
def change(added, officer, now):
    """change(column, **changes) is a draft of the next version with one column changed."""

    def make(name, **changes):
        version = added_datasets.newest(added.code)
        made = queries.for_change(version, officer, now)
        actions.write(made, with_column(queries.typed_of(version), name, **changes))
        return made

    return make


def test_a_dropped_file_is_kept_with_a_contract_proposed_and_nothing_is_in_the_catalogue(draft):
    assert [column["name"] for column in draft.typed["columns"]][:3] == ["code", "marche", "secteur"]
    assert draft.profile["row_count"] == 24
    assert not AddedDataset.objects.exists()
    assert "ajouts.marches" not in faces.house().datasets


def test_a_draft_confirmed_twice_at_once_makes_one_dataset(draft, officer, now):
    """The second hand read the draft, and its file, before the first one had finished."""
    ContractDraft.objects.filter(pk=draft.pk).delete()
    with pytest.raises(Refusal, match="plus en attente"):
        actions.confirm(draft, by=officer, at=now)
    assert not AddedDataset.objects.exists()


def test_once_confirmed_the_dataset_exists_and_its_rows_are_in_the_lake(draft, officer, now):
    made = actions.confirm(draft, by=officer, at=now)
    held = faces.house().datasets[made.code]
    assert (held.key, held.business_date, held.owner) == ("code", "ouvert_le", "DDCT")
    assert held.by_name["redevance"].type == "cents"
    assert held.by_name["courriel_du_gestionnaire"].is_personal
    assert snapshots.latest([made.code])[made.code].row_count == 24
    assert not ContractDraft.objects.exists()
    assert Entry.objects.filter(verb="dataset.add", actor_id=officer.pk).count() == 1


def test_two_files_of_the_same_name_make_two_datasets(lake, officer, drop, now):
    codes = []
    for _ in range(2):
        made = actions.begin(drop(), by=officer, at=now)
        actions.write(made, made.typed | {"sentence": "Un marché.", "owner": "DDCT"})
        codes.append(actions.confirm(made, by=officer, at=now).code)
    assert codes == ["ajouts.marches", "ajouts.marches-2"]


def test_the_house_asks_once_for_all_that_people_added(added, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert added.code in faces.house().datasets


def test_a_later_file_is_checked_under_the_contract_and_its_bad_rows_wait(added, officer, lake, tmp_path, now):
    path = tmp_path / "suite.csv"
    path.write_text(CONTENT.replace("1 200,50 €", "à voir", 1))
    made = deposits.bring(added, path, "suite.csv", by=officer, at=now)
    assert (made.row_count, made.quarantined_count) == (24, 1)
    assert QuarantinedRow.objects.get().row == 2
    client = Client()
    client.force_login(officer)
    page = client.get(f"/donnees/imports/quarantaine/{QuarantinedRow.objects.get().pk}/")
    assert "« à voir » n’est pas un nombre" in page.content.decode()


def test_what_is_impossible_is_refused_in_words_and_what_was_typed_is_kept(draft, officer, now):
    actions.write(draft, with_column(draft.typed, "redevance", minimum="50", maximum="10"))
    with pytest.raises(Refusal) as refused:
        actions.confirm(draft, by=officer, at=now)
    assert "Le minimum (50) dépasse le maximum (10)" in refused.value.blockers[0]
    draft.refresh_from_db()
    assert draft.typed["columns"][3]["minimum"] == "50"
    assert not AddedDataset.objects.exists()


def test_a_key_that_comes_twice_in_the_file_is_refused_with_its_line(lake, officer, drop, now):
    made = actions.begin(drop("Code;Nom du lieu\nA;x\nB;y\nA;z\n"), by=officer, at=now)
    actions.write(made, made.typed | {"sentence": "Un lieu.", "owner": "DDCT", "key": "code"})
    with pytest.raises(Refusal, match="clé n’est pas unique") as refused:
        actions.confirm(made, by=officer, at=now)
    assert "Ligne 4" in refused.value.blockers[0]
    assert not AddedDataset.objects.exists() and not Snapshot.objects.exists()


def test_personal_columns_are_not_opened_to_all(draft):
    found = queries.faults(draft.typed | {"audience": "public"})
    assert any("ne s’ouvrent pas à tous" in said for said in found[""])


def test_a_file_that_cannot_be_read_leaves_nothing_behind(lake, officer, drop, now):
    with pytest.raises(UnusableFile):
        actions.begin(drop(b"%PDF-1.4", "a.csv"), by=officer, at=now)
    assert not ContractDraft.objects.exists()


def test_who_may_not_add_is_refused(lake, person, drop, now):
    with pytest.raises(Forbidden):
        actions.begin(drop(), by=person("sector-chief", "sector", "19"), at=now)


def test_a_change_shows_first_which_rows_of_the_last_file_it_would_refuse(change):
    impact = queries.impact(change("redevance", minimum="10000"))
    assert impact.changes == ["Colonne « Redevance » : minimum."]
    assert (impact.effect.row_count, impact.effect.refused_count) == (24, 9)
    assert impact.needs_second_look


def test_what_breaks_asks_for_a_second_look(change, officer, now, added):
    draft = change("redevance", minimum="10000")
    with pytest.raises(Refusal, match="rompt quelque chose"):
        actions.change(draft, understood=False, by=officer, at=now)
    made = actions.change(draft, understood=True, by=officer, at=now)
    assert (made.number, made.made_by, made.changes) == (2, officer, ["Colonne « Redevance » : minimum."])
    assert faces.house().datasets[added.code].schema["fields"][3]["constraints"]["minimum"] == 10000


def test_what_breaks_nothing_is_made_at_once(change, officer, now):
    assert actions.change(change("marche", title="Nom du marché"), understood=False, by=officer, at=now).number == 2


def test_the_indicators_that_a_change_would_break_are_named_with_the_column(change, added, monkeypatch, officer, now):
    def facts(tables):
        t = tables[added.code]
        return t.select(
            subject=t.code, at=t.ouvert_le, place=t.secteur, value=t.redevance, left_out=t.code.nullif(t.code)
        )

    one = Indicator(
        code="essai.redevances", title="Redevances", question="Combien ?", unit="€", better="up", objective="D3",
        owner="DDCT", datasets=(added.code,), facts=facts, aggregation="sum",
    )  # fmt: skip
    house = faces.house()
    shown = dataclasses.replace(house.faces[0], indicators=(*house.faces[0].indicators, one))
    monkeypatch.setattr(faces, "house", lambda: faces.House((shown, *house.faces[1:])))
    broken = queries.impact(change("redevance", is_dropped=True)).broken
    assert [(i.code, why) for i, why in broken] == [("essai.redevances", "il lit « redevance », qui disparaît.")]
    retyped = queries.impact(change("redevance", type="number")).broken
    assert [why for _, why in retyped] == ["il lit « redevance », qui change de type."]
    assert queries.impact(change("marche", is_dropped=True)).broken == []
    made = actions.change(change("redevance", is_dropped=True), understood=True, by=officer, at=now)
    assert made.breaks == ["essai.redevances"]


def test_two_people_cannot_make_the_same_version(change, officer, head, now, added):
    mine = change("marche", title="Nom du marché")
    other = queries.for_change(added_datasets.newest(added.code), head, now)
    actions.write(other, with_column(other.typed, "marche", title="Intitulé"))
    actions.change(other, understood=False, by=head, at=now)
    with pytest.raises(Refusal, match="Quelqu’un a changé"):
        actions.change(mine, understood=False, by=officer, at=now)


def test_a_version_never_changes_afterwards(added):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        ContractVersion.objects.update(title="Autre")


def test_a_dataset_that_is_published_is_not_withdrawn_and_says_why(published, officer, now):
    with pytest.raises(Refusal) as refused:
        actions.withdraw(AddedDataset.objects.get(), reason="Erreur", by=officer, at=now)
    assert refused.value.blockers == ("Publication « Marchés découverts » (publiée).",)
    assert AddedDataset.objects.get().withdrawn_at is None


def test_a_dataset_that_a_signed_review_cites_is_not_withdrawn(added, officer, now):
    from parvis.kernel.references import Reference

    snapshots.cite(snapshots.latest([added.code]).values(), Reference("review", "mensuelle-19"), at=now)
    with pytest.raises(Refusal) as refused:
        actions.withdraw(AddedDataset.objects.get(), reason="Erreur", by=officer, at=now)
    assert "review « mensuelle-19 »" in refused.value.blockers[0]


def test_a_dataset_that_nothing_uses_is_withdrawn_with_a_reason(added, officer, now):
    with pytest.raises(Refusal, match="motif"):
        actions.withdraw(AddedDataset.objects.get(), reason=" ", by=officer, at=now)
    actions.withdraw(AddedDataset.objects.get(), reason="Fichier d’essai", by=officer, at=now)
    assert added.code not in faces.house().datasets


def test_drafts_left_a_month_are_forgotten_with_their_file(draft, now):
    from datetime import timedelta

    path = actions.path_of(draft)
    assert actions.forget_old(now + timedelta(days=29)) == 0
    assert actions.forget_old(now + timedelta(days=31)) == 1
    assert not path.exists()


# In the browser


@pytest.fixture
def browser(officer):
    client = Client()
    client.force_login(officer)
    return client


def form_of(typed, **changes):
    """What the browser would send for this contract."""
    sent = {name: typed[name] for name in typed_contract.WHOLE}
    for place, column in enumerate(typed["columns"]):
        sent |= {f"c{place}-{name}": column[name] for name in typed_contract.TEXTS}
        sent |= {f"c{place}-{name}": "on" for name in typed_contract.TRUTHS if column.get(name)}
    return sent | changes


def test_from_the_file_to_the_catalogue_in_the_browser(lake, browser, drop):
    asked = browser.post("/donnees/ajouter/", {"file": drop()})
    draft = ContractDraft.objects.get()
    assert asked.url == f"/donnees/ajouter/{draft.pk}/"
    shown = browser.get(asked.url).content.decode()
    assert "24 lignes, 8 colonnes" in shown.replace("\u202f", " ")
    sent = form_of(draft.typed, sentence="Un marché.", owner="DDCT", do="confirm")
    done = browser.post(asked.url, sent)
    assert done.url == "/donnees/catalogue/ajouts.marches/"
    assert browser.get(done.url).status_code == 200


def test_a_refused_confirmation_shows_what_was_typed(lake, browser, drop):
    asked = browser.post("/donnees/ajouter/", {"file": drop()})
    typed = ContractDraft.objects.get().typed
    said = browser.post(asked.url, form_of(typed, sentence="", **{"c3-minimum": "abc", "do": "confirm"}))
    assert said.status_code == 422
    content = said.content.decode()
    assert "Le minimum « abc » n’est pas un montant" in content and 'value="abc"' in content


def test_an_unreadable_file_is_told_on_the_page(lake, browser, drop):
    answer = browser.post("/donnees/ajouter/", {"file": drop(b"a;b\n\x00\x01\x02\x03;4\n", "a.csv")})
    assert answer.status_code == 422 and "binaire" in answer.content.decode()


def test_the_draft_of_another_person_is_not_there(draft, head):
    client = Client()
    client.force_login(head)
    assert client.get(f"/donnees/ajouter/{draft.pk}/").status_code == 404


def test_the_next_file_is_tried_then_deposited(added, browser, drop):
    address = f"/donnees/depots/{added.code}/"
    more = CONTENT + "\n999;Marché neuf;19;5 €;01/04/2024;2,39;48,83;x@example.org"
    tried = browser.post(address, {"file": drop(more)})
    assert tried.context["tried"].accepted_count == 25 and tried.context["tried"].is_dry
    browser.post(f"{address}confirmer/", {"token": tried.context["token"]})
    assert snapshots.latest([added.code])[added.code].row_count == 25


def test_a_file_of_something_else_is_refused_with_the_columns_that_it_lacks(added, browser, drop):
    answer = browser.post(f"/donnees/depots/{added.code}/", {"file": drop("a;b\n1;2\n")})
    assert answer.status_code == 422 and "« Code »" in answer.content.decode()


def test_a_contract_is_changed_in_the_browser_after_a_second_look(added, browser):
    address = f"/donnees/contrats/{added.code}/"
    typed = queries.typed_of(added_datasets.newest(added.code))
    browser.post(address, form_of(typed, **{"c3-minimum": "10000", "do": "see"}))
    page = browser.get(address).content.decode()
    assert "Je confirme" in page and "est en dessous de 10000" in page
    sent = form_of(typed, **{"c3-minimum": "10000", "do": "confirm"})
    assert browser.post(address, sent).status_code == 422
    assert browser.post(address, sent | {"understood": "on"}).status_code == 302
    assert added_datasets.newest(added.code).number == 2


def test_a_contract_of_the_house_s_own_code_is_not_edited_here(browser, db):
    assert browser.get("/donnees/contrats/roadmaps.actions/").status_code == 404
