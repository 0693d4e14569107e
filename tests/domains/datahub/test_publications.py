"""A dataset reaches the public through a gate: one proposes, another approves, and nothing passes that should not."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from tests.architecture import city
from tests.domains.datahub.markets import CONTENT, WORDS

from parvis.domains.datahub import open_files, public_view
from parvis.domains.datahub.actions import contract_drafts, deposits
from parvis.domains.datahub.actions import publications as actions
from parvis.domains.datahub.models import Edition, Publication
from parvis.domains.datahub.queries import added_datasets, open_datasets
from parvis.domains.datahub.queries import contract_drafts as contracts
from parvis.domains.datahub.queries import publications as queries
from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Citation

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(added, officer, now):
    return actions.prepare(added.code, by=officer, at=now)


def gate(publication, code):
    return next(one for one in queries.gates(publication) if one.code == code)


def say(publication, by, at, **changes):
    actions.describe(publication, WORDS | changes, by=by, at=at)
    publication.refresh_from_db()


def test_each_gate_that_does_not_hold_is_named_with_what_mends_it(draft, officer, now):
    unmet = {one.code: one.mend for one in queries.gates(draft) if not one.is_met}
    assert set(unmet) == {"contact", "description", "dcat"}
    assert unmet["contact"] == "Donnez l’adresse électronique d’un service."
    with pytest.raises(Refusal, match="pas encore possible") as refused:
        actions.propose(draft, by=officer, at=now)
    assert any("Un contact" in blocker for blocker in refused.value.blockers)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_who_proposed_in_the_meantime_cannot_approve_what_another_had_proposed(draft, officer, head, now):
    say(draft, officer, now)
    actions.propose(draft, by=officer, at=now)
    read_before = Publication.objects.get(pk=draft.pk)
    actions.step(draft, "amend", by=officer, at=now)
    actions.propose(draft, by=head, at=now)
    with pytest.raises(Refusal, match="une autre personne"):
        actions.publish(read_before, by=head, at=now)
    assert not Edition.objects.exists()


def test_once_all_holds_it_waits_for_another_person(draft, officer, head, now):
    say(draft, officer, now)
    assert queries.blockers(draft) == []
    actions.propose(draft, by=officer, at=now)
    draft.refresh_from_db()
    assert draft.state == "checked"
    with pytest.raises(Refusal, match="une autre personne"):
        actions.publish(draft, by=officer, at=now)
    edition = actions.publish(draft, by=head, at=now)
    assert (edition.number, edition.content.row_count, edition.made_by) == (1, 24, head)


def test_who_may_not_publish_is_refused(draft, person, now):
    chief = person("sector-chief", "sector", "19")
    for act in (lambda: actions.prepare("roadmaps.plans", by=chief, at=now), lambda: say(draft, chief, now),
                lambda: actions.propose(draft, by=chief, at=now)):  # fmt: skip
        with pytest.raises((Forbidden, Refusal)):
            act()
    assert draft.state == "draft"


def test_a_pilot_prepares_and_never_approves(draft, officer, person, now):
    say(draft, officer, now)
    actions.propose(draft, by=officer, at=now)
    draft.refresh_from_db()
    with pytest.raises(Forbidden):
        actions.publish(draft, by=person("roadmap-pilot"), at=now)


def test_the_database_refuses_a_state_written_by_hand_and_an_edition_changed(published):
    for sql in ("UPDATE datahub_publication SET state = 'draft'", "UPDATE datahub_edition SET number = 9",
                "DELETE FROM datahub_edition"):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_what_is_published_is_cited_so_that_retention_keeps_it(published, added):
    edition = Edition.objects.get()
    cited = set(
        Citation.objects.filter(kind="publication", subject=published.slug).values_list("snapshot_id", flat=True)
    )
    assert cited == {edition.source_id, edition.content_id}
    assert edition.source.dataset == added.code and edition.content.dataset == f"ouvert.{added.code}"


def test_the_journal_says_who_proposed_who_approved_and_what_was_put_online(published, officer, head):
    told = list(Entry.objects.filter(subject_kind="publication").order_by("pk").values_list("verb", "actor_id"))
    assert told == [
        ("publication.prepare", officer.pk), ("publication.describe", officer.pk), ("publication.check", officer.pk),
        ("publication.publish", head.pk), ("publication.edition", head.pk),
    ]  # fmt: skip


def test_a_dataset_reserved_to_staff_does_not_pass(draft, officer, now, added):
    change = contracts.for_change(added_datasets.newest(added.code), officer, now)
    contract_drafts.write(change, change.typed | {"audience": "staff"})
    contract_drafts.change(change, understood=True, by=officer, at=now)
    assert not gate(draft, "audience").is_met
    assert "réservé" in gate(draft, "audience").said
    assert not gate(draft, "rows").is_met


def test_rows_that_no_longer_keep_the_contract_hold_it_back(draft, officer, now, added):
    change = contracts.for_change(added_datasets.newest(added.code), officer, now)
    columns = [c | {"minimum": "10000"} if c["name"] == "redevance" else c for c in change.typed["columns"]]
    contract_drafts.write(change, change.typed | {"columns": columns})
    contract_drafts.change(change, understood=True, by=officer, at=now)
    assert gate(draft, "contract").said == "9 lignes ne tiennent pas le contrat."


def test_addresses_hidden_in_a_text_hold_it_back(lake, officer, drop, now):
    made = contract_drafts.begin(drop("Code;Note\nA1;écrire à ada@example.org\nA2;rien\n"), by=officer, at=now)
    typed = made.typed | {"sentence": "Une note.", "owner": "DDCT", "audience": "public"}
    typed["columns"][1]["is_personal"] = False  # someone insists
    contract_drafts.write(made, typed)
    dataset = contract_drafts.confirm(made, by=officer, at=now)
    publication = actions.prepare(dataset.code, by=officer, at=now)
    found = gate(publication, "personal")
    assert not found.is_met and "« note » (1)" in found.said


def test_a_personal_column_is_never_among_what_is_published_whatever_is_asked(lake, officer, drop, now):
    made = contract_drafts.begin(drop(), by=officer, at=now)
    contract_drafts.write(made, made.typed | {"sentence": "Un marché.", "owner": "DDCT"})
    code = contract_drafts.confirm(made, by=officer, at=now).code
    dataset = faces.house().datasets[code]
    shown = public_view.published_as(dataset, [*dataset.by_name])
    assert "courriel_du_gestionnaire" not in shown.by_name


def statistic(lake, officer, drop, now):
    content = "Secteur;Agents\n19;3\n5;40\ncentre;9\n20;12\n"
    made = contract_drafts.begin(drop(content, "agents.csv"), by=officer, at=now)
    typed = made.typed | {"sentence": "Agents par secteur.", "owner": "DDCT", "audience": "public"}
    for column in typed["columns"]:
        column["is_personal"] = False
    contract_drafts.write(made, typed)
    return contract_drafts.confirm(made, by=officer, at=now).code


def test_small_numbers_of_people_are_kept_back_with_what_would_tell_them(lake, officer, head, drop, now):
    code = statistic(lake, officer, drop, now)
    made = actions.prepare(code, by=officer, at=now)
    say(made, officer, now, columns=["row_number", "secteur", "agents"], count_column="agents")
    assert gate(made, "small").said == "2 lignes sur 4 gardent leur nombre pour elles."
    actions.propose(made, by=officer, at=now)
    made.refresh_from_db()
    edition = actions.publish(made, by=head, at=now)
    held = {row["secteur"]: row["agents"] for row in _table(edition).to_pylist()}
    assert held == {"19": None, "5": 40, "centre": None, "20": 12}


def _table(edition) -> pa.Table:
    return open_files.table(edition)


def test_a_new_file_makes_a_new_edition_that_says_what_changed(published, added, officer, tmp_path, now):
    later = now + timedelta(days=1)
    assert actions.renew_all(at=later) == 0
    lines = CONTENT.splitlines()[:-1] + ["999;Marché neuf;19;5 €;01/04/2024;2,39;48,83;x@example.org"]
    path = tmp_path / "suite.csv"
    path.write_text("\n".join(lines))
    deposits.bring(added, path, "suite.csv", by=officer, at=later)
    assert actions.renew_all(at=later) == 1
    assert actions.renew_all(at=later) == 0
    last = published.editions.last()
    assert (last.number, last.changes) == (2, ["1 lignes ajoutées.", "1 lignes retirées."])


def test_a_file_that_no_longer_passes_leaves_the_old_edition_online_and_says_why(
    published, added, officer, tmp_path, now
):
    path = tmp_path / "suite.csv"
    path.write_text(CONTENT.replace("Marché 3;", "ada@example.org;"))
    deposits.bring(added, path, "suite.csv", by=officer, at=now + timedelta(days=1))
    assert actions.renew_all(at=now + timedelta(days=1)) == 0
    published.refresh_from_db()
    assert "données personnelles" in published.held_back
    assert open_datasets.one(published.slug).edition.number == 1


def test_withdrawing_asks_for_a_reason_and_closes_every_address(published, head, now, client):
    with pytest.raises(Refusal, match="motif"):
        actions.step(published, "withdraw", by=head, at=now)
    actions.step(published, "withdraw", reason="Erreur de périmètre", by=head, at=now)
    for path in (f"/donnees/ouvertes/{published.slug}/", f"/donnees/ouvertes/{published.slug}.csv",
                 f"/donnees/ogc/collections/{published.slug}/items"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    assert published.slug not in client.get("/donnees/ouvertes/catalogue.ttl").content.decode()


def test_a_dataset_online_cannot_be_closed_to_the_public_until_it_is_withdrawn(published, added, officer, head, now):
    version = added_datasets.newest(added.code)
    change = contracts.for_change(version, officer, now)
    typed = change.typed | {"audience": "staff"}
    typed["columns"][1]["is_personal"] = True
    contract_drafts.write(change, typed)
    with pytest.raises(Refusal, match="en ligne"):
        contract_drafts.change(change, understood=True, by=officer, at=now)
    assert added_datasets.newest(added.code).number == version.number
    actions.step(published, "withdraw", reason="Un nom de personne", by=head, at=now)
    assert contract_drafts.change(change, understood=True, by=officer, at=now).number == version.number + 1


def test_online_the_words_change_and_the_columns_do_not(published, officer, now):
    actions.describe(published, WORDS | {"title": "Marchés de plein air"}, by=officer, at=now)
    published.refresh_from_db()
    assert published.title == "Marchés de plein air"
    with pytest.raises(Refusal, match="colonnes"):
        actions.describe(published, WORDS | {"columns": ["code"]}, by=officer, at=now)


def test_a_wrong_contact_or_a_choice_outside_the_list_is_refused(draft, officer, now):
    for changes in ({"contact": "pas une adresse"}, {"licence": "cc0"}, {"title": ""}):
        with pytest.raises(Refusal):
            say(draft, officer, now, **changes)


def test_the_rows_of_a_draft_roadmap_are_in_no_edition(lake, officer, head, now):
    """The public rows are asked of the roadmaps' own predicate: what is not published there is not published here."""
    city.build(actions=2)
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    dataset = faces.house().datasets["roadmaps.actions"]
    snapshots.take(dataset, by=officer, at=at)
    made = actions.prepare("roadmaps.actions", by=officer, at=at)
    say(made, officer, at, columns=["code", "plan", "sector", "due_on"])
    actions.propose(made, by=officer, at=at)
    made.refresh_from_db()
    edition = actions.publish(made, by=head, at=at)
    codes = set(_table(edition)["code"].to_pylist())
    assert codes and not {code for code in codes if "published" not in code}
    client = Client()
    for path in _outputs(made.slug):
        content = _read(client.get(path))
        assert "fdr-own" not in content and "fdr-other" not in content, path


