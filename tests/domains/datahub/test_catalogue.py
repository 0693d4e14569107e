"""The catalogue: what each person finds in it, a dataset opened, its rows seen and taken within her rights."""

from datetime import timedelta
from io import BytesIO, StringIO

import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from parvis.domains.datahub import profiling, tasks
from parvis.domains.datahub.actions import contract_drafts, profiles
from parvis.domains.datahub.models import AddedDataset, Profile
from parvis.domains.datahub.queries import catalogue
from parvis.domains.datahub.queries.dataset_rows import preview
from parvis.kernel import faces
from parvis.kernel.contracts.models import ImportRun
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.references import Reference

PAGE = "/donnees/catalogue/"
IMPORTS = "datahub.imports"


@pytest.fixture
def imports(lake, person, now):
    """Two readings, each by its own chief of sector, photographed."""
    chiefs = [person("sector-chief", "sector", code) for code in ("19", "5")]
    for n, chief in enumerate(chiefs):
        ImportRun.objects.create(
            contract="roadmaps.actions", file_name=f"f{n}.csv", sha256="x", started_at=now - timedelta(days=n), started_by=chief,
            row_count=100, accepted_count=90, quarantined_count=10, unchanged_count=0,
        )  # fmt: skip
    snapshots.take(faces.house().datasets[IMPORTS], by=None, at=now)
    return chiefs


