"""The real files of grants and of the territory: read whole under their contracts, and what is known of them found again."""

from datetime import date
from pathlib import Path

import ibis
import pyarrow.parquet as pq
import pytest

from parvis.domains.atlas import demonstration as atlas_demonstration
from parvis.domains.grants import demonstration
from parvis.domains.grants.contracts import SCDL_P1, SCDL_P2
from parvis.domains.grants.datasets import BENEFICIARIES, REQUESTS
from parvis.domains.grants.indicators import has_valid_siret
from parvis.domains.roadmaps.datasets import WINNERS
from parvis.kernel import faces
from parvis.kernel.contracts import checking
from parvis.kernel.indicators import cells
from parvis.kernel.lake import engine, snapshots
from parvis.kernel.lake.dataset import unbound
from parvis.kernel.lake.deposits import deposit
from parvis.kernel.lake.models import Snapshot

EXPECTED_CELLS = {
    ("pourcentageSubvention", "maximum"): 3, ("rnaBeneficiaire", "pattern"): 3, ("dateConvention", "type"): 1,
    ("montant", "type"): 1, ("montant", "required"): 1, ("idAttribuant", "pattern"): 1,
    ("datesPeriodeVersement", "pattern"): 1, ("nature", "enum"): 1, ("pourcentageSubvention", "type"): 1,
}  # fmt: skip


@pytest.fixture(autouse=True)
def lake(tmp_path, settings) -> Path:
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


def _errors(path, schema) -> dict[tuple[str, str], int]:
    with checking.check(path, schema) as checked:
        told: dict[tuple[str, str], int] = {}
        for fault in checked.faults():
            if fault.severity == "error":
                told[fault.column, fault.rule] = told.get((fault.column, fault.rule), 0) + 1
        return told


def _rows(dataset) -> list[dict]:
    held = snapshots.latest([dataset.code])[dataset.code]
    return pq.read_table(snapshots.path_of(held.sha256)).to_pylist()


def _figures(code: str, place: str = "") -> dict[int, float]:
    """The whole, year by year."""
    house = faces.house()
    indicator = house.indicators[code]
    with engine.opened(snapshots.latest(indicator.datasets)) as opened:
        found = cells.evaluate(indicator, unbound(house.datasets[d] for d in indicator.datasets), opened.run)
    return {
        row["period"].year: row["value"] for row in found.to_pylist() if row["place"] == place and not row["dimension"]
    }


# SCDL


@pytest.mark.real_input
def test_the_valid_example_holds_the_first_profile_and_not_the_second(real_files):
    path = real_files / "grants" / "scdl" / "exemple_valide.csv"
    assert _errors(path, SCDL_P1) == {}
    assert ("idServiceInstructeur", "missing-column") in _errors(path, SCDL_P2)


@pytest.mark.real_input
def test_the_invalid_example_has_exactly_the_known_errors(real_files):
    assert _errors(real_files / "grants" / "scdl" / "exemple_invalide_erreurs_cellules.csv", SCDL_P1) == EXPECTED_CELLS


@pytest.mark.real_input
def test_yes_and_no_are_understood_with_a_warning(real_files):
    with checking.check(real_files / "grants" / "scdl" / "exemple_invalide_erreurs_cellules.csv", SCDL_P1) as checked:
        assert [(f.row, f.value) for f in checked.faults() if f.rule == "tolerated"] == [(6, "no"), (8, "yes")]


@pytest.mark.real_input
def test_errors_of_columns_are_told_on_the_header(real_files):
    folder = real_files / "grants" / "scdl"
    with checking.check(folder / "exemple_invalide_erreurs_colonnes.csv", SCDL_P1) as checked:
        assert [(f.column, f.rule) for f in checked.column_faults] == [
            ("nomBeneficiaire", "missing-column"), ("dispositifAide", "absent-column"), ("NOM_Beneficiaire", "unknown-column"),
            ("idAttribuant", "misordered-column"), ("nomAttribuant", "misordered-column"),
        ]  # fmt: skip
    with checking.check(folder / "exemple-duplicate-column.csv", SCDL_P1) as checked:
        assert ("notificationUE", "duplicate-column") in [(f.column, f.rule) for f in checked.column_faults]


@pytest.mark.real_input
def test_what_departments_publish_is_read_and_every_line_accepted_or_explained(real_files):
    files = sorted((real_files / "grants" / "scdl-field").iterdir())
    assert len(files) == 7
    for path in files:
        with checking.check(path, SCDL_P1) as checked:
            explained = {f.row for f in checked.faults() if f.severity == "error"}
            assert checked.row_count == checked.accepted_count + checked.refused_count > 0
            assert set(checked.refused_rows.to_pylist()) <= explained


# Who is paid