def _outputs(slug):
    here = f"/donnees/ouvertes/{slug}"
    api = f"/donnees/ogc/collections/{slug}"
    return (
        "/donnees/ouvertes/", f"{here}/", f"{here}.csv", f"{here}.parquet", f"{here}.geojson", f"{here}/schema.json",
        "/donnees/ouvertes/catalogue.csv", "/donnees/ouvertes/catalogue.ttl", "/donnees/ouvertes/catalogue.jsonld",
        "/donnees/ogc/", "/donnees/ogc/api", "/donnees/ogc/collections", api, f"{api}/items?limit=1000",
        f"{api}/items?f=html&limit=1000",
    )  # fmt: skip


def _read(answer) -> str:
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def test_no_output_holds_a_personal_cell_whatever_the_address(published, added, client):
    """The file had the managers' addresses; a walk through every output finds none, signed in or not."""
    for path in _outputs(published.slug):
        content = _read(client.get(path))
        assert "m1@example.org" not in content, path


def test_the_page_shows_the_gate_and_the_next_step(draft, officer):
    client = Client()
    client.force_login(officer)
    assert "conditions ne tiennent pas" in client.get(f"/donnees/publications/{draft.slug}/").content.decode()
    refused = client.post(f"/donnees/publications/{draft.slug}/check/")
    assert refused.status_code == 409 and "Un contact" in refused.content.decode()


def test_what_was_typed_comes_back_when_it_is_refused(draft, officer):
    client = Client()
    client.force_login(officer)
    answer = client.post(f"/donnees/publications/{draft.slug}/", {"title": "Mon titre", "contact": "faux"})
    assert answer.status_code == 422 and 'value="Mon titre"' in answer.content.decode()


def test_from_draft_to_public_in_the_browser(added, officer, head):
    mine, hers = Client(), Client()
    mine.force_login(officer)
    hers.force_login(head)
    begun = mine.post("/donnees/publications/", {"dataset": added.code})
    made = Publication.objects.get()
    said = {**WORDS, "keywords": "marchés, commerce", "columns": made.columns}
    mine.post(begun.url, said)
    mine.post(f"{begun.url}check/")
    assert mine.post(f"{begun.url}publish/").status_code == 409
    assert hers.post(f"{begun.url}publish/").status_code == 302
    assert Client().get(f"/donnees/ouvertes/{made.slug}/").status_code == 200