def text(client, someone, path=PAGE, **asked):
    client.force_login(someone)
    answer = client.get(path, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def codes(person, now, **asked):
    return [line.dataset.code for line in catalogue.listed(person, now.date(), asked)[0]]


def test_each_dataset_says_its_rows_its_freshness_its_quality_and_its_indicators(client, officer, imports, now):
    profiles.profile_all(at=now)
    line = next(x for x in catalogue.lines(catalogue.mine(officer), now.date()) if x.dataset.code == IMPORTS)
    assert (line.snapshot.row_count, line.freshness.words, line.indicator_count) == (2, "à jour", 3)
    assert line.quality.score > 90
    page = text(client, officer)
    assert "Fichiers lus" in page and "à jour" in page


def test_who_may_not_open_a_dataset_does_not_find_it(client, person, imports, now):
    elected = person("elected-reader")
    assert IMPORTS not in codes(elected, now)
    client.force_login(elected)
    assert client.get(f"{PAGE}{IMPORTS}/").status_code == 404
    assert client.get(f"{PAGE}{IMPORTS}/lignes.csv").status_code == 404


def test_the_filters_narrow_and_the_sort_orders(officer, kept_markets, imports, now):
    assert codes(officer, now, q="marches") == [kept_markets.code]
    assert kept_markets.code in codes(officer, now, personnel="oui")
    assert kept_markets.code not in codes(officer, now, personnel="non")
    assert kept_markets.code not in codes(officer, now, fraicheur="never")
    assert IMPORTS in codes(officer, now, fraicheur="fresh", direction="DDCT")
    by_rows = codes(officer, now, tri="-lignes")
    assert by_rows.index(kept_markets.code) < by_rows.index(IMPORTS)
    assert codes(officer, now, tri="lignes") != by_rows
    assert set(codes(officer, now, tri="rien")) == set(by_rows)


def test_fifty_datasets_cost_no_more_queries_than_one(officer, kept_markets, now):
    with CaptureQueriesContext(connection) as few:
        catalogue.lines([kept_markets], now.date())
    every = catalogue.mine(officer)
    assert len(every) > 10
    with CaptureQueriesContext(connection) as many:
        catalogue.lines(every, now.date())
    assert len(many) == len(few)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_leaves_as_a_file_with_every_criterion(client, officer, imports, kind):
    client.force_login(officer)
    content = client.get(f"/donnees/catalogue.{kind}", {"q": "fichiers lus"}).content
    if kind == "csv":
        heading, row = content.decode().removeprefix("\ufeff").splitlines()
        assert row.startswith("datahub.imports;Fichiers lus")
    else:
        heading, row = (
            " ".join(map(str, r))
            for r in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        )
        assert "Fichiers lus" in row
    assert "Complétude" in heading


def test_the_page_of_a_dataset_tells_schema_profile_quality_past_and_use(client, officer, imports, now):
    snapshots.take(faces.house().datasets[IMPORTS], by=None, at=now + timedelta(days=1))
    page = text(client, officer, f"{PAGE}{IMPORTS}/")
    for words in (
        "Lignes acceptées, inchangées comprises",
        "Complétude",
        "Lignes acceptées aux imports",
        "roadmaps.actions",
    ):
        assert words in page
    assert page.count('<svg class="bars"') >= 5


def test_a_reader_of_some_rows_sees_how_much_is_filled_and_no_value(client, imports):
    page = text(client, imports[0], f"{PAGE}{IMPORTS}/")
    assert "100" in page and '<svg class="bars"' not in page
    assert page.count('<td class="num">90</td>') == 1  # her own row in the preview, and nothing of the other's


def test_the_preview_holds_her_rows_and_no_other(imports, officer, now):
    dataset = faces.house().datasets[IMPORTS]
    held = snapshots.latest([IMPORTS])[IMPORTS]
    assert len(preview(dataset, held, officer)) == 2
    mine = [preview(dataset, held, chief) for chief in imports]
    assert [len(rows) for rows in mine] == [1, 1]
    assert mine[0][0]["number"] != mine[1][0]["number"]


def test_personal_columns_are_for_who_holds_their_permission(client, officer, head, kept_markets):
    assert "m1@example.org" in text(client, officer, f"{PAGE}{kept_markets.code}/")
    hers = text(client, head, f"{PAGE}{kept_markets.code}/")
    assert "example.org" not in hers and "personnelle" in hers


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_download_holds_the_columns_of_its_reader_and_is_journaled(client, officer, head, kept_markets, kind):
    for someone, may_personal in ((officer, True), (head, False)):
        client.force_login(someone)
        answer = client.get(f"{PAGE}{kept_markets.code}/lignes.{kind}")
        content = b"".join(answer.streaming_content)
        assert (b"@example.org" in content) == may_personal or kind == "parquet"
        if kind == "parquet":
            table = pq.read_table(BytesIO(content))
            assert (table.num_rows, table.num_columns) == (24, 8 if may_personal else 7)
        entry = Entry.objects.filter(verb="dataset.download").latest("pk")
        assert (entry.actor_id, entry.codes["rows"], entry.codes["personal"]) == (someone.pk, 24, may_personal)


def test_a_download_by_a_chief_holds_her_rows_alone(client, imports):
    client.force_login(imports[0])
    content = b"".join(client.get(f"{PAGE}{IMPORTS}/lignes.csv").streaming_content).decode()
    assert len(StringIO(content).readlines()) == 2


def test_cells_that_begin_like_a_formula_leave_harmless_and_numbers_as_they_are(lake, officer, drop, now, client):
    draft = contract_drafts.begin(drop("Code;Nom\na;=1+1\nb;-12,5\nc;@x\n", "formules.csv"), by=officer, at=now)
    contract_drafts.write(draft, draft.typed | {"sentence": "Une formule.", "owner": "DDCT", "audience": "staff"})
    made = contract_drafts.confirm(draft, by=officer, at=now)
    client.force_login(officer)
    content = b"".join(client.get(f"{PAGE}{made.code}/lignes.csv").streaming_content).decode()
    assert "'=1+1" in content and "'@x" in content
    assert "'-12,5" not in content


def test_a_file_is_profiled_once_whatever_is_asked(client, officer, imports, now, monkeypatch):
    read = []
    real = profiling.profile
    monkeypatch.setattr(profiling, "profile", lambda *a, **k: read.append(1) or real(*a, **k))
    text(client, officer, f"{PAGE}{IMPORTS}/")
    text(client, officer, f"{PAGE}{IMPORTS}/")
    assert profiles.profile_all(at=now) == tasks.profile_snapshots(0) == 0
    assert (len(read), Profile.objects.count()) == (1, 1)


def test_the_page_of_a_dataset_without_snapshot_or_whose_file_is_gone_says_so(client, officer, imports):
    assert "Jamais photographié" in text(client, officer, f"{PAGE}datahub.quarantine/")
    held = Snapshot.objects.get(dataset=IMPORTS)
    snapshots.path_of(held.sha256).unlink()
    assert "manque dans le lac" in text(client, officer, f"{PAGE}{IMPORTS}/")
    client.force_login(officer)
    assert client.get(f"{PAGE}{IMPORTS}/lignes.csv").status_code == 409


def test_a_dataset_withdrawn_while_cited_says_so_and_stays_readable(client, officer, kept_markets, now):
    snapshots.cite(snapshots.latest([kept_markets.code]).values(), Reference("evaluation", "7"), at=now)
    AddedDataset.objects.update(
        withdrawn_at=now, withdrawn_by=officer, withdrawn_reason="Remplacé par celui des halles."
    )
    page = text(client, officer, f"{PAGE}{kept_markets.code}/")
    assert "a été retiré le 24/11/2026 : Remplacé par celui des halles." in page
    assert "reste lisible" in page and "1 chose" in page and "Marché 1" in page
    assert kept_markets.code not in codes(officer, now)


def test_a_dataset_that_no_face_declares_any_more_keeps_its_past_and_shows_no_row(client, officer, head, imports):
    Snapshot.objects.update(dataset="old.imports")
    page = text(client, head, f"{PAGE}old.imports/")
    assert "Plus aucun service ne déclare" in page and "roadmaps.actions" not in page
    assert client.get(f"{PAGE}never.was/").status_code == 404


def test_a_dataset_is_found_by_the_search_of_the_house_within_her_rights(client, officer, person, imports):
    assert f"{PAGE}{IMPORTS}/" in text(client, officer, "/recherche/", q="fichiers lus")
    assert f"{PAGE}{IMPORTS}/" not in text(client, person("elected-reader"), "/recherche/", q="fichiers lus")