@pytest.mark.real_input
def test_the_four_years_of_beneficiaries_come_in_whole_and_to_the_cent(db, now, real_files):
    counts, totals = [], []
    for dataset, name in demonstration.FILES[:4]:
        made = deposit(dataset, real_files / name, by=None, at=now)
        counts.append((made.row_count, made.quarantined_count))
        totals.append(made.totals["montant_total_cents"]["accepted"])
    assert counts == [(4231, 0), (3835, 0), (5336, 0), (5167, 0)]
    assert totals == [134354617942, 126257223771, 116756589500, 120100857800]
    deposit(*_population(real_files), by=None, at=now)
    assert len(_rows(BENEFICIARIES)) == 18_569
    assert _figures("grants.paid")[2020] == 1_343_546_179.42
    assert _figures("grants.beneficiaries") == {2020: 4231, 2021: 3835, 2022: 5336, 2023: 5167}
    assert round(_figures("grants.paid-per-inhabitant")[2023], 2) == round(1_201_008_578 / 2_103_778, 2)
    assert {year: round(value, 1) for year, value in _figures("grants.top-tenth").items()} == {
        2020: 95.6, 2021: 95.3, 2022: 96.1, 2023: 96.2,
    }  # fmt: skip


def _population(real_files):
    dataset, name = atlas_demonstration.FILES[0]
    return dataset, real_files / name


@pytest.mark.real_input
def test_concentration_is_the_sum_of_squared_shares(db, now, real_files):
    deposit(BENEFICIARIES, real_files / demonstration.FILES[1][1], by=None, at=now)
    amounts = [row["montant_total"] for row in _rows(BENEFICIARIES)]
    exact = sum(a * a for a in amounts) / sum(amounts) ** 2 * 10_000
    assert abs(_figures("grants.concentration")[2021] - exact) < 5


def test_names_of_beneficiaries_are_personal():
    assert [c.name for c in BENEFICIARIES.columns if c.is_personal] == ["beneficiaire", "beneficiaire_normalise"]
    assert [c.name for c in REQUESTS.columns if c.is_personal] == ["adresse"]


# What was asked in 2013


@pytest.mark.real_input
def test_the_requests_of_2013_come_in_whole_with_what_is_known_of_them(db, now, real_files):
    made = deposit(REQUESTS, real_files / "grants" / "paris-2013-requests.csv", by=None, at=now)
    assert (made.row_count, made.quarantined_count) == (6463, 0)
    assert made.totals["montant_demande_cents"]["file"] == 35_447_972_600
    assert made.totals["montant_vote_cents"]["file"] == 25_336_301_100
    rows = _rows(REQUESTS)
    assert sum((r["montant_vote"] or 0) > r["montant_demande"] for r in rows) == 284
    assert sum(not r["siret"] for r in rows) == 11
    assert round(_figures("grants.valid-siret-2013")[2013] / 100 * 6463) == 6463 - 11 - 123 - 145
    assert round(_figures("grants.voted-over-asked-2013")[2013], 1) == 71.5
    assert (
        _figures("grants.voted-2013", "19")[2013]
        == sum(r["montant_vote"] or 0 for r in rows if r["code_postal"] == "75019") / 100
    )


@pytest.mark.parametrize(
    "siret, is_valid",
    [("31669616000019", True), ("31669616000018", False), ("35600000000048", True), ("35600000049837", True), ("316696160", False),
     ("", False), (None, False), ("3166961600001٩", False), ("3166961600001a", False)],
)  # fmt: skip
def test_a_siret_is_valid_by_its_key_and_those_of_la_poste_by_their_own(siret, is_valid):
    table = ibis.memtable({"siret": [siret]}, schema={"siret": "string"})
    assert ibis.duckdb.connect().to_pyarrow(has_valid_siret(table.siret)).to_pylist() == [is_valid]


# The territory and the winners


@pytest.mark.real_input
def test_people_blocks_and_incomes_come_in(db, now, real_files):
    for dataset, name in atlas_demonstration.FILES:
        deposit(dataset, real_files / name, by=None, at=now)
    population, blocks, incomes = ({r[d.key]: r for r in _rows(d)} for d, _ in atlas_demonstration.FILES)
    assert (population["75056"]["population"], population["75101"]["population"]) == (2_103_778, 15_114)
    assert (len(blocks), len(incomes)) == (992, 864)
    assert round(_figures("atlas.blocks-told")[2021], 1) == round(864 / 992 * 100, 1)
    assert _figures("atlas.block-income", "19")[2021] < _figures("atlas.block-income", "7")[2021]


@pytest.mark.real_input
def test_the_winning_projects_come_in_and_open_late(db, now, real_files):
    made = deposit(WINNERS, real_files / "participation" / "paris-bp-winners-2014-2023.csv", by=None, at=now)
    assert (made.row_count, made.quarantined_count, made.totals["budget_cents"]["file"]) == (1214, 0, 67_740_870_700)
    rows = _rows(WINNERS)
    late = [_months(r["opening"]) - _months(r["delivery"]) for r in rows if r["opening"] and r["delivery"]]
    by_year = _figures("roadmaps.winners-slippage")
    openings = [r for r in rows if r["opening"] and r["delivery"] and r["opening"].year == 2021]
    assert by_year[2021] == sum(_months(r["opening"]) - _months(r["delivery"]) for r in openings) / len(openings)
    assert (len(late), round(sum(late) / len(late), 2)) == (660, 5.48)
    assert sum(r["priority"] for r in rows) == 326


def _months(day: date) -> int:
    return day.year * 12 + day.month


# The demonstration


def test_the_city_works_without_the_files_and_says_which_dataset_stays_empty(db, settings, tmp_path, capsys):
    settings.PUBLIC_FILES = tmp_path / "absent"
    demonstration.load("small", date(2026, 11, 24))
    assert not Snapshot.objects.exists()
    assert "« Demandes de subvention de 2013 » reste vide" in capsys.readouterr().out
